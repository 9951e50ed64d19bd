import { CALLS } from './calls.js';
import type { CelContext } from './context.js';
import type { Expression } from './expression.js';
import { pay, weight } from './meter.js';
import { compilePattern, type Pattern } from './patterns.js';

/*
 * Expressions as JavaScript closures, in two ways:
 *
 * - `fast` evaluates as JavaScript does. Where it gives a value, that is CEL's value; where anything throws, it has
 *   no answer. Parts of `&&` and `||` come in the order of what they cost, since without errors the order is free.
 * - `exact` has CEL's errors: in `&&`, `||`, `exists` and `all` an error does not matter where another part decides.
 *   It is asked only where `fast` threw.
 *
 * Both pay for loops as `meter.ts` has it.
 */

/** Gives the value; throws where there is none. */
export type Closure = (context: CelContext) => unknown;

/** Values of the variables of loops. Evaluations never overlap. */
const locals: unknown[] = [];

/** Texts whose match is remembered: names come again and again. */
const MAX_REMEMBERED_LENGTH = 80;
const MAX_REMEMBERED = 300;

export function compileFast(expression: Expression): Closure {
  return build(expression, { exact: false, inLoop: false });
}

export function compileExact(expression: Expression): Closure {
  return build(expression, { exact: true, inLoop: false });
}

interface Mode {
  readonly exact: boolean;
  /** Whether it is evaluated for each element of something, where all has its price. */
  readonly inLoop: boolean;
}

function build(expression: Expression, mode: Mode): Closure {
  switch (expression[0]) {
    case 'value': {
      const [, value] = expression;
      return () => value;
    }
    case 'variable': {
      const [, name] = expression;
      return (context) => context[name];
    }
    case 'local': {
      const [, local] = expression;
      return () => locals[local];
    }
    case 'property':
      return property(expression[1], expression[2], mode);
    case 'entry': {
      const [map, key] = [build(expression[1], mode), build(expression[2], mode)] as [Closure, Closure];
      const empty = expression[3];
      return (context) => {
        const values = map(context) as Readonly<Record<string, unknown>>;
        const name = key(context) as string;
        return Object.hasOwn(values, name) ? values[name] : empty;
      };
    }
    case 'element': {
      const [list, index] = [build(expression[1], mode), build(expression[2], mode)] as [Closure, Closure];
      const empty = expression[3];
      return (context) => {
        const value = (list(context) as readonly unknown[])[Number(index(context))];
        return value === undefined ? empty : value;
      };
    }
    case 'list':
      return listOf(expression.slice(1) as Expression[], mode);
    case 'and':
    case 'or': {
      const parts = (expression.slice(1) as Expression[]).toSorted((a, b) => (mode.exact ? 0 : price(a) - price(b))).map((part) => build(part, mode));
      if (mode.exact) return exactLogic(parts, expression[0] === 'or');
      return expression[0] === 'or' ? anyOf(parts) : allOf(parts);
    }
    case 'not':
      return metered(not(build(expression[1], mode)), mode, 1);
    case 'if': {
      const [condition, yes, no] = [build(expression[1], mode), build(expression[2], mode), build(expression[3], mode)] as [Closure, Closure, Closure];
      if (!mode.inLoop) return (context) => (condition(context) === true ? yes(context) : no(context));
      return (context) => {
        const chosen = condition(context) === true;
        pay(1);
        return chosen ? yes(context) : no(context);
      };
    }
    case 'exists':
    case 'all':
    case 'one':
    case 'collect':
      return loop(expression, mode);
    case 'bind': {
      const [, local, first, second] = expression;
      const [value, body] = [build(first, mode), build(second, mode)] as [Closure, Closure];
      return (context) => {
        locals[local] = value(context);
        return body(context);
      };
    }
    case 'matches':
      return matches(build(expression[1], mode), expression[2], mode);
    case 'among': {
      const left = build(expression[1], mode);
      const values = new Set<unknown>(expression[2]);
      const size = 1 + expression[2].length;
      if (!mode.inLoop) return (context) => values.has(left(context));
      return (context) => {
        const value = left(context);
        pay(size + weight(value));
        return values.has(value);
      };
    }
    case 'call':
      return call(expression[1], (expression.slice(2) as Expression[]).map((argument) => build(argument, mode)), mode);
    default:
      return binary(expression, mode);
  }
}

/** Adds what an operator costs in a loop, once its value is known. */
function metered(closure: Closure, { inLoop }: Mode, cost: number): Closure {
  if (!inLoop) return closure;
  return (context) => {
    const value = closure(context);
    pay(cost);
    return value;
  };
}

function not(operand: Closure): Closure {
  return (context) => operand(context) !== true;
}

function missing(key: string): never {
  throw new Error(`the fact states no \`${key}\``);
}

