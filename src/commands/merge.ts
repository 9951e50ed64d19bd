import { builtinPolicies } from '../app.js';
import { findingsOf, plural, type ScanResult } from '../core/index.js';
import { combineByTool, correlateResults } from '../correlate/index.js';
import { policyRules } from '../engine/index.js';
import type { CommandContext } from './index.js';
import { openSources, readLog, reportOf, tellProblems, withFingerprints, writeDocument } from './logs.js';

export interface MergeFlags {
  readonly output?: string;
  readonly root: string;
  readonly strict?: boolean;
  readonly upload?: boolean;
}

/**
 * `merge <files…>`: one SARIF log of several, in which each weakness stands once. Gives exit code 0; files that can't
 * be read end it with a `ConfigurationError`.
 */
export async function mergeCommand(files: readonly string[], flags: MergeFlags, context: CommandContext): Promise<number> {
  const sources = openSources(flags.root);
  const results: ScanResult[] = [];
  for (const file of files) {
    const read = readLog(file, context.directory, flags.strict === true ? 'strict' : 'best-effort', sources);
    await tellProblems(read, context);
    results.push(...read.results);
  }
  const count = (all: readonly ScanResult[]): number => all.reduce((sum, result) => sum + findingsOf(result).length, 0);
  const found = count(results);
  const merged = correlateResults(withFingerprints(combineByTool(results), sources), sources.text, policyRules(await builtinPolicies()));
  await writeDocument(reportOf(merged, sources, context), 'sarif', flags.output, { variant: flags.upload === true ? 'upload' : 'full' }, context);
  await context.err.write(`${plural(files.length, 'log')} with ${plural(found, 'finding')}: ${plural(count(merged), 'finding')} of ${plural(merged.length, 'tool')}\n`);
  return 0;
}
