import { compareSeverity } from '../../core/index.js';
import type { Rule } from '../../core/index.js';

/** Collects the rules that findings refer to; a rule seen with several severities keeps the worst. */
export function createRuleSet(): { add(rule: Rule): void; list(): Rule[] } {
  const rules = new Map<string, Rule>();
  return {
    add(rule) {
      const known = rules.get(rule.id);
      if (known === undefined || compareSeverity(rule.severity, known.severity) < 0) rules.set(rule.id, rule);
    },
    list: () => [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
  };
}
