/**
 * Severity of a finding, worst first. Every scanner's own scale is mapped to these five
 * by the table that its adapter owns.
 */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** How sure a rule is that what it reports is real. */
export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** `--fail-on`: findings of this severity or worse fail the build; `never` reports only. */
export type FailOn = Severity | 'never';

const RANK: Record<Severity, number> = { critical: 4, high: 3, medium: 2, low: 1, note: 0 };

/** 4 for critical down to 0 for note. */
export function severityRank(severity: Severity): number {
  return RANK[severity];
}

/** Orders worst first, for `Array.prototype.sort`. */
export function compareSeverity(a: Severity, b: Severity): number {
  return RANK[b] - RANK[a];
}

/** True when `severity` is as bad as `threshold` or worse. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return RANK[severity] >= RANK[threshold];
}

/** The worst of some severities, or undefined of none. */
export function worst(severities: Iterable<Severity>): Severity | undefined {
  let result: Severity | undefined;
  for (const severity of severities) {
    if (result === undefined || RANK[severity] > RANK[result]) result = severity;
  }
  return result;
}

/**
 * The numeric `security-severity` that GitHub reads on a rule, as a decimal string in a SARIF file.
 * The middle of GitHub's bands (over 9.0 critical, 7.0–8.9 high, 4.0–6.9 medium, 0.1–3.9 low, 0.0 none);
 * 9.0 itself is ambiguous in its documentation and therefore avoided.
 */
export const SECURITY_SEVERITY: Record<Severity, number> = {
  critical: 9.5,
  high: 8.0,
  medium: 5.5,
  low: 2.0,
  note: 0.0,
};
