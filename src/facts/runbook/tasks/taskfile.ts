import type { YamlNode, YamlScalar } from '../../../syntax/yaml-node.js';
import { get } from '../../../syntax/yaml-query.js';
import { emptyValue, type FactOf, type FactValue } from '../fact-types.js';
import { type Parents, type ReadContext, state } from '../../common/context.js';
import { stateLiteral } from '../../common/literals.js';
import { DeclaredInputs, stateParameter } from '../../common/parameters.js';
import { readScript } from '../scripts.js';
import type { Template } from '../templates.js';
import { contentOf, entriesOf, isTrue, itemsOf, recordOf, scalarOf, textOf, textsOf } from '../../common/values.js';
import { readYamlDocuments } from '../../common/yaml.js';

/* Files of Task. https://taskfile.dev/docs/reference/schema */

/** States the facts of a Taskfile: one step for each command of each task. */
export function readTaskfile(context: ReadContext): void {
  const [root] = readYamlDocuments(context);
  if (root?.kind !== 'mapping') return;
  const tasks = [...entriesOf(get(root, 'tasks')?.value)];
  const prompts = tasks.map(({ value }) => get(value, 'prompt')).filter((pair) => pair !== undefined);
  const value: FactValue<'runbook'> = {
    ...emptyValue('runbook'),
    format: 'task',
    kind: 'tasks',
    name: context.document.path.split('/').at(-1) as string,
    titleMatches: true,
    roleControlledBy: 'trusted',
    scripts: tasks.length,
    approvals: prompts.map((pair) => (pair.value.kind === 'scalar' ? pair.value.text : 'prompt')),
  };
  const runbook = state(context, 'runbook', value, tasks[0]?.key.range ?? { start: root.range.start, end: root.range.start });
  const parents = { runbook };
  for (const { value: include } of entriesOf(get(root, 'includes')?.value)) {
    const file = include.kind === 'scalar' ? include : scalarOf(include, 'taskfile');
    if (file === undefined) continue;
    const remote = /^(?:https?|git|ssh):/.test(file.text);
    const pinned = textOf(include, 'checksum') !== '' || /[?&]ref=[\da-f]{40}\b/.test(file.text);
    state(context, 'reference', { ...emptyValue('reference'), text: file.text, kind: remote ? 'include' : 'local', name: file.text.toLowerCase(), pin: !remote ? '' : pinned ? 'digest' : 'none', where: 'include' }, contentOf(file), {}, parents);
  }
  const options = new Set(textsOf(get(root, 'set')?.value));
  const global = new Map<string, boolean>();
  readVariables(root, global, new DeclaredInputs(), parents, context);
  for (const { name, key, value: task } of tasks) readTask(name, key, task, global, options, runbook, context);
}

/** Variables under `vars` and `env`: whether each has its value from this file. */
function readVariables(node: YamlNode, known: Map<string, boolean>, inputs: DeclaredInputs, parents: Parents, context: ReadContext): void {
  for (const place of ['vars', 'env'] as const) {
    for (const { name, value } of entriesOf(get(node, place)?.value)) {
      const shell = scalarOf(value, 'sh');
      known.set(name, value.kind === 'scalar' && !/\{\{/.test(value.text));
      if (value.kind === 'scalar') stateLiteral(context, name, value.text, contentOf(value), 'env', parents);
      if (shell !== undefined) readScript(context, { text: shell, shell: 'sh', grammar: 'task', inputs, parents, origin: origin(known), sanitizer });
    }
  }
}

function readTask(name: string, key: YamlScalar, task: YamlNode, global: ReadonlyMap<string, boolean>, options: ReadonlySet<string>, runbook: FactOf<'runbook'>, context: ReadContext): void {
  const parents = { runbook };
  const known = new Map(global);
  const inputs = new DeclaredInputs();
  readVariables(task, known, inputs, parents, context);
  for (const required of itemsOf(get(get(task, 'requires')?.value, 'vars')?.value)) {
    const named = required.kind === 'scalar' ? required : scalarOf(required, 'name');
    if (named === undefined) continue;
    const values = textsOf(get(required, 'enum')?.value);
    inputs.add(stateParameter(context, { value: { name: named.text, required: true, values, restricted: values.length > 0, delivery: 'text' }, whole: contentOf(named), parents, variables: [named.text] }));
  }
  const set = new Set([...options, ...textsOf(get(task, 'set')?.value)]);
  const commands = task.kind === 'mapping' ? [...itemsOf(get(task, 'cmds')?.value), ...itemsOf(get(task, 'cmd')?.value), ...itemsOf(get(task, 'status')?.value), ...itemsOf(get(task, 'preconditions')?.value)] : itemsOf(task);
  commands.forEach((command, index) => {
    const text = command.kind === 'scalar' ? command : (scalarOf(command, 'cmd') ?? scalarOf(command, 'sh') ?? scalarOf(command, 'defer'));
    if (text === undefined || text.value === null) return;
    const value: FactValue<'runbook-step'> = {
      ...emptyValue('runbook-step'),
      id: name,
      name,
      index,
      module: 'cmd',
      run: text.text,
      shell: 'sh',
      env: recordOf(get(task, 'env')?.value, context.document.text),
      ignoresErrors: isTrue(get(command, 'ignore_error')?.value) || isTrue(get(task, 'ignore_error')?.value),
      approval: get(task, 'prompt') !== undefined,
      loops: get(command, 'for') !== undefined,
    };
    const step = state(context, 'runbook-step', value, key.range, { run: contentOf(text) }, parents);
    readScript(context, {
      text,
      shell: 'sh',
      grammar: 'task',
      inputs,
      parents: { ...parents, 'runbook-step': step },
      // A failing command ends the task; within one command `set` decides.
      initial: { errexit: set.has('e') || set.has('errexit') || !text.text.trimEnd().includes('\n'), pipefail: set.has('pipefail') },
      origin: origin(known),
      sanitizer,
    });
  });
}

function origin(known: ReadonlyMap<string, boolean>): (name: string) => { source: 'parameter' | 'variable' | 'platform'; controlledBy: 'operator' | 'trusted' } {
  return (name) => {
    if (/^CLI_ARGS(?:_LIST)?$/.test(name)) return { source: 'parameter', controlledBy: 'operator' };
    if (/^(?:TASK|ROOT_DIR|TASKFILE|TASKFILE_DIR|TASK_DIR|TASK_VERSION|USER_WORKING_DIR|CHECKSUM|TIMESTAMP|ITEM|OS|ARCH|ROOT_TASKFILE|EXIT_CODE|ALIAS)$/.test(name)) return { source: 'platform', controlledBy: 'trusted' };
    // A variable that nothing sets can only come from whoever calls the task.
    return { source: 'variable', controlledBy: known.get(name) === true ? 'trusted' : 'operator' };
  };
}

function sanitizer({ expression }: Template): string {
  return /\b(?:shellQuote|q)\b/.test(expression) ? '`shellQuote` makes it one word' : '';
}
