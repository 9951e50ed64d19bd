import type { SourceRange } from '../../core/index.js';

/*
 * Template expressions that platforms replace in scripts before a shell sees them. Only their delimiters
 * are read here, each by a linear pattern with a bounded inside; what is in them is looked at by name.
 */

/** One template expression. */
export interface Template {
  /** With its delimiters, in the text that was searched. */
  readonly range: SourceRange;
  /** What stands between the delimiters, without white space around it. */
  readonly expression: string;
  /** Names that its value can come from: `option.dir`, `InstanceId`, `params.replicas`. */
  readonly names: readonly string[];
}

/** Grammars of templates, by platform. */
export type TemplateGrammar = 'rundeck' | 'rundeck-script' | 'ssm' | 'jinja' | 'stackstorm' | 'xec' | 'task' | 'just' | 'mise' | 'make' | 'n8n' | 'placeholder' | 'none';

const PATTERNS: Readonly<Record<TemplateGrammar, RegExp | undefined>> = {
  // https://docs.rundeck.com/docs/manual/job-workflows.html#context-variable-usage
  rundeck: /\$\{((?:option|unquotedoption|data|node|job|execution|globals|unquotednode|unquoteddata)\.[\w.:@-]{1,200})\}/g,
  'rundeck-script': /@((?:option|data|node|job|execution|globals)\.[\w.:-]{1,200})@/g,
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
  ssm: /\{\{\s{0,20}([\w.:/-]{1,300})\s{0,20}\}\}/g,
  jinja: /\{\{[-+]?([^{}]{0,1000}(?:\{[^{}]{0,500}\}[^{}]{0,500}){0,5})[-+]?\}\}|\{%([^%]{0,1000})%\}|\{#([^#]{0,1000})#\}/g,
  stackstorm: /\{\{([^{}]{0,1000})\}\}|\{%([^%]{0,1000})%\}|<%([^%]{0,1000})%>/g,
  xec: /(?<!\\)\$\{((?:params|vars|env|secrets?|secret:|cmd:|profile|target|args)[^{}]{0,500})\}/g,
  task: /\{\{([^{}]{0,1000})\}\}/g,
  just: /\{\{(?!\{)([^{}]{0,1000})\}\}/g,
  mise: /\{\{([^{}]{0,1000})\}\}|\{%([^%]{0,1000})%\}/g,
  make: /\$\(([^()]{0,500}(?:\([^()]{0,300}\)[^()]{0,300}){0,5})\)|\$\{([^{}]{0,500})\}|\$([@<^?*+%|A-Za-z_])/g,
  n8n: /\{\{([^{}]{0,1000}(?:\{[^{}]{0,500}\}[^{}]{0,500}){0,5})\}\}/g,
  placeholder: /<([A-Za-z][A-Za-z0-9_ .:/-]{0,60})>/g,
  none: undefined,
};

/** Most templates of one script that are looked at. */
const MAX_TEMPLATES = 5_000;

/** The template expressions of a text, in order and disjoint. */
export function templatesIn(text: string, grammar: TemplateGrammar): Template[] {
  const pattern = PATTERNS[grammar];
  if (pattern === undefined) return [];
  const found: Template[] = [];
  for (const match of text.matchAll(pattern)) {
    if (found.length >= MAX_TEMPLATES) break;
    if (grammar === 'make' && oddDollars(text, match.index)) continue;
    const expression = (match[1] ?? match[2] ?? match[3] ?? '').trim();
    found.push({ range: { start: match.index, end: match.index + match[0].length }, expression, names: namesIn(expression, grammar) });
  }
  return found;
}

/** In a recipe `$$` is a dollar sign for the shell: the `$` at this place is its second half. */
function oddDollars(text: string, at: number): boolean {
  let before = 0;
  while (at - before > 0 && text[at - before - 1] === '$') before++;
  return before % 2 === 1;
}

const WORDS = new Set(['and', 'or', 'not', 'if', 'else', 'endif', 'for', 'endfor', 'in', 'is', 'default', 'true', 'false', 'none', 'True', 'False', 'None', 'set', 'ctx', 'lookup', 'defined', 'range', 'end', 'template', 'len', 'list', 'string', 'int']);

function namesIn(expression: string, grammar: TemplateGrammar): string[] {
  if (grammar === 'rundeck' || grammar === 'rundeck-script' || grammar === 'ssm' || grammar === 'placeholder') return [expression];
  if (grammar === 'xec') return [/^(?:secret:|cmd:)/.test(expression) ? expression : (expression.split(/[:|]/, 1)[0] as string).trim()];
  if (grammar === 'make') return [expression];
  // Texts in quotes are no names; what stands behind `|` is a filter, and behind `(` of a filter its arguments.
  const bare = expression.replace(/"[^"]*"|'[^']*'/g, '');
  const yaql = [...expression.matchAll(/ctx\(\s*["']?([\w]+)["']?\s*\)/g)].map((match) => `ctx.${match[1]}`);
  const names = [...bare.matchAll(/(\|\s*)?(?<![\w.])(\.?[A-Za-z_][\w]*(?:\.[A-Za-z_][\w]*)*)/g)].filter((match) => match[1] === undefined).map((match) => (match[2] as string).replace(/^\./, ''));
  return [...new Set([...yaql, ...names.filter((name) => !WORDS.has(name))])];
}
