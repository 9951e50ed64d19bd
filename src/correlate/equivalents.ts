import type { Rule } from '../core/index.js';
import { CODE_RULES } from './code-rules.js';
import { CONCEPTS, ONE_PER_FILE } from './concepts.js';
import { ruleNames } from './tools.js';

/** Which rules of which tools are about the same weakness. */
export interface Equivalents {
  /** The concepts of a rule; two findings can only be the same when they share one. */
  conceptsOf(tool: string, ruleId: string): readonly string[];
  /** Whether a file can have this weakness once only, so that lines don't matter. */
  onePerFile(concept: string): boolean;
}

/** The curated tables and what policies say of other tools' rules (`Rule.equivalents`, `tool/rule-id`). */
export function createEquivalents(policies: readonly Rule[]): Equivalents {
  const table = new Map<string, Set<string>>();
  const add = (name: string, concept: string): void => {
    const known = table.get(name);
    if (known === undefined) table.set(name, new Set([concept]));
    else known.add(concept);
  };
  for (const concepts of [CONCEPTS, CODE_RULES]) {
    for (const [concept, names] of Object.entries(concepts)) for (const name of names) add(name, concept);
  }
  for (const { id, equivalents = [] } of policies) {
    if (equivalents.length === 0) continue;
    add(id, `policy:${id}`);
    for (const name of equivalents) add(name, `policy:${id}`);
  }
  const known = new Map<string, readonly string[]>();
  return {
    conceptsOf(tool, ruleId) {
      const key = `${tool}\n${ruleId}`;
      const cached = known.get(key);
      if (cached !== undefined) return cached;
      const concepts = [...new Set(ruleNames(tool, ruleId).flatMap((name) => [...(table.get(name) ?? [])]))].sort();
      known.set(key, concepts);
      return concepts;
    },
    onePerFile: (concept) => ONE_PER_FILE.has(concept),
  };
}
