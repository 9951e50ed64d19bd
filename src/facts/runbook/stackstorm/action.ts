import type { SourceRange } from '../../../core/index.js';
import type { YamlNode, YamlScalar } from '../../../syntax/yaml-node.js';
import { get, walk } from '../../../syntax/yaml-query.js';
import { emptyValue, type FactOf, type FactValue } from '../fact-types.js';
import { escapes } from '../names.js';
import { type Parents, type ReadContext, state, stemOf } from '../../common/context.js';
import { DeclaredInputs, stateParameter } from '../../common/parameters.js';
import { readScript } from '../scripts.js';
import { contentAt, contentOf, entriesOf, isTrue, itemsOf, placesOf, recordOf, scalarOf, secondsOf, textOf, textsOf } from '../../common/values.js';

type Format = 'stackstorm' | 'attune';

/** Names under which templates of both platforms read a parameter. */
function templateNames(name: string): string[] {
  return [name, `ctx.${name}`, `parameters.${name}`, `action_parameters.${name}`, `_.${name}`];
}

/** States the declared parameters: a flat mapping by name, a JSON Schema, or a list of names. */
export function stateParameters(root: YamlNode, delivery: FactValue<'parameter'>['delivery'], runbook: FactOf<'runbook'>, context: ReadContext): DeclaredInputs {
  const inputs = new DeclaredInputs();
  const declared = get(root, 'parameters')?.value ?? get(root, 'input')?.value;
  const schema = get(declared, 'properties')?.value;
  const required = new Set(textsOf(get(declared, 'required')?.value));
  const parents = { runbook };
  if (declared?.kind === 'sequence') {
    for (const item of itemsOf(declared)) {
      const name = item.kind === 'scalar' ? item.text : ([...entriesOf(item)][0]?.name ?? '');
      if (name !== '') inputs.add(stateParameter(context, { value: { name, delivery: 'text' }, whole: item.range, parents, templates: templateNames(name) }));
    }
    return inputs;
  }
  for (const { name, key, value } of entriesOf(schema ?? declared)) {
    if (value.kind !== 'mapping') continue;
    const values = textsOf(get(value, 'enum')?.value);
    const fixed = isTrue(get(value, 'immutable')?.value);
    const fallback = get(value, 'default')?.value;
    const type = textOf(value, 'type');
    inputs.add(
      stateParameter(context, {
        value: {
          name,
          type,
          description: textOf(value, 'description'),
          required: isTrue(get(value, 'required')?.value) || required.has(name),
          hasDefault: fallback !== undefined,
          default: fallback?.kind === 'scalar' && fallback.value !== null ? fallback.text : '',
          pattern: textOf(value, 'pattern'),
          values,
          restricted: values.length > 0 || fixed,
          secret: isTrue(get(value, 'secret')?.value),
          delivery,
        },
        whole: contentOf(key),
        places: { default: contentAt(value, 'default'), pattern: contentAt(value, 'pattern'), secret: contentAt(value, 'secret') },
        parents,
        templates: templateNames(name),
        variables: delivery === 'environment' ? [name, name.toUpperCase(), `ST2_ACTION_${name.toUpperCase()}`, `ATTUNE_PARAM_${name.toUpperCase()}`] : [],
      }),
    );
  }
  return inputs;
}

/** Runners that hand a text to a shell. */
const SHELL_RUNNER = /^(?:local|remote)-shell-(?:cmd|script(?:-sudo)?)$|^shell$|^run-(?:local|remote)$/;

