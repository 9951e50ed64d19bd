import {
  boolCoreTag,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  SCALAR_STYLE,
  type ScalarEvent,
} from 'js-yaml';
import type { SourceRange } from '../core/index.js';
import type { ScalarStyle, YamlScalar } from './yaml-node.js';
import { mapOffsets, type OffsetMap, sourceOfCharacter } from './yaml-offsets.js';

type Value = string | number | boolean | null;

const STYLES: Readonly<Record<number, ScalarStyle>> = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
};

/** In the order of the core schema; the first that resolves wins. */
const IMPLICIT_TAGS = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag];
const EXPLICIT_TAGS = new Map(IMPLICIT_TAGS.map((tag) => [tag.tagName, tag]));
const CORE_PREFIX = 'tag:yaml.org,2002:';

/** A scalar of which only what is asked for is decoded: a file has thousands, and most are never located inside. */
class SourceScalar implements YamlScalar {
  readonly kind = 'scalar';
  readonly style: ScalarStyle;
  private decoded: string | undefined;
  private resolved: Value | undefined;
  private map: OffsetMap | undefined;

  constructor(
    private readonly source: string,
    private readonly event: ScalarEvent,
    readonly range: SourceRange,
    readonly tag: string | undefined,
    readonly anchor: string | undefined,
  ) {
    this.style = STYLES[event.style] as ScalarStyle;
  }

  get text(): string {
    return (this.decoded ??= getScalarValue(this.source, this.event));
  }

  get value(): Value {
    if (this.resolved === undefined) this.resolved = resolve(this.text, this.style, this.tag);
    return this.resolved;
  }

  sourceOffset(decodedOffset: number): number {
    const length = this.text.length;
    if (length === 0) return Math.min(this.contentStart(), this.range.end);
    const at = Math.max(0, Math.min(decodedOffset, length));
    if (this.event.fast) return this.event.valueStart + at;
    return at === length ? this.character(length - 1).end : this.character(at).start;
  }

  sourceRange(decoded: SourceRange): SourceRange {
    const length = this.text.length;
    const from = Math.max(0, Math.min(decoded.start, length));
    const to = Math.max(from, Math.min(decoded.end, length));
    const start = this.sourceOffset(from);
    if (to === from) return { start, end: start };
    return { start, end: this.event.fast ? this.event.valueStart + to : this.character(to - 1).end };
  }

  private contentStart(): number {
    return this.event.valueStart < 0 ? this.range.start : this.event.valueStart;
  }

  private character(decodedOffset: number): SourceRange {
    this.map ??= mapOffsets(this.source, this.event);
    return sourceOfCharacter(this.map, decodedOffset) ?? { start: this.range.end, end: this.range.end };
  }
}

/** A scalar that decodes itself on first use. `range` as `YamlNode` defines it. */
export function createScalar(
  source: string,
  event: ScalarEvent,
  range: SourceRange,
  tag: string | undefined,
  anchor: string | undefined,
): YamlScalar {
  return new SourceScalar(source, event, range, tag, anchor);
}

/** What stands for a value that can't be had, such as an alias without anchor: null at a place. */
export function createNull(range: SourceRange): YamlScalar {
  return {
    kind: 'scalar',
    style: 'plain',
    text: '',
    value: null,
    range,
    sourceOffset: () => range.start,
    sourceRange: () => ({ start: range.start, end: range.start }),
  };
}

function resolve(text: string, style: ScalarStyle, tag: string | undefined): Value {
  if (tag !== undefined) {
    const name = tag.startsWith('!!') ? CORE_PREFIX + tag.slice(2) : tag.startsWith('!<') ? tag.slice(2, -1) : tag;
    const result = EXPLICIT_TAGS.get(name)?.resolve(text, true, name);
    return result === undefined || result === NOT_RESOLVED ? text : (result as Value);
  }
  if (style !== 'plain') return text;
  for (const core of IMPLICIT_TAGS) {
    if (core.implicitFirstChars !== null && !core.implicitFirstChars.includes(text.charAt(0))) continue;
    const result = core.resolve(text, false, core.tagName);
    if (result !== NOT_RESOLVED) return result as Value;
  }
  return text;
}
