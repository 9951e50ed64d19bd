import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { findingsOf, type Report, type ScanResult, type Settings } from '../core/index.js';
import { loadSettings } from '../config/index.js';
import { judge } from '../gate/gate.js';
import { openFiles } from '../io/files.js';
import { openInput } from '../io/input-file.js';
import { writePieces } from '../io/output-file.js';
import { jsonReport, jsonText } from '../report/json.js';
import { renderLines } from '../report/terminal.js';
import { fingerprintResults, STABLE } from '../sarif/fingerprint.js';
import { readSarif, type ReadMode, type ReadSarif } from '../sarif/read-sarif.js';
import { sarifPlan, type SarifOptions } from '../sarif/to-sarif.js';
import { logText } from '../sarif/write.js';
import { VERSION } from '../version.js';
import type { CommandContext } from './index.js';
import { describeDiagnostic } from './errors.js';

/** Where the files that findings are in lie, to count columns and compute fingerprints. */
export interface Sources {
  readonly root: string;
  readonly text: (path: string) => string | undefined;
}

/** The files below a folder; the last ones are remembered. */
export function openSources(root: string): Sources {
  const files = openFiles(root);
  const texts = new Map<string, string>();
  // Logs are often merged where the files are not: asking the system for each of them would take most of the time.
  const unreadable = new Set<string>();
  const folders = new Map<string, boolean>();
  const exists = (folder: string): boolean => {
    if (folder === '') return true;
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const found = exists(folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) && files.kind(folder) !== undefined;
    folders.set(folder, found);
    return found;
  };
  return {
    root: files.root,
    text(path) {
      const known = texts.get(path);
      if (known !== undefined || unreadable.has(path)) return known;
      const result = exists(path.slice(0, Math.max(0, path.lastIndexOf('/')))) ? files.read(path) : undefined;
      if (result?.ok !== true) {
        unreadable.add(path);
        return undefined;
      }
      if (texts.size >= 64) texts.clear();
      texts.set(path, result.text);
      return result.text;
    },
  };
}

/** Reads one SARIF file; its external properties may lie beside or below it. */
export function readLog(file: string, directory: string, mode: ReadMode, sources: Sources): ReadSarif {
  const path = resolve(directory, file);
  return readSarif(openInput(path, file), {
    mode,
    workspace: sources.root.replaceAll('\\', '/'),
    source: sources.text,
    external: (uri) => {
      const beside = resolve(dirname(path), uri);
      const inside = relative(dirname(path), beside);
      return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? undefined : openInput(beside, uri);
    },
  });
}

/** The results with our fingerprints; those that have them, as our own logs do, keep them. */
export function withFingerprints(results: readonly ScanResult[], sources: Sources): readonly ScanResult[] {
  return results.map((result) => {
    if (findingsOf(result).every(({ fingerprints }) => Object.hasOwn(fingerprints, STABLE))) return result;
    return fingerprintResults([result], sources.text)[0] ?? result;
  });
}

/** What holds where no configuration is read. */
export function defaultSettings(): Settings {
  return loadSettings({ file: undefined, overrides: undefined, known: { policies: [], scanners: [] } }).settings;
}

/** A report over results that no scan of ours has made. */
export function reportOf(results: readonly ScanResult[], sources: Sources, context: CommandContext): Report {
  const settings = defaultSettings();
  const now = Date.now();
  let verdict: Report['verdict'] | undefined;
  return {
    version: VERSION,
    inventory: { root: sources.root, total: 0, files: [], source: 'walk' },
    settings,
    results,
    // A log does not show it.
    get verdict() {
      return (verdict ??= judge(results, settings));
    },
    startedAt: now,
    endedAt: now,
    reproduce: `bartizan ${context.args.join(' ')}`,
    source: sources.text,
  };
}

export type DocumentFormat = 'sarif' | 'json' | 'text';

/** Writes a report as a document to a file, or to standard output when none is given. */
export async function writeDocument(report: Report, format: DocumentFormat, output: string | undefined, options: SarifOptions, context: CommandContext): Promise<void> {
  const pieces: Iterable<string> = format === 'sarif' ? logText(sarifPlan(report, options).log) : [format === 'json' ? jsonText(jsonReport(report)) : renderLines(report)];
  if (output !== undefined) {
    writePieces(resolve(context.directory, output), pieces);
    return;
  }
  for (const piece of pieces) await context.out.write(piece);
}

/** What was wrong, left out or assumed, a line each on standard error. */
export async function tellProblems({ diagnostics }: Pick<ReadSarif, 'diagnostics'>, context: CommandContext): Promise<void> {
  const { logLine, oneLine } = await import('../report/escape.js');
  for (const diagnostic of diagnostics) await context.err.write(`${logLine(oneLine(describeDiagnostic(diagnostic), 2_000))}\n`);
}
