import { Binary, ContextAccess, type Expr, FunctionCall, Grouping, IndexAccess, Literal, Logical, Star, Unary } from '@actions/expressions/ast';
import { Lexer, type Token, TokenType } from '@actions/expressions/lexer';
import { Parser } from '@actions/expressions/parser';
import type { SourceRange } from '../core/index.js';

/*
 * GitHub's `${{ … }}` expressions. The grammar is GitHub's own (`@actions/expressions`, the parser
 * of its language server); this file finds the expressions in a text and gives the tree offsets.
 * Reference: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 */

/** A part of an expression. Ranges are offsets in the expression's text. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null; readonly range: SourceRange }
  | ContextExpression
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly range: SourceRange }
  | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression | '*'; readonly range: SourceRange }
  | { readonly kind: 'not'; readonly operand: Expression; readonly range: SourceRange }
  | {
      readonly kind: 'compare';
      readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>=';
      readonly left: Expression;
      readonly right: Expression;
      readonly range: SourceRange;
    }
  | { readonly kind: 'and' | 'or'; readonly args: readonly Expression[]; readonly range: SourceRange };

/** `github.event.commits[0].message`: a context and everything that is selected from it. */
export interface ContextExpression {
  readonly kind: 'context';
  /**
   * For people and tables: dotted, with brackets only where the index is no name:
   * `github['event'].x` is `github.event.x`, then `commits[0]`, `pages.*`, `secrets[matrix.name]`.
   */
  readonly path: string;
  /** Lower case, since GitHub looks names up without regard to case; `*` for wildcards and computed indexes. */
  readonly segments: readonly string[];
  /** The computed indexes, such as `matrix.name` in `secrets[matrix.name]`. */
  readonly dynamic: readonly Expression[];
  readonly range: SourceRange;
}

/** What was wrong with an expression; the platform refuses to run such a file. */
export interface ExpressionProblem {
  readonly code: 'expression-unterminated' | 'expression-syntax' | 'expression-limit';
  readonly message: string;
  readonly range: SourceRange;
}

/** An expression without its delimiters. Shared between equal texts: never changed. */
export interface ParsedExpression {
  readonly text: string;
  /** Absent when it could not be parsed. */
  readonly root?: Expression;
  readonly problem?: ExpressionProblem;
  /** Every context access, also those inside indexes and conditions, in order of writing. Kept as well as possible when parsing fails. */
  readonly contexts: readonly ContextExpression[];
  /** Names of the functions called, lower case. */
  readonly functions: readonly string[];
}

/** One `${{ … }}` of a text. */
export interface TemplateExpression {
  /** In the searched text, delimiters included. */
  readonly outer: SourceRange;
  /** In the searched text, delimiters excluded; ranges inside `expression` are relative to its start. */
  readonly inner: SourceRange;
  readonly expression: ParsedExpression;
}

/** All expressions of a text. */
export interface Template {
  readonly expressions: readonly TemplateExpression[];
  readonly problems: readonly ExpressionProblem[];
  /** The text is one expression and nothing else, so that its value keeps its type. */
  readonly whole: boolean;
}

const OPEN = '${{';
/** Upper bound of expressions read from one text; GitHub's own limits on file size lie far below. */
const MAX_EXPRESSIONS = 5_000;
/** Nesting of chains such as `a == b == c` that the parser itself does not bound. */
const MAX_DEPTH = 200;
const CACHE_ENTRIES = 4_096;
const CACHE_TEXT = 200;

const EMPTY: Template = Object.freeze({ expressions: [], problems: [], whole: false });

/**
 * The `${{ … }}` of a decoded string, in order. As in GitHub's template reader an expression ends
 * at the first `}}` outside single quotes, and one without an end makes the rest of the text plain.
 * Never throws; time grows linearly with the text.
 */
