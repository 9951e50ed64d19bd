import type { SourceRange } from '../core/index.js';

/** How a scalar is written. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

interface NodeBase {
  /**
   * The value's own range in the file, quotes and block indicator included,
   * tag and anchor excluded. Reached through an alias, this is still the anchored place.
   * A block scalar ends with its last visible character: the line ends behind it are no part of
   * the range, though they are of the text. A value that is not written is an empty range behind
   * the `:` or `-` that announces it.
   */
  readonly range: SourceRange;
  /** As written: `!!str`, `!reference`. */
  readonly tag?: string | undefined;
  /** Without `&`. */
  readonly anchor?: string | undefined;
}

/** A scalar with its decoded text and the way back from every decoded offset to the file. */
export interface YamlScalar extends NodeBase {
  readonly kind: 'scalar';
  readonly style: ScalarStyle;
  /** Decoded text, as YAML defines it: escapes, folding and indentation resolved. */
  readonly text: string;
  /**
   * `text` resolved by the YAML 1.2 core schema: plain scalars without a tag, and any scalar with
   * one of its tags (`!!int "3"`); all others are strings. So `on` and `yes` are strings.
   */
  readonly value: string | number | boolean | null;
  /**
   * Offset in the file of the character at a decoded offset; `text.length` gives the end of the last one.
   * Non-decreasing; arguments outside the text are clamped. A folded line end is the line end in the file,
   * an escape is the place of its backslash.
   */
  sourceOffset(decodedOffset: number): number;
  /**
   * Range in the file of a decoded range: from the start of its first character to the end of its last one,
   * escapes whole. Cut out of a plain or literal scalar it is the decoded text, line ends and indentation aside.
   */
  sourceRange(decoded: SourceRange): SourceRange;
}

/** One entry of a mapping. */
export interface YamlPair {
  readonly key: YamlNode;
  readonly value: YamlNode;
  /** From the key's start to the value's end, in the place where it is used: of a merged pair, the whole `<<` entry. */
  readonly range: SourceRange;
  /** The alias `*name`, where the value is written as one; `value` is then the anchored node. */
  readonly alias?: SourceRange | undefined;
  /** Came in by a merge key `<<`. */
  readonly merged?: boolean | undefined;
}

export interface YamlMapping extends NodeBase {
  readonly kind: 'mapping';
  /** In order of writing; a repeated key is an error of its own and keeps the first. */
  readonly pairs: readonly YamlPair[];
}

/** One entry of a sequence. */
export interface YamlItem {
  readonly value: YamlNode;
  readonly alias?: SourceRange | undefined;
}

export interface YamlSequence extends NodeBase {
  readonly kind: 'sequence';
  readonly items: readonly YamlItem[];
}

/**
 * A value. Aliases share their node with the anchor, never in a circle, so trees are graphs without cycles
 * whose expanded size and depth are bounded by `YamlLimits`.
 */
export type YamlNode = YamlScalar | YamlMapping | YamlSequence;

/** One syntax error: the message says what was expected, without position. */
export interface YamlProblem {
  readonly code: 'yaml-syntax' | 'yaml-duplicate-key' | 'yaml-limit' | 'yaml-alias';
  readonly message: string;
  readonly range: SourceRange;
}

export interface YamlResult {
  /**
   * One root per document of the stream; none when there are only comments. Before a syntax error, whole
   * documents are kept, and of the broken one what could be read.
   */
  readonly documents: readonly YamlNode[];
  /** In order of place. */
  readonly problems: readonly YamlProblem[];
  /** Set after a syntax error or limit: nothing behind this offset was read, and the last document may be incomplete. */
  readonly truncatedAt?: number;
}

/** Bounds on what is read; beyond them there is a problem `yaml-limit`. */
export interface YamlLimits {
  /** UTF-16 code units of the whole text. */
  readonly maxLength: number;
  /** Nesting of collections, aliases followed. */
  readonly maxDepth: number;
  /** Values of the whole stream, those reached through aliases and merge keys counted each time. */
  readonly maxNodes: number;
  /** Aliases of the whole stream. */
  readonly maxAliases: number;
}
