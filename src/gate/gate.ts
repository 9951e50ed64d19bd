import {
  SEVERITIES,
  allFindings,
  categories,
  countBySeverity,
  countedFindings,
  dayOf,
  plural,
  reaches,
  suppressedFindings,
  joinWords,
  thresholdOf,
  type AppliedThreshold,
  type Finding,
  type GateDecision,
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
 * - Which threshold a finding has to reach is told by `thresholdOf`. One about an advisory that was published less than `graceDays`
 *   days before `now` (milliseconds since the epoch) doesn't block; one without a date, or with one still to come, does.
 * - More findings of a severity than `maxFindings` allows: `fail`, exit code 1, whatever the threshold is.
 * - More known findings of a severity than `maxKnown` allows: `fail`, exit code 1, whatever the threshold is.
 * - Suppressed findings never block and are in no count; the last reason says how many there are.
 */
export function judge(results: readonly ScanResult[], settings: Settings, now = 0): Verdict {
  const findings = allFindings(results);
  const counts = countBySeverity(findings);
  const gate = createGate(results, settings, now);
  const decided = findings.map((finding) => ({ finding, decision: gate(finding) }));
  const blocking = decided.filter(({ decision }) => decision.effect === 'fails').map(({ finding }) => finding);
  const threshold = thresholdWords(decided.filter(({ decision }) => decision.effect === 'fails').map(({ decision }) => decision.threshold), settings);
  const young = decided.filter(({ decision }) => decision.effect === 'grace');
  const until = young.flatMap(({ decision }) => (decision.effect === 'grace' ? [decision.until] : [])).sort()[0];
  const grace = until === undefined ? {} : { grace: { counts: countBySeverity(young.map(({ finding }) => finding)), until } };
  const known = countBySeverity(findings.filter((finding) => isKnown(finding, settings)));
  const knownCounts = settings.newOnly === true ? { known } : {};
  const incomplete = [...failedReasons(results), ...unreadableReasons(results)];
  const overLimit = aboveMaxKnown(findings, settings);
  const overCount = aboveMaxFindings(decided, settings);
  const limits = { ...(overLimit.length > 0 && { overLimit }), ...(overCount.length > 0 && { overCount }) };
  const reasons: VerdictReason[] = [
    ...overLimit.map(limitReason),
    ...overCount.map(countReason),
    ...(blocking.length > 0 ? findingsReasons(blocking, results, threshold) : []),
    ...incomplete,
  ];
  const decisions = new Map(decided.map(({ finding, decision }) => [finding, decision]));
  const shared = { counts, ...knownCounts, ...grace, threshold, decisions, blocking };
  const silenced = [...graceReasons(grace.grace, settings), ...knownReasons(known), ...suppressedReasons(results)];
  const closed = incomplete.length > 0 && settings.onScannerError === 'error';
  if (blocking.length > 0 || overLimit.length > 0 || overCount.length > 0) return { result: 'fail', reasons: [...reasons, ...silenced], ...shared, ...limits, exitCode: 1 };
  if (closed) return { result: 'error', reasons: [...reasons, ...silenced], ...shared, exitCode: 2 };
  return { result: 'pass', reasons: [...reasons, passReason(results, without(without(counts, known), grace.grace?.counts ?? {}), threshold, settings, grace.grace !== undefined), ...silenced], ...shared, exitCode: 0 };
}

/** Judges findings of some results one by one. `now`: milliseconds since the epoch. */
function createGate(results: readonly ScanResult[], settings: Settings, now: number): (finding: Finding) => GateDecision {
  const categoryOf = categories(results);
  return (finding) => {
    const threshold = thresholdOf(finding, categoryOf(finding), settings);
    if (isKnown(finding, settings)) return { threshold, effect: 'known' };
    if (!reaches(finding.severity, threshold.from)) return { threshold, effect: 'below' };
    const until = graceEnd(finding, settings, now);
    return until === undefined ? { threshold, effect: 'fails' } : { threshold, effect: 'grace', until };
  };
}

const DAY_MS = 86_400_000;

/** The first day on which a fresh advisory counts; undefined when it counts already. */
function graceEnd({ package: dependency }: Finding, { graceDays = 0 }: Settings, now: number): string | undefined {
  const published = dependency?.published;
  if (graceDays === 0 || published === undefined || published > dayOf(now)) return undefined;
  const until = dayOf(Date.parse(`${published}T00:00:00Z`) + graceDays * DAY_MS);
  return dayOf(now) < until ? until : undefined;
}

/** The thresholds that were reached, shortest first; that of `fail-on` when there is none. */
function thresholdWords(applied: readonly AppliedThreshold[], { failOn }: Settings): string {
  const words = new Set(applied.map(({ from, setting }) => `${setting === 'fail-on' ? '' : `${setting.slice('fail-on.'.length).replace('.', ' ')} `}${from}`));
  const general = words.delete(failOn) || words.size === 0 ? [failOn] : [];
  return `fail-on: ${[...general, ...[...words].sort()].join(', ')}`;
}

/** What is not known and not fresh counts, also below the threshold. */
function aboveMaxFindings(decided: readonly { readonly finding: Finding; readonly decision: GateDecision }[], { maxFindings = {} }: Settings): NonNullable<Verdict['overCount']> {
  const found = countBySeverity(decided.filter(({ decision }) => decision.effect === 'fails' || decision.effect === 'below').map(({ finding }) => finding));
  return SEVERITIES.flatMap((severity) => {
    const limit = maxFindings[severity];
    return limit !== undefined && found[severity] > limit ? [{ severity, found: found[severity], limit }] : [];
  });
}

function countReason({ severity, found, limit }: NonNullable<Verdict['overCount']>[number]): VerdictReason {
  return { kind: 'findings', message: `${plural(found, `${severity} finding`)}, and at most ${limit} are allowed (max-findings): repair ${found - limit}.` };
}

function graceReasons(grace: Verdict['grace'], { graceDays = 0 }: Settings): VerdictReason[] {
  if (grace === undefined) return [];
  const count = SEVERITIES.reduce((sum, severity) => sum + grace.counts[severity], 0);
  const one = count === 1;
  return [{ kind: 'none', message: `${plural(count, 'finding')} of dependencies ${one ? 'does' : 'do'} not fail the build yet, since ${one ? 'its advisory was' : 'their advisories were'} published less than ${plural(graceDays, 'day')} ago (grace-days); ${one ? 'it counts' : 'the first counts'} from ${grace.until} on.` }];
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

function without(counts: Readonly<Record<Severity, number>>, others: Readonly<Partial<Record<Severity, number>>>): Record<Severity, number> {
  return Object.fromEntries(SEVERITIES.map((severity) => [severity, counts[severity] - (others[severity] ?? 0)])) as Record<Severity, number>;
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

function passReason(results: readonly ScanResult[], counts: Record<Severity, number>, threshold: string, settings: Settings, young: boolean): VerdictReason {
  const total = SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
  const ran = results.filter((result) => result.outcome.status !== 'skipped');
  if (ran.length === 0) {
    const names = joinWords(results.map((result) => result.tool.name));
    return { kind: 'none', message: `Nothing was scanned: ${names} did not apply.` };
  }
  if (total === 0) {
    const all = ran.every((result) => result.outcome.status === 'completed');
    return { kind: 'none', message: young ? 'No other findings.' : all ? (settings.newOnly === true ? 'No new findings.' : 'No findings.') : 'No findings in what was scanned.' };
  }
  const words = countedFindings(counts);
  return settings.failOn === 'never' && settings.thresholds === undefined
    ? { kind: 'none', message: `${words}, reported only (fail-on: never).` }
    : { kind: 'none', message: `${words}, below the threshold (${threshold}).` };
}
