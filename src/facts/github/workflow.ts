import type { SourceRange } from '../../core/index.js';
import type { YamlMapping, YamlNode, YamlPair } from '../../syntax/yaml-node.js';
import { asMapping, get } from '../../syntax/yaml-query.js';
import { emptyValue } from '../empty.js';
import type { ConditionValue, FactValue, InputValue, PermissionsValue, TriggerValue } from '../schema.js';
import { authorizingJobs } from './authorization.js';
import { conditionOf } from './condition-node.js';
import { type ReadContext, state } from './context.js';
import { emitText, envUse, type Place } from './emit.js';
import { worstControl } from './events.js';
import { filledInputs } from './handed-inputs.js';
import { readJob } from './job.js';
import { locator } from './locate.js';
import { effectivePermissions, readPermissions, scopeRange } from './permissions.js';
import { structureProblem } from './problems.js';
import type { Scope } from './scope.js';
import { collectSecrets } from './secret-names.js';
import { entries, scalarOf, textOf, textsOf, valueOf } from './tree.js';
import { createOutputStore } from './taint.js';
import { readTriggers, type WrittenTrigger } from './triggers.js';
import { usedNames } from './used-names.js';
import { plainValues, readMap, readText, withEnv } from './values.js';

/** States the facts of a workflow. */
export function readWorkflow(root: YamlNode, context: ReadContext): void {
  if (root.kind !== 'mapping') {
    structureProblem(context, root, 'a workflow must be a mapping with `on` and `jobs`');
    return;
  }
  const written = readTriggers(valueOf(root, 'on'));
  const own = written.map(({ value }) => value);
  const triggers = context.repository.triggersOf(context.document.path, own);
  const base = workflowScope(written, triggers, context);
  const env = readMap(valueOf(root, 'env'), base, false);
  const scope = withEnv(base, env);
  const jobsPair = get(root, 'jobs');
  const jobs = asMapping(jobsPair?.value);
  if (jobs === undefined && jobsPair !== undefined) structureProblem(context, jobsPair.value, '`jobs` must be a mapping');
  const permissionsNode = valueOf(root, 'permissions');
  const isolated = triggers.length > 0 && triggers.every((trigger) => trigger.event === 'pull_request');
  const declared = readPermissions(permissionsNode, context.document.text);
  const pipeline = state(
    context,
    'pipeline',
    {
      ...emptyValue('pipeline'),
      platform: 'github',
      kind: 'workflow',
      name: textOf(valueOf(root, 'name')) ?? fileName(context.document.path),
      named: get(root, 'name') !== undefined,
      triggers: own.map((trigger) => refined(trigger, triggers)),
      outsiderTriggers: own.filter(isOutsiders).map(({ event }) => event),
      permissions: effectivePermissions(declared, undefined, isolated),
      env: plainValues(env),
      inputs: declaredInputs(written, scope),
      jobCount: jobs?.pairs.length ?? 0,
      reusableOnly: own.length > 0 && own.every((trigger) => trigger.event === 'workflow_call'),
      concurrency: get(root, 'concurrency') !== undefined,
      cancelsRuns: cancelsRuns(valueOf(root, 'concurrency')),
      usesOf: usedNames(root),
      exposedJobs: [],
      forkCheckedJobs: [],
      ...tokenOf(jobs, declared),
    },
    {},
    locateWorkflow(root, written),
  );
  const place: Place = { context, parents: { pipeline }, scope, secretScope: 'pipeline' };
  for (const [name, text] of env) emitText(text, envUse(name), place);
  emitWorkflowTexts(root, place);
  if (jobs === undefined) return;
  const authorizes = authorizingJobs(jobs);
  const outputs = createOutputStore();
  const conditions = new Map([...entries(jobs)].map(([id, job]) => [id.toLowerCase(), { condition: conditionOf(valueOf(job, 'if'), triggers, authorizes), needs: textsOf(valueOf(job, 'needs')) }]));
  const calls = context.repository.callsOf(context.document.path);
  const envSecrets = [...collectSecrets(valueOf(root, 'env'))];
  for (const [id, pair] of inOrder(jobs)) {
    const job = readJob(id, pair, place, {
      triggers,
      permissions: declared,
      permissionsNode,
      text: context.document.text,
      secrets: envSecrets,
      authorizes,
      outputs,
      defaults: valueOf(root, 'defaults'),
      conditions: (job) => conditionChain(job, conditions),
      inheritsSecrets: calls.some((call) => call.secrets.includes('*')),
    });
    if (job === undefined) continue;
    const { reach, condition, runsCode } = job;
    if (runsCode && reach.privileged && (reach.writes.length > 0 || reach.secrets.length > 0 || reach.oidc)) pipeline.value.exposedJobs.push(id);
    if (condition.guards.some((guard) => guard.kind === 'fork' && guard.sound)) pipeline.value.forkCheckedJobs.push(id);
  }
}

