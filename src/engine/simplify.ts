import type { Expression } from './expression.js';

/*
 * What is left of a condition once some properties are known. In CEL one false part of `&&` makes the whole false,
 * and one true part of `||` makes it true, whatever the other parts are, errors included: so parts that are known
 * may go. Where evaluating what is left throws, the whole has to be asked.
 */

/** Gives the value of a property by its path (`step.uses.name`), as far as it is known. */
export interface Known {
  /** Whether the property has this value; undefined when that is not known. */
  is(path: string, value: unknown): boolean | undefined;
}

/** What is left: an expression, or the value itself. */
export function simplify(expression: Expression, known: Known): Expression | boolean {
  switch (expression[0]) {
    case 'and':
    case 'or':
      return simplifyLogic(expression[0], expression.slice(1) as Expression[], known);
    case 'not': {
      const inner = simplify(expression[1], known);
      return typeof inner === 'boolean' ? !inner : inner === expression[1] ? expression : ['not', inner];
    }
    case 'if': {
      const condition = simplify(expression[1], known);
      return typeof condition === 'boolean' ? simplify(expression[condition ? 2 : 3], known) : expression;
    }
    case 'equal':
    case 'unequal': {
      const [name, left, right] = expression;
      const path = pathOf(left);
      const same = path === undefined || right[0] !== 'value' ? undefined : known.is(path, right[1]);
      return same === undefined ? expression : same === (name === 'equal');
    }
    case 'among':
      return simplifyAmong(expression, expression[1], expression[2], known);
    case 'property':
      return known.is(pathOf(expression) ?? '', true) ?? expression;
    default:
      return expression;
  }
}

function simplifyLogic(name: 'and' | 'or', parts: readonly Expression[], known: Known): Expression | boolean {
  const decisive = name === 'or';
  const left: Expression[] = [];
  for (const part of parts) {
    const rest = simplify(part, known);
    if (rest === decisive) return decisive;
    if (typeof rest !== 'boolean') left.push(rest);
  }
  const [first] = left;
  if (first === undefined) return !decisive;
  return left.length === 1 ? first : [name, ...left];
}

function simplifyAmong(whole: Expression, left: Expression, values: readonly string[], known: Known): Expression | boolean {
  const path = pathOf(left);
  if (path === undefined) return whole;
  let all = true;
  for (const value of values) {
    const same = known.is(path, value);
    if (same === true) return true;
    all &&= same === false;
  }
  return all ? false : whole;
}

/** The values that a condition compares properties with, by path: what `simplify` can make use of. */
export function* comparisons(expression: Expression): Generator<{ readonly path: string; readonly values: readonly unknown[] }> {
  switch (expression[0]) {
    case 'and':
    case 'or':
    case 'not':
    case 'if':
      for (const part of expression.slice(1) as Expression[]) yield* comparisons(part);
      return;
    case 'equal':
    case 'unequal': {
      const path = pathOf(expression[1]);
      if (path !== undefined && expression[2][0] === 'value') yield { path, values: [expression[2][1]] };
      return;
    }
    case 'among': {
      const path = pathOf(expression[1]);
      if (path !== undefined) yield { path, values: expression[2] };
      return;
    }
    case 'property': {
      const path = pathOf(expression);
      if (path !== undefined) yield { path, values: [true] };
      return;
    }
    default:
  }
}

/** `variable.property` or `variable.property.property`, which are the properties that are read beforehand. */
function pathOf(expression: Expression): string | undefined {
  if (expression[0] !== 'property') return undefined;
  const [, of, key] = expression;
  if (of[0] === 'variable') return `${of[1]}.${key}`;
  return of[0] === 'property' && of[1][0] === 'variable' ? `${of[1][1]}.${of[2]}.${key}` : undefined;
}
