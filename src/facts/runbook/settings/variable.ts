import type { SourceRange } from '../../../core/index.js';
import { emptyValue, type FactValue } from '../fact-types.js';
import { type Parents, type ReadContext, state } from '../../common/context.js';
import { stateLiteral } from '../../common/literals.js';

/** A variable of a service with its places. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly nameRange: SourceRange;
  readonly valueRange: SourceRange;
}

/** `${NAME}`, `${NAME:-fallback}`, `${NAME:?message}`, alone. https://docs.docker.com/reference/compose-file/interpolation/ */
const REFERENCE = /^\$(?:([A-Za-z_]\w{0,200})|\{([A-Za-z_]\w{0,200})(?:(:?[-?+])([^{}]{0,500}))?\})$/;

/** States a `setting`, and a `literal-secret` where its value is one. */
export function stateVariable(variable: Variable, kind: Pick<FactValue<'setting'>, 'scope' | 'file' | 'application'>, parents: Parents, context: ReadContext): void {
  const { name, value, nameRange, valueRange } = variable;
  const reference = REFERENCE.exec(value);
  const operator = reference?.[3] ?? '';
  const fallback = operator.endsWith('-') ? (reference?.[4] ?? '') : '';
  state(
    context,
    'setting',
    { ...emptyValue('setting'), ...kind, name, value, reference: reference?.[1] ?? reference?.[2] ?? '', fallback, hasFallback: operator.endsWith('-'), required: operator.endsWith('?') },
    { start: nameRange.start, end: Math.max(valueRange.end, nameRange.end) },
    { name: nameRange, value: valueRange },
    parents,
  );
  if (kind.file === 'environment-example') return;
  if (reference === null) stateLiteral(context, name, value, valueRange, 'setting', parents);
  else if (fallback !== '') stateLiteral(context, name, fallback, valueRange, 'setting', parents);
}
