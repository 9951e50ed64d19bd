import { CONFIDENCES, plural, type Confidence, type Finding, type ScanOutcome, type ScanResult } from '../core/index.js';

/** Results without the findings that are less sure than `least`; each says how many it left out. */
export function dropUnsure(results: readonly ScanResult[], least: Confidence): readonly ScanResult[] {
  const wanted = new Set(CONFIDENCES.slice(0, CONFIDENCES.indexOf(least) + 1));
  if (wanted.size === CONFIDENCES.length) return results;
  return results.map((result) => {
    let dropped = 0;
    const sure = (findings: readonly Finding[]): readonly Finding[] => {
      const kept = findings.filter(({ confidence }) => wanted.has(confidence));
      dropped += findings.length - kept.length;
      return kept;
    };
    const outcome = filter(result.outcome, sure);
    const suppressed = result.suppressed?.filter(({ confidence }) => wanted.has(confidence));
    const rest = suppressed === undefined ? result : { ...result, suppressed };
    if (dropped === 0) return rest;
    const message = `${plural(dropped, 'finding')} of lower confidence than ${least} ${dropped === 1 ? 'is' : 'are'} not reported; \`confidence: low\` reports all.`;
    return { ...rest, outcome, diagnostics: [...result.diagnostics, { level: 'note', code: 'confidence', message }] };
  });
}

function filter(outcome: ScanOutcome, sure: (findings: readonly Finding[]) => readonly Finding[]): ScanOutcome {
  if (outcome.status === 'completed') return { ...outcome, findings: sure(outcome.findings) };
  return outcome.status === 'failed' ? { ...outcome, partial: sure(outcome.partial) } : outcome;
}
