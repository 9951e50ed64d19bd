import { CHOMPING_MODE, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';

/**
 * The way from decoded offsets of one scalar back to its source, as runs that follow each other in both.
 * Run `i` decodes `source[sourceStart[i], sourceEnd[i])` to the text from `decoded[i]` to `decoded[i + 1]`
 * (or `length`). A run of the same length on both sides is copied character by character; any other
 * (an escape, a folded CR LF, a line end that the file's end stands for) belongs together as a whole.
 */
export interface OffsetMap {
  readonly decoded: readonly number[];
  readonly sourceStart: readonly number[];
  readonly sourceEnd: readonly number[];
  /** Length of the decoded text. */
  readonly length: number;
}

interface MutableMap extends OffsetMap {
  readonly decoded: number[];
  readonly sourceStart: number[];
  readonly sourceEnd: number[];
  length: number;
}

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const SINGLE_QUOTE = 39;
const BACKSLASH = 92;

/**
 * Builds the map of a scalar. It repeats the steps of js-yaml's `getScalarValue`, which keeps offsets to
 * itself; property tests hold the two together.
 */
export function mapOffsets(source: string, event: ScalarEvent): OffsetMap {
  const map: MutableMap = { decoded: [], sourceStart: [], sourceEnd: [], length: 0 };
  if (event.valueStart < 0) return map;
  if (event.fast) copy(map, event.valueStart, event.valueEnd);
  else if (event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK) mapBlock(map, source, event);
  else mapFlow(map, source, event);
  return map;
}

function run(map: MutableMap, decodedLength: number, start: number, end: number): void {
  map.decoded.push(map.length);
  map.sourceStart.push(start);
  map.sourceEnd.push(end);
  map.length += decodedLength;
}

function copy(map: MutableMap, start: number, end: number): void {
  if (end > start) run(map, end - start, start, end);
}

function lineBreakEnd(source: string, position: number): number {
  return source.charCodeAt(position) === CR && source.charCodeAt(position + 1) === LF ? position + 2 : position + 1;
}

/** Plain and quoted scalars: lines are joined, white space around the line end is dropped. */
function mapFlow(map: MutableMap, source: string, event: ScalarEvent): void {
  const end = event.valueEnd;
  const single = event.style === SCALAR_STYLE.SINGLE_QUOTED;
  const double = event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  let position = event.valueStart;
  let copyStart = position;
  let copyEnd = position;
  while (position < end) {
    const c = source.charCodeAt(position);
    if (c === LF || c === CR) {
      copy(map, copyStart, copyEnd);
      position = mapFoldedBreaks(map, source, position, end);
      copyStart = copyEnd = position;
    } else if (single && c === SINGLE_QUOTE) {
      copy(map, copyStart, position);
      run(map, 1, position, position + 2);
      position += 2;
      copyStart = copyEnd = position;
    } else if (double && c === BACKSLASH) {
      copy(map, copyStart, position);
      position = mapEscape(map, source, position, end);
      copyStart = copyEnd = position;
    } else {
      position++;
      if (c !== SPACE && c !== TAB) copyEnd = position;
    }
  }
  // White space before a closing quote belongs to the text, behind a plain scalar it does not.
  copy(map, copyStart, single || double ? end : copyEnd);
}

/** One line end becomes a space; of several, the first is dropped and the others stay line feeds. */
function mapFoldedBreaks(map: MutableMap, source: string, position: number, end: number): number {
  const first = position;
  const firstEnd = lineBreakEnd(source, position);
  let at = firstEnd;
  let several = false;
  while (at < end) {
    const c = source.charCodeAt(at);
    if (c === LF || c === CR) {
      const next = lineBreakEnd(source, at);
      run(map, 1, at, next);
      several = true;
      at = next;
    } else if (c === SPACE || c === TAB) at++;
    else break;
  }
  if (!several) run(map, 1, first, firstEnd);
  return at;
}

function mapEscape(map: MutableMap, source: string, position: number, end: number): number {
  const c = source.charCodeAt(position + 1);
  if (c === LF || c === CR) {
    let at = position + 1;
    while (at < end && isBlank(source.charCodeAt(at))) at++;
    return at;
  }
  const digits = c === 0x78 ? 2 : c === 0x75 ? 4 : c === 0x55 ? 8 : 0;
  const next = position + 2 + digits;
  const decodedLength = digits === 8 && Number.parseInt(source.slice(position + 2, next), 16) > 0xffff ? 2 : 1;
  run(map, decodedLength, position, next);
  return next;
}

function isBlank(c: number): boolean {
  return c === SPACE || c === TAB || c === LF || c === CR;
}

/** Literal and folded block scalars, line by line. */
function mapBlock(map: MutableMap, source: string, event: ScalarEvent): void {
  const { valueStart, valueEnd, indent, chomping } = event;
  const folded = event.style === SCALAR_STYLE.FOLDED_BLOCK;
  const textIndent = Math.max(indent, 0);
  /** Starts and ends of the line ends since the last line with content, its own first. */
  let pending: number[] = [];
  let hasContent = false;
  let moreIndented = false;
  let lineStart = valueStart;
  while (lineStart < valueEnd) {
    let lineEnd = lineStart;
    while (lineEnd < valueEnd && source.charCodeAt(lineEnd) !== LF && source.charCodeAt(lineEnd) !== CR) lineEnd++;
    const next = lineEnd < valueEnd ? lineBreakEnd(source, lineEnd) : lineEnd;
    let column = 0;
    while (column < textIndent && source.charCodeAt(lineStart + column) === SPACE) column++;
    if (indent >= 0 && lineStart + column < lineEnd) {
      const contentStart = Math.min(lineStart + textIndent, lineEnd);
      const first = source.charCodeAt(contentStart);
      const indentedNow = first === SPACE || first === TAB;
      if (!folded || indentedNow || moreIndented || !hasContent) mapBreaks(map, pending, 0);
      else mapBreaks(map, pending, pending.length > 2 ? 2 : 0);
      moreIndented = folded && indentedNow;
      copy(map, contentStart, lineEnd);
      pending = [];
      hasContent = true;
    }
    pending.push(lineEnd, next);
    lineStart = next;
  }
  if (chomping === CHOMPING_MODE.KEEP) mapBreaks(map, pending, 0);
  else if (chomping !== CHOMPING_MODE.STRIP && hasContent) mapBreaks(map, pending.slice(0, 2), 0);
}

function mapBreaks(map: MutableMap, breaks: readonly number[], from: number): void {
  for (let i = from; i < breaks.length; i += 2) run(map, 1, breaks[i] as number, breaks[i + 1] as number);
}

function runAt(map: OffsetMap, decodedOffset: number): number {
  let low = 0;
  let high = map.decoded.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((map.decoded[middle] as number) <= decodedOffset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where the character at a decoded offset starts, and where it ends; undefined outside the text. */
export function sourceOfCharacter(map: OffsetMap, decodedOffset: number): { start: number; end: number } | undefined {
  if (decodedOffset < 0 || decodedOffset >= map.length) return undefined;
  const i = runAt(map, decodedOffset);
  const decodedStart = map.decoded[i] as number;
  const start = map.sourceStart[i] as number;
  const end = map.sourceEnd[i] as number;
  const decodedEnd = map.decoded[i + 1] ?? map.length;
  if (decodedEnd - decodedStart !== end - start) return { start, end };
  const at = start + decodedOffset - decodedStart;
  return { start: at, end: at + 1 };
}
