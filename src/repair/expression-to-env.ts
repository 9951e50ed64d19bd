import { parseExpression, readTemplate } from '../syntax/expressions.js';
import type { ShellMaskUse, ShellScript } from '../syntax/shell/index.js';
import type { YamlMapping, YamlNode, YamlScalar } from '../syntax/yaml-node.js';
import { asMapping, get, scalarText } from '../syntax/yaml-query.js';
import { indentOf, insertBefore, insertInBraces, isBlock, type Edit } from './edits.js';
import { contains, stepAt, type StepPlace } from './place.js';
import type { Repairer, RepairRequest } from './repairer.js';

/** Values that are meant to become several words: quotes would change what the script does. */
const SEVERAL_WORDS = /(?:^|[_.-])(?:args?|arguments|flags?|opts?|options?|params?|parameters|command|cmd|extra\w*|files|packages|targets|list)$/i;
/** Names that the platform, the shell or the loader reads. */
const RESERVED = /^(?:PATH|HOME|IFS|PWD|SHELL|USER|ENV|BASH\w*|LD_\w+|GITHUB_\w+|RUNNER_\w+|ACTIONS_\w+|NODE_OPTIONS|PYTHON\w*|CI|EDITOR|PAGER|LANG|LC_\w+|TERM|UID|EUID|RANDOM|SECONDS|HOSTNAME|REPLY)$/;

/** An expression in a script of bash or sh handed over in the environment instead, and quoted where it is used. */
export const expressionToEnv: Repairer = (request) => {
  const { document, root, range } = request;
  const place = stepAt(root, range);
  const run = get(place?.step, 'run');
  if (place === undefined || run === undefined || run.alias !== undefined || run.value.kind !== 'scalar' || run.value.style === 'folded' || run.value.style === 'double' || !contains(run.value.range, range)) return undefined;
  if (!isPosix(place, root)) return undefined;
  const written = document.text.slice(range.start, range.end);
  const found = useOf(run.value, range, request);
  if (found === undefined) return undefined;
  const { use, script } = found;
  const name = freeName(nameOf(written), written, place, root, script);
  if (name === undefined || (use.quoting === '' && SEVERAL_WORDS.test(name))) return undefined;
  const replacement = replacementOf(use, name, run.value);
  if (replacement === undefined) return undefined;
  const declared = declare(document.text, place.step, name, written);
  return declared === undefined ? undefined : { description: 'Hand the value over in an environment variable', edits: [...declared, { range, text: replacement }] };
};

/** Where the shell sees the expression; undefined where that is not one of the places that can be repaired. */
function useOf(run: YamlScalar, range: RepairRequest['range'], { shell }: RepairRequest): { readonly use: ShellMaskUse; readonly script: ShellScript } | undefined {
  const masks = readTemplate(run.text).expressions.map(({ outer }) => outer);
  const mask = masks.findIndex((outer) => run.sourceOffset(outer.start) === range.start && run.sourceRange(outer).end === range.end);
  if (mask < 0) return undefined;
  const script = shell.parse(run.text, { masks });
  if (script.hasError) return undefined;
  const uses = script.maskUses.filter((use) => use.mask === mask);
  const [use] = uses;
  // In a string that another command runs, a variable would be read by another shell.
  if (use === undefined || uses.length > 1 || use.nested || isLiteral(script, use.range)) return undefined;
  return ['argument', 'assignment', 'redirect', 'heredoc', 'test', 'case'].includes(use.place) ? { use, script } : undefined;
}

/** In the text of a here-document whose delimiter is quoted the shell expands nothing. */
function isLiteral({ commands }: ShellScript, range: RepairRequest['range']): boolean {
  return commands.some(({ redirects }) => redirects.some(({ body }) => body !== undefined && body.quoted && contains(body.range, range)));
}

