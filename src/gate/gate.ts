import {
  SEVERITIES,
  allFindings,
  countBySeverity,
  countedFindings,
  isAtLeast,
  plural,
  suppressedFindings,
  joinWords,
  type Finding,
  type ScanResult,
  type Settings,
  type Severity,
  type Verdict,
  type VerdictReason,
} from '../core/index.js';
import { findingsReasons } from './findings-reasons.js';
import { failedReasons, unreadableReasons } from './incomplete-reasons.js';

/**
 * The verdict over everything that ran. Pure; computed once, before anything is printed.
 *
 * - Findings at `failOn` or worse: `fail`, exit code 1, also when something else went wrong; the reasons name both.
 *   What a failed scanner had found before it failed counts as well.
 * - Otherwise a failed scanner, a file that could not be judged (a diagnostic of level `error`) or a run without
 *   any scanner: `error`, exit code 2, unless `onScannerError` is `warn`. `failOn: never` doesn't change this:
 *   it is about findings, and an unfinished scan is never called clean.
 * - Otherwise `pass`, exit code 0. Reasons are never empty.
 * - More known findings of a severity than `maxKnown` allows: `fail`, exit code 1, whatever the threshold is.
 * - Suppressed findings never block and are in no count; the last reason says how many there are.
 */
export function judge(results: readonly ScanResult[], settings: Settings): Verdict {
  const findings = allFindings(results);
  const counts = countBySeverity(findings);
  const { failOn } = settings;
  const blocking = failOn === 'never' ? [] : findings.filter((finding) => isAtLeast(finding.severity, failOn) && !isKnown(finding, settings));
  const known = countBySeverity(findings.filter((finding) => isKnown(finding, settings)));
  const knownCounts = settings.newOnly === true ? { known } : {};
  const incomplete = [...failedReasons(results), ...unreadableReasons(results)];
  const overLimit = aboveMaxKnown(findings, settings);
  const limits = overLimit.length > 0 ? { overLimit } : {};
  const reasons: VerdictReason[] = [
    ...overLimit.map(limitReason),
    ...(blocking.length > 0 ? findingsReasons(blocking, results, settings.failOn) : []),
    ...incomplete,
  ];
  const silenced = [...knownReasons(known), ...suppressedReasons(results)];
  const closed = incomplete.length > 0 && settings.onScannerError === 'error';
  if (blocking.length > 0 || overLimit.length > 0) return { result: 'fail', reasons: [...reasons, ...silenced], counts, ...knownCounts, ...limits, blocking, exitCode: 1 };
  if (closed) return { result: 'error', reasons: [...reasons, ...silenced], counts, ...knownCounts, blocking, exitCode: 2 };
  return { result: 'pass', reasons: [...reasons, passReason(results, withoutKnown(counts, known), settings), ...silenced], counts, ...knownCounts, blocking, exitCode: 0 };
}

/** Only what the baseline knows at this severity is known; without `new-only` nothing is. */
function isKnown({ baselineState }: Finding, { newOnly }: Settings): boolean {
  return newOnly === true && baselineState === 'unchanged';
}

/**
 * Severities of which the baseline knows more findings that are still there than `max-known` allows. It keeps a baseline
 * from growing: what is new is the threshold's business.
 */
function aboveMaxKnown(findings: readonly Finding[], { maxKnown = {} }: Settings): NonNullable<Verdict['overLimit']> {
  const known = countBySeverity(findings.filter(({ baselineState }) => baselineState === 'unchanged' || baselineState === 'updated'));
  return SEVERITIES.flatMap((severity) => {
    const limit = maxKnown[severity];
    return limit !== undefined && known[severity] > limit ? [{ severity, known: known[severity], limit }] : [];
  });
}

function limitReason({ severity, known, limit }: NonNullable<Verdict['overLimit']>[number]): VerdictReason {
  const over = known - limit;
  return { kind: 'findings', message: `${plural(known, `known ${severity} finding`)}, and at most ${limit} may be left (max-known): repair ${over}, instead of adding to the baseline.` };
}

function withoutKnown(counts: Readonly<Record<Severity, number>>, known: Readonly<Record<Severity, number>>): Record<Severity, number> {
  return Object.fromEntries(SEVERITIES.map((severity) => [severity, counts[severity] - known[severity]])) as Record<Severity, number>;
}

function knownReasons(known: Readonly<Record<Severity, number>>): VerdictReason[] {
  if (SEVERITIES.every((severity) => known[severity] === 0)) return [];
  return [{ kind: 'none', message: `Not counted, since the baseline knows them (new-only): ${countedFindings(known)}.` }];
}

function suppressedReasons(results: readonly ScanResult[]): VerdictReason[] {
  const count = suppressedFindings(results).length;
  if (count === 0) return [];
  return [{ kind: 'none', message: `${plural(count, 'finding')} ${count === 1 ? 'is' : 'are'} suppressed and ${count === 1 ? 'does' : 'do'} not count.` }];
}

function passReason(results: readonly ScanResult[], counts: Record<Severity, number>, settings: Settings): VerdictReason {
  const total = SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
  const ran = results.filter((result) => result.outcome.status !== 'skipped');
  if (ran.length === 0) {
    const names = joinWords(results.map((result) => result.tool.name));
    return { kind: 'none', message: `Nothing was scanned: ${names} did not apply.` };
  }
  if (total === 0) {
    const all = ran.every((result) => result.outcome.status === 'completed');
    return { kind: 'none', message: all ? (settings.newOnly === true ? 'No new findings.' : 'No findings.') : 'No findings in what was scanned.' };
  }
  const words = countedFindings(counts);
  return settings.failOn === 'never'
    ? { kind: 'none', message: `${words}, reported only (fail-on: never).` }
    : { kind: 'none', message: `${words}, below the threshold (fail-on: ${settings.failOn}).` };
}
