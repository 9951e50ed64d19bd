import type { SourceRange } from '../../core/index.js';
import type { LocatedText } from '../../syntax/located-text.js';
import { isSecretPair, tokensIn } from '../github/literals.js';
import { emptyValue } from '../empty.js';
import type { FactValue } from '../schema.js';
import { type Parents, type ReadContext, state } from './context.js';

type Where = FactValue<'literal-secret'>['where'];

/** States a `literal-secret` where the value under a name is one. The value itself is in no fact. */
export function stateLiteral(context: ReadContext, name: string, value: string, range: SourceRange, where: Where, parents: Parents): void {
  const [token] = tokensIn(value);
  const detector = token?.detector ?? (isSecretPair(name, value) || isSecretPair(name.replace(/([a-z\d])([A-Z])/g, '$1_$2'), value) ? 'password-key' : undefined);
  if (detector !== undefined) state(context, 'literal-secret', { ...emptyValue('literal-secret'), name, detector, where }, range, {}, parents);
}

/** States the recognisable tokens of a text. */
export function stateTokens(context: ReadContext, text: LocatedText, where: Where, parents: Parents): void {
  for (const { detector, start, end } of tokensIn(text.text)) {
    state(context, 'literal-secret', { ...emptyValue('literal-secret'), detector, where }, text.sourceRange({ start, end }), {}, parents);
  }
}
