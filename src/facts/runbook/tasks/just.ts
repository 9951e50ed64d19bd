import type { SourceRange } from '../../../core/index.js';
import { emptyValue, type FactOf, type FactValue } from '../fact-types.js';
import { type ReadContext, state } from '../../common/context.js';
import { stateLiteral } from '../../common/literals.js';
import { DeclaredInputs, stateParameter } from '../../common/parameters.js';
import { readScript } from '../scripts.js';
import { linesOf } from '../settings/lines.js';
import type { Template } from '../templates.js';
import { type RecipeLine, recipeOf } from './recipe.js';

/*
 * Files of just: a recipe is a line `name parameters: dependencies` and the indented lines behind it.
 * https://just.systems/man/en/
 */

const VARIABLE = /^(?:export[ \t]{1,10})?([A-Za-z_][\w-]{0,100})[ \t]{0,20}:=[ \t]{0,20}(.*)$/;
const RECIPE = /^@?([A-Za-z_][\w-]{0,100})((?:[ \t]{1,20}[^:\n]{1,500})?)[ \t]{0,20}:(?!=)(.*)$/;
const PARAMETER = /([+*]?)(\$?)([A-Za-z_][\w-]{0,100})(?:[ \t]{0,5}=[ \t]{0,5}("[^"\n]{0,500}"|'[^'\n]{0,500}'|[\w./-]{1,200}))?/g;
const ATTRIBUTE = /^\[(.{1,200})\][ \t]*$/;
const MARKS = /^[ \t]*[@-]{0,2}/;

interface Recipe {
  readonly name: string;
  readonly range: SourceRange;
  readonly header: string;
  readonly start: number;
  readonly attributes: readonly string[];
  readonly lines: RecipeLine[];
}

/** States the facts of a justfile: one step for each recipe with a body. */
export function readJustfile(context: ReadContext): void {
  const { text, path } = context.document;
  const recipes: Recipe[] = [];
  const settings = new Map<string, string>();
  const variables: { name: string; value: string; range: SourceRange }[] = [];
  let attributes: string[] = [];
  let recipe: Recipe | undefined;
  for (const { line, start } of linesOf(text)) {
    if (recipe !== undefined && /^[ \t]/.test(line)) {
      recipe.lines.push({ text: line, start });
      continue;
    }
    if (line.trim() === '' || line.startsWith('#')) continue;
    recipe = undefined;
    const attribute = ATTRIBUTE.exec(line);
    if (attribute !== null) {
      attributes.push(attribute[1] as string);
      continue;
    }
    const setting = /^set[ \t]{1,10}([\w-]{1,50})(?:[ \t]{0,10}:=[ \t]{0,10}(.*))?$/.exec(line);
    if (setting !== null) {
      settings.set(setting[1] as string, setting[2] ?? 'true');
      continue;
    }
    const variable = VARIABLE.exec(line);
    if (variable !== null) {
      const value = (variable[2] as string).trimEnd();
      const from = start + line.indexOf(value, line.indexOf(':='));
      const quoted = /^(["'])(.*)\1$/.exec(value);
      variables.push({ name: variable[1] as string, value: quoted?.[2] ?? value, range: quoted === null ? { start: from, end: from + value.length } : { start: from + 1, end: from + value.length - 1 } });
      continue;
    }
    const head = RECIPE.exec(line);
    if (head !== null && !/^(?:alias|import|mod)$/.test(head[1] as string)) {
      const name = head[1] as string;
      const at = start + line.indexOf(name);
      recipe = { name, range: { start: at, end: at + name.length }, header: head[2] as string, start: at + name.length, attributes, lines: [] };
      recipes.push(recipe);
    }
    attributes = [];
  }
  const bodies = recipes.filter(({ lines }) => lines.length > 0);
  const value: FactValue<'runbook'> = {
    ...emptyValue('runbook'),
    format: 'just',
    kind: 'tasks',
    name: path.split('/').at(-1) as string,
    titleMatches: true,
    roleControlledBy: 'trusted',
    scripts: bodies.length,
    approvals: recipes.flatMap((one) => one.attributes.filter((attribute) => attribute.startsWith('confirm'))),
  };
  const runbook = state(context, 'runbook', value, bodies[0]?.range ?? { start: 0, end: 0 });
  for (const { name, value: given, range } of variables) {
    state(context, 'setting', { ...emptyValue('setting'), name, value: given, file: 'just' }, range, {}, { runbook });
    stateLiteral(context, name, given, range, 'env', { runbook });
  }
  const known = new Set(variables.map(({ name }) => name));
  bodies.forEach((one, index) => readRecipe(one, index, known, settings, runbook, context));
}

function readRecipe(recipe: Recipe, index: number, variables: ReadonlySet<string>, settings: ReadonlyMap<string, string>, runbook: FactOf<'runbook'>, context: ReadContext): void {
  const body = recipe.lines.map(({ text }) => text.trim()).find((line) => line !== '') ?? '';
  const shebang = body.startsWith('#!');
  const { text, templates } = recipeOf(trimIndent(recipe.lines), 'just', shebang ? /^/ : MARKS);
  const value: FactValue<'runbook-step'> = {
    ...emptyValue('runbook-step'),
    id: recipe.name,
    name: recipe.name,
    index,
    module: 'recipe',
    run: text.text,
    shell: shebang ? '' : (/"([\w/.-]+)"/.exec(settings.get('shell') ?? '')?.[1] ?? 'sh'),
    approval: recipe.attributes.some((attribute) => attribute.startsWith('confirm')),
  };
  const step = state(context, 'runbook-step', value, recipe.range, { run: text.range }, { runbook });
  const parents = { runbook, 'runbook-step': step };
  const inputs = new DeclaredInputs();
  for (const match of recipe.header.matchAll(PARAMETER)) {
    const [whole, variadic, exported, name = '', fallback] = match;
    const start = recipe.start + match.index + (whole as string).indexOf(name);
    inputs.add(
      stateParameter(context, {
        value: { name, type: variadic === '' ? 'string' : 'list', required: fallback === undefined && variadic !== '*', hasDefault: fallback !== undefined, default: fallback?.replace(/^["']|["']$/g, '') ?? '', delivery: exported === '$' ? 'environment' : settings.has('positional-arguments') ? 'argument' : 'text' },
        whole: { start, end: start + name.length },
        parents,
        variables: exported === '$' || settings.has('export') ? [name] : [],
      }),
    );
  }
  readScript(context, {
    text,
    templates,
    shell: value.shell,
    grammar: 'just',
    inputs,
    parents,
    initial: { errexit: !shebang },
    origin: (name) => (variables.has(name) ? { source: 'variable', controlledBy: 'trusted' } : undefined),
    sanitizer: quoted,
  });
}

/** `quote(p)` gives one word of the shell. */
function quoted({ expression }: Template): string {
  return /^quote\s*\(/.test(expression) ? '`quote` makes it one word' : '';
}

/** Lines without the indentation of the first: just takes it off, and `#!` has to come first. */
function trimIndent(lines: readonly RecipeLine[]): RecipeLine[] {
  const indent = /^[ \t]*/.exec(lines.find(({ text }) => text.trim() !== '')?.text ?? '')?.[0] ?? '';
  return lines.map(({ text, start }) => (text.startsWith(indent) ? { text: text.slice(indent.length), start: start + indent.length } : { text: text.trimStart(), start: start + text.length - text.trimStart().length }));
}
