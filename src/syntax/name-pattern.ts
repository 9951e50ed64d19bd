import picomatch from 'picomatch';
import type { KnownPolicy } from '../core/index.js';

/** True for an entry or key that stands for several names. */
export function isPattern(entry: string): boolean {
  return entry.includes('*');
}

/** More than anybody needs; names are short, so that matching stays cheap whatever the pattern. */
const MAX_PATTERN = 200;
const MAX_WILDCARDS = 6;

/** What is wrong with a pattern, for the end of a sentence; undefined when nothing is. */
export function patternProblem(pattern: string): string | undefined {
  if (!/^[\w.:@/*+-]+$/.test(pattern)) return 'has other characters than letters, digits and `. : @ / * + - _`';
  if (pattern.length > MAX_PATTERN || (pattern.match(/\*+/g) ?? []).length > MAX_WILDCARDS) return `is longer than ${MAX_PATTERN} characters or has more than ${MAX_WILDCARDS} wildcards`;
  return undefined;
}

/** Whether a name matches a pattern without `patternProblem`: `*` stands for any characters but `/`, `**` for any. */
export function matcher(pattern: string): (name: string) => boolean {
  return picomatch(pattern, { nobrace: true, noextglob: true, nonegate: true });
}

/** Finds policies by id or alias. */
export function policyIndex(policies: readonly KnownPolicy[]): Map<string, KnownPolicy> {
  const index = new Map<string, KnownPolicy>();
  for (const policy of policies) for (const alias of policy.aliases) index.set(alias, policy);
  for (const policy of policies) index.set(policy.id, policy);
  return index;
}
