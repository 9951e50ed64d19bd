import { phrase, placeOf, type ScanResult, type VerdictReason } from '../core/index.js';

/** Files named one by one; the rest is counted. */
const NAMED_FILES = 5;

/** A reason for each scanner that failed, and one when there was no scanner at all. */
export function failedReasons(results: readonly ScanResult[]): readonly VerdictReason[] {
  if (results.length === 0) {
    return [{ kind: 'scanner-failed', message: 'No scanner was started, so nothing is known about this repository.' }];
  }
  return results.flatMap(({ tool, outcome }): VerdictReason[] =>
    outcome.status === 'failed'
      ? [{ kind: 'scanner-failed', message: `${tool.name} did not finish: ${phrase(outcome.error)}.` }]
      : [],
  );
}

/**
 * A reason for each file that could not be judged: diagnostics of level `error` of scanners that otherwise
 * finished. A file that could not be judged is not clean.
 */
export function unreadableReasons(results: readonly ScanResult[]): readonly VerdictReason[] {
  const messages: string[] = [];
  for (const { tool, outcome, diagnostics } of results) {
    if (outcome.status !== 'completed') continue;
    for (const diagnostic of diagnostics) {
      if (diagnostic.level !== 'error') continue;
      const { path, region, message } = diagnostic;
      messages.push(
        path === undefined
          ? `${tool.name} could not judge everything: ${phrase(message)}.`
          : `${placeOf({ path, ...(region && { region }) })} could not be judged by ${tool.name}: ${phrase(message)}; repair or exclude the file.`,
      );
    }
  }
  const rest = messages.length - NAMED_FILES;
  const shown = messages.slice(0, NAMED_FILES);
  if (rest > 0) shown.push(`${rest} more ${rest === 1 ? 'file' : 'files'} could not be judged.`);
  return shown.map((message) => ({ kind: 'unreadable', message }));
}
