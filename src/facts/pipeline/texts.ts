import type { Fact, SourceRange } from '../../core/index.js';
import type { LocatedText } from '../../syntax/located-text.js';
import type { Parents, ReadContext } from '../common/context.js';
import { state } from '../common/context.js';
import { stateLiteral, stateTokens } from '../common/literals.js';
import { originHere, originValue, type ReachedPlace, sanitizerOf } from '../common/origins.js';
import type { Origin } from '../github/scope.js';
import { emptyValue } from '../empty.js';
import type { FactValue, ReachValue } from '../schema.js';
import { isSecret, originOfUse, type PipelineScope, referencesOf, type SecretScope } from './scope.js';
import type { TextSource, VariableSource } from './source.js';

type Expansion = FactValue<'expansion'>;

/** Where the texts that are stated stand. */
export interface TextPlace extends ReachedPlace {
  readonly context: ReadContext;
  readonly parents: Parents;
  readonly scope: PipelineScope;
  readonly reach?: ReachValue | undefined;
  readonly secretScope: SecretScope;
}

/** One `expansion` fact: an origin that ends up at a place of the file. */
export interface StatedExpansion {
  readonly text: string;
  readonly expression: string;
  readonly origin: Origin;
  readonly sink: Expansion['sink'];
  readonly sinkName: string;
  readonly range: SourceRange;
  readonly quoting?: Expansion['quoting'];
  /** Why it is harmless, where the place says so. */
  readonly harmless?: string;
  /** The command that it lies in. */
  readonly command?: Fact | undefined;
}

/** States an `expansion`. */
export function stateExpansion(stated: StatedExpansion, place: TextPlace): void {
  const origin = originHere(stated.origin, place);
  const sanitizer = stated.harmless || sanitizerOf(origin, stated.sink);
  state(
    place.context,
    'expansion',
    {
      ...emptyValue('expansion'),
      ...originValue(origin, place),
      text: stated.text,
      expression: stated.expression,
      sink: stated.sink,
      sinkName: stated.sinkName,
      safe: sanitizer !== '',
      sanitizer,
      quoting: stated.quoting ?? '',
    },
    stated.range,
    {},
    stated.command === undefined ? place.parents : { ...place.parents, command: stated.command },
  );
}

/** States what the templates and variables of a text that is no script hand over: an `expansion` each, and a `secret-use` for secrets. */
export function stateText({ name, text, sink, handover = 'input', templates }: TextSource, place: TextPlace): void {
  for (const use of templates ?? referencesOf(text.text, place.scope)) {
    const range = text.sourceRange(use.range);
    const written = text.text.slice(use.range.start, use.range.end);
    stateExpansion({ text: written, expression: use.expression, origin: originOfUse(use, place.scope), sink, sinkName: name, range }, place);
    for (const secret of use.names) {
      if (!isSecret(secret, place.scope)) continue;
      const url = text.text.slice(0, use.range.start).includes('://');
      state(place.context, 'secret-use', { ...emptyValue('secret-use'), name: secret, text: written, handover: url ? 'url' : handover, sinkName: name, scope: place.secretScope }, range, {}, place.parents);
    }
  }
}

/** States a variable that the file sets: what its value reads, and whether a credential is written there. */
export function stateVariable(source: VariableSource, place: TextPlace): void {
  const { name, value, secret = false } = source;
  if (source.elsewhere === true) return;
  if (value === undefined || secret) {
    const range = value?.range ?? source.range;
    if (range !== undefined) state(place.context, 'secret-use', { ...emptyValue('secret-use'), name, text: name, handover: 'env', sinkName: name, scope: place.secretScope }, range, {}, place.parents);
    return;
  }
  stateText({ name, text: value, sink: 'env', handover: 'env' }, place);
  stateLiteral(place.context, name, value.text, value.sourceRange({ start: 0, end: value.text.length }), 'env', place.parents);
  if (place.scope.dialect.switches?.has(name) === true) {
    state(place.context, 'setting', { ...emptyValue('setting'), name, value: value.text.trim(), scope: 'env', file: 'pipeline' }, value.sourceRange({ start: 0, end: value.text.length }), {}, place.parents);
  }
}

/** States the recognisable credentials of a text. */
export function stateCredentials(text: LocatedText, where: FactValue<'literal-secret'>['where'], place: TextPlace): void {
  stateTokens(place.context, text, where, place.parents);
}

/** States a credential that is written as the value of an input. */
export function stateInputLiteral({ name, text }: TextSource, place: TextPlace): void {
  if (referencesOf(text.text, place.scope).length > 0) return;
  stateLiteral(place.context, name, text.text, text.sourceRange({ start: 0, end: text.text.length }), 'input', place.parents);
}
