import type { SourceRange } from '../../../core/index.js';
import type { YamlNode, YamlScalar } from '../../../syntax/yaml-node.js';
import { get, walk } from '../../../syntax/yaml-query.js';
import { emptyValue, type FactOf, type FactValue } from '../fact-types.js';
import { type Parents, type ReadContext, state } from '../../common/context.js';
import { stateLiteral } from '../../common/literals.js';
import { DeclaredInputs, stateParameter } from '../../common/parameters.js';
import { readScript } from '../scripts.js';
import { type Template, templatesIn } from '../templates.js';
import { contentAt, contentOf, entriesOf, isTrue, itemsOf, recordOf, scalarOf, secondsOf, textOf, textsOf } from '../../common/values.js';
import { readYamlDocuments } from '../../common/yaml.js';

/** States the facts of a configuration of xec: targets, settings, and tasks whose `${…}` is pasted into commands. */
export function readXec(context: ReadContext): void {
  const [root] = readYamlDocuments(context);
  if (root?.kind !== 'mapping') return;
  const tasks = [...entriesOf(get(root, 'tasks')?.value)];
  const value: FactValue<'runbook'> = {
    ...emptyValue('runbook'),
    format: 'xec',
    kind: 'tasks',
    name: textOf(root, 'name') || context.document.path,
    description: textOf(root, 'description'),
    titleMatches: true,
    roleControlledBy: 'trusted',
    scripts: tasks.length,
    rollback: tasks.some(({ name, value: task }) => /roll_?back|revert|restore/i.test(name) || get(task, 'onError') !== undefined),
  };
  const runbook = state(context, 'runbook', value, contentAt(root, 'name') ?? tasks[0]?.key.range ?? { start: root.range.start, end: root.range.start });
  const parents = { runbook };
  for (const section of ['targets', 'scripts', 'secrets', 'extensions']) stateSettings(get(root, section)?.value, section, parents, context);
  for (const { name, value: variable } of entriesOf(get(root, 'vars')?.value)) if (variable.kind === 'scalar') stateLiteral(context, name, variable.text, contentOf(variable), 'env', parents);
  stateLoadCommands(root, parents, context);
  tasks.forEach(({ name, key, value: task }, index) => readTask(name, key, task, index, runbook, context));
}

/** One setting for each value of the section, with its path as scope. */
function stateSettings(node: YamlNode | undefined, scope: string, parents: Parents, context: ReadContext, depth = 0): void {
  if (depth > 10) return;
  for (const { name, key, value } of entriesOf(node)) {
    if (value.kind === 'mapping') stateSettings(value, `${scope}.${name}`, parents, context, depth + 1);
    for (const one of value.kind === 'mapping' ? [] : itemsOf(value)) {
      if (one.kind !== 'scalar') continue;
      state(context, 'setting', { ...emptyValue('setting'), name, value: one.text, scope, file: 'xec' }, { start: key.range.start, end: one.range.end }, { name: key.range, value: contentOf(one) }, parents);
      stateLiteral(context, name, one.text, contentOf(one), 'setting', parents);
    }
  }
}

/** `${cmd:…}` is run when the configuration is loaded. */
function stateLoadCommands(root: YamlNode, parents: Parents, context: ReadContext): void {
  walk(root, (node) => {
    if (node.kind !== 'scalar' || !node.text.includes('${cmd:')) return;
    for (const template of templatesIn(node.text, 'xec')) {
      if (!template.expression.startsWith('cmd:')) continue;
      const command = template.expression.slice('cmd:'.length);
      const at = node.text.indexOf(command, template.range.start);
      state(context, 'expansion', { ...emptyValue('expansion'), text: node.text.slice(template.range.start, template.range.end), expression: template.expression, context: 'cmd', contexts: ['cmd'], source: 'command', controlledBy: 'collaborator', sink: 'eval', sinkName: 'configuration' }, node.sourceRange(template.range), {}, parents);
      const range = { start: at, end: at + command.length };
      readScript(context, { text: { text: command, range: node.sourceRange(range), sourceRange: (part) => node.sourceRange({ start: at + part.start, end: at + part.end }) }, shell: 'sh', grammar: 'none', inputs: new DeclaredInputs(), parents });
    }
  });
}

