import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScannerOutputError } from '../src/core/index.js';
import type { Scanner, ScanRequest, ScanResult } from '../src/core/index.js';
import { SCANNERS } from '../src/scanners/index.js';
import { checkRecordedSarif, ourLogErrors, type RecordedSarif, type SchemaErrors } from './recorded-sarif.js';
import { schemaChecker } from './sarif-schema.js';

/** What became of one recorded output. */
export type RecordedResult =
  | { readonly status: 'read'; readonly findings: number; readonly leftOut: number; readonly logErrors: readonly string[] }
  | { readonly status: 'rejected'; readonly reason: string }
  /** No adapter for this tool, or a form that no adapter reads (XML, CSV, sources). */
  | { readonly status: 'not-ours'; readonly reason: string }
  /** An error that is none of those that an adapter may throw: a defect. */
  | { readonly status: 'crashed'; readonly reason: string };

/** Folder names of collections that differ from our names of the tools. */
const ALIASES: Readonly<Record<string, string>> = { 'anchore-grype': 'grype', 'npm-audit-7-plus': 'npm-audit', kubelinter: 'kube-linter' };

/** Reads `<folder>/<tool>/<file>` of recorded native outputs with the adapter of each tool, and checks our logs of them. */
export function checkRecorded(folder: string, schemaErrors: SchemaErrors): { readonly path: string; readonly result: RecordedResult }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
    .sort()
    .map((path) => ({ path: relative(folder, path), result: checkFile(path, relative(folder, path).split(/[\\/]/)[0] ?? '', schemaErrors) }));
}

function checkFile(path: string, folder: string, schemaErrors: SchemaErrors): RecordedResult {
  const wanted = folder.replaceAll('_', '-');
  const scanner = SCANNERS.find(({ name }) => name === (ALIASES[wanted] ?? wanted));
  if (scanner === undefined) return { status: 'not-ours', reason: `there is no adapter for ${folder}` };
  if (!/\.jsonl?$/.test(path)) return { status: 'not-ours', reason: `no JSON file (${basename(path)})` };
  const stdout = readFileSync(path, 'utf8');
  try {
    const { rules, findings, diagnostics } = scanner.parse({ stdout, stderr: '', exitCode: 0 }, requestFor(scanner, stdout));
    const result: ScanResult = { tool: { name: scanner.name }, rules, outcome: { status: 'completed', findings }, diagnostics, startedAt: 0, endedAt: 0 };
    return { status: 'read', findings: findings.length, logErrors: ourLogErrors([result], schemaErrors), leftOut: diagnostics.filter(({ code }) => code === 'foreign-path' || code === 'unusable-finding').length };
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

/** Prints the result for every file and the sums; the exit code is 1 for crashes and invalid logs of ours, 0 without recordings. */
function main(): number {
  const given = process.argv[2] ?? process.env['BARTIZAN_RECORDED'];
  if (given === undefined || given === '') {
    print('No recordings: name a folder with native/<tool>/<file> and sarif/<file> as argument or in BARTIZAN_RECORDED. Nothing was checked.');
    return 0;
  }
  const schemaErrors = schemaChecker(JSON.parse(readFileSync(resolve('test/sarif/sarif-2.1.0.schema.json'), 'utf8')) as object);
  const codes = [checkPart(join(given, 'native'), (folder) => printNative(checkRecorded(folder, schemaErrors))), checkPart(join(given, 'sarif'), (folder) => printSarif(checkRecordedSarif(folder, schemaErrors)))];
  return Math.max(...codes);
}

function checkPart(folder: string, check: (folder: string) => number): number {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return check(folder);
  print(`No recordings in ${folder}. Nothing was checked there.`);
  return 3;
}

function printNative(results: readonly { readonly path: string; readonly result: RecordedResult }[]): number {
  let invalid = 0;
  for (const { path, result } of results) {
    const text = result.status === 'read' ? `${result.findings} findings${result.leftOut > 0 ? ', some left out' : ''}` : result.reason.split('\n', 1)[0];
    print(`${result.status.padEnd(9)} ${path}: ${text}`);
    if (result.status !== 'read' || result.logErrors.length === 0) continue;
    invalid++;
    for (const error of result.logErrors) print(`invalid   ${path}: ${error}`);
  }
  const count = (status: RecordedResult['status']): number => results.filter(({ result }) => result.status === status).length;
  const findings = results.reduce((sum, { result }) => sum + (result.status === 'read' ? result.findings : 0), 0);
  print(`native: ${results.length} files: ${count('read')} read with ${findings} findings, ${count('rejected')} rejected, ${count('not-ours')} not ours, ${count('crashed')} crashed; our SARIF of ${invalid} is not valid`);
  return count('crashed') + invalid > 0 ? 1 : 0;
}

function printSarif(results: readonly RecordedSarif[]): number {
  for (const { name, findings, rejected, failures } of results) {
    print(rejected === undefined ? `read      ${name}: ${findings} findings` : `rejected  ${rejected.split('\n', 1)[0]}`);
    for (const failure of failures) print(`failed    ${name}: ${failure}`);
  }
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  const rejected = results.filter((result) => result.rejected !== undefined).length;
  const findings = results.reduce((sum, result) => sum + result.findings, 0);
  print(`sarif: ${results.length} files: ${results.length - rejected} read with ${findings} findings, ${rejected} rejected, ${failed} with failures`);
  return failed > 0 ? 1 : 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