/** The event of an outsider that runs with rights of this repository. */
function isOutsiders({ by, privileged }: TriggerValue): boolean {
  return by === 'attacker' && privileged;
}

function cancelsRuns(concurrency: YamlNode | undefined): boolean {
  const cancels = textOf(valueOf(concurrency, 'cancel-in-progress'))?.trim();
  return cancels !== undefined && cancels !== 'false';
}

/** The written trigger with what the rest of the repository says about who fires it. */
function refined(trigger: TriggerValue, effective: readonly TriggerValue[]): TriggerValue {
  if (trigger.event === 'workflow_run') return effective.find(({ event }) => event === 'workflow_run') ?? trigger;
  if (trigger.event !== 'workflow_call') return trigger;
  const callers = effective.filter(({ event }) => event !== 'workflow_call');
  if (callers.length === 0) return trigger;
  return { ...trigger, by: callers.reduce<TriggerValue['by']>((by, caller) => worstControl(by, caller.by), 'trusted'), privileged: callers.some(({ privileged }) => privileged) };
}

function workflowScope(written: readonly WrittenTrigger[], triggers: readonly TriggerValue[], context: ReadContext): Scope {
  const inputTypes = new Map<string, string>();
  const dispatched = new Set<string>();
  for (const { value, settings } of written) {
    for (const [name, input] of entries(valueOf(settings, 'inputs'))) {
      inputTypes.set(name.toLowerCase(), textOf(valueOf(input, 'type')) ?? 'string');
      if (value.event === 'workflow_dispatch') dispatched.add(name.toLowerCase());
    }
  }
  return {
    triggers,
    contextScope: { events: triggers.map(({ event }) => event), inputTypes },
    env: new Map(),
    inputs: filledInputs(inputTypes.keys(), context.repository.inputsOf(context.document.path), dispatched),
    matrix: undefined,
    output: () => undefined,
  };
}

function declaredInputs(written: readonly WrittenTrigger[], scope: Scope): Record<string, InputValue> {
  const inputs: Record<string, InputValue> = {};
  for (const { value: trigger, settings } of written) {
    for (const [written, input] of entries(valueOf(settings, 'inputs'))) {
      const name = written.toLowerCase();
      if (name === '__proto__') continue;
      const text = scalarOf(valueOf(input, 'default'));
      const by = trigger.event === 'workflow_dispatch' ? 'operator' : (scope.inputs.get(name)?.controlledBy ?? 'unknown');
      const known = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
      inputs[name] = {
        ...(text === undefined ? { text: '', literal: true, contexts: [], secrets: [] } : readText(text, scope).value),
        controlledBy: known === undefined ? by : worstControl(known.controlledBy, by),
      };
    }
  }
  return inputs;
}

/** Ids of the jobs that write no permissions: whether the workflow does decides what their token may do. */
function tokenOf(jobs: YamlMapping | undefined, declared: PermissionsValue): Pick<FactValue<'pipeline'>, 'defaultTokenJobs' | 'inheritingJobs'> {
  const without = [...entries(jobs)].filter(([, job]) => valueOf(job, 'permissions') === undefined);
  const ids = (list: typeof without): string[] => list.map(([id]) => id);
  if (declared.declared) return { defaultTokenJobs: [], inheritingJobs: ids(without) };
  // What a called workflow needs, it writes itself.
  return { defaultTokenJobs: ids(without.filter(([, job]) => valueOf(job, 'uses') === undefined)), inheritingJobs: [] };
}

