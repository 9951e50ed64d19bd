import { parseToml } from '../../../syntax/toml.js';
import type { YamlNode, YamlScalar } from '../../../syntax/yaml-node.js';
import { get } from '../../../syntax/yaml-query.js';
import { emptyValue, type FactValue } from '../fact-types.js';
import { type Parents, problem, type ReadContext, state } from '../../common/context.js';
import { stateLiteral } from '../../common/literals.js';
import { DeclaredInputs } from '../../common/parameters.js';
import { readScript } from '../scripts.js';
import { contentOf, entriesOf, itemsOf, recordOf, scalarOf, scalarsOf, secondsOf, textOf } from '../../common/values.js';

/** States the facts of a configuration of mise. https://mise.jdx.dev/tasks/toml-tasks.html */
export function readMise(context: ReadContext): void {
  const { root, problem: fault } = parseToml(context.document.text);
  if (fault !== undefined) problem(context, 'toml-syntax', fault.message, fault.range);
  if (root === undefined) return;
  const tasks = [...entriesOf(get(root, 'tasks')?.value)];
  const confirms = tasks.map(({ value }) => textOf(value, 'confirm')).filter((text) => text !== '');
  const value: FactValue<'runbook'> = { ...emptyValue('runbook'), format: 'mise', kind: 'tasks', name: context.document.path.split('/').at(-1) as string, titleMatches: true, roleControlledBy: 'trusted', scripts: tasks.length, approvals: confirms };
  const runbook = state(context, 'runbook', value, tasks[0] === undefined ? { start: 0, end: 0 } : tasks[0].key.range);
  const parents = { runbook };
  for (const { name, value: given } of entriesOf(get(root, 'env')?.value)) {
    if (given.kind !== 'scalar') continue;
    state(context, 'setting', { ...emptyValue('setting'), name, value: given.text, scope: 'env', file: 'mise' }, contentOf(given), {}, parents);
    stateLiteral(context, name, given.text, contentOf(given), 'env', parents);
  }
  for (const { name, value: version } of entriesOf(get(root, 'tools')?.value)) {
    const written = version.kind === 'scalar' ? version : (scalarOf(version, 'version') ?? scalarsOf(version)[0]);
    if (written === undefined) continue;
    const { text } = written;
    state(context, 'reference', { ...emptyValue('reference'), text: `${name}@${text}`, kind: 'library', name: name.toLowerCase(), ref: text, pin: /^(?:latest|lts.*|)$/.test(text) ? 'none' : 'tag', where: 'script' }, contentOf(written), {}, parents);
  }
  tasks.forEach(({ name, key, value: task }, index) => readTask(name, key, task, index, parents, context));
}

function readTask(name: string, key: YamlScalar, task: YamlNode, index: number, outer: Parents, context: ReadContext): void {
  const commands = task.kind === 'mapping' ? itemsOf(get(task, 'run')?.value) : itemsOf(task);
  const timeout = textOf(task, 'timeout');
  for (const command of commands) {
    if (command.kind !== 'scalar') continue;
    const interpreter = textOf(task, 'shell').split(/\s+/, 1)[0] as string;
    const value: FactValue<'runbook-step'> = {
      ...emptyValue('runbook-step'),
      id: name,
      name,
      index,
      module: 'run',
      run: command.text,
      shell: interpreter || 'sh',
      env: recordOf(get(task, 'env')?.value, context.document.text),
      timeoutSeconds: timeout === '' ? -1 : secondsOf(timeout),
      approval: textOf(task, 'confirm') !== '',
    };
    const step = state(context, 'runbook-step', value, key.range, { run: contentOf(command) }, outer);
    readScript(context, {
      text: command,
      shell: command.text.startsWith('#!') ? '' : interpreter || 'sh',
      grammar: 'mise',
      inputs: new DeclaredInputs(),
      parents: { ...outer, 'runbook-step': step },
      initial: { errexit: !command.text.startsWith('#!') },
      origin: (used) => (/^(?:arg|option|flag|usage)\b/.test(used) ? { source: 'parameter', controlledBy: 'operator' } : { source: 'platform', controlledBy: 'trusted' }),
      sanitizer: ({ expression }) => (/\|\s*quote\b/.test(expression) ? 'the filter `quote` makes it one word' : ''),
    });
  }
}
