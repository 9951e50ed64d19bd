import type { SourceRange } from '../../core/index.js';
import { flowingNames, type GroovyArgument, type GroovyCall, type GroovyNode, type GroovyStatement, type GroovyString, parseExpression } from '../../syntax/groovy/index.js';
import { joinTexts, type LocatedText, sliceText } from '../../syntax/located-text.js';
import type { TemplateUse } from '../pipeline/index.js';
import { COMMIT_MESSAGE, nameOfPath } from './variables.js';

/** A text with the values that Groovy pastes into it before anyone else sees it. */
export interface PastedText {
  readonly text: LocatedText;
  readonly templates: readonly TemplateUse[];
}

/** What the file says of names: which others their values come from. */
export interface Values {
  readonly source: string;
  /** Names that a value can come from, local variables followed to what they were made of. */
  names(node: GroovyNode): readonly string[];
  /** The text of an expression that is a string, or strings and values put together. */
  pasted(node: GroovyNode): PastedText;
}

const MAX_HOPS = 10;
/** Commands that print what authors of commits wrote. */
const PRINTS_COMMITS = /\bgit\s[^\n|;&]{0,80}\b(?:log|show|shortlog|for-each-ref|name-rev)\b/;

/** The argument of a label, or the first one without a label. */
export function argumentOf(call: GroovyCall, label: string, positional = false): GroovyNode | undefined {
  return (call.args.find((argument) => argument.label === label) ?? (positional ? call.args.find((argument) => argument.label === undefined) : undefined))?.value;
}

/** Text of a string without values in it; empty for all else. */
export function literalOf(node: GroovyNode | undefined): string {
  return node?.kind === 'string' && node.interpolations.length === 0 ? node.content.text : '';
}

/** Items of a list, or the one value. */
export function itemsOf(node: GroovyNode | undefined): readonly GroovyArgument[] {
  if (node === undefined) return [];
  return node.kind === 'list' ? node.items : [{ value: node }];
}

/** Reads the values of a file's local variables first. */
export function valuesOf(source: string, statements: readonly GroovyStatement[]): Values {
  const locals = new Map<string, GroovyNode[]>();
  collect(statements, locals, 0);
  const resolved = new Map<string, readonly string[]>();

  const direct = (node: GroovyNode): string[] => flowingNames(node, (string) => insideOf(string, source)).concat(commitMessages(node));
  const resolve = (path: string, hops: number): readonly string[] => {
    if (path === 'sh()' || path === 'readFile()' || path.endsWith('()')) return [path];
    const root = path.split('.')[0] as string;
    const own = path.startsWith('env.') ? undefined : locals.get(root);
    if (own === undefined || hops > MAX_HOPS) {
      const name = nameOfPath(path);
      return name === undefined ? [] : [name];
    }
    const known = resolved.get(root);
    if (known !== undefined) return known;
    // A variable made of itself ends here.
    resolved.set(root, []);
    const names = [...new Set(own.flatMap(direct).flatMap((name) => resolve(name, hops + 1)))].slice(0, 50);
    resolved.set(root, names);
    return names;
  };
  const names = (node: GroovyNode): readonly string[] => [...new Set(direct(node).flatMap((path) => resolve(path, 0)))];
  return { source, names, pasted: (node) => pastedOf(node, source, names) };
}

/** What stands in the interpolations of a string. */
function insideOf(string: GroovyString, source: string): GroovyNode[] {
  return string.interpolations.flatMap((one) => parseExpression(source, one.source) ?? []);
}

function pastedOf(node: GroovyNode, source: string, names: (node: GroovyNode) => readonly string[]): PastedText {
  if (node.kind === 'string') {
    const templates = node.interpolations.map((one) => {
      const inside = parseExpression(source, one.source);
      return { range: one.range, expression: one.expression.trim(), names: inside === undefined ? [] : names(inside) };
    });
    return { text: node.content, templates };
  }
  // `'make ' + target`; only `+` puts texts together.
  if (node.kind === 'operation' && node.operators.length > 0 && node.operators.every((operator) => operator === '+') && node.operands.length === node.operators.length + 1) {
    const parts = node.operands.map((operand) => pastedOf(operand, source, names));
    const templates: TemplateUse[] = [];
    let length = 0;
    for (const { text, templates: inner } of parts) {
      for (const use of inner) templates.push({ ...use, range: { start: use.range.start + length, end: use.range.end + length } });
      length += text.text.length;
    }
    return { text: joinTexts(parts.map(({ text }) => text), ''), templates };
  }
  // `'''…'''.stripIndent()`, and what else only lays a text out.
  if (node.kind === 'call' && node.on?.kind === 'string' && /^(?:strip\w*|trim|toString)$/.test(node.name)) return pastedOf(node.on, source, names);
  const text = sliceText(source, node.range);
  return { text, templates: [{ range: { start: 0, end: text.text.length }, expression: text.text, names: names(node) }] };
}

/** `sh(script: 'git log …', returnStdout: true)` answers with what authors of commits wrote. */
function commitMessages(node: GroovyNode): string[] {
  if (node.kind === 'operation') return node.operands.flatMap(commitMessages);
  if (node.kind !== 'call') return [];
  const found = node.on === undefined ? [] : commitMessages(node.on);
  if (node.name !== 'sh' && node.name !== 'bat' && node.name !== 'powershell') return found;
  const script = argumentOf(node, 'script', true);
  return script?.kind === 'string' && PRINTS_COMMITS.test(script.content.text) && !/--(?:oneline|pretty|format)[= ]['"]?(?:format:)?%[hH]['"]?\s*$|--format=['"]?%[hHct]+['"]?\s*$/.test(script.content.text) ? [...found, COMMIT_MESSAGE] : found;
}

function collect(statements: readonly GroovyStatement[], locals: Map<string, GroovyNode[]>, depth: number): void {
  if (depth > 100) return;
  const inNode = (node: GroovyNode): void => {
    if (node.kind === 'closure') collect(node.statements, locals, depth + 1);
    if (node.kind === 'list') for (const { value } of node.items) inNode(value);
    if (node.kind === 'operation') node.operands.forEach(inNode);
    if (node.kind !== 'call') return;
    if (node.on !== undefined) inNode(node.on);
    for (const { value } of node.args) inNode(value);
    // Values of `environment { … }` are variables of the build, not of Groovy.
    if (node.closure !== undefined && node.name !== 'environment') inNode(node.closure);
  };
  for (const one of statements) {
    if (one.kind === 'control' || one.kind === 'function') collect(one.body, locals, depth + 1);
    else if (one.kind === 'expression') inNode(one.node);
    else if (one.kind === 'assignment') {
      const name = one.name.startsWith('env.') ? '' : (one.name.split('.')[0] as string);
      if (name !== '' && name !== 'currentBuild') locals.set(name, [...(locals.get(name) ?? []).slice(0, 20), one.value]);
      inNode(one.value);
    }
  }
}

/** The part of a file that a string's content takes. */
export function contentRange(node: GroovyNode): SourceRange {
  return node.kind === 'string' && node.content.text !== '' ? node.content.sourceRange({ start: 0, end: node.content.text.length }) : node.range;
}
