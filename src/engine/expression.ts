/*
 * What a checked CEL expression is, as plain data. `lower.ts` makes it from the library's tree, `closures.ts` makes
 * it run, and a policy pack carries it, so that a run neither parses nor type-checks what was checked before.
 *
 * Types are known to fit: nothing here is checked again. Integers are JavaScript numbers, or bigints where they
 * are not safe integers.
 */

/** Operators on a tuple: the first element names it. */
export type Expression =
  | readonly ['value', string | number | boolean]
  /** A fact of the context, by variable name. */
  | readonly ['variable', string]
  /** A variable that a loop or `cel.bind` has set, by number. */
  | readonly ['local', number]
  /** A property of a fact; one that is not there is an error. */
  | readonly ['property', Expression, string]
  /** A value of a map by key, and of a list by index: what is not there reads as the last element. */
  | readonly ['entry', Expression, Expression, unknown]
  | readonly ['element', Expression, Expression, unknown]
  | readonly ['list', ...Expression[]]
  | readonly ['and' | 'or', ...Expression[]]
  | readonly ['not', Expression]
  | readonly ['if', Expression, Expression, Expression]
  /** Of strings, booleans and integers. */
  | readonly ['equal' | 'unequal', Expression, Expression]
  /** Of lists of strings. */
  | readonly ['equalLists' | 'unequalLists', Expression, Expression]
  /** Of integers. */
  | readonly ['<' | '<=' | '>' | '>=', Expression, Expression]
  /** Of integers, which are numbers as long as they are safe. */
  | readonly ['+' | '-' | '*', Expression, Expression]
  /** A string among literals, in a list of strings, or among the keys of a map. */
  | readonly ['among', Expression, readonly string[]]
  | readonly ['member' | 'key', Expression, Expression]
  /** Of strings. */
  | readonly ['join', Expression, Expression]
  /** Of lists. */
  | readonly ['concat', Expression, Expression]
  /** A regular expression that is written out. */
  | readonly ['matches', Expression, string]
  /** A function by its signature in `calls.ts`. */
  | readonly ['call', string, ...Expression[]]
  /** Over a list, or over the keys of a map: the number of the variable, and the condition. */
  | readonly ['exists' | 'all' | 'one', Expression, number, Expression]
  /** The elements that fit the condition (null: all), each transformed. */
  | readonly ['collect', Expression, number, Expression | null, Expression]
  | readonly ['bind', number, Expression, Expression];

/** A checked expression as a policy pack carries it. */
export interface LoweredProgram {
  /** `bool`, `int`, `double` or `string`. */
  readonly type: string;
  readonly expression: Expression;
}

/** A template: texts, and expressions between them. */
export type LoweredTemplate = readonly (string | LoweredProgram)[];
