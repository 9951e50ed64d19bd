import type { Problems } from './read-problems.js';

/** An object of a JSON document. */
export type JsonObject = Readonly<Record<string, unknown>>;

const NOTHING: JsonObject = Object.freeze({});
const NONE: readonly unknown[] = Object.freeze([]);

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/*
 * Members of objects. `null` is read as absent, as tools write it for empty arrays and texts; another type than
 * the one that is asked for is a problem at `<pointer>/<key>` and read as absent.
 */

export function stringOf(holder: JsonObject, key: string, problems: Problems, pointer: string): string | undefined {
  const value = own(holder, key);
  if (typeof value === 'string') return value;
  if (value !== undefined) problems.wrong(`${pointer}/${key}`, 'a string');
  return undefined;
}

/** A whole number, also one below 0: many tools write 0 or -1 for "not known". */
export function integerOf(holder: JsonObject, key: string, problems: Problems, pointer: string): number | undefined {
  const value = own(holder, key);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (value !== undefined) problems.wrong(`${pointer}/${key}`, 'a whole number');
  return undefined;
}

/** An empty object when there is none. */
export function objectOf(holder: JsonObject, key: string, problems: Problems, pointer: string): JsonObject {
  const value = own(holder, key);
  if (isObject(value)) return value;
  if (value !== undefined) problems.wrong(`${pointer}/${key}`, 'an object');
  return NOTHING;
}

/** An empty array when there is none. */
export function arrayOf(holder: JsonObject, key: string, problems: Problems, pointer: string): readonly unknown[] {
  const value = own(holder, key);
  if (Array.isArray(value)) return value as unknown[];
  if (value !== undefined) problems.wrong(`${pointer}/${key}`, 'an array');
  return NONE;
}

/** The objects of an array with their pointers; an empty object stands for what is none, so that indexes stay. */
export function objectsOf(holder: JsonObject, key: string, problems: Problems, pointer: string): readonly JsonObject[] {
  return arrayOf(holder, key, problems, pointer).map((value, index) => {
    if (isObject(value)) return value;
    problems.wrong(`${pointer}/${key}/${index}`, 'an object');
    return NOTHING;
  });
}

/** The strings of an array; others are left out. */
export function stringsOf(holder: JsonObject, key: string, problems: Problems, pointer: string): readonly string[] {
  const values = arrayOf(holder, key, problems, pointer);
  const strings = values.filter((value): value is string => typeof value === 'string');
  if (strings.length < values.length) problems.wrong(`${pointer}/${key}`, 'strings only');
  return strings;
}

/** The value of an own property, `null` as absent. Names such as `constructor` come from hostile files too. */
export function own(holder: JsonObject, key: string): unknown {
  return Object.hasOwn(holder, key) ? (holder[key] ?? undefined) : undefined;
}
