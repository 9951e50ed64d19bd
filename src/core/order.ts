import type { Finding } from './finding.js';
import type { ScanResult } from './scanner.js';
import { compareSeverity } from './severity.js';

/** Compares by UTF-16 code units: the same order on every machine and locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The order in which findings are shown everywhere: worst first, then by path, line, column, tool, rule
 * and message. Total on everything that is shown, so the order of scanners never matters.
 */
export function compareFindings(a: Finding, b: Finding): number {
  const at = a.locations[0];
  const bt = b.locations[0];
  return (
    compareSeverity(a.severity, b.severity) ||
    compareText(at.path, bt.path) ||
    (at.region?.startLine ?? 0) - (bt.region?.startLine ?? 0) ||
    (at.region?.startColumn ?? 0) - (bt.region?.startColumn ?? 0) ||
    compareText(a.tool, b.tool) ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.message, b.message)
  );
}

/** What a scanner found: everything of a completed one, what a failed one had found before it failed. */
export function findingsOf(result: ScanResult): readonly Finding[] {
  if (result.outcome.status === 'completed') return result.outcome.findings;
  if (result.outcome.status === 'failed') return result.outcome.partial;
  return [];
}

/** The findings that persons silenced, in the order of {@link compareFindings}. */
export function suppressedFindings(results: readonly ScanResult[]): readonly Finding[] {
  return results.flatMap(({ suppressed = [] }) => suppressed).sort(compareFindings);
}

/** The findings of all scanners in the order of {@link compareFindings}. */
export function allFindings(results: readonly ScanResult[]): readonly Finding[] {
  return results.flatMap(findingsOf).sort(compareFindings);
}

/**
 * The findings that are listed one by one, worst first: without those that the baseline knows where these don't count,
 * since they would hide what is new. They are in the counts, and in the documents for machines.
 */
export function listedFindings(results: readonly ScanResult[], { newOnly }: { readonly newOnly?: boolean }): readonly Finding[] {
  const findings = allFindings(results);
  return newOnly === true ? findings.filter(({ baselineState }) => baselineState !== 'unchanged') : findings;
}
