import { type Diagnostic, type Known, type KnownPolicy, nearestHint, POLICIES_TOOL } from '../core/index.js';
import { isPattern, matcher, patternProblem, policyIndex } from '../syntax/name-pattern.js';
import { shown, type Source } from './problems.js';

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
