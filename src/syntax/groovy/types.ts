import type { SourceRange } from '../../core/index.js';
import type { LocatedText } from '../located-text.js';

/*
 * A tree of Groovy as pipelines use it: calls with and without parentheses, closures, strings, lists, maps, names
 * and operations. Every node knows its range in the file. What is not needed to follow values (types, classes,
 * operator precedence) is not in it.
 */

/** `${…}` or `$a.b` of a string. */
export interface GroovyInterpolation {
  /** With its delimiters, in the decoded text of the string. */
  readonly range: SourceRange;
  /** What stands between the delimiters, as written. */
  readonly expression: string;
  /** Where that stands in the file. */
  readonly source: SourceRange;
}

export interface GroovyString {
  readonly kind: 'string';
  readonly range: SourceRange;
  readonly quote: "'" | '"' | "'''" | '"""' | '/' | '$/';
  /** The decoded text, interpolations as written; its range has the quotes. */
  readonly content: LocatedText;
  readonly interpolations: readonly GroovyInterpolation[];
  readonly closed: boolean;
}

/** A name with its properties: `env.CHANGE_TITLE`, `params.X`; of `params['X']` the same. */
export interface GroovyName {
  readonly kind: 'name';
  readonly path: string;
  readonly range: SourceRange;
}

export interface GroovyNumber {
  readonly kind: 'number';
  readonly text: string;
  readonly range: SourceRange;
}

/** An argument or item; `label` is the key of `key: value`. */
export interface GroovyArgument {
  readonly label?: string;
  readonly labelRange?: SourceRange;
  readonly value: GroovyNode;
}

/** `[a, b]`, `[a: 1]`, and what stands in parentheses. */
export interface GroovyList {
  readonly kind: 'list';
  readonly items: readonly GroovyArgument[];
  readonly range: SourceRange;
}

export interface GroovyCall {
  readonly kind: 'call';
  /** `sh`, `docker.image`, or the method's name where it is called on something that is no name. */
  readonly name: string;
  readonly nameRange: SourceRange;
  /** What the method is called on, where that is no name: `image(…)` of `image(…).inside()`. */
  readonly on?: GroovyNode;
  readonly args: readonly GroovyArgument[];
  readonly closure?: GroovyClosure;
  readonly range: SourceRange;
}

/** A property of something that is no name. */
export interface GroovyProperty {
  readonly kind: 'property';
  readonly on: GroovyNode;
  readonly name: string;
  readonly range: SourceRange;
}

export interface GroovyClosure {
  readonly kind: 'closure';
  readonly parameters: readonly string[];
  readonly statements: readonly GroovyStatement[];
  readonly range: SourceRange;
}

/** Operands with operators between them, flat: precedence is not kept. Prefixes are dropped. */
export interface GroovyOperation {
  readonly kind: 'operation';
  readonly operators: readonly string[];
  readonly operands: readonly GroovyNode[];
  readonly range: SourceRange;
}

export type GroovyNode = GroovyString | GroovyName | GroovyNumber | GroovyList | GroovyCall | GroovyProperty | GroovyClosure | GroovyOperation;

export type GroovyStatement =
  | { readonly kind: 'expression'; readonly node: GroovyNode; readonly range: SourceRange }
  /** `x = value`, `def x = value`, `env.X = value`, `x += value`. */
  | { readonly kind: 'assignment'; readonly name: string; readonly nameRange: SourceRange; readonly value: GroovyNode; readonly range: SourceRange }
  /** `if`, `for`, `try`, …: what is tested, and what is run. */
  | { readonly kind: 'control'; readonly keyword: string; readonly keywordRange: SourceRange; readonly tested: readonly GroovyArgument[]; readonly body: readonly GroovyStatement[]; readonly range: SourceRange }
  | { readonly kind: 'function'; readonly name: string; readonly nameRange: SourceRange; readonly parameters: readonly string[]; readonly body: readonly GroovyStatement[]; readonly range: SourceRange }
  | { readonly kind: 'annotation'; readonly name: string; readonly args: readonly GroovyArgument[]; readonly range: SourceRange };

export interface GroovyProblem {
  readonly code: 'groovy-syntax' | 'groovy-limit';
  readonly message: string;
  readonly range: SourceRange;
}

export interface GroovyScript {
  readonly statements: readonly GroovyStatement[];
  /** At most one: the first thing that is wrong. The tree has what could be read. */
  readonly problem?: GroovyProblem;
}