type Values = Readonly<Record<string, unknown>>;

/** The first two steps from a variable on, which nearly all are, without a call each. */
function property(of: Expression, key: string, mode: Mode): Closure {
  if (of[0] === 'variable') {
    const [, name] = of;
    return (context) => {
      const value = (context[name] as Values)[key];
      return value === undefined ? missing(key) : value;
    };
  }
  if (of[0] === 'property' && of[1][0] === 'variable') {
    const [, [, name], first] = of;
    return (context) => {
      const outer = (context[name] as Values)[first];
      if (outer === undefined) return missing(first);
      const value = (outer as Values)[key];
      return value === undefined ? missing(key) : value;
    };
  }
  if (of[0] === 'local') {
    const [, local] = of;
    return () => {
      const value = (locals[local] as Values)[key];
      return value === undefined ? missing(key) : value;
    };
  }
  const left = build(of, mode);
  return (context) => {
    const value = (left(context) as Values)[key];
    return value === undefined ? missing(key) : value;
  };
}

/** A list of literals is one object, made once: nothing changes a list. */
function listOf(elements: readonly Expression[], mode: Mode): Closure {
  if (elements.every((element) => element[0] === 'value')) {
    const values = elements.map((element) => element[1]);
    return () => values;
  }
  const closures = elements.map((element) => build(element, mode));
  return (context) => closures.map((closure) => closure(context));
}

function allOf(parts: readonly Closure[]): Closure {
  const [a, b, c] = parts as [Closure, Closure, Closure];
  if (parts.length === 2) return (context) => a(context) === true && b(context) === true;
  if (parts.length === 3) return (context) => a(context) === true && b(context) === true && c(context) === true;
  return (context) => {
    for (const part of parts) if (part(context) !== true) return false;
    return true;
  };
}

function anyOf(parts: readonly Closure[]): Closure {
  const [a, b] = parts as [Closure, Closure];
  if (parts.length === 2) return (context) => a(context) === true || b(context) === true;
  return (context) => {
    for (const part of parts) if (part(context) === true) return true;
    return false;
  };
}

/** A part that decides makes errors of the others nothing; else the last error counts, as in the library. */
function exactLogic(parts: readonly Closure[], decisive: boolean): Closure {
  return (context) => {
    let failed = false;
    let last: unknown;
    for (const part of parts) {
      try {
        if (part(context) === decisive) return decisive;
      } catch (error) {
        failed = true;
        last = error;
      }
    }
    if (failed) throw last;
    return !decisive;
  };
}

type Loop = Extract<Expression, readonly ['exists' | 'all' | 'one' | 'collect', ...unknown[]]>;

/** All of a loop is paid for before its first element. */
function itemsOf(iterable: Expression, mode: Mode): (context: CelContext) => readonly unknown[] {
  // What the library counts as inside: also what is gone over.
  const closure = build(iterable, { ...mode, inLoop: true });
  return (context) => {
    const value = closure(context) as object;
    const items = Array.isArray(value) ? (value as readonly unknown[]) : Object.keys(value);
    pay(items.length);
    return items;
  };
}

function loop(expression: Loop, mode: Mode): Closure {
  const inside = { ...mode, inLoop: true };
  const items = itemsOf(expression[1], mode);
  const local = expression[2];
  if (expression[0] === 'collect') {
    const condition = expression[3] === null ? undefined : conditionOf(expression[3], inside);
    const transform = build(expression[4], inside);
    return (context) => {
      const result: unknown[] = [];
      for (const item of items(context)) {
        locals[local] = item;
        if (condition === undefined || condition(context)) result.push(transform(context));
      }
      return result;
    };
  }
  const condition = conditionOf(expression[3], inside);
  if (expression[0] === 'one') {
    return (context) => {
      let count = 0;
      for (const item of items(context)) {
        locals[local] = item;
        if (condition(context)) count++;
      }
      return count === 1;
    };
  }
  const decisive = expression[0] === 'exists';
  return mode.exact ? exactQuantifier(items, local, condition, decisive) : quantifier(items, local, condition, decisive);
}

/** The condition of a loop, which the library wraps in a `?:` that has its price. */
function conditionOf(expression: Expression, mode: Mode): (context: CelContext) => boolean {
  const closure = build(expression, mode);
  return (context) => {
    const value = closure(context);
    pay(1);
    return value === true;
  };
}

type Items = (context: CelContext) => readonly unknown[];

function quantifier(items: Items, local: number, condition: (context: CelContext) => boolean, decisive: boolean): Closure {
  return (context) => {
    const all = items(context);
    for (let index = 0; index < all.length; index++) {
      locals[local] = all[index];
      if (condition(context) === decisive) return decisive;
    }
    return !decisive;
  };
}

