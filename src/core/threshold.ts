import type { Category } from './category.js';
import type { Finding } from './finding.js';
import type { Settings } from './settings.js';
import type { AppliedThreshold } from './verdict.js';
import { isAtLeast, severityRank, type Confidence, type FailOn } from './severity.js';

/** Thresholds besides that of `fail-on` itself. */
export interface Thresholds {
  /** Instead of `fail-on`, for findings of a category. */
  readonly category?: Readonly<Partial<Record<Category, FailOn>>>;
  /** Instead of both, for what a scanner reports; `policies` are the built-in policies. */
  readonly scanner?: Readonly<Record<string, FailOn>>;
  /** Besides the others: what a finding of this confidence has to reach as well. */
  readonly confidence?: Readonly<Partial<Record<Confidence, FailOn>>>;
}

/** Lower fails more. */
function laxness(threshold: FailOn): number {
  return threshold === 'never' ? 5 : severityRank(threshold);
}

/** Whether a severity reaches a threshold. */
export function reaches(severity: Finding['severity'], threshold: FailOn): boolean {
  return threshold !== 'never' && isAtLeast(severity, threshold);
}

/**
 * The threshold of a finding: that of its scanner, otherwise of its category, otherwise `fail-on`; of several scanners that
 * report it, the strictest. One that is written for its confidence has to be reached too, so the laxer of the two is given.
 */
export function thresholdOf(finding: Pick<Finding, 'tool' | 'alsoReportedBy' | 'confidence'>, category: Category, { failOn, thresholds }: Pick<Settings, 'failOn' | 'thresholds'>): AppliedThreshold {
  if (thresholds === undefined) return { from: failOn, setting: 'fail-on' };
  const ofCategory = thresholds.category?.[category];
  const general: AppliedThreshold = ofCategory === undefined ? { from: failOn, setting: 'fail-on' } : { from: ofCategory, setting: `fail-on.category.${category}` };
  let strictest: AppliedThreshold | undefined;
  for (const tool of new Set([finding.tool, ...finding.alsoReportedBy.map((other) => other.tool)])) {
    const own = thresholds.scanner !== undefined && Object.hasOwn(thresholds.scanner, tool) ? thresholds.scanner[tool] : undefined;
    const one = own === undefined ? general : { from: own, setting: `fail-on.scanner.${tool}` };
    if (strictest === undefined || laxness(one.from) < laxness(strictest.from)) strictest = one;
  }
  const applied = strictest ?? general;
  const sure = thresholds.confidence?.[finding.confidence];
  return sure !== undefined && laxness(sure) > laxness(applied.from) ? { from: sure, setting: `fail-on.confidence.${finding.confidence}` } : applied;
}
