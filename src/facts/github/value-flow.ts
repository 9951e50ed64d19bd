import type { ContextExpression, Expression } from '../../syntax/expressions.js';

/** A context whose text can be part of an expression's value. */
export interface FlowingContext {
  readonly context: ContextExpression;
  /** What is then selected from it, lower case: `x` in `fromJSON(needs.a.outputs.b).x`. */
  readonly selected: readonly string[];
}

/** Functions that answer with a boolean, a number or a digest, whatever text they are given. */
const TEXTLESS = new Set(['contains', 'startswith', 'endswith', 'hashfiles', 'always', 'success', 'failure', 'cancelled']);

/**
 * The contexts whose text can reach the value of an expression, in order of writing.
 * By GitHub's evaluation rules: a comparison is a boolean; of `a && b` only the last operand can be
 * a text that is not empty; `x == 'literal' && x` is one of two known texts.
 */
export function flowingContexts(root: Expression): FlowingContext[] {
  const flowing: FlowingContext[] = [];
  collect(root, [], flowing);
  return flowing;
}

function collect(node: Expression, selected: readonly string[], into: FlowingContext[]): void {
  switch (node.kind) {
    case 'context':
      into.push({ context: node, selected });
      return;
    case 'index': {
      const name = node.index !== '*' && node.index.kind === 'literal' ? String(node.index.value).toLowerCase() : '*';
      collect(node.of, [name, ...selected], into);
      return;
    }
    case 'or':
      for (const arg of node.args) collect(arg, selected, into);
      return;
    case 'and': {
      const last = node.args.at(-1);
      if (last !== undefined && !isFixedBefore(last, node.args)) collect(last, selected, into);
      return;
    }
    case 'call':
      if (node.name === 'case') collectCase(node.args, selected, into);
      // What a function makes of its arguments has other properties than they have, so nothing stays selected, except from what was parsed.
      else if (!TEXTLESS.has(node.name)) for (const arg of node.args) collect(arg, node.name === 'fromjson' ? selected : [], into);
      return;
    default:
  }
}

/** `case(condition, value, condition, value, …, default)`. */
function collectCase(args: readonly Expression[], selected: readonly string[], into: FlowingContext[]): void {
  for (let i = 0; i < args.length; i++) {
    if (i % 2 === 1 || i === args.length - 1) collect(args[i] as Expression, selected, into);
  }
}

/** The value is compared with a literal first, as in `github.ref == 'x' && github.ref`. */
function isFixedBefore(value: Expression, args: readonly Expression[]): boolean {
  if (value.kind !== 'context') return false;
  return args.some(
    (arg) =>
      arg.kind === 'compare' &&
      arg.operator === '==' &&
      ((isSame(arg.left, value) && arg.right.kind === 'literal') || (isSame(arg.right, value) && arg.left.kind === 'literal')),
  );
}

function isSame(node: Expression, context: ContextExpression): boolean {
  return node.kind === 'context' && node.dynamic.length === 0 && context.dynamic.length === 0 && node.path.toLowerCase() === context.path.toLowerCase();
}