export function readTemplate(text: string): Template {
  let open = text.indexOf(OPEN);
  if (open < 0) return EMPTY;
  const expressions: TemplateExpression[] = [];
  const problems: ExpressionProblem[] = [];
  while (open >= 0) {
    const start = open + OPEN.length;
    const close = closing(text, start);
    if (close < 0) {
      problems.push({
        code: 'expression-unterminated',
        message: 'The expression is not closed: `}}` is missing.',
        range: { start: open, end: text.length },
      });
      break;
    }
    if (expressions.length === MAX_EXPRESSIONS) {
      problems.push({
        code: 'expression-limit',
        message: `More than ${MAX_EXPRESSIONS} expressions in one text; the rest is not read.`,
        range: { start: open, end: text.length },
      });
      break;
    }
    const inner = { start, end: close };
    const expression = parseExpression(text.slice(start, close));
    expressions.push({ outer: { start: open, end: close + 2 }, inner, expression });
    if (expression.problem) {
      const { range } = expression.problem;
      problems.push({ ...expression.problem, range: { start: start + range.start, end: start + range.end } });
    }
    open = text.indexOf(OPEN, close + 2);
  }
  const only = expressions.length === 1 ? expressions[0] : undefined;
  return { expressions, problems, whole: only !== undefined && only.outer.start === 0 && only.outer.end === text.length };
}

/** True when the text has an expression; much cheaper than reading it. */
export function hasExpression(text: string): boolean {
  return text.includes(OPEN);
}

/** Offset of the first `}}` outside single quotes, or -1. */
function closing(text: string, from: number): number {
  let quoted = false;
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 39) quoted = !quoted;
    else if (c === 125 && !quoted && text.charCodeAt(i + 1) === 125) return i;
  }
  return -1;
}

const cache = new Map<string, ParsedExpression>();

/**
 * Parses the inside of `${{ … }}`, or an `if:` without them. Never throws. Functions and contexts
 * that this version of the grammar does not know are accepted. What GitHub itself would refuse
 * (syntax, more than 21,000 characters, nesting over 50) gives a problem and the contexts that
 * can be recognised without a tree.
 */
export function parseExpression(text: string): ParsedExpression {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const parsed = parse(text);
  if (text.length <= CACHE_TEXT) {
    // Starting over is cheaper than keeping an order, and bounds the memory just as well.
    if (cache.size >= CACHE_ENTRIES) cache.clear();
    cache.set(text, parsed);
  }
  return parsed;
}

function parse(text: string): ParsedExpression {
  try {
    const tokens = new Lexer(text).lex().tokens;
    const tree = new Parser(tokens, contextNames(tokens), unknownFunctions(tokens)).parse() as Expr | undefined;
    // An empty expression is legal nowhere, and the parser answers it with nothing.
    if (tree === undefined) return failure(text, 'The expression is empty.');
    const reader: Reader = { text, tokens, offsets: tokenOffsets(text, tokens), contexts: [], functions: [], depth: 0 };
    const { node } = convert(tree, 0, reader);
    return { text, root: node, contexts: reader.contexts, functions: reader.functions };
  } catch (error) {
    return failure(text, describe(error));
  }
}

/** One line, without the copy of the whole expression that the parser appends. */
function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const cut = message.indexOf('. Located at');
  const line = (cut < 0 ? message : message.slice(0, cut)).replace(/\s+/g, ' ').slice(0, 160);
  return line === 'ErrorExceededMaxLength' ? 'The expression is longer than 21,000 characters.' : line.endsWith('.') ? line : `${line}.`;
}

// Starts at the start of a word only, so that time stays linear.
const FALLBACK_PATH = /(?<![\w.-])[A-Za-z_][\w-]*(?:\.(?:[A-Za-z_][\w-]*|\*))+/g;
const FALLBACK_LENGTH = 100_000;

/** Dotted names outside quotes, when there is no tree. */
function failure(text: string, message: string): ParsedExpression {
  const contexts: ContextExpression[] = [];
  const visible = text.slice(0, FALLBACK_LENGTH).replace(/'[^']*'/g, (quoted) => ' '.repeat(quoted.length));
  for (const match of visible.matchAll(FALLBACK_PATH)) {
    const path = match[0];
    contexts.push({
      kind: 'context',
      path,
      segments: path.toLowerCase().split('.'),
      dynamic: [],
      range: { start: match.index, end: match.index + path.length },
    });
  }
  return { text, contexts, functions: [], problem: { code: 'expression-syntax', message, range: { start: 0, end: text.length } } };
}

