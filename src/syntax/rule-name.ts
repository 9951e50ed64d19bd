import { type Finding, type Known, nearestHint, POLICIES_TOOL } from '../core/index.js';
import { isPattern, matcher, patternProblem, policyIndex } from './name-pattern.js';

/** A rule as a suppression names it: resolved, or what is wrong with it in a sentence. */
export type RuleName = { readonly ok: true; readonly rule: string } | { readonly ok: false; readonly problem: string };

/** Makes the resolver of rule names: aliases become ids, what nobody can report is refused. */
export function ruleNames(known: Known): (name: string) => RuleName {
  const index = policyIndex(known.policies);
  return (name) => {
    const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name;
    const scanner = known.scanners.find((one) => name.startsWith(`${one}/`) && name.length > one.length + 1);
    if (isPattern(name)) {
      const broken = patternProblem(name);
      if (broken !== undefined) return { ok: false, problem: `The pattern \`${shown}\` ${broken}.` };
      const matches = matcher(name);
      if (scanner !== undefined || known.policies.some(({ id }) => matches(id))) return { ok: true, rule: name };
      return { ok: false, problem: `\`${shown}\` matches no policy, and no scanner's name stands before its \`/\`. \`bartizan policies\` lists the policies.` };
    }
    const policy = index.get(name);
    if (policy !== undefined) return { ok: true, rule: policy.id };
    // A scanner's own rules are its business; that the scanner exists is all that can be told.
    if (scanner !== undefined) return { ok: true, rule: name };
    return { ok: false, problem: `There is no rule \`${shown}\`. A policy is named by its id, another scanner's rule as \`scanner/id\`.${nearestHint(name, [...index.keys(), ...known.scanners])}` };
  };
}

/** Names by which a suppression can select a finding: the rule, and of a dependency every name of the advisory. */
export function namesOf({ tool, ruleId, package: dependency }: Finding): readonly string[] {
  if (tool === POLICIES_TOOL) return [ruleId];
  return [...new Set([ruleId, ...(dependency?.aliases ?? [])])].map((id) => `${tool}/${id}`);
}

/** Makes the test whether a resolved rule name is one of a finding's names. */
export function ruleTest(rule: string): (names: readonly string[]) => boolean {
  if (!isPattern(rule)) return (names) => names.includes(rule);
  const matches = matcher(rule);
  return (names) => names.some(matches);
}