/** States the facts of an action: https://docs.stackstorm.com/actions.html and Attune's of the same shape. */
export function readAction(root: YamlNode, format: Format, context: ReadContext): void {
  const runner = textOf(root, 'runner_type') || textOf(root, 'runner-type');
  const delivered = textOf(root, 'parameter_delivery');
  const timeout = scalarOf(root, 'timeout') ?? scalarOf(get(get(root, 'parameters')?.value, 'timeout')?.value, 'default');
  const entry = scalarOf(root, 'entry_point');
  const escaping = entry !== undefined && entry.text !== '' && escapes(entry.text) ? [entry.text] : [];
  const places: Record<string, SourceRange | undefined> = {
    name: contentAt(root, 'ref') ?? contentAt(root, 'name'),
    timeoutSeconds: timeout === undefined ? undefined : contentOf(timeout),
    'escapingFiles.0': entry === undefined ? undefined : contentOf(entry),
    'files.0': entry === undefined ? undefined : contentOf(entry),
    delivery: contentAt(root, 'parameter_delivery'),
    uses: contentAt(root, 'runner_type') ?? contentAt(root, 'runner-type'),
  };
  const value: FactValue<'runbook'> = {
    ...emptyValue('runbook'),
    format,
    kind: 'action',
    name: textOf(root, 'ref') || textOf(root, 'name') || stemOf(context.document.path),
    description: textOf(root, 'description'),
    titleMatches: true,
    uses: runner === '' ? [] : [runner],
    timeoutSeconds: timeout === undefined ? -1 : secondsOf(timeout.text),
    files: entry === undefined || entry.text === '' ? [] : [entry.text],
    escapingFiles: escaping,
    root: isTrue(get(get(get(root, 'parameters')?.value, 'sudo')?.value, 'default')?.value),
    roleControlledBy: 'trusted',
  };
  const runbook = state(context, 'runbook', value, contentAt(root, 'ref') ?? contentAt(root, 'name') ?? { start: root.range.start, end: root.range.start }, places);
  const delivery = delivered === 'env' ? 'environment' : delivered === 'file' ? 'file' : delivered === 'stdin' || format === 'attune' ? 'stdin' : 'argument';
  const inputs = stateParameters(root, delivery, runbook, context);
  const parameters = get(root, 'parameters')?.value;
  const command = scalarOf(get(parameters, 'cmd')?.value, 'default') ?? scalarOf(root, 'cmd') ?? scalarOf(root, 'command');
  const step: FactValue<'runbook-step'> = { ...emptyValue('runbook-step'), id: value.name, name: value.name, index: 0, module: runner, run: command?.text ?? '', shell: SHELL_RUNNER.test(runner) ? 'sh' : '', root: value.root, timeoutSeconds: value.timeoutSeconds };
  const fact = state(context, 'runbook-step', step, contentAt(root, 'runner_type') ?? contentAt(root, 'runner-type') ?? runbook.locate(), { run: command === undefined ? undefined : contentOf(command), timeoutSeconds: places['timeoutSeconds'] }, { runbook });
  const parents: Parents = { runbook, 'runbook-step': fact };
  stateSecretsInEnvironment(get(get(parameters, 'env')?.value, 'default')?.value, parents, context);
  if (command !== undefined && SHELL_RUNNER.test(runner)) {
    readScript(context, { text: command, shell: 'sh', grammar: 'stackstorm', inputs, parents, origin, sanitizer });
    value.scripts = 1;
  }
}

/** Secrets of the platform's configuration that an action puts into the environment of its script. */
function stateSecretsInEnvironment(env: YamlNode | undefined, parents: Parents, context: ReadContext): void {
  for (const { name, value } of entriesOf(env)) {
    if (value.kind !== 'scalar' || !/config_context\.|st2kv\.|keystore|\bsecret/i.test(value.text)) continue;
    state(context, 'secret-use', { ...emptyValue('secret-use'), name, text: value.text, handover: 'env', sinkName: name }, contentOf(value), {}, parents);
  }
}

/** Templates that name no parameter. */
export function origin(name: string): { source: 'platform' | 'output' | 'secret' | 'variable'; controlledBy: 'trusted' | 'unknown' } {
  if (/^(?:st2kv|config_context|keystore|config)\b/.test(name)) return { source: name.startsWith('st2kv') ? 'secret' : 'platform', controlledBy: 'trusted' };
  if (/^(?:result|task|workflow|item)\b/.test(name)) return { source: 'output', controlledBy: 'unknown' };
  return { source: 'variable', controlledBy: 'unknown' };
}

/** Filters and functions that quote. */
export function sanitizer({ expression }: { readonly expression: string }): string {
  return /\|\s*(?:quote|shlex_quote|int|float|bool)\b/.test(expression) ? 'its filter leaves one word' : '';
}

/** Actions whose input `cmd` a shell runs. */
const SHELL_ACTION = /^(?:core\.(?:local|local_sudo|remote|remote_sudo|winrm_cmd|winrm_ps_cmd)|core\.shell|linux\.\w*shell\w*)$/;