/** Every name that is used as a context, so that none is unknown to the parser. */
function contextNames(tokens: readonly Token[]): string[] {
  const names: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i]?.type === TokenType.IDENTIFIER && tokens[i - 1]?.type !== TokenType.DOT && tokens[i + 1]?.type !== TokenType.LEFT_PAREN) {
      names.push((tokens[i] as Token).lexeme);
    }
  }
  return names;
}

/** Every name that is called. Built-in functions keep their own arity: the parser looks them up first. */
function unknownFunctions(tokens: readonly Token[]): { name: string; minArgs: number; maxArgs: number }[] {
  const functions: { name: string; minArgs: number; maxArgs: number }[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i]?.type === TokenType.IDENTIFIER && tokens[i + 1]?.type === TokenType.LEFT_PAREN) {
      functions.push({ name: (tokens[i] as Token).lexeme, minArgs: 0, maxArgs: Number.MAX_SAFE_INTEGER });
    }
  }
  return functions;
}

/**
 * Where each token starts. The lexer's own columns are wrong behind a string with a line break,
 * so this walks: between tokens there is nothing but blanks.
 */
function tokenOffsets(text: string, tokens: readonly Token[]): number[] {
  const offsets: number[] = [];
  let at = 0;
  for (const token of tokens) {
    for (let c = text.charCodeAt(at); c === 32 || c === 9 || c === 10 || c === 13; c = text.charCodeAt(++at));
    offsets.push(at);
    at += token.lexeme.length;
  }
  return offsets;
}

interface Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly offsets: readonly number[];
  readonly contexts: ContextExpression[];
  readonly functions: string[];
  depth: number;
}

/** A node and the index of its last token. */
interface Converted {
  readonly node: Expression;
  readonly last: number;
}

/** Converts a tree whose first token has the index `first`; the parser's nodes carry no end, but their tokens are in order. */
function convert(tree: Expr, first: number, reader: Reader): Converted {
  if (++reader.depth > MAX_DEPTH) throw new Error('The expression is nested too deeply.');
  const converted = convertNode(tree, first, reader);
  reader.depth--;
  return converted;
}

function convertNode(tree: Expr, first: number, reader: Reader): Converted {
  if (tree instanceof Literal) return { node: { kind: 'literal', value: literalValue(tree.token), range: span(reader, first, first) }, last: first };
  if (tree instanceof ContextAccess || tree instanceof IndexAccess) return convertAccess(tree, first, reader);
  if (tree instanceof FunctionCall) return convertCall(tree, first, reader);
  if (tree instanceof Grouping) {
    const inner = convert(tree.group, first + 1, reader);
    return { node: inner.node, last: inner.last + 1 };
  }
  if (tree instanceof Unary) {
    const operand = convert(tree.expr, first + 1, reader);
    return { node: { kind: 'not', operand: operand.node, range: span(reader, first, operand.last) }, last: operand.last };
  }
  if (tree instanceof Binary) {
    const left = convert(tree.left, first, reader);
    const right = convert(tree.right, left.last + 2, reader);
    const operator = tree.operator.lexeme as '==' | '!=' | '<' | '<=' | '>' | '>=';
    return { node: { kind: 'compare', operator, left: left.node, right: right.node, range: span(reader, first, right.last) }, last: right.last };
  }
  if (tree instanceof Logical) {
    const args: Expression[] = [];
    let last = first - 2;
    for (const arg of tree.args) {
      const converted = convert(arg, last + 2, reader);
      args.push(converted.node);
      last = converted.last;
    }
    const kind = tree.operator.type === TokenType.AND ? 'and' : 'or';
    return { node: { kind, args, range: span(reader, first, last) }, last };
  }
  throw new Error('The expression has a part of an unknown kind.');
}

