import { piecedText, type TextPiece } from '../located-text.js';
import type { GroovyInterpolation, GroovyString } from './types.js';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
/** Strings inside interpolations inside strings are read to this depth; deeper ones have no interpolations. */
const MAX_DEPTH = 6;
const NAME_START = /[A-Za-z_]/;
const DOTTED = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y;

/** The delimiter of a string that starts here; undefined where none does. A slash is a string only where the caller says so. */
export function quoteAt(text: string, at: number, slashy: boolean): GroovyString['quote'] | undefined {
  const first = text[at];
  if (first === "'" || first === '"') return text.startsWith(first.repeat(3), at) ? (first === "'" ? "'''" : '"""') : first;
  if (first === '$' && text[at + 1] === '/') return '$/';
  if (first === '/' && slashy) return '/';
  return undefined;
}

/**
 * Reads the string that starts at an offset. Linear: a string that does not end ends at the end of its line, or of the
 * text where it may have several lines.
 * https://groovy-lang.org/syntax.html#all-strings
 */
export function readString(text: string, start: number, quote: GroovyString['quote'], depth = 0): GroovyString {
  const closing = quote === '$/' ? '/$' : quote;
  const oneLine = quote === "'" || quote === '"' || quote === '/';
  const interpolates = quote !== "'" && quote !== "'''" && depth < MAX_DEPTH;
  const pieces: TextPiece[] = [];
  const interpolations: GroovyInterpolation[] = [];
  let length = 0;
  let from = start + quote.length;
  let at = from;
  const flush = (): void => {
    if (at > from) pieces.push({ text: text.slice(from, at), range: { start: from, end: at } });
    length += at - from;
  };
  const replace = (by: string, size: number): void => {
    flush();
    pieces.push({ text: by, range: { start: at, end: at + size } });
    length += by.length;
    at += size;
    from = at;
  };
  let closed = false;
  while (at < text.length) {
    const character = text[at] as string;
    if (text.startsWith(closing, at) && !(quote === '$/' && text[at - 1] === '$' && text[at - 2] === '$')) {
      closed = true;
      break;
    }
    if (oneLine && (character === '\n' || character === '\r')) break;
    if (character === '\\' && quote !== '$/') {
      const [decoded, size] = escapeAt(text, at, quote === '/');
      if (size > 0) {
        replace(decoded, size);
        continue;
      }
    } else if (character === '$' && quote === '$/' && (text[at + 1] === '$' || text[at + 1] === '/')) {
      replace(text[at + 1] as string, 2);
      continue;
    } else if (character === '$' && interpolates) {
      const found = interpolationAt(text, at, oneLine, depth);
      if (found !== undefined) {
        const inDecoded = length + at - from;
        interpolations.push({ range: { start: inDecoded, end: inDecoded + found.end - at }, expression: text.slice(found.inside.start, found.inside.end), source: found.inside });
        at = found.end;
        continue;
      }
    }
    at++;
  }
  flush();
  const end = closed ? at + closing.length : at;
  return { kind: 'string', range: { start, end }, quote, content: piecedText(pieces, { start, end }), interpolations, closed };
}

/** The decoded character of an escape and its length in the file; length 0 where the backslash stands for itself. */
function escapeAt(text: string, at: number, slashy: boolean): readonly [string, number] {
  const next = text[at + 1];
  if (next === undefined) return ['', 0];
  if (slashy) return next === '/' ? ['/', 2] : ['', 0];
  if (next === '\n') return ['', 2];
  if (next === '\r') return ['', text[at + 2] === '\n' ? 3 : 2];
  if (next === 'u') {
    const digits = text.slice(at + 2, at + 6);
    return /^[\da-fA-F]{4}$/.test(digits) ? [String.fromCharCode(Number.parseInt(digits, 16)), 6] : ['', 0];
  }
  return [ESCAPES[next] ?? next, 2];
}

function interpolationAt(text: string, at: number, oneLine: boolean, depth: number): { readonly end: number; readonly inside: { readonly start: number; readonly end: number } } | undefined {
  const next = text[at + 1];
  if (next === undefined) return undefined;
  if (next !== '{') {
    if (!NAME_START.test(next)) return undefined;
    DOTTED.lastIndex = at + 1;
    const end = at + 1 + (DOTTED.exec(text)?.[0].length ?? 0);
    return { end, inside: { start: at + 1, end } };
  }
  let open = 1;
  let i = at + 2;
  while (i < text.length) {
    const character = text[i] as string;
    if (oneLine && (character === '\n' || character === '\r')) break;
    if (character === "'" || character === '"') {
      const quote = quoteAt(text, i, false) as GroovyString['quote'];
      // Inside a string of one line the quotes of three characters are two strings: an empty one and the next.
      i = readString(text, i, oneLine ? (character as '"' | "'") : quote, depth + 1).range.end;
      continue;
    }
    if (character === '{') open++;
    else if (character === '}' && --open === 0) return { end: i + 1, inside: { start: at + 2, end: i } };
    i++;
  }
  return { end: i, inside: { start: at + 2, end: i } };
}
