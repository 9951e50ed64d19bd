import type { SourceRange, TraceHop } from '../../core/index.js';
import type { TemplateExpression } from '../../syntax/expressions.js';
import type { YamlScalar } from '../../syntax/yaml-node.js';
import { emptyValue } from '../empty.js';
import type { FactValue, ReachValue } from '../schema.js';
import { originHere, originValue, sanitizerOf } from '../common/origins.js';
import { type Parents, type ReadContext, state } from './context.js';
import { isSecretPair, tokensIn } from './literals.js';
import type { Origin, Scope } from './scope.js';
import { type SecretAccess, secretsOf } from './secrets.js';
import { unsoundTernary } from './ternary.js';
import { contentRange } from './tree.js';
import type { ReadText } from './values.js';

type Sink = FactValue<'expansion'>['sink'];
type Handover = FactValue<'secret-use'>['handover'];

/** Where the texts that are emitted stand. */
export interface Place {
  readonly context: ReadContext;
  readonly parents: Parents;
  readonly scope: Scope;
  /** How widely a secret that is handed over here can be read. */
  readonly secretScope: FactValue<'secret-use'>['scope'];
  /** Who gets here past every condition; absent outside jobs. */
  readonly reach?: ReachValue;
}

/** What becomes of a text. */
export interface Use {
  readonly sink: Sink;
  /** Name of the variable or input that takes it. */
  readonly name: string;
  readonly handover: Handover;
  /** Where a credential written here would stand. */
  readonly where: FactValue<'literal-secret'>['where'];
}

/** States the `expansion`, `secret-use` and `literal-secret` facts of one text. */
export function emitText(text: ReadText, use: Use, place: Place): void {
  const { scalar, template } = text;
  template.expressions.forEach((expression, index) => {
    emitExpansion(scalar, expression, text.origins[index] as Origin, use, place);
    for (const secret of secretsOf(expression.expression)) emitSecret(scalar, expression, secret, use, place);
  });
  emitLiterals(scalar, use, place);
  if (use.sink === 'env' && SWITCHES.has(use.name)) {
    const range = contentRange(scalar);
    state(place.context, 'setting', { ...emptyValue('setting'), name: use.name, value: scalar.text.trim(), scope: 'env', file: 'pipeline' }, place.parents, () => range);
  }
}

/** Variables that change how the platform itself behaves. */
const SWITCHES = new Set(['ACTIONS_ALLOW_UNSECURE_COMMANDS', 'ACTIONS_ALLOW_USE_UNSECURE_NODE_VERSION', 'ACTIONS_RUNNER_DEBUG', 'ACTIONS_STEP_DEBUG', 'RUNNER_DEBUG']);

function emitExpansion(scalar: YamlScalar, expression: TemplateExpression, anywhere: Origin, use: Use, place: Place): void {
  const { text } = scalar;
  const origin = originHere(anywhere, place);
  const sanitizer = sanitizerOf(origin, use.sink);
  state(
    place.context,
    'expansion',
    {
      ...emptyValue('expansion'),
      text: text.slice(expression.outer.start, expression.outer.end),
      expression: expression.expression.text.trim(),
      ...originValue(origin, place),
      type: origin.contexts.length === 0 ? 'boolean' : origin.type,
      sink: use.sink,
      sinkName: use.name,
      safe: sanitizer !== '',
      sanitizer,
      unsoundTernary: unsoundTernary(expression.expression),
    },
    place.parents,
    (path) => {
      const range = path === undefined || path === '' || path === 'text' ? expression.outer : expressionPart(expression, path, origin);
      return scalar.sourceRange(range);
    },
    traceOf(anywhere, place),
  );
}

/** The places that a value has passed, as a fact tells them. */
export function traceOf({ hops }: Origin, { context: { document } }: Place): TraceHop[] | undefined {
  return hops?.map(({ range, message }) => ({ document, range, message }));
}

function expressionPart(expression: TemplateExpression, path: string, origin: Origin): SourceRange {
  const { text, contexts } = expression.expression;
  const { start } = expression.inner;
  if (path === 'context') {
    const found = contexts.find((context) => context.path === origin.context);
    if (found !== undefined) return { start: start + found.range.start, end: start + found.range.end };
  }
  const lead = text.length - text.trimStart().length;
  return { start: start + lead, end: start + lead + text.trim().length };
}

function emitSecret(scalar: YamlScalar, expression: TemplateExpression, secret: SecretAccess, use: Use, place: Place): void {
  const { outer, inner } = expression;
  const range = { start: inner.start + secret.range.start, end: inner.start + secret.range.end };
  state(
    place.context,
    'secret-use',
    {
      name: secret.name,
      text: scalar.text.slice(outer.start, outer.end),
      handover: secret.tested ? 'condition' : use.handover !== 'call' && isInUrl(scalar.text, outer.start) ? 'url' : use.handover,
      sinkName: use.name,
      scope: place.secretScope,
      whole: secret.whole,
      derived: secret.derived,
      dynamic: secret.dynamic,
    },
    place.parents,
    (path) => scalar.sourceRange(path === 'name' ? range : outer),
  );
}

/** The expression stands in a word with `://` in front of it. */
function isInUrl(text: string, offset: number): boolean {
  let start = offset;
  while (start > 0 && offset - start < 2_000 && !/[\s"'`=]/.test(text[start - 1] as string)) start--;
  return text.slice(start, offset).includes('://');
}

function emitLiterals(scalar: YamlScalar, use: Use, place: Place): void {
  const tokens = tokensIn(scalar.text);
  for (const token of tokens) emitLiteral(scalar.sourceRange(token), token.detector, use, place);
  if (tokens.length === 0 && use.name !== '' && use.where !== 'script' && isSecretPair(use.name, scalar.text)) {
    emitLiteral(contentRange(scalar), 'secret-name', use, place);
  }
}

/** States one `literal-secret`. */
export function emitLiteral(range: SourceRange, detector: string, use: Pick<Use, 'name' | 'where'>, place: Place): void {
  state(place.context, 'literal-secret', { ...emptyValue('literal-secret'), name: use.name, detector, where: use.where }, place.parents, () => range);
}

/** How texts of variables are used. */
export function envUse(name: string): Use {
  return { sink: 'env', name, handover: 'env', where: 'env' };
}
