import { redactCredentials, type Diagnostic, type Finding, type Location, type ScanResult } from '../core/index.js';
import type { JudgedFiles } from './part.js';

/** A result whose texts hold no recognisable credential; masking again changes nothing. */
export function redactResult(result: ScanResult): ScanResult {
  const { outcome } = result;
  return {
    ...result,
    diagnostics: result.diagnostics.map(redactDiagnostic),
    outcome:
      outcome.status === 'completed'
        ? { ...outcome, findings: outcome.findings.map(redactFinding) }
        : outcome.status === 'failed'
          ? { ...outcome, error: redactCredentials(outcome.error), partial: outcome.partial.map(redactFinding) }
          : { ...outcome, reason: redactCredentials(outcome.reason) },
  };
}

/** The same for what the policies judged. */
export function redactJudged(judged: JudgedFiles): JudgedFiles {
  return {
    ...judged,
    lost: judged.lost.map(redactDiagnostic),
    parts: judged.parts.map(({ evaluated, diagnostics }) => ({
      evaluated: {
        ...evaluated,
        findings: evaluated.findings.map(redactFinding),
        problems: evaluated.problems.map(({ policy, diagnostic }) => ({ policy, diagnostic: redactDiagnostic(diagnostic) })),
      },
      diagnostics: diagnostics.map(redactDiagnostic),
    })),
  };
}

function redactFinding(finding: Finding): Finding {
  const [first, ...others] = finding.locations;
  return {
    ...finding,
    message: redactCredentials(finding.message),
    reasons: finding.reasons.map(redactCredentials),
    locations: [redactLocation(first), ...others.map(redactLocation)],
    related: finding.related.map(redactLocation),
    flow: finding.flow.map(({ location, message }) => ({ location: redactLocation(location), message: redactCredentials(message) })),
    ...(finding.fixes !== undefined && {
      fixes: finding.fixes.map(({ description, replacements }) => ({
        description: redactCredentials(description),
        replacements: replacements.map((replacement) => ({ ...replacement, text: redactCredentials(replacement.text) })),
      })),
    }),
  };
}

function redactLocation(location: Location): Location {
  const { message, snippet } = location;
  if (message === undefined && snippet === undefined) return location;
  return { ...location, ...(message !== undefined && { message: redactCredentials(message) }), ...(snippet !== undefined && { snippet: redactCredentials(snippet) }) };
}

function redactDiagnostic(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, message: redactCredentials(diagnostic.message) };
}
