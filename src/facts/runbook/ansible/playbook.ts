import type { SourceRange } from '../../../core/index.js';
import type { YamlNode, YamlScalar } from '../../../syntax/yaml-node.js';
import { get, walk } from '../../../syntax/yaml-query.js';
import { emptyValue, type FactValue } from '../fact-types.js';
import { isSecretName } from '../../shell/index.js';
import { type Parents, type ReadContext, state, stemOf } from '../../common/context.js';
import { stateLiteral } from '../../common/literals.js';
import { DeclaredInputs, stateParameter } from '../../common/parameters.js';
import { readScript } from '../scripts.js';
import type { Template } from '../templates.js';
import { contentAt, contentOf, entriesOf, isFalse, isTrue, itemsOf, mentions, pairAt, placesOf, recordOf, scalarOf, textOf } from '../../common/values.js';
import { FETCHES, isModule, runsAs, shortName } from './modules.js';

/** What plays and blocks hand down to the tasks in them. */
interface Inherited {
  readonly noLog: boolean;
  readonly root: boolean;
  readonly ignoresErrors: boolean;
}

interface PlayContext {
  readonly context: ReadContext;
  readonly parents: Parents;
  readonly inputs: DeclaredInputs;
  index: number;
  tasks: YamlNode[];
}

const NOTHING: Inherited = { noLog: false, root: false, ignoresErrors: false };
/** Blocks inside each other that are followed. */
const MAX_BLOCKS = 20;

/** States the facts of a playbook: a list of plays. */
export function readPlaybook(root: YamlNode, context: ReadContext): void {
  for (const play of itemsOf(root)) {
    if (get(play, 'hosts') !== undefined) readPlay(play, context);
    else stateImport(play, {}, context);
  }
}

/** States the facts of the tasks or handlers of a role. */
export function readTasks(root: YamlNode, context: ReadContext): void {
  const runbook = state(context, 'runbook', { ...emptyValue('runbook'), format: 'ansible', kind: 'tasks', name: stemOf(context.document.path), titleMatches: true, roleControlledBy: 'trusted' }, firstLine(root));
  const play: PlayContext = { context, parents: { runbook }, inputs: new DeclaredInputs(), index: 0, tasks: [] };
  for (const task of itemsOf(root)) readTask(task, NOTHING, play, 0);
  summarise(play, runbook.value);
}

function firstLine(node: YamlNode): SourceRange {
  return { start: node.range.start, end: Math.min(node.range.end, node.range.start + 1) };
}

