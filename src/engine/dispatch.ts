import { compileFast, type Closure } from './closures.js';
import type { CelContext } from './context.js';
import type { Expression } from './expression.js';
import { comparisons, simplify, type Known } from './simplify.js';

/*
 * Which of many policies can be true for a fact, and what of their conditions is left to ask, without asking each:
 * most policies compare `command.name`, `pipeline.platform` or the like with literals. The properties that most of
 * them compare are read once for each fact, and their values lead through a tree of tables to the policies that are
 * left, each with the rest of its condition. A table is made when a fact first needs it.
 */

/** A policy that can be true, and the rest of its condition where some of it is known. */
export interface Choice<T> {
  readonly item: T;
  /** As `compileFast` gives it; undefined: all of the condition. */
  readonly rest: Closure | undefined;
}

/** Something with a condition; undefined when it is not known as data. */
export interface Conditional<T> {
  readonly item: T;
  readonly condition: Expression | undefined;
}

/** Properties that are read: each more makes the tables larger. */
const MAX_PATHS = 3;
/** Tables that are kept. Only values that policies name have tables of their own, so that files can't ask for more. */
const MAX_TABLES = 4_000;

const OTHER = Symbol('a value that no policy names');
const MISSING = Symbol('no value: the condition itself has to say so');

interface Property {
  readonly path: string;
  readonly keys: readonly string[];
  /** All values that some condition compares it with. */
  readonly named: ReadonlySet<unknown>;
}

type Tree<T> = Map<unknown, Tree<T> | readonly Choice<T>[]>;

/** A function that gives those that can be true, in the order given. */
export function createDispatch<T>(entries: readonly Conditional<T>[]): (context: CelContext) => readonly Choice<T>[] {
  const properties = chooseProperties(entries);
  const all = entries.map(({ item }): Choice<T> => ({ item, rest: undefined }));
  if (properties.length === 0) return () => all;
  const tree: Tree<T> = new Map();
  const rests = new Map<string, Closure>();
  let tables = 0;
  return (context) => {
    let node = tree;
    for (let index = 0; ; index++) {
      const property = properties[index] as Property;
      const key = keyOf(property, context);
      const next = node.get(key);
      if (index === properties.length - 1) {
        if (next !== undefined) return next as readonly Choice<T>[];
        if (tables >= MAX_TABLES) return all;
        tables++;
        const table = tableOf(entries, knowledge(properties, context), rests);
        node.set(key, table);
        return table;
      }
      if (next === undefined) {
        const inner: Tree<T> = new Map();
        node.set(key, inner);
        node = inner;
      } else {
        node = next as Tree<T>;
      }
    }
  };
}

/** The properties that most conditions compare with literals. */
function chooseProperties<T>(entries: readonly Conditional<T>[]): Property[] {
  const found = new Map<string, { path: string; keys: string[]; named: Set<unknown>; users: Set<T> }>();
  for (const { item, condition } of entries) {
    if (condition === undefined) continue;
    for (const { path, values } of comparisons(condition)) {
      let property = found.get(path);
      if (property === undefined) found.set(path, (property = { path, keys: path.split('.'), named: new Set(), users: new Set() }));
      property.users.add(item);
      for (const value of values) property.named.add(value);
    }
  }
  return [...found.values()].toSorted((a, b) => b.users.size - a.users.size).slice(0, MAX_PATHS);
}

function keyOf({ keys, named }: Property, context: CelContext): unknown {
  const value = read(context, keys);
  return value === undefined ? MISSING : named.has(value) ? value : OTHER;
}

type Values = Readonly<Record<string, unknown>>;

function read(context: CelContext, keys: readonly string[]): unknown {
  const value = (context[keys[0] as string] as Values | undefined)?.[keys[1] as string];
  return keys.length === 2 ? value : (value as Values | undefined)?.[keys[2] as string];
}

function knowledge(properties: readonly Property[], context: CelContext): Known {
  const known = new Map(properties.map((property) => [property.path, keyOf(property, context)]));
  return {
    is(path, value) {
      const key = known.get(path);
      // Every literal that a condition compares the property with is among those that are named.
      return key === undefined || key === MISSING ? undefined : key === value;
    },
  };
}

function tableOf<T>(entries: readonly Conditional<T>[], known: Known, rests: Map<string, Closure>): Choice<T>[] {
  const table: Choice<T>[] = [];
  for (const { item, condition } of entries) {
    const rest = condition === undefined ? undefined : simplify(condition, known);
    if (rest === false) continue;
    table.push({ item, rest: rest === undefined || rest === condition ? undefined : closureOf(rest === true ? ['value', true] : rest, rests) });
  }
  return table;
}

/** The same rest is left for many values. */
function closureOf(rest: Expression, rests: Map<string, Closure>): Closure {
  const key = JSON.stringify(rest);
  let closure = rests.get(key);
  if (closure === undefined) rests.set(key, (closure = compileFast(rest)));
  return closure;
}
