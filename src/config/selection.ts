import picomatch from 'picomatch';
import { type Diagnostic, nearestHint } from '../core/index.js';
import { type Known, type KnownPolicy, POLICIES_TOOL } from './known.js';
import { shown, type Source } from './problems.js';

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

/** What is wrong with the entries of `only` or `skip`. */
export function checkEntries(key: 'only' | 'skip', entries: readonly string[], known: Known, source: Source): Diagnostic[] {
  const index = policyIndex(known.policies);
  const names = [POLICIES_TOOL, ...known.scanners, ...index.keys()];
  const diagnostics: Diagnostic[] = [];
  for (const [position, entry] of entries.entries()) {
    const broken = isPattern(entry) ? patternProblem(entry) : undefined;
    if (broken !== undefined) {
      diagnostics.push(source.diagnostic('config-name', `The pattern \`${shown(entry)}\` in \`${source.name([key])}\` ${broken}.`, [key, position], 'value'));
      continue;
    }
    if (entry === POLICIES_TOOL || known.scanners.includes(entry) || index.has(entry)) continue;
    // A scanner's own rules are its business; that the scanner exists is all that can be told.
    if (known.scanners.some((scanner) => entry.startsWith(`${scanner}/`))) continue;
    if (isPattern(entry) && known.policies.some((policy) => matcher(entry)(policy.id))) continue;
    const what = isPattern(entry) ? 'matches no policy' : 'is no scanner and no rule';
    const message = `\`${shown(entry)}\` in \`${source.name([key])}\` ${what}. Scanners: ${[POLICIES_TOOL, ...known.scanners].join(', ')}; a policy by its id, another scanner’s rule as \`scanner/id\`.${nearestHint(entry, names)}`;
    diagnostics.push(source.diagnostic('config-name', message, [key, position], 'value'));
  }
  return diagnostics;
}

/** Whether `only` and `skip` leave a policy in. */
export function isSelected(policy: KnownPolicy, only: readonly string[], skip: readonly string[]): boolean {
  const named = (entries: readonly string[]): boolean =>
    entries.some((entry) => entry === POLICIES_TOOL || entry === policy.id || policy.aliases.includes(entry) || (isPattern(entry) && matcher(entry)(policy.id)));
  return (only.length === 0 || named(only)) && !named(skip);
}