function readPlay(play: YamlNode, context: ReadContext): void {
  const hosts = get(play, 'hosts')?.value;
  const hostText = hosts === undefined ? '' : hosts.kind === 'scalar' ? hosts.text : itemsOf(hosts).map((one) => (one.kind === 'scalar' ? one.text : '')).join(',');
  const root = isTrue(get(play, 'become')?.value) && /^(?:root)?$/.test(textOf(play, 'become_user'));
  const prompts = itemsOf(get(play, 'vars_prompt')?.value);
  const places: Record<string, SourceRange | undefined> = {
    name: contentAt(play, 'name'),
    hosts: hosts === undefined ? undefined : contentOf(hosts),
    root: pairAt(play, 'become'),
    role: contentAt(play, 'remote_user'),
    keepGoing: pairAt(play, 'ignore_errors'),
  };
  const value: FactValue<'runbook'> = {
    ...emptyValue('runbook'),
    format: 'ansible',
    kind: 'runbook',
    name: textOf(play, 'name') || stemOf(context.document.path),
    titleMatches: true,
    hosts: hostText,
    everyHost: /(?:^|[,:])\s*(?:all|\*)\s*(?:$|[,:])/.test(hostText),
    batched: get(play, 'serial') !== undefined,
    errorLimit: get(play, 'max_fail_percentage') !== undefined || isTrue(get(play, 'any_errors_fatal')?.value),
    keepGoing: isTrue(get(play, 'ignore_errors')?.value),
    root,
    role: textOf(play, 'remote_user'),
    roleControlledBy: 'trusted',
    approvals: prompts.map(() => 'vars_prompt'),
    dryRun: isTrue(get(play, 'check_mode')?.value),
  };
  const runbook = state(context, 'runbook', value, contentAt(play, 'name') ?? (hosts === undefined ? play.range : contentOf(hosts)), places);
  const parents = { runbook };
  const inputs = new DeclaredInputs();
  for (const prompt of prompts) {
    const name = textOf(prompt, 'name');
    // What is typed is hidden unless it says otherwise; that alone makes no secret of a name.
    const hidden = isTrue(get(prompt, 'private')?.value) || (isSecretName(name) && !isFalse(get(prompt, 'private')?.value));
    inputs.add(
      stateParameter(context, {
        value: { name, description: textOf(prompt, 'prompt'), required: true, hasDefault: get(prompt, 'default') !== undefined, default: textOf(prompt, 'default'), delivery: 'text', secret: hidden },
        whole: contentAt(prompt, 'name') ?? prompt.range,
        places: { default: contentAt(prompt, 'default'), secret: contentAt(prompt, 'private') },
        parents,
      }),
    );
  }
  for (const { name, value: given } of entriesOf(get(play, 'vars')?.value)) stateVariable(name, given, parents, context);
  const inherited: Inherited = { noLog: isTrue(get(play, 'no_log')?.value), root, ignoresErrors: isTrue(get(play, 'ignore_errors')?.value) };
  const reading: PlayContext = { context, parents, inputs, index: 0, tasks: [] };
  for (const list of ['pre_tasks', 'tasks', 'post_tasks', 'handlers']) {
    for (const task of itemsOf(get(play, list)?.value)) readTask(task, inherited, reading, 0);
  }
  for (const role of itemsOf(get(play, 'roles')?.value)) {
    const name = role.kind === 'scalar' ? role.text : textOf(role, 'role') || textOf(role, 'name');
    if (name !== '') state(context, 'reference', { ...emptyValue('reference'), text: name, kind: 'library', name: name.toLowerCase(), where: 'include' }, role.kind === 'scalar' ? contentOf(role) : role.range, {}, parents);
  }
  summarise(reading, value);
}

/** What all tasks together say about the play. */
function summarise({ tasks, index }: PlayContext, value: FactValue<'runbook'>): void {
  const modules = tasks.flatMap((task) => [...entriesOf(task)].filter(({ name }) => isModule(name)).map(({ name }) => shortName(name)));
  value.uses = [...new Set(modules)];
  value.scripts = index;
  const pauses = tasks.filter((task) => mentions(task, /^confirm|^are you sure/i) || get(task, 'pause') !== undefined || get(task, 'ansible.builtin.pause') !== undefined);
  value.approvals = [...value.approvals, ...pauses.map(() => 'pause')];
  value.dryRun ||= tasks.some((task) => get(task, 'check_mode') !== undefined || mentions(task, /ansible_check_mode/));
  value.rollback ||= tasks.some((task) => get(task, 'rescue') !== undefined || /roll ?back|revert|restore/i.test(textOf(task, 'name')));
}

function readTask(task: YamlNode, inherited: Inherited, play: PlayContext, depth: number): void {
  if (task.kind !== 'mapping' || depth > MAX_BLOCKS) return;
  const own: Inherited = {
    noLog: get(task, 'no_log') === undefined ? inherited.noLog : !isFalse(get(task, 'no_log')?.value),
    root: get(task, 'become') === undefined ? inherited.root : isTrue(get(task, 'become')?.value) && /^(?:root)?$/.test(textOf(task, 'become_user')),
    ignoresErrors: isTrue(get(task, 'ignore_errors')?.value) || inherited.ignoresErrors || isFalse(get(task, 'failed_when')?.value),
  };
  play.tasks.push(task);
  if (get(task, 'block') !== undefined) {
    for (const list of ['block', 'rescue', 'always']) for (const inner of itemsOf(get(task, list)?.value)) readTask(inner, own, play, depth + 1);
    return;
  }
  const called = [...entriesOf(task)].find(({ name }) => isModule(name)) ?? [...entriesOf(task)].find(({ name }) => name === 'local_action' || name === 'action');
  if (called === undefined) return;
  readModule(task, called.name, called.value, called.key.range, own, play);
}

