import { compareSeverity, countBySeverity, countedFindings, phrase, placeOf, type Finding, type Rule, type ScanResult, type VerdictReason } from '../core/index.js';

/** Rules named one by one; the rest is counted. */
const NAMED_RULES = 5;

/**
 * Why findings fail the build: how many, then each rule with its first place and what to do.
 * `blocking` is sorted worst first.
 */
export function findingsReasons(
  blocking: readonly Finding[],
  results: readonly ScanResult[],
  threshold: string,
): readonly VerdictReason[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of blocking) {
    const key = `${finding.tool}\n${finding.ruleId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  const verb = blocking.length === 1 ? 'reaches' : 'reach';
  const messages = [`${countedFindings(countBySeverity(blocking))} ${verb} the threshold (${threshold}).`];
  const ordered = [...groups.values()].sort((a, b) => compareSeverity(first(a).severity, first(b).severity));
  for (const group of ordered.slice(0, NAMED_RULES)) messages.push(ruleReason(group, ruleOf(first(group), results)));
  const rest = ordered.length - NAMED_RULES;
  if (rest > 0) messages.push(`${rest} more ${rest === 1 ? 'rule has' : 'rules have'} findings at or above the threshold.`);
  return messages.map((message) => ({ kind: 'findings', message }));
}

function ruleReason(group: readonly Finding[], rule: Rule | undefined): string {
  const finding = first(group);
  const title = rule === undefined ? finding.message : rule.title;
  const where =
    group.length === 1
      ? `at ${placeOf(finding.locations[0])}`
      : `in ${group.length} places, first at ${placeOf(finding.locations[0])}`;
  const repair = finding.repair ?? rule?.repair;
  const advice = repair !== undefined ? `; to repair it: ${phrase(repair)}` : rule?.helpUri !== undefined ? `; see ${rule.helpUri}` : '';
  return `${finding.severity} ${finding.ruleId} ${where}: ${phrase(title, 160)}${advice}.`;
}

function first(group: readonly Finding[]): Finding {
  return group[0] as Finding;
}

function ruleOf(finding: Finding, results: readonly ScanResult[]): Rule | undefined {
  return results.find((result) => result.tool.name === finding.tool)?.rules.find((rule) => rule.id === finding.ruleId);
}
