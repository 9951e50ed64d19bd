import type { SourceRange } from '../../core/index.js';
import { tokenize, type Token } from './tokens.js';
import type { GroovyArgument, GroovyClosure, GroovyNode, GroovyProblem, GroovyScript, GroovyStatement } from './types.js';

/** Longer texts are not parsed. */
export const MAX_GROOVY_TEXT = 1_000_000;
/** Nesting beyond this is left out. */
const MAX_DEPTH = 200;
const MODIFIERS = new Set(['def', 'final', 'private', 'public', 'protected', 'static', 'transient', 'synchronized', 'abstract', 'var']);
const TESTED = new Set(['if', 'while', 'for', 'switch', 'catch']);
const BLOCKS = new Set(['else', 'try', 'finally', 'do']);
const WORD_OPERATORS = new Set(['in', 'instanceof', 'as']);
const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '<<=', '|=', '&=', '**=']);
/** A line that starts with one of these goes on with the one before. */
const CONTINUES = new Set(['.', '?.', '*.', '?', ':', '&&', '||', '?:']);

/**
 * Reads Groovy as pipelines use it. Tolerant: of broken text it gives what can be read and the first problem.
 * Never throws; linear in the text.
 */
export function parseGroovy(text: string): GroovyScript {
  if (text.length > MAX_GROOVY_TEXT) return { statements: [], problem: { code: 'groovy-limit', message: `the file is longer than ${MAX_GROOVY_TEXT} characters`, range: { start: 0, end: 0 } } };
  return parsePart(text, { start: 0, end: text.length });
}

/** The expression that stands in a part of a text, such as the inside of an interpolation. */
export function parseExpression(text: string, part: SourceRange): GroovyNode | undefined {
  const [statement] = parsePart(text, part).statements;
  return statement?.kind === 'expression' ? statement.node : undefined;
}

