import type { SourceRange } from '../../../core/index.js';
import { emptyValue, type FactOf, type FactValue } from '../fact-types.js';
import { type Parents, type ReadContext, state } from '../../common/context.js';
import { stateLiteral } from '../../common/literals.js';
import { DeclaredInputs, stateParameter } from '../../common/parameters.js';
import { readScript } from '../scripts.js';
import { linesOf } from '../settings/lines.js';
import { templatesIn } from '../templates.js';
import { type RecipeLine, recipeOf } from './recipe.js';

/*
 * Makefiles: assignments, and recipes as the lines that begin with a tab behind a rule.
 * Conditionals and included files are not followed. https://www.gnu.org/software/make/manual/html_node/Recipe-Syntax.html
 */

const ASSIGNMENT = /^[ ]{0,20}(?:export[ \t]{1,10}|override[ \t]{1,10}){0,2}([A-Za-z_][\w.-]{0,100})[ \t]{0,20}(\?=|:{1,3}=|\+=|!=|=)[ \t]{0,20}(.*)$/;
const RULE = /^([^\s#:=][^#:=]{0,500})::?(?!=)(.*)$/;
const MARKS = /^[ \t]*[@+-]{0,3}/;
/** Variables that make sets itself, and those that name tools. */
const OWN = /^(?:[@<^?*+%|]|MAKE\w*|CURDIR|SHELL|RM|CC|CXX|AR|LD|AS|CFLAGS|CXXFLAGS|LDFLAGS|CPPFLAGS|\.\w+)$/;

interface Rule {
  readonly targets: string;
  readonly range: SourceRange;
  readonly lines: RecipeLine[];
}

/** States the facts of a Makefile: one step for each rule with a recipe. */
export function readMakefile(context: ReadContext): void {
  const { text, path } = context.document;
  const rules: Rule[] = [];
  const assigned = new Map<string, { operator: string; value: string; nameRange: SourceRange; valueRange: SourceRange }>();
  let rule: Rule | undefined;
  let continued = false;
  for (const { line, start } of linesOf(text)) {
    if (rule !== undefined && (line.startsWith('\t') || (continued && rule.lines.length > 0))) {
      rule.lines.push({ text: line, start });
      continued = line.endsWith('\\');
      continue;
    }
    continued = false;
    const assignment = ASSIGNMENT.exec(line);
    if (assignment !== null) {
      const [, name = '', operator = '', value = ''] = assignment;
      const nameStart = start + line.indexOf(name);
      const valueStart = start + line.length - value.length;
      if (!assigned.has(name)) assigned.set(name, { operator, value: value.trimEnd(), nameRange: { start: nameStart, end: nameStart + name.length }, valueRange: { start: valueStart, end: valueStart + value.trimEnd().length } });
      continue;
    }
    const head = RULE.exec(line);
    if (head !== null) {
      const targets = (head[1] as string).trim();
      rule = { targets, range: { start, end: start + targets.length }, lines: [] };
      rules.push(rule);
      const behind = line.indexOf(';');
      if (behind !== -1) rule.lines.push({ text: line.slice(behind + 1), start: start + behind + 1 });
    } else if (line.trim() !== '' && !/^\s*(?:#|ifn?eq|ifn?def|else|endif)/.test(line)) rule = undefined;
  }
  const recipes = rules.filter(({ lines }) => lines.length > 0);
  const value: FactValue<'runbook'> = { ...emptyValue('runbook'), format: 'make', kind: 'tasks', name: path.split('/').at(-1) as string, titleMatches: true, roleControlledBy: 'trusted', scripts: recipes.length };
  const runbook = state(context, 'runbook', value, recipes[0]?.range ?? { start: 0, end: 0 });
  const parents = { runbook };
  const inputs = new DeclaredInputs();
  for (const [name, { operator, value: given, nameRange, valueRange }] of assigned) {
    state(context, 'setting', { ...emptyValue('setting'), name, value: given, scope: operator, file: 'make', hasFallback: operator === '?=', fallback: operator === '?=' ? given : '' }, { start: nameRange.start, end: valueRange.end }, { name: nameRange, value: valueRange }, parents);
    stateLiteral(context, name, given, valueRange, 'env', parents);
    if (operator === '?=') inputs.add(stateParameter(context, { value: { name, hasDefault: true, default: given, delivery: 'text' }, whole: nameRange, places: { default: valueRange }, parents, variables: [name] }));
    for (const { text: command, start } of shellCalls(given, operator)) {
      const { text: line, templates } = recipeOf([{ text: command, start: valueRange.start + start }], 'make', /^/);
      readScript(context, { text: line, templates, shell: 'sh', grammar: 'make', inputs, parents, origin: () => undefined });
    }
  }
  recipes.forEach((one, index) => readRecipe(one, index, assigned, inputs, runbook, context));
}

function readRecipe(rule: Rule, index: number, assigned: ReadonlyMap<string, unknown>, inputs: DeclaredInputs, runbook: FactOf<'runbook'>, context: ReadContext): void {
  const { text, templates } = recipeOf(rule.lines, 'make', MARKS);
  const ignores = rule.lines.filter(({ text: line }) => /^[ \t]*[@+]?-/.test(line)).length;
  const value: FactValue<'runbook-step'> = { ...emptyValue('runbook-step'), id: rule.targets, name: rule.targets, index, module: 'recipe', run: text.text, shell: 'sh', ignoresErrors: ignores > 0 && ignores === rule.lines.length };
  const step = state(context, 'runbook-step', value, rule.range, { run: text.range }, { runbook });
  const parents: Parents = { runbook, 'runbook-step': step };
  readScript(context, {
    text,
    templates,
    shell: 'sh',
    grammar: 'make',
    inputs,
    parents,
    // Each line ends the recipe when it fails.
    initial: { errexit: true },
    origin: (name) => (OWN.test(name) ? { source: 'platform', controlledBy: 'trusted' } : /^\w+$/.test(name) ? { source: 'variable', controlledBy: assigned.has(name) ? 'trusted' : 'operator' } : undefined),
  });
}

/** Commands whose output becomes the value when the file is read: `$(shell …)`, or all of it behind `!=`. */
function shellCalls(value: string, operator: string): RecipeLine[] {
  if (operator === '!=') return [{ text: value, start: 0 }];
  return templatesIn(value, 'make').flatMap(({ expression, range }) => {
    const command = /^shell[ \t]+(.*)$/.exec(expression)?.[1];
    return command === undefined ? [] : [{ text: command, start: value.indexOf(command, range.start) }];
  });
}
