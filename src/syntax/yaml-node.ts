import type { SourceRange } from '../core/index.js';

/** How a scalar is written. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

interface NodeBase {
  /**
   * The value's own range in the file, quotes and block indicator included,
   * tag and anchor excluded. Reached through an alias, this is still the anchored place.
   */
  readonly range: SourceRange;
  readonly tag?: string;
  readonly anchor?: string;
}

/** A scalar with its decoded text and the way back from every decoded offset to the file. */
export interface YamlScalar extends NodeBase {
  readonly kind: 'scalar';
  readonly style: ScalarStyle;
  /** Decoded text, as YAML defines it: escapes, folding and indentation resolved. */
  readonly text: string;
  /** `text` resolved by the YAML 1.2 core schema (plain scalars only; others are strings). */
  readonly value: string | number | boolean | null;
  /** Offset in the file of the character at a decoded offset (`text.length` gives the end). Non-decreasing. */
  sourceOffset(decodedOffset: number): number;
  /** Range in the file of a decoded range. Cut out of a plain or literal scalar it is the decoded text, line ends and indentation aside. */
  sourceRange(decoded: SourceRange): SourceRange;
}

export interface YamlPair {
  readonly key: YamlNode;
  readonly value: YamlNode;
  /** From the key's start to the value's end, in the place where it is used. */
  readonly range: SourceRange;
  /** The alias `*name`, where the value is written as one; `value` is then the anchored node. */
  readonly alias?: SourceRange;
  /** Came in by a merge key `<<`. */
  readonly merged?: boolean;
}

export interface YamlMapping extends NodeBase {
  readonly kind: 'mapping';
  /** In order of writing; a repeated key is an error of its own and keeps the first. */
  readonly pairs: readonly YamlPair[];
}

export interface YamlItem {
  readonly value: YamlNode;
  readonly alias?: SourceRange;
}

export interface YamlSequence extends NodeBase {
  readonly kind: 'sequence';
  readonly items: readonly YamlItem[];
}

export type YamlNode = YamlScalar | YamlMapping | YamlSequence;

/** One syntax error: the message says what was expected, without position. */
export interface YamlProblem {
  readonly code: 'yaml-syntax' | 'yaml-duplicate-key' | 'yaml-limit' | 'yaml-alias';
  readonly message: string;
  readonly range: SourceRange;
}

export interface YamlResult {
  /** One root per document of the stream; those before a syntax error are kept. */
  readonly documents: readonly YamlNode[];
  readonly problems: readonly YamlProblem[];
}
