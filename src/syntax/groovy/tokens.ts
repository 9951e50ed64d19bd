import type { SourceRange } from '../../core/index.js';
import { quoteAt, readString } from './strings.js';
import type { GroovyProblem, GroovyString } from './types.js';

/** `end`: of a line, or `;`. Ends of lines inside `(…)` and `[…]` are left out. */
export type TokenType = 'name' | 'number' | 'string' | 'operator' | 'open' | 'close' | 'end';

export interface Token {
  readonly type: TokenType;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly string?: GroovyString;
  /** Of a bracket that opens: index of the token that closes it, or the number of tokens. */
  match: number;
}

/** More tokens than this are not read: ten times what the largest known pipelines have. */
const MAX_TOKENS = 200_000;
const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /\d[\w]*(?:\.\d\w*)?/y;
const OPERATOR = /<=>|==~|\*\*=?|<<=?|>>>?=?|\.\.<?|\?\.|\*\.|\.&|\?:|=~|[=!<>]=|->|&&|\|\||\+\+|--|[-+*/%&|^]=|[-+*/%=<>!~?:,.&|^@#\\]/y;
/** Behind these a slash starts a string. */
const BEFORE_VALUE = new Set(['return', 'in', 'case', 'throw', 'assert', 'else']);

/** The tokens of a text without comments; never throws, linear. */
export function tokenize(text: string, range: SourceRange): { readonly tokens: readonly Token[]; readonly problem?: GroovyProblem } {
  const tokens: Token[] = [];
  const open: number[] = [];
  let problem: GroovyProblem | undefined;
  const wrong = (message: string, at: SourceRange, code: GroovyProblem['code'] = 'groovy-syntax'): void => {
    problem ??= { code, message, range: at };
  };
  const push = (type: TokenType, start: number, end: number, string?: GroovyString): void => {
    tokens.push({ type, text: type === 'string' ? '' : text.slice(start, end), start, end, match: -1, ...(string !== undefined && { string }) });
  };
  let at = range.start;
  if (at === 0 && text.startsWith('#!')) at = lineEnd(text, at, range.end);
  while (at < range.end) {
    if (tokens.length >= MAX_TOKENS) {
      wrong(`the file has more than ${MAX_TOKENS} tokens; the rest is not read`, { start: at, end: range.end }, 'groovy-limit');
      break;
    }
    const character = text[at] as string;
    if (character === '\n') {
      const inner = open.length === 0 ? '{' : (tokens[open.at(-1) as number] as Token).text;
      if (inner === '{' && tokens.at(-1)?.type !== 'end') push('end', at, at + 1);
      at++;
    } else if (character === ';') {
      if (tokens.at(-1)?.type !== 'end') push('end', at, at + 1);
      at++;
    } else if (/\s/.test(character)) {
      at++;
    } else if (character === '/' && text[at + 1] === '/') {
      at = lineEnd(text, at, range.end);
    } else if (character === '/' && text[at + 1] === '*') {
      const end = text.indexOf('*/', at + 2);
      if (end === -1 || end >= range.end) wrong('this comment does not end', { start: at, end: at + 2 });
      at = end === -1 ? range.end : Math.min(range.end, end + 2);
    } else {
      at = readToken(at);
    }
  }
  for (const index of open) {
    const token = tokens[index] as Token;
    token.match = tokens.length;
    wrong(`this \`${token.text}\` is not closed`, token);
  }
  return problem === undefined ? { tokens } : { tokens, problem };

  function readToken(start: number): number {
    const quote = quoteAt(text, start, startsValue(tokens.at(-1)) && closesOnLine(text, start, range.end));
    if (quote !== undefined) {
      const string = readString(text, start, quote);
      if (!string.closed) wrong('this text does not end', { start, end: start + quote.length });
      push('string', start, Math.min(string.range.end, range.end), string);
      return Math.max(start + 1, string.range.end);
    }
    const character = text[start] as string;
    if (Object.hasOwn(CLOSES, character)) {
      open.push(tokens.length);
      push('open', start, start + 1);
      return start + 1;
    }
    if (character === ')' || character === ']' || character === '}') {
      close(character, start);
      return start + 1;
    }
    for (const [type, pattern] of [['name', NAME], ['number', NUMBER], ['operator', OPERATOR]] as const) {
      pattern.lastIndex = start;
      const found = pattern.exec(text)?.[0];
      if (found === undefined) continue;
      push(type, start, start + found.length);
      return start + found.length;
    }
    return start + 1;
  }

  /** Closes the nearest bracket of its kind; those in between were left open. */
  function close(character: string, start: number): void {
    const kindOf = (index: number): string | undefined => CLOSES[(tokens[index] as Token).text];
    const { length } = open;
    // A bracket that closes nothing is looked for among the nearest ones only, so that time stays linear.
    let depth = length - 1;
    while (depth >= 0 && depth > length - 20 && kindOf(open[depth] as number) !== character) depth--;
    if (depth < 0 || kindOf(open[depth] as number) !== character) {
      wrong(`this \`${character}\` closes nothing`, { start, end: start + 1 });
      return;
    }
    for (const index of open.splice(depth)) {
      const token = tokens[index] as Token;
      token.match = tokens.length;
      if (kindOf(index) !== character) wrong(`this \`${token.text}\` is not closed`, token);
    }
    push('close', start, start + 1);
  }
}

function lineEnd(text: string, at: number, end: number): number {
  const found = text.indexOf('\n', at);
  return found === -1 ? end : Math.min(end, found);
}

/** Whether a value can start behind a token: a slash is then no division. */
function startsValue(before: Token | undefined): boolean {
  if (before === undefined || before.type === 'end' || before.type === 'open') return true;
  return before.type === 'operator' ? before.text !== '++' && before.text !== '--' : before.type === 'name' && BEFORE_VALUE.has(before.text);
}

/** Whether another slash follows on the line. Only asked behind an operator, which keeps time linear on ordinary text. */
function closesOnLine(text: string, at: number, end: number): boolean {
  if (text[at] !== '/') return false;
  const next = text.indexOf('/', at + 1);
  return next !== -1 && next < end && next - at < 2_000 && !text.slice(at, next).includes('\n');
}
