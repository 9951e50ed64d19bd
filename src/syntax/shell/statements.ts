/*
 * Where a script can be cut so that each piece parses as it would in the whole. Nothing is parsed here: lines
 * are recognised by regular expressions, and a line that is not recognised makes the rest one piece.
 * `test/syntax/shell/statements.test.ts` compares trees of pieces with trees of wholes.
 */

/**
 * One piece of a line that can't reach beyond it: blanks, a quoted string with plain expansions, an expansion,
 * an operator, or characters that mean nothing outside of words. Backslashes, backquotes, braces, comments behind
 * commands and substitutions in quotes are left out. `(?!\w)` keeps names whole, so that a quote without end costs no more than its length.
 */
const TOKEN =
  /[ \t]+|("(?:[^"\\`$\n]|\$[A-Za-z_]\w*(?!\w)|\$[@*#?0-9]|\$\{[A-Za-z_]\w*(?:[-:#%/,^+][^{}"'\\`$\n]*)?\})*"|'[^'\n]*'|\$\{[A-Za-z_]\w*(?:[-:#%/,^+][^{}"'\\`$\n]*)?\}|\$[A-Za-z_]\w*(?!\w)|\$[@*#?0-9]|[^\s"'$\\`(){}<>|&;#]+|(?<=[^\s|&;()])#|[0-9]?>&[0-9])|(\$?\()|(\))|(&&|\|\||\|&?|;)|([0-9]?&?>>?)|<<(['"]?)(\w+)\6(?![\w'"-])|(<)(?![<(&])/y;

const OPENERS = new Set(['if', 'for', 'while', 'until']);
const CLOSERS = new Set(['fi', 'done']);
/** Behind these stands a command again. */
const LEADERS = new Set(['then', 'else', 'elif', 'do', '!', ...OPENERS]);
/** Words that begin what is not recognised here when they name a command. */
const OTHERS = new Set(['case', 'esac', 'function', 'select', 'coproc', 'time', 'in']);

/** What one line does to what is open around it; undefined when that can't be told. */
interface Line {
  /** Compound commands that it opens, less those that it closes. */
  readonly opened: number;
  /** Delimiter of the here-document that begins behind it. */
  readonly heredoc: string | undefined;
}

const COMMENT = /^[ \t]*#/;
const BLANK = /^[ \t]*$/;
const NOTHING: Line = { opened: 0, heredoc: undefined };

function readLine(line: string): Line | undefined {
  if (BLANK.test(line) || COMMENT.test(line)) return NOTHING;
  let opened = 0;
  let parentheses = 0;
  let tests = 0;
  let heredoc: string | undefined;
  let commandNext = true;
  let open = false;
  let glued = '';
  for (let at = 0; at < line.length; ) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(line);
    if (token === null) return undefined;
    at = TOKEN.lastIndex;
    const [text, word, opening, closing, operator, redirect, , delimiter, input] = token;
    if (word !== undefined) {
      // Words may be made of several tokens; what they are together decides.
      glued += word;
      open = false;
      continue;
    }
    if (glued !== '') {
      if (commandNext) {
        if (OTHERS.has(glued)) return undefined;
        if (OPENERS.has(glued)) opened++;
        else if (CLOSERS.has(glued)) opened--;
        commandNext = LEADERS.has(glued);
      }
      if (glued === '[[') tests++;
      else if (glued === ']]') tests--;
    }
    // `name=(` and `name(` are an array and a function.
    if (opening === '(' && glued !== '') return undefined;
    // `a$(b)c` is one word; that it goes on does not matter here.
    glued = '';
    if (opening !== undefined) {
      parentheses++;
      commandNext = true;
    } else if (closing !== undefined) {
      if (--parentheses < 0) return undefined;
      commandNext = false;
    } else if (operator !== undefined) {
      commandNext = true;
      open = operator !== ';';
    } else if (delimiter !== undefined) {
      if (heredoc !== undefined || parentheses > 0) return undefined;
      heredoc = delimiter;
    } else if (redirect !== undefined || input !== undefined) {
      open = true;
    } else if (text === '') return undefined;
  }
  if (glued !== '') {
    if (commandNext) {
      if (OTHERS.has(glued)) return undefined;
      if (OPENERS.has(glued)) opened++;
      else if (CLOSERS.has(glued)) opened--;
    }
    if (glued === ']]') tests--;
    if (glued === '[[') tests++;
  }
  // `a |` goes on in the next line.
  return parentheses !== 0 || tests !== 0 || open ? undefined : { opened, heredoc };
}

/** Texts with more lines are one piece. */
const MAX_LINES = 2_000;

/**
 * Offsets between which pieces of a script lie, the first 0. Every piece is made of whole statements that stand
 * at top level, with their line ends; what lies behind the last offset, if anything, is not recognised.
 */
export function statementBounds(script: string): readonly number[] {
  const bounds = [0];
  let depth = 0;
  let at = 0;
  for (let count = 0; at < script.length && count < MAX_LINES; count++) {
    const end = script.indexOf('\n', at);
    if (end < 0) break;
    const line = readLine(script.slice(at, end));
    if (line === undefined) break;
    depth += line.opened;
    if (depth < 0) break;
    at = end + 1;
    if (line.heredoc !== undefined) {
      const close = closingLine(script, at, line.heredoc);
      if (close < 0) break;
      at = close;
    }
    if (depth === 0) bounds.push(at);
  }
  return bounds;
}

/** Where the line behind a here-document's delimiter begins; -1 where it is not closed by a line that another follows. */
function closingLine(script: string, from: number, delimiter: string): number {
  for (let at = from; at < script.length; ) {
    const end = script.indexOf('\n', at);
    if (end < 0) return -1;
    if (end - at === delimiter.length && script.startsWith(delimiter, at)) return end + 1;
    at = end + 1;
  }
  return -1;
}
