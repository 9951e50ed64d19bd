import type { SourceRange } from '../../core/index.js';
import type { ShellScript } from '../../syntax/shell/index.js';
import { isSecretPair, tokensIn } from '../github/literals.js';
import { emptyValue } from '../empty.js';
import type { FactValue } from '../schema.js';
import { literalArguments } from './passwords.js';

/** A statement about a script, with the command that it lies in (-1: none). */
export interface Placed<V> {
  readonly value: V;
  readonly range: SourceRange;
  readonly command: number;
}

/**
 * Credentials that stand in a script: tokens that show what they are, passwords in arguments and URLs,
 * and variables whose name says that their literal value is one. The values themselves are in no fact.
 * @param tokenText where to look for tokens; empty when the caller did
 */
export function literalFacts(script: ShellScript, tokenText: string): Placed<FactValue<'literal-secret'>>[] {
  const found: Placed<FactValue<'literal-secret'>>[] = [];
  const taken = tokensIn(tokenText);
  for (const { detector, start, end } of taken) {
    found.push({ value: { ...emptyValue('literal-secret'), detector, where: 'script' }, range: { start, end }, command: -1 });
  }
  const free = (range: SourceRange): boolean => !taken.some((other) => other.start < range.end && range.start < other.end);
  for (const command of script.commands) {
    for (const { detector, name, range } of literalArguments(command)) {
      if (!free(range)) continue;
      const where = detector === 'url-password' ? 'url' : 'argument';
      found.push({ value: { ...emptyValue('literal-secret'), name, detector, where }, range, command: command.index });
    }
  }
  for (const { name, value, command } of script.assignments) {
    if (value?.literal !== true || !isSecretPair(name, value.value) || !free(value.range)) continue;
    found.push({ value: { ...emptyValue('literal-secret'), name, detector: 'password-key', where: 'script' }, range: value.range, command });
  }
  return found;
}
