import type { Event } from 'js-yaml';

/** The start of a text that can be read, and its events. */
export interface ReadablePrefix {
  readonly text: string;
  readonly events: readonly Event[];
}

/** Each attempt reads the text anew; both bounds keep a broken file as cheap as a few good ones. */
const MAX_ATTEMPTS = 20;
const MAX_CHARACTERS = 2_000_000;

/**
 * js-yaml throws away its events at a syntax error. So the text is cut at ends of lines before the error until it
 * can be read: first in doubling steps back, then between the last two. Whole documents before the error are
 * always found as long as the bounds allow it.
 */
export function longestReadablePrefix(
  text: string,
  errorAt: number,
  read: (text: string) => readonly Event[] | undefined,
): ReadablePrefix {
  const starts = lineStartsUpTo(text, errorAt);
  let best: ReadablePrefix = { text: '', events: [] };
  let attempts = 0;
  let characters = 0;

  const tryLine = (line: number): boolean => {
    const part = text.slice(0, starts[line]);
    attempts++;
    characters += part.length;
    const events = read(part);
    if (events === undefined) return false;
    if (part.length > best.text.length) best = { text: part, events };
    return true;
  };
  const mayTry = (): boolean => attempts < MAX_ATTEMPTS && characters < MAX_CHARACTERS;

  let bad = starts.length;
  let good = 0;
  for (let back = 1; mayTry(); back *= 2) {
    const line = Math.max(0, starts.length - back);
    if (tryLine(line)) {
      good = line;
      break;
    }
    bad = line;
    if (line === 0) break;
  }
  const boundary = lastDocumentStart(text, starts, bad);
  if (boundary > good && mayTry() && tryLine(boundary)) good = boundary;
  while (bad - good > 1 && mayTry()) {
    const middle = (good + bad) >> 1;
    if (tryLine(middle)) good = middle;
    else bad = middle;
  }
  return best;
}

/** Starts of all lines up to the one of `offset`. */
function lineStartsUpTo(text: string, offset: number): number[] {
  const starts = [0];
  for (let i = 0; i < offset; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

function lastDocumentStart(text: string, starts: readonly number[], before: number): number {
  for (let line = Math.min(before, starts.length) - 1; line > 0; line--) {
    if (text.startsWith('---', starts[line])) return line;
  }
  return 0;
}
