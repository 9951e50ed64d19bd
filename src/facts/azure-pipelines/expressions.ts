import type { Expression, ParsedExpression } from '../../syntax/expressions.js';
import { parseExpression, readTemplate } from '../../syntax/expressions.js';
import type { TemplateUse } from '../pipeline/dialect.js';
import { isPredefined } from './predefined.js';

/*
 * The three syntaxes of variables: `${{ }}` when the file is read, `$( )` before a task runs, `$[ ]` for whole values
 * when the run starts. https://learn.microsoft.com/azure/devops/pipelines/process/variables#understand-variable-syntax
 * The grammar inside them is the one of GitHub's expressions, which came of it.
 */

/** What names the file gives meaning to. */
export interface KnownNames {
  /** Variables that it sets, in lower case. */
  readonly variables: ReadonlySet<string>;
  /** Variables of `${{ each x in … }}`, in lower case, and what the list is made of. */
  readonly loops: ReadonlyMap<string, readonly string[]>;
}

const MACRO = /\$\(([A-Za-z_][\w.-]{0,199})\)/g;
const MAX_TEMPLATES = 5_000;

/** Template expressions and macros of a script; what else looks like a macro is left to the shell. */
export function scriptTemplates(text: string, known: KnownNames): TemplateUse[] {
  return usesIn(text, known, (name) => isMacroOfScript(name, known));
}

/** Those of any other text, where nothing but the platform reads `$( )`. */
export function valueTemplates(text: string, known: KnownNames): TemplateUse[] {
  const runtime = /^\s{0,100}\$\[([^]{0,4000})\]\s{0,100}$/.exec(text);
  if (runtime !== null) return [{ range: { start: 0, end: text.length }, expression: (runtime[1] as string).trim(), names: namesOf(parseExpression(runtime[1] as string), known) }];
  return usesIn(text, known, () => true);
}

/** `$(date)` is a command of the shell, `$(Build.BuildId)` and `$(myVariable)` are macros. */
function isMacroOfScript(name: string, { variables }: KnownNames): boolean {
  if (variables.has(name.toLowerCase()) || isPredefined(name)) return true;
  if (/\.(?:sh|bash|py|pl|rb|js|exe|cmd|bat|ps1)$/i.test(name)) return false;
  return name.includes('.') || /[A-Z]/.test(name);
}

function usesIn(text: string, known: KnownNames, isMacro: (name: string) => boolean): TemplateUse[] {
  if (!text.includes('$')) return [];
  const found: TemplateUse[] = [];
  for (const { outer, expression } of readTemplate(text).expressions) {
    if (found.length >= MAX_TEMPLATES) break;
    found.push({ range: outer, expression: expression.text.trim(), names: namesOf(expression, known) });
  }
  const expressions = found.length;
  let at = 0;
  for (const match of text.matchAll(MACRO)) {
    if (found.length >= MAX_TEMPLATES) break;
    const name = match[1] as string;
    const start = match.index;
    while (at < expressions && (found[at] as TemplateUse).range.end <= start) at++;
    if (at < expressions && (found[at] as TemplateUse).range.start <= start) continue;
    if (isMacro(name)) found.push({ range: { start, end: start + match[0].length }, expression: name, names: [name] });
  }
  return found.length === expressions ? found : found.sort((a, b) => a.range.start - b.range.start);
}

/** Functions whose result holds nothing of what they are given. https://learn.microsoft.com/azure/devops/pipelines/process/expressions#functions */
const RESULTS = new Set(['and', 'or', 'not', 'xor', 'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in', 'notin', 'contains', 'containsvalue', 'startswith', 'endswith', 'length', 'counter', 'succeeded', 'failed', 'always', 'canceled', 'succeededorfailed']);

/** Names that the value of an expression can come from. */
export function namesOf({ root, contexts }: ParsedExpression, known: KnownNames): string[] {
  const names: string[] = [];
  const add = (path: string, segments: readonly string[]): void => {
    for (const name of nameOf(path, segments, known)) if (!names.includes(name)) names.push(name);
  };
  if (root === undefined) for (const { path, segments } of contexts) add(path, segments);
  else collect(root, add, 0);
  return names;
}

function collect(node: Expression, add: (path: string, segments: readonly string[]) => void, depth: number): void {
  if (depth > 50) return;
  switch (node.kind) {
    case 'context':
      add(node.path, node.segments);
      return;
    case 'call': {
      if (RESULTS.has(node.name)) return;
      // `iif(test, a, b)`: the test is no part of the result.
      for (const arg of node.name === 'iif' ? node.args.slice(1) : node.args) collect(arg, add, depth + 1);
      return;
    }
    case 'index':
      collect(node.of, add, depth + 1);
      return;
    case 'and':
    case 'or':
      for (const arg of node.args) collect(arg, add, depth + 1);
      return;
    case 'literal':
    case 'not':
    case 'compare':
      return;
  }
}

/** Of `parameters.x.y` the parameter, of `variables['A.B']` the variable, of an output the name under which a macro reads it. */
function nameOf(path: string, segments: readonly string[], { loops }: KnownNames): readonly string[] {
  const [root = ''] = segments;
  if (segments.length < 2) return loops.get(root) ?? [path];
  if (root === 'parameters') return [`parameters.${written(path, segments[1] as string)}`];
  if (root === 'variables') return [written(path, segments[1] as string)];
  if (root === 'dependencies' || root === 'stagedependencies') return [lastWritten(path, segments.at(-1) as string)];
  return loops.get(root) ?? [path];
}

/** The second part of a path in the case in which it is written. */
function written(path: string, segment: string): string {
  const at = path.toLowerCase().indexOf(segment, path.search(/[.[]/));
  return at < 0 ? segment : path.slice(at, at + segment.length);
}

function lastWritten(path: string, segment: string): string {
  const at = path.toLowerCase().lastIndexOf(segment);
  return at < 0 ? segment : path.slice(at, at + segment.length);
}
