import type { SourceRange } from '../../../core/index.js';
import { blankText, type LocatedText } from '../../../syntax/located-text.js';

const PROMPT = /^([ \t]*(?:[\w.-]{1,50}@[\w.-]{1,100}[:~\w/ .-]{0,100})?(?:\$|\$>|%|➜|❯)[ \t]+|[ \t]*>[ \t]+|[ \t]*PS [A-Z]:\\[^>\n]{0,200}>[ \t]*)/;
const ROOT_PROMPT = /^[ \t]*(?:[\w.-]{1,50}@[\w.-]{1,100}[^#\n]{0,100})?#[ \t]+/;

/**
 * The commands of a terminal session: prompts are blanked, and where a block has prompts, lines without one are
 * output and blanked too, but for those that continue a command.
 * @param session the block is marked as a terminal session, so that `# ` is root's prompt
 */
export function withoutPrompts(code: LocatedText, session: boolean): LocatedText {
  const { text } = code;
  if (!/^[ \t]*(?:[\w.-]+@[\w.-]+[^\n$#%]{0,100})?[$%➜❯>][ \t>]/m.test(text) && !session) return code;
  const lines = linesOf(text);
  const prompted = lines.map(({ start, end }) => {
    const line = text.slice(start, end);
    return (PROMPT.exec(line) ?? (session ? ROOT_PROMPT.exec(line) : null))?.[0].length ?? 0;
  });
  if (!prompted.some((length) => length > 0)) return code;
  const blanks: SourceRange[] = [];
  let continued = false;
  lines.forEach(({ start, end }, index) => {
    const length = prompted[index] as number;
    if (length > 0) blanks.push({ start, end: start + length });
    else if (!continued && end > start) blanks.push({ start, end });
    continued = (length > 0 || continued) && text.slice(start, end).endsWith('\\');
  });
  return blankText(code, blanks);
}

function linesOf(text: string): SourceRange[] {
  const lines: SourceRange[] = [];
  let start = 0;
  for (let end = text.indexOf('\n'); ; end = text.indexOf('\n', start)) {
    lines.push({ start, end: end === -1 ? text.length : end });
    if (end === -1) return lines;
    start = end + 1;
  }
}