function convertCall(tree: FunctionCall, first: number, reader: Reader): Converted {
  const name = tree.functionName.lexeme.toLowerCase();
  reader.functions.push(name);
  const args: Expression[] = [];
  // name ( arg , arg )
  let last = first + 1;
  for (const arg of tree.args) {
    const converted = convert(arg, last + 1, reader);
    args.push(converted.node);
    last = converted.last;
    if (reader.tokens[last + 1]?.type === TokenType.COMMA) last++;
  }
  last++;
  return { node: { kind: 'call', name, args, range: span(reader, first, last) }, last };
}

/** `a.b['c'][0].*`, from a context or from the result of a function or group. */
function convertAccess(tree: ContextAccess | IndexAccess, first: number, reader: Reader): Converted {
  const selectors: Expr[] = [];
  let base: Expr = tree;
  while (base instanceof IndexAccess) {
    selectors.push(base.index);
    base = base.expr;
  }
  selectors.reverse();
  if (base instanceof ContextAccess) return convertContext(base, selectors, first, reader);
  let { node, last } = convert(base, first, reader);
  for (const selector of selectors) {
    const step = convertSelector(selector, last, reader);
    last = step.last;
    node = { kind: 'index', of: node, index: step.index, range: span(reader, first, last) };
  }
  return { node, last };
}

function convertContext(base: ContextAccess, selectors: readonly Expr[], first: number, reader: Reader): Converted {
  // Reserved now, so that contexts inside an index come behind the one that they select from.
  const place = reader.contexts.length;
  reader.contexts.push(undefined as unknown as ContextExpression);
  let path = base.name.lexeme;
  const segments = [path.toLowerCase()];
  const dynamic: Expression[] = [];
  let last = first;
  for (const selector of selectors) {
    const step = convertSelector(selector, last, reader);
    last = step.last;
    if (step.index === '*') {
      path += '.*';
      segments.push('*');
    } else if (step.index.kind === 'literal') {
      const name = String(step.index.value);
      segments.push(name.toLowerCase());
      if (typeof step.index.value === 'string') path += NAME.test(name) ? `.${name}` : `['${name}']`;
      else path += `[${name}]`;
    } else {
      path += `[${reader.text.slice(step.index.range.start, step.index.range.end)}]`;
      segments.push('*');
      dynamic.push(step.index);
    }
  }
  const node: ContextExpression = { kind: 'context', path, segments, dynamic, range: span(reader, first, last) };
  reader.contexts[place] = node;
  return { node, last };
}

const NAME = /^[A-Za-z_][\w-]*$/;

/** The selector behind the token `last`: `.name`, `.*`, `[*]` or `[expression]`. */
function convertSelector(selector: Expr, last: number, reader: Reader): { index: Expression | '*'; last: number } {
  const bracket = reader.tokens[last + 1]?.type === TokenType.LEFT_BRACKET;
  if (selector instanceof Star) return { index: '*', last: last + (bracket ? 3 : 2) };
  if (!bracket) {
    const at = last + 2;
    const name = reader.tokens[at]?.lexeme ?? '';
    return { index: { kind: 'literal', value: name, range: span(reader, at, at) }, last: at };
  }
  const converted = convert(selector, last + 2, reader);
  return { index: converted.node, last: converted.last + 1 };
}

/** From the start of one token to the end of another. */
function span(reader: Reader, first: number, last: number): SourceRange {
  return {
    start: reader.offsets[first] ?? 0,
    end: (reader.offsets[last] ?? 0) + (reader.tokens[last]?.lexeme.length ?? 0),
  };
}

/** The lexer undoubles only the first `''` of a string, so the value is taken from the text. */
function literalValue(token: Token): string | number | boolean | null {
  switch (token.type) {
    case TokenType.STRING:
      return token.lexeme.slice(1, -1).replaceAll("''", "'");
    case TokenType.TRUE:
      return true;
    case TokenType.FALSE:
      return false;
    case TokenType.NULL:
      return null;
    default:
      return typeof token.value === 'number' ? token.value : token.lexeme;
  }
}
