/*
 * js-yaml's events say where values are, not where what surrounds them is. Between two tokens there is only
 * white space, comments and indicators, so these few scans find the rest.
 */

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const HASH = 35;

/** Offset behind white space and comments from `position` on. */
function skipSpace(text: string, position: number): number {
  let at = position;
  while (at < text.length) {
    const c = text.charCodeAt(at);
    if (c === HASH && isCommentStart(text, at)) while (at < text.length && !isLineBreak(text.charCodeAt(at))) at++;
    else if (isWhite(c)) at++;
    else break;
  }
  return at;
}

/** Offset behind the bracket that closes a flow collection whose last entry ends at `position`. */
export function flowEnd(text: string, position: number): number {
  let at = skipSpace(text, position);
  while (at < text.length) {
    const c = text[at];
    at++;
    if (c === ']' || c === '}') return at;
    at = skipSpace(text, at);
  }
  return at;
}

/** Offset behind the indicator of a value that is not written, or behind `---`; `position` when there is none. */
export function markerEnd(text: string, position: number, marker: ':' | '-' | ''): number {
  if (marker === '') return position;
  const at = skipSpace(text, position);
  return text[at] === marker ? at + 1 : position;
}

/** Offset of the `|` or `>` of a block scalar: on the line before its content, behind the last token. */
export function headerStart(text: string, position: number, valueStart: number): number {
  let line = valueStart;
  if (isLineBreak(text.charCodeAt(line - 1))) line--;
  if (text.charCodeAt(line) === LF && text.charCodeAt(line - 1) === CR) line--;
  while (line > 0 && !isLineBreak(text.charCodeAt(line - 1))) line--;
  let at = Math.max(line, position);
  while (at < valueStart && text[at] !== '|' && text[at] !== '>') at++;
  return at;
}

/** Offset behind a block scalar's indicators: `|2-`. */
export function headerEnd(text: string, start: number): number {
  let at = start + 1;
  while (/[0-9+-]/.test(text.charAt(at))) at++;
  return at;
}

/** Offset behind the last character that is not white space; undefined when there is none. */
export function visibleEnd(text: string, start: number, end: number): number | undefined {
  let at = end;
  while (at > start && isWhite(text.charCodeAt(at - 1))) at--;
  return at > start ? at : undefined;
}

function isCommentStart(text: string, at: number): boolean {
  return at === 0 || isWhite(text.charCodeAt(at - 1)) || text.charCodeAt(at - 1) === 0xfeff;
}

function isWhite(c: number): boolean {
  return c === SPACE || c === TAB || c === LF || c === CR;
}

function isLineBreak(c: number): boolean {
  return c === LF || c === CR;
}
