import { join } from 'node:path';
import picomatch from 'picomatch';
import { ConfigurationError, FALCO_FORMAT, SARIF_FORMAT, ScannerOutputError, type ImportSettings, type Inventory, type Report, type ScanResult, type Settings } from './core/index.js';
import type { Files } from './io/files.js';
import { openInput, type InputFile } from './io/input-file.js';
import { filesBelow } from './io/input-folder.js';
import { readSarif } from './sarif/read-sarif.js';
import { wholeText } from './sarif/read-text.js';
import { parseFalco } from './scanners/shared/falco.js';
import { SCANNERS } from './scanners/index.js';

/** Files below the fixed part of a glob that are looked at. */
const MAX_LISTED = 100_000;
/** Files that one glob may name. */
const MAX_MATCHES = 500;
/** Largest native output of a scanner, in bytes; SARIF logs are read as a stream. */
const MAX_NATIVE_BYTES = 256 << 20;

/** What imports are read with. */
export interface ImportContext {
  readonly files: Files;
  readonly inventory: Inventory;
  readonly settings: Settings;
  readonly source: Report['source'];
  readonly now: () => number;
}

/**
 * Results of other tools, each as a result of its own tool. What is missing, not readable or not in its format is a failed
 * result of its own that names the file, never a clean one; the others are kept. Never throws.
 */
export function importResults(imports: readonly ImportSettings[], context: ImportContext): readonly ScanResult[] {
  return imports.flatMap((entry) => {
    const failed = (name: string, error: string): ScanResult => ({ ...frame(entry.from === SARIF_FORMAT ? 'import' : entry.from, context), outcome: { status: 'failed', error: `${name} could not be imported: ${error}`, partial: [] } });
    let paths: readonly string[];
    try {
      paths = matches(entry.path, context.files);
    } catch (error) {
      return [failed(entry.path, (error as Error).message)];
    }
    if (paths.length === 0) return [failed(entry.path, 'there is no such file; a tool that was to write it may not have run')];
    if (paths.length > MAX_MATCHES) return [failed(entry.path, `it names more than ${MAX_MATCHES} files`)];
    return paths.flatMap((path) => {
      try {
        return read(path, entry, context);
      } catch (error) {
        const message = error instanceof ConfigurationError || error instanceof ScannerOutputError ? error.message : `internal error: ${(error as Error).message}`;
        return [failed(path, message)];
      }
    });
  });
}

function frame(name: string, { now }: ImportContext): Pick<ScanResult, 'tool' | 'rules' | 'diagnostics' | 'startedAt' | 'endedAt'> {
  const at = now();
  return { tool: { name }, rules: [], diagnostics: [], startedAt: at, endedAt: at };
}

/** The files that a path or glob names, in order. */
function matches(path: string, files: Files): readonly string[] {
  const { base, isGlob } = picomatch.scan(path);
  if (!isGlob) return files.kind(path) === undefined ? [] : [path];
  if (base !== '' && files.kind(base) !== 'directory') return [];
  const isMatch = picomatch(path, { dot: true });
  const found: string[] = [];
  for (const below of filesBelow(join(files.root, base), MAX_LISTED)) {
    const candidate = base === '' ? below : `${base}/${below}`;
    if (isMatch(candidate)) found.push(candidate);
    if (found.length > MAX_MATCHES) break;
  }
  return found;
}

function read(path: string, entry: ImportSettings, context: ImportContext): readonly ScanResult[] {
  const kind = context.files.kind(path);
  // A link of the workspace may lead to any file of the machine.
  if (kind !== 'file' && kind !== 'executable') throw new ConfigurationError(`it is no regular file of the workspace${kind === undefined ? '' : ` (${kind})`}`);
  const input = openInput(join(context.files.root, path), path);
  return entry.from === SARIF_FORMAT ? readLog(input, entry, context) : [readNative(input, entry.from, context)];
}

function readLog(input: InputFile, { strict }: ImportSettings, context: ImportContext): readonly ScanResult[] {
  const { results, diagnostics } = readSarif(input, { mode: strict ? 'strict' : 'best-effort', workspace: context.files.root.replaceAll('\\', '/'), source: context.source });
  const [first, ...others] = results;
  if (first === undefined) throw new ConfigurationError('it holds no run of any tool');
  return [{ ...first, diagnostics: [...diagnostics, ...first.diagnostics] }, ...others];
}

function readNative(input: InputFile, name: string, context: ImportContext): ScanResult {
  const scanner = SCANNERS.find((one) => one.name === name);
  if (name === FALCO_FORMAT) {
    if (input.size > MAX_NATIVE_BYTES) throw new ConfigurationError(`it is larger than ${MAX_NATIVE_BYTES} bytes`);
    const { rules, findings, diagnostics } = parseFalco(wholeText(input), input.name);
    return { ...frame(name, context), tool: { name, informationUri: 'https://falco.org/' }, rules, outcome: { status: 'completed', findings }, diagnostics };
  }
  if (scanner === undefined) throw new ConfigurationError(`there is no scanner ${name}`);
  if (input.size > MAX_NATIVE_BYTES) throw new ConfigurationError(`it is larger than ${MAX_NATIVE_BYTES} bytes`);
  const options = context.settings.scanners[name]?.options ?? {};
  // An adapter takes findings in the files that its tool is given, as in a scan.
  const applies = scanner.applies(context.inventory, options);
  const request = { root: context.files.root, files: applies.applies ? applies.files : [], options, configDirectory: '', outputDirectory: '', source: context.source };
  const { rules, findings, diagnostics } = scanner.parse({ stdout: wholeText(input), stderr: '', exitCode: 0 }, request);
  return { ...frame(name, context), tool: { name, informationUri: scanner.informationUri }, rules, outcome: { status: 'completed', findings }, diagnostics };
}