/** Jobs with those that they wait for in front, so that outputs are known where they are read; else in order of writing. */
function inOrder(jobs: YamlMapping): (readonly [string, YamlPair])[] {
  const waiting = new Map([...entries(jobs)].map(([id, , pair]) => [id.toLowerCase(), [id, pair] as const]));
  const ordered: (readonly [string, YamlPair])[] = [];
  const visit = (id: string, depth: number): void => {
    const job = waiting.get(id);
    if (job === undefined || depth > 256) return;
    waiting.delete(id);
    for (const need of textsOf(valueOf(job[1].value, 'needs'))) visit(need.toLowerCase(), depth + 1);
    ordered.push(job);
  };
  for (const id of [...waiting.keys()]) visit(id, 0);
  return [...ordered, ...waiting.values()];
}

interface JobCondition {
  readonly condition: ConditionValue;
  readonly needs: readonly string[];
}

/** The job's condition, then those of the jobs it waits for, as long as a skipped one skips it too. */
function conditionChain(id: string, jobs: ReadonlyMap<string, JobCondition>): ConditionValue[] {
  const chain: ConditionValue[] = [];
  const seen = new Set<string>();
  const queue = [id.toLowerCase()];
  for (let at = 0; at < queue.length; at++) {
    const name = queue[at] as string;
    const job = jobs.get(name);
    if (job === undefined || seen.has(name)) continue;
    seen.add(name);
    chain.push(job.condition);
    // It runs even when what it waits for was skipped.
    if (job.condition.ignoresNeeds) continue;
    queue.push(...job.needs.map((need) => need.toLowerCase()));
  }
  return chain;
}

function emitWorkflowTexts(root: YamlNode, place: Place): void {
  for (const key of ['run-name', 'name'] as const) {
    const scalar = scalarOf(valueOf(root, key));
    if (scalar !== undefined) emitText(readText(scalar, place.scope), { sink: 'name', name: key, handover: 'input', where: '' }, place);
  }
  for (const [, output] of entries(valueOf(valueOf(valueOf(root, 'on'), 'workflow_call'), 'outputs'))) {
    const scalar = scalarOf(valueOf(output, 'value'));
    if (scalar !== undefined) emitText(readText(scalar, place.scope), { sink: 'output', name: 'value', handover: 'output', where: '' }, place);
  }
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function locateWorkflow(root: YamlNode, written: readonly WrittenTrigger[]): (path?: string) => SourceRange {
  const first = root.kind === 'mapping' ? (get(root, 'name') ?? root.pairs[0]) : undefined;
  const own = first === undefined ? root.range : first.value.kind === 'scalar' ? first.range : first.key.range;
  return locator(root, own, {}, (path) => {
    const [property, index, ...rest] = path.split('.');
    if (property === 'triggers') {
      const trigger = /^\d{1,4}$/.test(index ?? '') ? written[Number(index)] : undefined;
      if (trigger === undefined) return get(root, 'on')?.key.range;
      const setting = rest[0] === undefined ? undefined : valueOf(trigger.settings, rest[0]);
      return setting?.range ?? trigger.name.range;
    }
    if (property === 'outsiderTriggers') return written.find((trigger) => isOutsiders(trigger.value))?.name.range;
    if (property === 'concurrency') return get(root, 'concurrency')?.key.range ?? get(root, 'on')?.key.range;
    if (property === 'inputs' && index !== undefined) {
      for (const { settings } of written) {
        const input = get(valueOf(settings, 'inputs'), index);
        if (input !== undefined) return input.key.range;
      }
    }
    if (property === 'permissions' && index === 'scopes' && rest[0] !== undefined) return scopeRange(valueOf(root, 'permissions'), rest.join('.'));
    if (property === 'jobCount') return get(root, 'jobs')?.key.range;
    return undefined;
  });
}