function replacementOf(use: ShellMaskUse, name: string, run: YamlScalar): string | undefined {
  if (use.quoting === 'double') return `\${${name}}`;
  if (use.quoting === 'heredoc') return use.place === 'heredoc' ? `\${${name}}` : undefined;
  // In single quotes they are ended, and begun again; the YAML around it must not be in such quotes itself.
  if (run.style === 'single') return undefined;
  return use.quoting === 'single' ? `'"\${${name}}"'` : `"\${${name}}"`;
}

/** `ISSUE_TITLE` of `${{ github.event.issue.title }}`; undefined for anything but one context. */
function nameOf(written: string): string | undefined {
  const [only, ...more] = readTemplate(written).expressions;
  if (only === undefined || more.length > 0) return undefined;
  const { root } = parseExpression(only.expression.text);
  if (root?.kind !== 'context') return undefined;
  const segments = root.segments.filter((segment) => segment !== '*' && !/^\d+$/.test(segment));
  const own = segments[0] === 'github' && segments[1] === 'event' ? segments.slice(2) : segments.slice(1);
  const name = own
    .filter((segment) => segment !== 'outputs')
    .slice(-2)
    .join('_')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
  if (!/^[A-Z][A-Z0-9_]{0,60}$/.test(name)) return undefined;
  return RESERVED.test(name) ? `${name}_VALUE` : name;
}

/** The name, or one beside it where the script, the job or the workflow means something else by it. */
function freeName(name: string | undefined, written: string, { step, job }: StepPlace, root: YamlNode, script: ShellScript): string | undefined {
  if (name === undefined) return undefined;
  const isFree = (wanted: string): boolean => {
    const own = get(get(step, 'env')?.value, wanted);
    if (own !== undefined) return scalarText(own.value)?.trim() === written;
    const inherited = [job, root].some((node) => get(get(node, 'env')?.value, wanted) !== undefined);
    return !inherited && !script.assignments.some((assignment) => assignment.name === wanted) && !script.expansions.some((expansion) => expansion.name === wanted);
  };
  return [name, `${name}_VALUE`].find(isFree);
}

/** The edits that set the variable at the step; none when it is there already with this value. */
function declare(text: string, step: YamlMapping, name: string, value: string): Edit[] | undefined {
  if (!isBlock(text, step) || /[\r\n]/.test(value)) return undefined;
  const quoted = /[:#]\s|\s#|['"]/.test(value) ? `'${value.replaceAll("'", "''")}'` : value;
  const env = get(step, 'env');
  const variables = asMapping(env?.value);
  const indent = indentOf(text, step);
  if (indent === undefined || (env !== undefined && variables === undefined)) return undefined;
  if (variables === undefined) {
    const run = get(step, 'run');
    return run === undefined ? undefined : [insertBefore(text, run, ['env:', `  ${name}: ${quoted}`], indent)];
  }
  const written = get(variables, name);
  if (written !== undefined) return scalarText(written.value)?.trim() === value ? [] : undefined;
  if (!isBlock(text, variables)) {
    const edit = insertInBraces(text, variables, `${name}: '${value.replaceAll("'", "''")}'`);
    return edit === undefined ? undefined : [edit];
  }
  const inner = indentOf(text, variables);
  const [first] = variables.pairs;
  return inner === undefined || first === undefined ? undefined : [insertBefore(text, first, [`${name}: ${quoted}`], inner)];
}

/** Whether the script is read by bash or sh: by what is written, else by the machine, which must not be Windows. */
function isPosix({ step, job }: StepPlace, root: YamlNode): boolean {
  const shell = scalarText(get(step, 'shell')?.value) ?? defaultShell(job) ?? defaultShell(root);
  if (shell !== undefined) return /^(?:bash|sh)(?:\s|$)/.test(shell.trim());
  if (job === undefined) return false;
  const runner = get(job, 'runs-on')?.value;
  return runner?.kind === 'scalar' && /^(?:ubuntu|macos)-[\w.-]+$/i.test(runner.text.trim());
}

function defaultShell(node: YamlNode | undefined): string | undefined {
  return scalarText(get(get(get(node, 'defaults')?.value, 'run')?.value, 'shell')?.value);
}
