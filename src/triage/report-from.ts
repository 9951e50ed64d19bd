import { isAtLeast, plural, type Finding, type ScanOutcome, type ScanResult, type Settings, type Severity, type Verdict } from '../core/index.js';

/**
 * Results without the findings below `report-from`, each saying how many it left out. The verdict was made with them: what
 * fails the build is always shown, and so is a severity of which there are more than `max-findings` or `max-known` allows.
 */
export function dropMinor(results: readonly ScanResult[], { reportFrom = 'note' }: Settings, verdict: Verdict): readonly ScanResult[] {
  if (reportFrom === 'note') return results;
  const blocking = new Set(verdict.blocking);
  const severities = new Set<Severity>([...(verdict.overCount ?? []), ...(verdict.overLimit ?? [])].map(({ severity }) => severity));
  const wanted = (finding: Finding): boolean => isAtLeast(finding.severity, reportFrom) || severities.has(finding.severity) || blocking.has(finding);
  return results.map((result) => {
    let dropped = 0;
    const shown = (findings: readonly Finding[]): readonly Finding[] => {
      const kept = findings.filter(wanted);
      dropped += findings.length - kept.length;
      return kept;
    };
    const outcome = filter(result.outcome, shown);
    if (dropped === 0) return result;
    const message = `${plural(dropped, 'finding')} below ${reportFrom} ${dropped === 1 ? 'is' : 'are'} not reported; \`report-from: note\` reports all.`;
    return { ...result, outcome, diagnostics: [...result.diagnostics, { level: 'note', code: 'report-from', message }] };
  });
}

function filter(outcome: ScanOutcome, shown: (findings: readonly Finding[]) => readonly Finding[]): ScanOutcome {
  if (outcome.status === 'completed') return { ...outcome, findings: shown(outcome.findings) };
  return outcome.status === 'failed' ? { ...outcome, partial: shown(outcome.partial) } : outcome;
}
