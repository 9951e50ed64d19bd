import type { SourceRange } from '../core/index.js';

/**
 * A text that stands in a file, perhaps escaped, indented or in pieces, with the way back from each of
 * its offsets. Every scalar of a YAML tree is one.
 */
export interface LocatedText {
  readonly text: string;
  /** Where it stands, delimiters included where the format has them. */
  readonly range: SourceRange;
  /** Range in the file of a range of `text`: from the start of its first character to the end of its last one. */
  sourceRange(decoded: SourceRange): SourceRange;
}

/**
 * Pieces of a text and their places, in order. A piece of the same length on both sides is copied
 * character by character; any other (an escape, a line end of two characters) belongs together as a whole.
 */
export interface TextPiece {
  readonly text: string;
  readonly range: SourceRange;
}

/** A part of the file as it is. */
export function sliceText(source: string, range: SourceRange): LocatedText {
  return {
    text: source.slice(range.start, range.end),
    range,
    sourceRange: ({ start, end }) => ({ start: clamp(range.start + start, range), end: clamp(range.start + Math.max(start, end), range) }),
  };
}

function clamp(offset: number, range: SourceRange): number {
  return Math.max(range.start, Math.min(offset, range.end));
}

/** A text of pieces. `range` is that of the whole; without pieces every range is its start. */
export function piecedText(pieces: readonly TextPiece[], range: SourceRange): LocatedText {
  const used = pieces.filter(({ text }) => text !== '');
  const starts: number[] = [];
  let length = 0;
  for (const { text } of used) {
    starts.push(length);
    length += text.length;
  }
  const indexOf = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const character = (offset: number): SourceRange => {
    const index = indexOf(offset);
    const piece = used[index] as TextPiece;
    if (piece.range.end - piece.range.start !== piece.text.length) return piece.range;
    const start = piece.range.start + offset - (starts[index] as number);
    return { start, end: start + 1 };
  };
  return {
    text: used.map(({ text }) => text).join(''),
    range,
    sourceRange(decoded) {
      if (length === 0) return { start: range.start, end: range.start };
      const from = Math.max(0, Math.min(decoded.start, length));
      const to = Math.max(from, Math.min(decoded.end, length));
      if (from === to) {
        const at = from === length ? character(length - 1).end : character(from).start;
        return { start: at, end: at };
      }
      return { start: character(from).start, end: character(to - 1).end };
    },
  };
}

/** Texts behind each other with a separator between them that stands nowhere: the lines of a list, the cells of a notebook. */
export function joinTexts(parts: readonly LocatedText[], separator: string): LocatedText {
  const [only] = parts;
  if (only === undefined) return piecedText([], { start: 0, end: 0 });
  if (parts.length === 1) return only;
  const starts: number[] = [];
  let length = 0;
  for (const { text } of parts) {
    starts.push(length);
    length += text.length + separator.length;
  }
  const range = { start: only.range.start, end: (parts.at(-1) as LocatedText).range.end };
  const partAt = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    text: parts.map(({ text }) => text).join(separator),
    range,
    sourceRange({ start, end }) {
      const first = partAt(start);
      const last = end > start ? partAt(end - 1) : first;
      const from = (parts[first] as LocatedText).sourceRange({ start: start - (starts[first] as number), end: start - (starts[first] as number) + (end > start ? 1 : 0) });
      if (end <= start) return { start: from.start, end: from.start };
      const to = (parts[last] as LocatedText).sourceRange({ start: Math.max(0, end - 1 - (starts[last] as number)), end: end - (starts[last] as number) });
      return { start: from.start, end: Math.max(from.start, to.end) };
    },
  };
}

/** The same text with ranges of it replaced by as many spaces. */
export function blankText(text: LocatedText, blanks: readonly SourceRange[]): LocatedText {
  if (blanks.length === 0) return text;
  let out = '';
  let at = 0;
  for (const { start, end } of blanks) {
    if (start < at) continue;
    out += text.text.slice(at, start) + ' '.repeat(end - start);
    at = end;
  }
  return { text: out + text.text.slice(at), range: text.range, sourceRange: (range) => text.sourceRange(range) };
}

/** A part of a located text. */
export function partOf(text: LocatedText, part: SourceRange): LocatedText {
  return {
    text: text.text.slice(part.start, part.end),
    range: text.sourceRange(part),
    sourceRange: ({ start, end }) => text.sourceRange({ start: part.start + Math.min(start, part.end - part.start), end: part.start + Math.min(end, part.end - part.start) }),
  };
}