function readModule(task: YamlNode, module: string, given: YamlNode, key: SourceRange, own: Inherited, play: PlayContext): void {
  const { context } = play;
  const source = context.document.text;
  const args = get(task, 'args')?.value;
  const inputs = given.kind === 'scalar' ? { ...recordOf(args, source) } : { ...recordOf(given, source), ...recordOf(args, source) };
  const kind = runsAs(module);
  const line = commandLine(given);
  const executable = textOf(args, 'executable') || textOf(given, 'executable');
  const environment = get(task, 'environment')?.value;
  const places: Record<string, SourceRange | undefined> = {
    module: key,
    run: line === undefined ? undefined : contentOf(line),
    ...placesOf(given, 'inputs'),
    ...placesOf(args, 'inputs'),
    ...placesOf(environment, 'env'),
    noLog: pairAt(task, 'no_log'),
    ignoresErrors: pairAt(task, 'ignore_errors') ?? pairAt(task, 'failed_when'),
    root: pairAt(task, 'become'),
    name: contentAt(task, 'name'),
  };
  const secretInputs = [...entriesOf(given), ...entriesOf(args)].filter(({ name, value }) => isSecretName(name) && value.kind === 'scalar' && value.text !== '').map(({ name }) => name);
  const timeout = Number(textOf(task, 'timeout') || textOf(task, 'async') || '-1');
  const retries = Number(textOf(task, 'retries') || '-1');
  const value: FactValue<'runbook-step'> = {
    ...emptyValue('runbook-step'),
    id: textOf(task, 'name'),
    name: textOf(task, 'name'),
    index: play.index++,
    module: shortName(module),
    run: kind === '' ? '' : (line?.text ?? ''),
    shell: kind === 'shell' ? executable || '/bin/sh' : kind === 'powershell' ? 'powershell' : '',
    inputs,
    env: recordOf(environment, source),
    condition: textOf(task, 'when'),
    timeoutSeconds: Number.isInteger(timeout) ? timeout : -1,
    root: own.root,
    ignoresErrors: own.ignoresErrors,
    noLog: own.noLog,
    approval: shortName(module) === 'pause',
    retries: Number.isInteger(retries) ? retries : -1,
    loops: [...entriesOf(task)].some(({ name }) => name === 'loop' || name === 'until' || name.startsWith('with_')),
    secretInputs,
  };
  const step = state(context, 'runbook-step', value, contentAt(task, 'name') ?? key, places, play.parents);
  const parents = { ...play.parents, 'runbook-step': step };
  for (const { name, value: secret } of [...entriesOf(given), ...entriesOf(args), ...entriesOf(environment)]) stateVariable(name, secret, parents, context, 'input');
  if (kind !== '' && line !== undefined) {
    const { undeclared } = readScript(context, {
      text: line,
      shell: kind === 'powershell' ? 'powershell' : executable || 'sh',
      grammar: 'jinja',
      inputs: play.inputs,
      parents,
      withoutShell: kind === 'command',
      origin,
      sanitizer,
    });
    value.undeclared = undeclared.filter(({ name }) => !(name in value.env)).map(({ name }) => name);
    undeclared.forEach(({ range }, index) => (places[`undeclared.${index}`] = range));
  }
  stateFetch(module, given, parents, context);
  stateImport(task, parents, context);
}

/** The text of a free-form module, or its `cmd`. */
function commandLine(given: YamlNode): YamlScalar | undefined {
  if (given.kind === 'scalar') return given.value === null ? undefined : given;
  return scalarOf(given, 'cmd') ?? scalarOf(given, '_raw_params');
}

