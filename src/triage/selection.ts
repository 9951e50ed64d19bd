import type { Finding, ScanOutcome, ScanResult } from '../core/index.js';

/**
 * Results without the findings in files that `include` and `exclude` leave out. Scanners that read the
 * whole workspace know nothing of these settings.
 */
export function dropUnselected(results: readonly ScanResult[], selected: (path: string) => boolean): readonly ScanResult[] {
  const inside = (findings: readonly Finding[]): readonly Finding[] => findings.filter(({ locations: [{ path }] }) => selected(path));
  const filter = (outcome: ScanOutcome): ScanOutcome => {
    if (outcome.status === 'completed') return { ...outcome, findings: inside(outcome.findings) };
    return outcome.status === 'failed' ? { ...outcome, partial: inside(outcome.partial) } : outcome;
  };
  return results.map((result) => ({ ...result, outcome: filter(result.outcome) }));
}