/** States the facts of a workflow: Orquesta, Mistral, an action chain, or Attune's. */
export function readWorkflow(root: YamlNode, format: Format, context: ReadContext): void {
  const own = [...entriesOf(root)].find(({ value: inner }) => inner.kind === 'mapping' && get(inner, 'tasks') !== undefined);
  const flow = get(root, 'tasks') !== undefined || get(root, 'chain') !== undefined ? root : (own?.value ?? root);
  const tasks = tasksOf(flow);
  const value: FactValue<'runbook'> = {
    ...emptyValue('runbook'),
    format,
    kind: 'workflow',
    name: textOf(root, 'ref') || stemOf(context.document.path),
    description: textOf(root, 'description'),
    titleMatches: true,
    roleControlledBy: 'trusted',
    uses: [...new Set(tasks.map(({ node }) => actionOf(node)?.text ?? '').filter((name) => name !== ''))],
    approvals: tasks.filter(({ node }) => /^core\.ask$|inquir/.test(actionOf(node)?.text ?? '')).map(({ node }) => actionOf(node)?.text ?? ''),
    rollback: tasks.some(({ name }) => /roll_?back|revert|restore|undo/i.test(name)),
    timeoutSeconds: secondsOf(textOf(root, 'timeout')),
    scripts: tasks.length,
  };
  const runbook = state(context, 'runbook', value, contentAt(root, 'ref') ?? tasks[0]?.range ?? { start: root.range.start, end: root.range.start });
  const inputs = stateParameters(flow, 'text', runbook, context);
  tasks.forEach(({ name, range, node }, index) => readTask(name, range, node, index, inputs, runbook, context));
}

function tasksOf(flow: YamlNode): { readonly name: string; readonly range: SourceRange; readonly node: YamlNode }[] {
  const tasks = get(flow, 'tasks')?.value ?? get(flow, 'chain')?.value;
  if (tasks?.kind === 'mapping') return [...entriesOf(tasks)].map(({ name, key, value }) => ({ name, range: contentOf(key), node: value }));
  return itemsOf(tasks).map((node) => ({ name: textOf(node, 'name'), range: contentAt(node, 'name') ?? node.range, node }));
}

function actionOf(task: YamlNode): YamlScalar | undefined {
  return scalarOf(task, 'action') ?? scalarOf(task, 'ref');
}

function readTask(name: string, range: SourceRange, task: YamlNode, index: number, inputs: DeclaredInputs, runbook: FactOf<'runbook'>, context: ReadContext): void {
  const written = actionOf(task);
  // Orquesta and Mistral allow arguments behind the action's name: `core.local cmd="…"`.
  const action = written?.text.trim().split(/\s+/, 1)[0] ?? '';
  const given = get(task, 'input')?.value ?? get(task, 'params')?.value ?? get(task, 'parameters')?.value;
  const retry = get(task, 'retry')?.value;
  const attempts = Number(textOf(retry, 'count') || '-1');
  const command = scalarOf(given, 'cmd') ?? scalarOf(given, 'command');
  const hosts = textOf(given, 'hosts');
  const value: FactValue<'runbook-step'> = {
    ...emptyValue('runbook-step'),
    id: name,
    name,
    index,
    module: action,
    run: command?.text ?? '',
    shell: SHELL_ACTION.test(action) ? 'sh' : '',
    inputs: recordOf(given, context.document.text),
    condition: textOf(task, 'when'),
    timeoutSeconds: secondsOf(textOf(given, 'timeout') || textOf(task, 'timeout')),
    root: /_sudo$/.test(action) || isTrue(get(given, 'sudo')?.value),
    approval: action === 'core.ask',
    retries: retry === undefined ? -1 : Number.isInteger(attempts) ? attempts : -1,
    loops: retry !== undefined || get(task, 'with') !== undefined,
  };
  if (hosts === '*') runbook.value.everyHost = true;
  const places: Record<string, SourceRange | undefined> = { ...placesOf(given, 'inputs'), run: command === undefined ? undefined : contentOf(command), module: written === undefined ? undefined : contentOf(written) };
  const step = state(context, 'runbook-step', value, range, places, { runbook });
  if (command !== undefined && SHELL_ACTION.test(action)) {
    readScript(context, { text: command, shell: action.includes('winrm_ps') ? 'powershell' : 'sh', grammar: 'stackstorm', inputs, parents: { runbook, 'runbook-step': step }, origin, sanitizer });
  }
}

/** States what a set of permissions of Attune grants. */
export function readPermissions(root: YamlNode, context: ReadContext): void {
  const places: Record<string, SourceRange> = {};
  const wild: string[] = [];
  const everywhere: SourceRange[] = [];
  for (const grant of itemsOf(get(root, 'grants')?.value)) {
    let starred = false;
    walk(grant, (node) => {
      if (node.kind === 'scalar' && node.text === '*') starred = true;
    }, 500);
    if (!starred) continue;
    places[`uses.${wild.length}`] = grant.range;
    everywhere.push(grant.range);
    wild.push('*');
  }
  state(
    context,
    'runbook',
    { ...emptyValue('runbook'), format: 'attune', kind: 'access', name: textOf(root, 'ref'), description: textOf(root, 'description'), titleMatches: true, uses: wild, claims: { declared: true, problem: '', names: ['grants'], values: wild } },
    everywhere[0] ?? contentAt(root, 'ref') ?? root.range,
    places,
  );
}