/** Variables of Ansible itself say where it runs and come from its inventory. */
function origin(name: string): { source: 'platform' | 'variable' | 'output'; controlledBy: 'trusted' | 'unknown' } {
  if (/^(?:inventory_\w+|playbook_dir|role_path|role_name|ansible_(?:host|user|port|distribution\w*|os_family|architecture|check_mode|env|facts|date_time|kernel|hostname|fqdn)|groups|group_names|omit|lookup)\b/.test(name)) return { source: 'platform', controlledBy: 'trusted' };
  return { source: 'variable', controlledBy: 'unknown' };
}

/** Filters that quote for a shell or leave nothing but a number. */
function sanitizer({ expression }: Template): string {
  if (/\|\s*(?:quote|ansible\.builtin\.quote)\s*(?:\}|$)/.test(expression)) return 'the filter `quote` makes it one word';
  if (/\|\s*(?:int|float|length|count|bool|hash|to_uuid|b64encode)\b[^|]*$/.test(expression)) return 'its filter leaves no character with a meaning for a shell';
  return /^\s*(?:if|else|elif|endif|for|endfor|raw|endraw)\b/.test(expression) ? 'it only decides what is written' : '';
}

/** A variable whose name says that it is a credential and whose value is written here. */
export function stateVariable(name: string, value: YamlNode, parents: Parents, context: ReadContext, where: FactValue<'literal-secret'>['where'] = 'env'): void {
  if (value.kind === 'scalar') {
    if (value.tag === undefined && value.value !== null) stateLiteral(context, name, value.text, contentOf(value), where, parents);
    return;
  }
  if (value.kind !== 'mapping') return;
  walk(value, (node) => {
    for (const { name: inner, value: one } of entriesOf(node)) if (one.kind === 'scalar' && one.tag === undefined && one.value !== null) stateLiteral(context, inner, one.text, contentOf(one), where, parents);
  }, 2_000);
}

function stateFetch(module: string, given: YamlNode, parents: Parents, context: ReadContext): void {
  const fetch = FETCHES[shortName(module)] ?? FETCHES[module];
  const from = fetch === undefined ? undefined : scalarOf(given, fetch.from);
  if (fetch === undefined || from === undefined) return;
  const ref = fetch.version === '' ? '' : textOf(given, fetch.version);
  const pin = /^[\da-f]{40}$/.test(ref) || /^sha(?:256|384|512):/.test(ref) || /@sha256:/.test(from.text) ? 'digest' : ref === '' || ref === 'HEAD' ? 'none' : /^(?:main|master|develop|trunk)$/.test(ref) ? 'branch' : 'tag';
  state(context, 'reference', { ...emptyValue('reference'), text: from.text, kind: fetch.kind, name: from.text.toLowerCase(), ref, pin, where: fetch.kind === 'image' ? 'container' : 'script' }, contentOf(from), { ref: contentAt(given, fetch.version) }, parents);
}

const IMPORTS = ['import_playbook', 'include_tasks', 'import_tasks', 'include_vars', 'include_role', 'import_role', 'include'];

/** What a play or task takes from another file. */
function stateImport(node: YamlNode, parents: Parents, context: ReadContext): void {
  for (const { name, value } of entriesOf(node)) {
    if (!IMPORTS.includes(shortName(name))) continue;
    const file = value.kind === 'scalar' ? value : (scalarOf(value, 'file') ?? scalarOf(value, 'name'));
    if (file === undefined || file.text === '') continue;
    const remote = /^https?:/.test(file.text);
    state(context, 'reference', { ...emptyValue('reference'), text: file.text, kind: remote ? 'include' : 'local', name: file.text.toLowerCase(), path: remote ? '' : file.text, where: 'include', controlledBy: file.text.includes('{{') ? 'unknown' : 'trusted' }, contentOf(file), {}, parents);
  }
}
