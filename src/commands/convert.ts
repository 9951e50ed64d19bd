import { resolve } from 'node:path';
import { nearestHint, ScannerOutputError, type Scanner, type ScanResult } from '../core/index.js';
import { discover } from '../discover/discover.js';
import { openFiles } from '../io/files.js';
import { systemGit } from '../io/git.js';
import { openInput } from '../io/input-file.js';
import { SCANNERS } from '../scanners/index.js';
import { wholeText } from '../sarif/read-text.js';
import type { CommandContext } from './index.js';
import { UsageError } from './errors.js';
import { defaultSettings, openSources, readLog, reportOf, tellProblems, withFingerprints, writeDocument, type DocumentFormat, type Sources } from './logs.js';

export interface ConvertFlags {
  readonly from: string;
  readonly to: DocumentFormat;
  readonly output?: string;
  readonly root: string;
  readonly strict?: boolean;
}

/** Largest output of a tool that is read, in bytes. */
const MAX_BYTES = 256 << 20;

/** `convert <file>`: the output of a tool, or a SARIF log, as another document. */
export async function convertCommand(file: string, flags: ConvertFlags, context: CommandContext): Promise<number> {
  const sources = openSources(flags.root);
  let results: readonly ScanResult[];
  if (flags.from === 'sarif') {
    const read = readLog(file, context.directory, flags.strict === true ? 'strict' : 'best-effort', sources);
    await tellProblems(read, context);
    results = read.results;
  } else {
    const result = await readNative(file, scannerOf(flags.from), sources, context);
    await tellProblems(result, context);
    results = [result];
  }
  await writeDocument(reportOf(withFingerprints(results, sources), sources, context), flags.to, flags.output, { variant: 'full' }, context);
  return 0;
}

function scannerOf(name: string): Scanner {
  const names = ['sarif', ...SCANNERS.map((scanner) => scanner.name)];
  const scanner = SCANNERS.find((one) => one.name === name);
  if (scanner === undefined) throw new UsageError(`--from is \`sarif\` or a scanner: ${names.join(', ')}. There is no \`${name}\`.${nearestHint(name, names)}`);
  return scanner;
}

/** What a scanner's adapter makes of output that was written before. */
async function readNative(file: string, scanner: Scanner, sources: Sources, context: CommandContext): Promise<ScanResult> {
  const input = openInput(resolve(context.directory, file), file);
  if (input.size > MAX_BYTES) throw new UsageError(`${file} is larger than ${MAX_BYTES} bytes.`);
  // An adapter takes findings in the files that its tool is given, as in a scan.
  const { inventory } = await discover(openFiles(sources.root), defaultSettings(), systemGit(context.environment.PATH ?? ''));
  const applies = scanner.applies(inventory, {});
  const request = { root: sources.root, files: applies.applies ? applies.files : [], options: {}, configDirectory: '', outputDirectory: '', source: sources.text };
  const tool = { name: scanner.name, informationUri: scanner.informationUri };
  try {
    const { rules, findings, diagnostics } = scanner.parse({ stdout: wholeText(input), stderr: '', exitCode: 0 }, request);
    return { tool, rules, outcome: { status: 'completed', findings }, diagnostics, startedAt: 0, endedAt: 0 };
  } catch (error) {
    if (error instanceof ScannerOutputError) throw new UsageError(`${file} is not read as the output of ${scanner.name}: ${error.message}.`);
    throw error;
  }
}
