import type { Finding } from './finding.js';
import type { ScanResult } from './scanner.js';
import { compareSeverity, type Severity } from './severity.js';

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

/**
 * The findings in the order of {@link compareFindings}. By severity and path first, so that whole findings are compared
 * with those of their file only: a log of 100,000 takes a tenth of the time that comparing all of them takes.
 */
export function sortedFindings(findings: Iterable<Finding>): Finding[] {
  const severities = new Map<Severity, Map<string, Finding[]>>();
  for (const finding of findings) {
    const { path } = finding.locations[0];
    let paths = severities.get(finding.severity);
    if (paths === undefined) severities.set(finding.severity, (paths = new Map()));
    const known = paths.get(path);
    if (known === undefined) paths.set(path, [finding]);
    else known.push(finding);
  }
  const sorted: Finding[] = [];
  for (const [, paths] of [...severities].sort(([a], [b]) => compareSeverity(a, b))) {
    for (const path of [...paths.keys()].sort(compareText)) {
      for (const finding of (paths.get(path) as Finding[]).sort(compareFindings)) sorted.push(finding);
    }
  }
  return sorted;
}

/** What a scanner found: everything of a completed one, what a failed one had found before it failed. */
export function findingsOf(result: ScanResult): readonly Finding[] {
  if (result.outcome.status === 'completed') return result.outcome.findings;
  if (result.outcome.status === 'failed') return result.outcome.partial;
  return [];
}

/** The findings that persons silenced, in the order of {@link compareFindings}. */
export function suppressedFindings(results: readonly ScanResult[]): readonly Finding[] {
  return sortedFindings(results.flatMap(({ suppressed = [] }) => suppressed));
}

/** The findings of all scanners in the order of {@link compareFindings}. */
export function allFindings(results: readonly ScanResult[]): readonly Finding[] {
  return sortedFindings(results.flatMap(findingsOf));
}

/**
 * The findings that are listed one by one, worst first: without those that the baseline knows where these don't count,
 * since they would hide what is new. They are in the counts, and in the documents for machines.
 */
export function listedFindings(results: readonly ScanResult[], { newOnly }: { readonly newOnly?: boolean }): readonly Finding[] {
  const findings = allFindings(results);
  return newOnly === true ? findings.filter(({ baselineState }) => baselineState !== 'unchanged') : findings;
}
