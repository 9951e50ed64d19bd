import {
  countBySeverity,
  countedFindings,
  joinWords,
  plural,
  SEVERITIES,
  suppressedFindings,
  type Report,
  type Rule,
  type Finding,
  type Severity,
} from '../core/index.js';

/** The verdict as a verb, the same on every screen. */
export const VERB = { pass: 'passes', fail: 'fails', error: 'could not be completed' } as const;

/** What decided the verdict, in one phrase without a full stop: `1 critical and 4 high findings (fail-on: high); 1 scanner failed`. */
export function headline(report: Report): string {
  const { verdict, settings } = report;
  const gaps = [...incomplete(report), ...graceCount(report), ...knownCount(report), ...suppressedCount(report)];
  if (verdict.result === 'fail') {
    const blocking = verdict.blocking.length === 0 ? [] : [`${countedFindings(countBySeverity(verdict.blocking))} (${verdict.threshold ?? `fail-on: ${settings.failOn}`})`];
    const over = (verdict.overLimit ?? []).map(({ severity, known, limit }) => `${plural(known, `known ${severity} finding`)} (max-known: ${limit})`);
    const many = (verdict.overCount ?? []).map(({ severity, found, limit }) => `${plural(found, `${severity} finding`)} (max-findings: ${limit})`);
    return [...blocking, ...over, ...many, ...gaps].join('; ');
  }
  const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, verdict.counts[severity] - (verdict.known?.[severity] ?? 0) - (verdict.grace?.counts[severity] ?? 0)])) as Record<Severity, number>;
  const total = SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
  const none = verdict.known === undefined ? 'no findings' : 'no new findings';
  const ran = report.results.some(({ outcome }) => outcome.status !== 'skipped');
  const below =
    settings.failOn === 'never' && settings.thresholds === undefined
      ? `${total === 0 ? none : countedFindings(counts)} (fail-on: never)`
      : total === 0
        ? none
        : settings.thresholds !== undefined
          ? `${countedFindings(counts)}, none at its threshold (fail-on: ${settings.failOn} and others)`
          : `${countedFindings(counts)}, none at fail-on: ${settings.failOn}${settings.failOn === 'critical' ? '' : ' or worse'}`;
  const rest = !ran ? (report.results.length === 0 ? [] : ['nothing was scanned']) : [below];
  return verdict.result === 'error' ? [...gaps, ...rest].join('; ') : [...rest, ...gaps].join('; ');
}

function graceCount({ verdict: { grace } }: Report): readonly string[] {
  const count = grace === undefined ? 0 : SEVERITIES.reduce((sum, severity) => sum + grace.counts[severity], 0);
  return count === 0 || grace === undefined ? [] : [`${count.toLocaleString('en-US')} of fresh advisories (from ${grace.until} on)`];
}

function knownCount({ verdict: { known } }: Report): readonly string[] {
  const count = known === undefined ? 0 : SEVERITIES.reduce((sum, severity) => sum + known[severity], 0);
  return count === 0 ? [] : [`${count.toLocaleString('en-US')} known`];
}

function suppressedCount({ results }: Report): readonly string[] {
  const count = suppressedFindings(results).length;
  return count === 0 ? [] : [`${count.toLocaleString('en-US')} suppressed`];
}

/** What was not finished: scanners that failed, files that could not be judged. */
function incomplete(report: Report): readonly string[] {
  const failed = report.results.filter(({ outcome }) => outcome.status === 'failed').map(({ tool }) => tool.name);
  const files = new Set<string>();
  let others = 0;
  for (const { outcome, diagnostics } of report.results) {
    if (outcome.status !== 'completed') continue;
    for (const { level, path } of diagnostics) {
      if (level !== 'error') continue;
      if (path === undefined) others++;
      else files.add(path);
    }
  }
  const gaps: string[] = [];
  if (report.results.length === 0) gaps.push('no scanner was started');
  if (failed.length > 0) gaps.push(`${plural(failed.length, 'scanner')} failed${failed.length <= 3 ? ` (${joinWords(failed)})` : ''}`);
  if (files.size > 0) gaps.push(`${plural(files.size, 'file')} could not be judged`);
  if (others > 0) gaps.push(plural(others, 'problem'));
  return gaps;
}

/** Looks rules up by tool and id; scanners may report rules that they don't describe. */
export function rulesOf(report: Report): (finding: Finding) => Rule | undefined {
  const rules = new Map<string, Rule>();
  for (const { tool, rules: own } of report.results) for (const rule of own) rules.set(`${tool.name}\n${rule.id}`, rule);
  return (finding) => {
    const rule = rules.get(`${finding.tool}\n${finding.ruleId}`);
    return rule === undefined || finding.repair === undefined ? rule : { ...rule, repair: finding.repair };
  };
}

/** `0.2 s`, `41 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (!Number.isFinite(seconds)) return 'unknown time';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Where a person reads more about a finding's rule: our own command, or the page of the scanner that reports it. */
export function moreAbout(finding: Finding, rule: Rule | undefined): string | undefined {
  return finding.tool === 'policies' ? `bartizan explain ${finding.ruleId}` : rule?.helpUri;
}