function readTask(name: string, key: YamlScalar, task: YamlNode, index: number, runbook: FactOf<'runbook'>, context: ReadContext): void {
  const parents = { runbook };
  const inputs = new DeclaredInputs();
  for (const parameter of itemsOf(get(task, 'params')?.value)) {
    const values = textsOf(get(parameter, 'values')?.value);
    const parameterName = textOf(parameter, 'name');
    inputs.add(
      stateParameter(context, {
        value: {
          name: parameterName,
          type: textOf(parameter, 'type'),
          description: textOf(parameter, 'description'),
          required: isTrue(get(parameter, 'required')?.value),
          hasDefault: get(parameter, 'default') !== undefined,
          default: textOf(parameter, 'default'),
          pattern: textOf(parameter, 'pattern'),
          values,
          restricted: values.length > 0,
          delivery: 'text',
        },
        whole: contentAt(parameter, 'name') ?? parameter.range,
        places: { pattern: contentAt(parameter, 'pattern'), default: contentAt(parameter, 'default') },
        parents,
        templates: [`params.${parameterName}`],
      }),
    );
  }
  const steps = itemsOf(get(task, 'steps')?.value);
  const hooks = [...entriesOf(get(task, 'hooks')?.value)].flatMap(({ value }) => itemsOf(value));
  for (const node of task.kind === 'scalar' ? [task] : [task, ...steps, ...hooks]) {
    const command = node.kind === 'scalar' ? node : (scalarOf(node, 'command') ?? scalarOf(node, 'script'));
    if (command === undefined || (node === task && node.kind === 'mapping' && steps.length > 0 && get(node, 'command') === undefined)) continue;
    readStep(name, key, task, node, command, index, inputs, parents, context);
  }
}

function readStep(name: string, key: YamlScalar, task: YamlNode, node: YamlNode, command: YamlScalar, index: number, inputs: DeclaredInputs, outer: Parents, context: ReadContext): void {
  const timeout = scalarOf(node, 'timeout') ?? scalarOf(task, 'timeout');
  const places: Record<string, SourceRange | undefined> = { run: contentOf(command), timeoutSeconds: timeout === undefined ? undefined : contentOf(timeout), ignoresErrors: contentAt(node, 'onFailure') };
  const value: FactValue<'runbook-step'> = {
    ...emptyValue('runbook-step'),
    id: name,
    name: textOf(node, 'name') || name,
    index,
    module: 'command',
    run: command.text,
    shell: 'sh',
    env: recordOf(get(node, 'env')?.value ?? get(task, 'env')?.value, context.document.text),
    condition: textOf(node, 'when'),
    timeoutSeconds: timeout === undefined ? -1 : timeout.text.trim() === '0' ? 0 : /^\d+$/.test(timeout.text) ? Math.ceil(Number(timeout.text) / 1000) : secondsOf(timeout.text),
    ignoresErrors: /^(?:continue|ignore)$/.test(textOf(node, 'onFailure')),
  };
  const step = state(context, 'runbook-step', value, key.range, places, outer);
  readScript(context, {
    text: command,
    shell: 'sh',
    grammar: 'xec',
    inputs,
    parents: { ...outer, 'runbook-step': step },
    origin: (used) => (used.startsWith('params.') ? { source: 'parameter', controlledBy: 'operator' } : /^secrets?[.:]/.test(used) ? { source: 'secret', controlledBy: 'trusted' } : used.startsWith('env.') ? { source: 'env', controlledBy: 'operator' } : { source: 'variable', controlledBy: 'trusted' }),
  });
  stateSecrets(command, { ...outer, 'runbook-step': step }, context);
}

/** `${secrets.x}` is pasted into the command line, where every process of the machine can read it. */
function stateSecrets(command: YamlScalar, parents: Parents, context: ReadContext): void {
  for (const template of templatesIn(command.text, 'xec') as Template[]) {
    const secret = /^(?:secrets\.|secret:)([\w.-]{1,100})/.exec(template.expression);
    if (secret === null) continue;
    state(context, 'secret-use', { ...emptyValue('secret-use'), name: secret[1] as string, text: command.text.slice(template.range.start, template.range.end), handover: 'argument', sinkName: 'command' }, command.sourceRange(template.range), {}, parents);
  }
}
