import { CONFIDENCES, type Confidence, type Finding, type ScanOutcome, type ScanResult } from '../core/index.js';

/** Results without the findings that are less sure than `least`. */
export function dropUnsure(results: readonly ScanResult[], least: Confidence): readonly ScanResult[] {
  const wanted = new Set(CONFIDENCES.slice(0, CONFIDENCES.indexOf(least) + 1));
  if (wanted.size === CONFIDENCES.length) return results;
  const sure = (findings: readonly Finding[]): readonly Finding[] => findings.filter(({ confidence }) => wanted.has(confidence));
  const filter = (outcome: ScanOutcome): ScanOutcome => {
    if (outcome.status === 'completed') return { ...outcome, findings: sure(outcome.findings) };
    return outcome.status === 'failed' ? { ...outcome, partial: sure(outcome.partial) } : outcome;
  };
  return results.map((result) => ({ ...result, outcome: filter(result.outcome) }));
}
