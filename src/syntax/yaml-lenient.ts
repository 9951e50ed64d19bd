/** Every joined line costs a parse: at most so many characters are parsed again for one text. */
export const MAX_REPARSED = 20_000_000;

const CLOSERS = ']},';
const OPENERS = '[{,';

/**
 * The standard wants every line of a flow collection indented further than what holds it, but the parsers of the
 * platforms (libyaml, YamlDotNet, go-yaml) don't, and people write
 *
 *     needs: [
 *       build,
 *     ]
 *
 * Given the offset at which a line is not indented enough, gives the text with that line joined to the one before it:
 * the line end, and a comment before it, become spaces, so that every offset stays what it was. Undefined where the
 * line is no part of a flow collection.
 */
export function joinFlowLine(text: string, offset: number): string | undefined {
  let lineStart = offset;
  while (lineStart > 0 && isBlank(text.charCodeAt(lineStart - 1))) lineStart--;
  if (lineStart === 0 || !isLineEnd(text.charCodeAt(lineStart - 1))) return undefined;
  const from = significantEnd(text, lineStart);
  if (from === 0) return undefined;
  if (!CLOSERS.includes(text.charAt(offset)) && !OPENERS.includes(text.charAt(from - 1))) return undefined;
  return `${text.slice(0, from)}${' '.repeat(lineStart - from)}${text.slice(lineStart)}`;
}

/** Offset behind the last character before `end` that is neither white space nor in a comment of a line that has its own. */
function significantEnd(text: string, end: number): number {
  let at = end;
  for (;;) {
    while (at > 0 && (isBlank(text.charCodeAt(at - 1)) || isLineEnd(text.charCodeAt(at - 1)))) at--;
    let lineStart = at;
    while (lineStart > 0 && !isLineEnd(text.charCodeAt(lineStart - 1))) lineStart--;
    const comment = commentStart(text, lineStart, at);
    if (comment === undefined) return at;
    at = comment;
  }
}

/** Where the comment of a line starts; one that stands behind a quote is left to the parser's judgement. */
function commentStart(text: string, lineStart: number, lineEnd: number): number | undefined {
  for (let at = lineStart; at < lineEnd; at++) {
    const c = text.charAt(at);
    if (c === '"' || c === "'") return undefined;
    if (c === '#' && (at === lineStart || isBlank(text.charCodeAt(at - 1)))) return at;
  }
  return undefined;
}

function isBlank(c: number): boolean {
  return c === 32 || c === 9;
}

function isLineEnd(c: number): boolean {
  return c === 10 || c === 13;
}