function parsePart(text: string, part: SourceRange): GroovyScript {
  const { tokens, problem: wrong } = tokenize(text, part);
  let problem: GroovyProblem | undefined = wrong;
  let at = 0;
  let depth = 0;
  const statements = statementsUntil(tokens.length);
  return problem === undefined ? { statements } : { statements, problem };

  function peek(offset = 0): Token | undefined {
    return tokens[at + offset];
  }

  function is(token: Token | undefined, value: string): boolean {
    return token !== undefined && token.type !== 'string' && token.text === value;
  }

  function statementsUntil(end: number): GroovyStatement[] {
    const found: GroovyStatement[] = [];
    while (at < end) {
      if (peek()?.type === 'end') {
        at++;
        continue;
      }
      const before = at;
      const one = statement(end);
      if (one !== undefined) found.push(one);
      // Whatever can not start a statement is passed over.
      if (at === before) at++;
    }
    at = Math.min(Math.max(at, end), tokens.length);
    return found;
  }

  function statement(end: number): GroovyStatement | undefined {
    const first = peek() as Token;
    if (is(first, '@')) return annotation(end);
    if (first.type === 'name') {
      if (first.text === 'import' || first.text === 'package') {
        while (at < end && peek()?.type !== 'end') at++;
        return undefined;
      }
      if (TESTED.has(first.text) && is(peek(1), '(')) return control(first, end);
      if (BLOCKS.has(first.text)) return control(first, end);
      if (first.text === 'return' || first.text === 'throw' || first.text === 'assert' || first.text === 'case') {
        at++;
        if (at >= end || peek()?.type === 'end') return undefined;
      }
    }
    return declaration(end) ?? (at < end ? simple(end) : undefined);
  }

  function annotation(end: number): GroovyStatement | undefined {
    const start = (peek() as Token).start;
    at++;
    const name = peek();
    if (name?.type !== 'name' || at >= end) return undefined;
    at++;
    let last = name.end;
    let args: GroovyArgument[] = [];
    const next = peek();
    if (next !== undefined && is(next, '(') && at < end) {
      args = bracketed();
      last = lastEnd();
    }
    // `@Library('x') _`: the underscore is what the annotation stands on.
    if (is(peek(), '_')) at++;
    return { kind: 'annotation', name: name.text, args, range: { start, end: last } };
  }

  function control(keyword: Token, end: number): GroovyStatement {
    at++;
    const next = peek();
    const tested = next !== undefined && at < end && TESTED.has(keyword.text) && is(next, '(') ? bracketed() : [];
    skipEnds(end);
    const body: GroovyStatement[] = [];
    const opening = peek();
    if (opening !== undefined && at < end) {
      if (is(opening, '{')) body.push(...closure().statements);
      else if (depth < MAX_DEPTH) {
        depth++;
        const one = statement(end);
        depth--;
        if (one !== undefined) body.push(one);
      }
    }
    return { kind: 'control', keyword: keyword.text, keywordRange: rangeOf(keyword), tested, body, range: { start: keyword.start, end: lastEnd() } };
  }

  /** Ends of lines in front of a body. */
  function skipEnds(end: number): void {
    while (at < end && peek()?.type === 'end') at++;
  }

  /** `def x = …`, `String x`, `def f(a) { … }`; undefined, with nothing read, where it is none. */
  function declaration(end: number): GroovyStatement | undefined {
    const start = at;
    let i = at;
    while (i < end && MODIFIERS.has((tokens[i] as Token).text) && tokens[i]?.type === 'name') i++;
    const modified = i > start;
    // A type in front of the name, with its generics and brackets.
    if (tokens[i]?.type === 'name' && i < end) {
      let k = i + 1;
      while (is(tokens[k], '.') && tokens[k + 1]?.type === 'name') k += 2;
      if (is(tokens[k], '<')) k = behindGenerics(k, end);
      if (is(tokens[k], '[') && tokens[k]?.match === k + 1) k += 2;
      if (k < end && tokens[k]?.type === 'name' && !WORD_OPERATORS.has((tokens[k] as Token).text) && (is(tokens[k + 1], '=') || (is(tokens[k + 1], '(') && functionAt(k)))) i = k;
    }
    const name = tokens[i];
    if (name?.type !== 'name' || i >= end || (!modified && i === start)) return undefined;
    if (is(tokens[i + 1], '(') && functionAt(i)) {
      at = i + 1;
      const parameters = parameterNames(at + 1, (tokens[at] as Token).match);
      at = (tokens[at] as Token).match + 1;
      skipEnds(end);
      const body = closure().statements;
      return { kind: 'function', name: name.text, nameRange: rangeOf(name), parameters, body, range: { start: (tokens[start] as Token).start, end: lastEnd() } };
    }
    if (is(tokens[i + 1], '=')) {
      at = i + 2;
      return assignment(name.text, rangeOf(name), (tokens[start] as Token).start, end);
    }
    if (!modified) return undefined;
    // `def x`, `def (a, b) = …`
    at = i + 1;
    return undefined;
  }

  /** Index behind `<…>`; where it does not end soon, it was none. */
  function behindGenerics(from: number, end: number): number {
    let open = 0;
    for (let k = from; k < end && k < from + 40; k++) {
      const { text: symbol } = tokens[k] as Token;
      if (symbol === '<') open++;
      else if (symbol === '>' || symbol === '>>') open -= symbol.length;
      if (open <= 0) return k + 1;
    }
    return from;
  }

  /** `name(…) {`: the bracket and what stands behind it. */
  function functionAt(nameIndex: number): boolean {
    const closing = (tokens[nameIndex + 1] as Token).match;
    let k = closing + 1;
    while (tokens[k]?.type === 'end') k++;
    return is(tokens[k], '{');
  }

  function parameterNames(from: number, to: number): string[] {
    const names: string[] = [];
    for (let i = from; i < to && i < tokens.length; i++) {
      const next = tokens[i + 1];
      if (tokens[i]?.type === 'name' && (i + 1 >= to || is(next, ',') || is(next, '='))) names.push((tokens[i] as Token).text);
      if (tokens[i]?.type === 'open') i = Math.min((tokens[i] as Token).match, to);
    }
    return names;
  }

  function assignment(name: string, nameRange: SourceRange, start: number, end: number): GroovyStatement | undefined {
    skipEnds(end);
    const value = expression(end, true);
    return value === undefined ? undefined : { kind: 'assignment', name, nameRange, value, range: { start, end: lastEnd() } };
  }

  function simple(end: number): GroovyStatement | undefined {
    const start = (peek() as Token).start;
    const node = expression(end, true);
    if (node === undefined) return undefined;
    const next = peek();
    if (node.kind === 'name' && next?.type === 'operator' && at < end && ASSIGNMENTS.has(next.text)) {
      at++;
      return assignment(node.path, node.range, start, end);
    }
    return { kind: 'expression', node, range: { start, end: lastEnd() } };
  }

  /** Operands and the operators between them. `command`: a name may be followed by arguments without parentheses. */
  function expression(end: number, command: boolean): GroovyNode | undefined {
    if (depth >= MAX_DEPTH) {
      problem ??= { code: 'groovy-limit', message: 'the file is nested too deeply', range: rangeOf(peek() as Token) };
      const token = peek();
      at = token?.type === 'open' ? Math.min(token.match + 1, end) : at + 1;
      return undefined;
    }
    depth++;
    const operands: GroovyNode[] = [];
    const operators: string[] = [];
    let ternaries = 0;
    const first = peek();
    while (at < end) {
      prefixes(end);
      const node = at < end ? operand(end, command) : undefined;
      if (node === undefined) break;
      operands.push(node);
      let next = peek();
      if (next?.type === 'end' && next.text !== ';' && at + 1 < end && tokens[at + 1]?.type === 'operator' && CONTINUES.has((tokens[at + 1] as Token).text) && (!is(tokens[at + 1], ':') || ternaries > 0)) {
        at++;
        next = peek();
      }
      if (next === undefined || at >= end) break;
      const word = next.type === 'name' && WORD_OPERATORS.has(next.text);
      if (!word && next.type !== 'operator') break;
      if (is(next, ',') || is(next, '->') || is(next, '@') || ASSIGNMENTS.has(next.text) || (is(next, ':') && ternaries === 0)) break;
      if (is(next, '?')) ternaries++;
      if (is(next, ':')) ternaries--;
      if (is(next, '++') || is(next, '--')) {
        at++;
        break;
      }
      operators.push(next.text);
      at++;
      skipEnds(end);
    }
    depth--;
    const [only] = operands;
    if (only === undefined || first === undefined) return undefined;
    return operands.length === 1 && operators.length === 0 ? only : { kind: 'operation', operands, operators, range: { start: first.start, end: lastEnd() } };
  }

  function prefixes(end: number): void {
    while (at < end && peek()?.type === 'operator' && ['!', '-', '+', '~', '*', '++', '--'].includes((peek() as Token).text)) at++;
    if (is(peek(), 'new') && peek(1)?.type === 'name') at++;
  }

  function operand(end: number, command: boolean): GroovyNode | undefined {
    let node = primary();
    if (node === undefined) return undefined;
    for (;;) {
      const next = peek();
      if (next === undefined || at >= end) return node;
      const touching = next.start === lastEnd();
      if (next.type === 'end' && next.text !== ';' && ['.', '?.', '*.'].includes(tokens[at + 1]?.text ?? '') && tokens[at + 1]?.type === 'operator' && at + 1 < end) at++;
      const joined = peek() as Token;
      if (joined.type === 'operator' && (joined.text === '.' || joined.text === '?.' || joined.text === '*.' || joined.text === '.&')) {
        const property = tokens[at + 1];
        if (property === undefined || at + 1 >= end || (property.type !== 'name' && property.type !== 'string')) {
          at++;
          return node;
        }
        at += 2;
        const name = property.string?.content.text ?? property.text;
        const range: SourceRange = { start: node.range.start, end: property.end };
        if (node.kind === 'name') node = { kind: 'name', path: `${node.path}.${name}`, range };
        else node = { kind: 'property', on: node, name, range };
        continue;
      }
      if (is(joined, '(') && (touching || node.kind === 'name')) {
        node = called(node, bracketed());
        continue;
      }
      if (is(joined, '{') && (node.kind === 'name' || node.kind === 'call' || node.kind === 'property')) {
        const block = closure();
        node = node.kind === 'call' && node.closure === undefined ? { ...node, closure: block, range: { start: node.range.start, end: block.range.end } } : called(node, [], block);
        continue;
      }
      if (is(joined, '[') && touching) {
        const items = bracketed();
        const key = items.length === 1 ? items[0]?.value : undefined;
        const range: SourceRange = { start: node.range.start, end: lastEnd() };
        node = node.kind === 'name' && key?.kind === 'string' && key.interpolations.length === 0 ? { kind: 'name', path: `${node.path}.${key.content.text}`, range } : { kind: 'property', on: node, name: '[]', range };
        continue;
      }
      if (command && (node.kind === 'name' || (node.kind === 'property' && node.name !== '[]')) && startsArgument(joined)) {
        node = called(node, argumentsUntil(end));
        continue;
      }
      return node;
    }
  }

  /** Whether a token behind a name is its first argument without parentheses. */
  function startsArgument(token: Token): boolean {
    if (token.type === 'string' || token.type === 'number') return true;
    if (token.type === 'open') return token.text === '[';
    return token.type === 'name' && !WORD_OPERATORS.has(token.text);
  }

  function called(on: GroovyNode, args: readonly GroovyArgument[], block?: GroovyClosure): GroovyNode {
    const range = { start: on.range.start, end: lastEnd() };
    const rest = { args, range, ...(block !== undefined && { closure: block }) };
    if (on.kind === 'name') return { kind: 'call', name: on.path, nameRange: on.range, ...rest };
    if (on.kind === 'property') return { kind: 'call', name: on.name, nameRange: { start: on.range.end - on.name.length, end: on.range.end }, on: on.on, ...rest };
    return { kind: 'call', name: '', nameRange: { start: on.range.start, end: on.range.start }, on, ...rest };
  }

  function primary(): GroovyNode | undefined {
    const token = peek();
    if (token === undefined) return undefined;
    if (token.string !== undefined) {
      at++;
      return token.string;
    }
    switch (token.type) {
      case 'name':
        at++;
        return { kind: 'name', path: token.text, range: rangeOf(token) };
      case 'number':
        at++;
        return { kind: 'number', text: token.text, range: rangeOf(token) };
      case 'open': {
        if (token.text === '{') return closure();
        const items = bracketed();
        const [first] = items;
        if (token.text === '(' && items.length === 1 && first !== undefined && first.label === undefined) return first.value;
        return { kind: 'list', items, range: { start: token.start, end: lastEnd() } };
      }
      default:
        return undefined;
    }
  }

  /** What stands in the brackets that open here. */
  function bracketed(): GroovyArgument[] {
    const opening = peek() as Token;
    at++;
    const end = Math.min(opening.match, tokens.length);
    const items = argumentsUntil(end);
    at = Math.min(Math.max(at, end + 1), tokens.length);
    return items;
  }

  function argumentsUntil(end: number): GroovyArgument[] {
    const items: GroovyArgument[] = [];
    while (at < end && peek()?.type !== 'end') {
      const before = at;
      const item = argument(end);
      if (item !== undefined) items.push(item);
      if (is(peek(), ',') && at < end) {
        at++;
        skipEnds(end);
      } else if (insideBrackets(end)) {
        if (at === before) at++;
      } else break;
    }
    return items;
  }

  /** `for (a; b; c)`, and rubbish: the brackets are read to their end. */
  function insideBrackets(end: number): boolean {
    if (at < end && end < tokens.length && tokens[end]?.type === 'close' && (tokens[end] as Token).text !== '}') {
      while (at < end && (peek()?.type === 'end' || is(peek(), ':'))) at++;
      return at < end;
    }
    return false;
  }

  function argument(end: number): GroovyArgument | undefined {
    const token = peek() as Token;
    if (is(token, ':') || is(token, '*')) {
      at++;
      return undefined;
    }
    const keyed = token.type === 'open' && token.text === '(' ? token.match + 1 : at + 1;
    if ((token.type === 'name' || token.type === 'string' || token.type === 'number' || keyed > at + 1) && keyed < end && is(tokens[keyed], ':')) {
      const label = token.string?.content.text ?? token.text;
      const labelRange = token.string === undefined ? rangeOf(token) : token.string.range;
      at = keyed + 1;
      skipEnds(end);
      const value = at < end ? expression(end, false) : undefined;
      return value === undefined ? undefined : { label, labelRange, value };
    }
    const value = expression(end, false);
    return value === undefined ? undefined : { value };
  }

  function closure(): GroovyClosure {
    const opening = peek() as Token;
    at++;
    const end = Math.min(opening.match, tokens.length);
    const arrow = arrowBefore(end);
    const parameters = arrow === -1 ? [] : parameterNames(at, arrow);
    if (arrow !== -1) at = arrow + 1;
    let inner: GroovyStatement[] = [];
    if (depth >= MAX_DEPTH) {
      problem ??= { code: 'groovy-limit', message: 'the file is nested too deeply', range: rangeOf(opening) };
      at = end;
    } else {
      depth++;
      inner = statementsUntil(end);
      depth--;
    }
    at = Math.min(Math.max(at, end + 1), tokens.length);
    return { kind: 'closure', parameters, statements: inner, range: { start: opening.start, end: tokens[end]?.end ?? lastEnd() } };
  }

  /** Index of the `->` behind the parameters of a closure; -1 where it has none. */
  function arrowBefore(end: number): number {
    for (let i = at; i < end && i < at + 40; i++) {
      const token = tokens[i] as Token;
      if (is(token, '->')) return i;
      if (token.type === 'end' && token.text === ';') return -1;
      if (token.type === 'open' || token.type === 'string' || token.type === 'close') return -1;
    }
    return -1;
  }

  function rangeOf(token: Token): SourceRange {
    return { start: token.start, end: token.end };
  }

  /** End of the last token that was read. */
  function lastEnd(): number {
    for (let i = Math.min(at, tokens.length) - 1; i >= 0; i--) if (tokens[i]?.type !== 'end') return (tokens[i] as Token).end;
    return part.start;
  }
}
