import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScannerOutputError } from '../src/core/index.js';
import type { Scanner, ScanRequest } from '../src/core/index.js';
import { SCANNERS } from '../src/scanners/index.js';

/** What became of one recorded output. */
export type RecordedResult =
  | { readonly status: 'read'; readonly findings: number; readonly leftOut: number }
  | { readonly status: 'rejected'; readonly reason: string }
  /** No adapter for this tool, or a form that no adapter reads (XML, CSV, sources). */
  | { readonly status: 'not-ours'; readonly reason: string }
  /** An error that is none of those that an adapter may throw: a defect. */
  | { readonly status: 'crashed'; readonly reason: string };

/** Folder names of collections that differ from our names of the tools. */
const ALIASES: Readonly<Record<string, string>> = { 'anchore-grype': 'grype', 'npm-audit-7-plus': 'npm-audit', kubelinter: 'kube-linter' };

/** Reads `<folder>/<tool>/<file>` of recorded native outputs with the adapter of each tool. */
export function checkRecorded(folder: string): { readonly path: string; readonly result: RecordedResult }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
    .sort()
    .map((path) => ({ path: relative(folder, path), result: checkFile(path, relative(folder, path).split(/[\\/]/)[0] ?? '') }));
}

function checkFile(path: string, folder: string): RecordedResult {
  const wanted = folder.replaceAll('_', '-');
  const scanner = SCANNERS.find(({ name }) => name === (ALIASES[wanted] ?? wanted));
  if (scanner === undefined) return { status: 'not-ours', reason: `there is no adapter for ${folder}` };
  if (!/\.jsonl?$/.test(path)) return { status: 'not-ours', reason: `no JSON file (${basename(path)})` };
  const stdout = readFileSync(path, 'utf8');
  try {
    const { findings, diagnostics } = scanner.parse({ stdout, stderr: '', exitCode: 0 }, requestFor(scanner, stdout));
    return { status: 'read', findings: findings.length, leftOut: diagnostics.filter(({ code }) => code === 'foreign-path' || code === 'unusable-finding').length };
  } catch (error) {
    return { status: error instanceof ScannerOutputError ? 'rejected' : 'crashed', reason: (error as Error).message };
  }
}

/** The scanned files are unknown: every text of the output counts as one of them, with the root of the file system as workspace. */
function requestFor(scanner: Scanner, stdout: string): ScanRequest {
  const texts = new Set<string>();
  for (const match of stdout.matchAll(/"((?:[^"\\]|\\.){1,1000})"/g)) texts.add((match[1] ?? '').replaceAll('\\\\', '\\').replaceAll('\\/', '/'));
  const format = 'python' as const;
  const files = scanner.capabilities.network.length > 0 && !scanner.splittable ? [] : [...texts].flatMap((text) => [text, text.replace(/^\/+/, '').replace(/^(?:\.\/)+/, '')]);
  return { root: '/', files: [...new Set(files)].filter((path) => path !== '').map((path) => ({ path, format, reason: 'recorded' })), options: {}, configDirectory: '/config', outputDirectory: '/output', source: () => undefined };
}

/** Prints the result for every file and the sums; the exit code is 1 for crashes, 0 without recordings. */
function main(): number {
  const given = process.argv[2] ?? process.env['BARTIZAN_RECORDED'];
  if (given === undefined || given === '') {
    process.stdout.write('No recordings: name a folder with native/<tool>/<file> as argument or in BARTIZAN_RECORDED. Nothing was checked.\n');
    return 0;
  }
  const folder = join(given, 'native');
  let results;
  try {
    results = checkRecorded(folder);
  } catch (error) {
    process.stdout.write(`No recordings in ${folder}: ${(error as Error).message}. Nothing was checked.\n`);
    return 3;
  }
  for (const { path, result } of results) {
    const text = result.status === 'read' ? `${result.findings} findings${result.leftOut > 0 ? ', some left out' : ''}` : result.reason.split('\n', 1)[0];
    process.stdout.write(`${result.status.padEnd(9)} ${path}: ${text}\n`);
  }
  const count = (status: RecordedResult['status']): number => results.filter(({ result }) => result.status === status).length;
  const findings = results.reduce((sum, { result }) => sum + (result.status === 'read' ? result.findings : 0), 0);
  process.stdout.write(`${results.length} files: ${count('read')} read with ${findings} findings, ${count('rejected')} rejected, ${count('not-ours')} not ours, ${count('crashed')} crashed\n`);
  return count('crashed') > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