/** As `quantifier`; the first error counts where no element decides. */
function exactQuantifier(items: Items, local: number, condition: (context: CelContext) => boolean, decisive: boolean): Closure {
  return (context) => {
    let failed = false;
    let first: unknown;
    for (const item of items(context)) {
      try {
        locals[local] = item;
        if (condition(context) === decisive) return decisive;
      } catch (error) {
        if (!failed) first = error;
        failed = true;
      }
    }
    if (failed) throw first;
    return !decisive;
  };
}

/** Compiled when first needed; what short texts gave is kept, since names come again and again. */
function matches(text: Closure, source: string, { inLoop }: Mode): Closure {
  const remembered = new Map<string, boolean>();
  let pattern: Pattern | undefined;
  return (context) => {
    const value = text(context) as string;
    if (inLoop) pay(value.length >> 3);
    if (value.length > MAX_REMEMBERED_LENGTH) return (pattern ??= compilePattern(source))(value);
    let result = remembered.get(value);
    if (result === undefined) {
      result = (pattern ??= compilePattern(source))(value);
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(value, result);
    }
    return result;
  };
}

function call(signature: string, args: readonly Closure[], { inLoop }: Mode): Closure {
  const target = CALLS[signature] as ((first: unknown, second?: unknown) => unknown) | undefined;
  if (target === undefined) throw new Error(`no function ${signature}`);
  const [first, second] = args as [Closure, Closure | undefined];
  if (!inLoop) return second === undefined ? (context) => target(first(context)) : (context) => target(first(context), second(context));
  const price_ = signature === 'string.matches(string)' ? (text: unknown) => (text as string).length >> 3 : (a: unknown, b: unknown) => 1 + weight(a) + weight(b);
  return (context) => {
    const a = first(context);
    const b = second?.(context);
    pay(price_(a, b));
    return target(a, b);
  };
}

type Binary = Extract<Expression, readonly [string, Expression, Expression]>;

function binary(expression: Binary, mode: Mode): Closure {
  const [name, first, second] = expression;
  if (!mode.inLoop && second[0] === 'value' && (name === 'equal' || name === 'unequal')) return compareLiteral(build(first, mode), second[1], name === 'equal');
  const [left, right] = [build(first, mode), build(second, mode)] as [Closure, Closure];
  const operator = OPERATORS[name] as (left: unknown, right: unknown) => unknown;
  if (!mode.inLoop) return (context) => operator(left(context), right(context));
  return (context) => {
    const a = left(context);
    const b = right(context);
    pay(1 + weight(a) + weight(b));
    return operator(a, b);
  };
}

function compareLiteral(left: Closure, value: string | number | boolean, wanted: boolean): Closure {
  return wanted ? (context) => left(context) === value : (context) => left(context) !== value;
}

/** On values whose types are known to fit. An integer is a number exactly when it is safe, so `===` and `<` are right for both kinds. */
const OPERATORS: Readonly<Record<Binary[0], (left: never, right: never) => unknown>> = {
  equal: (a: unknown, b: unknown) => a === b,
  unequal: (a: unknown, b: unknown) => a !== b,
  equalLists: sameTexts,
  unequalLists: (a: readonly string[], b: readonly string[]) => !sameTexts(a, b),
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
  '+': (a: Integer, b: Integer) => (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a + b) ? a + b : integer(BigInt(a) + BigInt(b))),
  '-': (a: Integer, b: Integer) => (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a - b) ? a - b : integer(BigInt(a) - BigInt(b))),
  // Zero is added, since JavaScript has a negative one.
  '*': (a: Integer, b: Integer) => (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a * b) ? a * b + 0 : integer(BigInt(a) * BigInt(b))),
  member: (a: string, list: readonly string[]) => list.includes(a),
  key: (a: string, map: Values) => Object.hasOwn(map, a) && map[a] !== undefined,
  join: (a: string, b: string) => a + b,
  concat: (a: readonly unknown[], b: readonly unknown[]) => [...a, ...b],
};

/** A number exactly when it is safe. */
type Integer = number | bigint;

const MAX_INTEGER = 2n ** 63n - 1n;

function integer(value: bigint): Integer {
  if (value > MAX_INTEGER || value < -MAX_INTEGER - 1n) throw new Error(`integer overflow: ${value}`);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

/** About what evaluating costs, to have the cheap parts first. */
function price(expression: Expression): number {
  let sum = OWN_PRICE[expression[0]] ?? 1;
  for (const part of expression) if (Array.isArray(part) && typeof part[0] === 'string' && expression[0] !== 'among') sum += price(part as unknown as Expression);
  return sum;
}

const OWN_PRICE: Readonly<Partial<Record<Expression[0], number>>> = { value: 0, variable: 0, local: 0, list: 0, call: 4, matches: 40, exists: 20, all: 20, one: 20, collect: 40 };
