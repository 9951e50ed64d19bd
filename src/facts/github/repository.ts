import type { Document, SourceRange } from '../../core/index.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { parseYaml } from '../../syntax/yaml.js';
import { asSequence } from '../../syntax/yaml-query.js';
import type { ConditionValue, PermissionsValue, TriggerValue } from '../schema.js';
import { conditionOf } from './condition-node.js';
import { worstControl } from './events.js';
import { handedInputs } from './handed-inputs.js';
import { effectivePermissions, readPermissions } from './permissions.js';
import type { Origin } from './scope.js';
import { contentRange, entries, textOf, valueOf } from './tree.js';
import { readTriggers } from './triggers.js';

/** A value that a caller hands to an input, with where it is written. */
export interface HandedInput {
  readonly text: string;
  readonly range: SourceRange;
}

/** One job or step of the repository that calls a workflow or action of the same repository. */
export interface Call {
  readonly document: Document;
  /** Id of the calling job; empty in a composite action. */
  readonly job: string;
  /** Where the callee is named. */
  readonly range: SourceRange;
  readonly conditions: readonly ConditionValue[];
  readonly permissions: PermissionsValue;
  /** Names of secrets handed over; `*` for all. */
  readonly secrets: readonly string[];
  /** By lower-case name. */
  readonly inputs: ReadonlyMap<string, HandedInput>;
  /** Texts of the variables of the workflow, job and step that call, by lower-case name. */
  readonly env: ReadonlyMap<string, string>;
}

/** What one file knows of the others: read in a cheap first pass, without keeping trees. */
export interface Repository {
  /** There are workflows or actions. */
  readonly usesActions: boolean;
  /** The calls of a reusable workflow or local action, by the path of its file. */
  callsOf(path: string): readonly Call[];
  /**
   * What starts a pipeline in the end: its own triggers, `workflow_run` refined by the workflows it
   * names, and for what is called the triggers of its callers, several levels up. `unknown` callers
   * remain where none is known.
   */
  triggersOf(path: string, own: readonly TriggerValue[]): readonly TriggerValue[];
  /** What callers in the repository hand to the inputs of a workflow or action, by lower-case name; undefined when none is known. */
  inputsOf(path: string): ReadonlyMap<string, Origin> | undefined;
}

/** Callers of callers beyond this depth count as unknown; GitHub allows ten levels of workflows. */
const MAX_DEPTH = 10;
const MAX_TRIGGERS = 64;
/** Something that may be `uses:` of the same repository; `./gradlew` in scripts is not worth a parse. */
const LOCAL_CALL = /uses["']?[ \t]{0,8}:[ \t]{0,8}(?:&[\w-]{1,40}[ \t]{1,8})?(?:[>|][-+]?\s{1,40})?["']?[.$]\//;
/** Calls of one callee beyond these add nothing new. */
const MAX_CALLS = 200;

/**
 * First pass over the documents: parses only files that call something of the repository, can be
 * called, or are named by a `workflow_run`, and keeps summaries of them.
 */
export function readRepository(documents: Iterable<Document>): Repository {
  const calls = new Map<string, Call[]>();
  const own = new Map<string, readonly TriggerValue[]>();
  const named = new Map<string, readonly TriggerValue[]>();
  const followed = new Set<string>();
  const workflows: Document[] = [];
  let usesActions = false;
  for (const document of documents) {
    if (document.format !== 'github-workflow' && document.format !== 'github-action') continue;
    usesActions = true;
    if (document.format === 'github-workflow') workflows.push(document);
    const { text } = document;
    if (text.includes('workflow_run')) for (const name of followedNames(text)) followed.add(name);
    const callsLocally = LOCAL_CALL.test(text);
    if (!callsLocally && !text.includes('workflow_call')) continue;
    const root = parseYaml(text).documents[0];
    if (root === undefined) continue;
    if (document.format === 'github-workflow') own.set(document.path, readTriggers(valueOf(root, 'on')).map(({ value }) => value));
    if (callsLocally) collectCalls(document, root, calls);
  }
  if (followed.size > 0) for (const document of workflows) nameWorkflow(document, followed, named);
  const repository: Repository = {
    usesActions,
    callsOf: (path) => calls.get(path) ?? [],
    triggersOf: (path, triggers) => effectiveTriggers(path, triggers, { calls, own, named, seen: new Set(), depth: 0 }),
    inputsOf: (path) => handedInputs(path, repository, own, new Set()),
  };
  return repository;
}

/** The names in a file's `on.workflow_run.workflows`. */
function followedNames(text: string): string[] {
  const triggers = readTriggers(valueOf(parseYaml(text).documents[0], 'on'));
  return triggers.flatMap(({ value }) => (value.event === 'workflow_run' ? value.workflows : []));
}

function nameWorkflow(document: Document, followed: ReadonlySet<string>, named: Map<string, readonly TriggerValue[]>): void {
  let mentioned = followed.has(document.path);
  for (const name of followed) mentioned ||= document.text.includes(name);
  if (!mentioned) return;
  const root = parseYaml(document.text).documents[0];
  const name = textOf(valueOf(root, 'name')) ?? document.path;
  if (!followed.has(name)) return;
  const triggers = readTriggers(valueOf(root, 'on')).map(({ value }) => value);
  named.set(name, [...(named.get(name) ?? []), ...triggers]);
}

function collectCalls(document: Document, root: YamlNode, calls: Map<string, Call[]>): void {
  const pipeline = readPermissions(valueOf(root, 'permissions'));
  const outer = textsOfEnv(root);
  const triggers = readTriggers(valueOf(root, 'on')).map(({ value }) => value);
  const isolated = triggers.length > 0 && triggers.every((trigger) => trigger.event === 'pull_request');
  for (const [job, node] of entries(valueOf(root, 'jobs'))) {
    const permissions = effectivePermissions(readPermissions(valueOf(node, 'permissions')), pipeline, isolated);
    const condition = conditionOf(valueOf(node, 'if'), triggers);
    const env = textsOfEnv(node, outer);
    addCall(document, job, node, [condition], permissions, env, calls);
    for (const { value: step } of asSequence(valueOf(node, 'steps'))?.items ?? []) {
      addCall(document, job, step, [condition, conditionOf(valueOf(step, 'if'), triggers)], permissions, env, calls);
    }
  }
  for (const { value: step } of asSequence(valueOf(valueOf(root, 'runs'), 'steps'))?.items ?? []) {
    addCall(document, '', step, [conditionOf(valueOf(step, 'if'), [])], readPermissions(undefined), outer, calls);
  }
}

function addCall(
  document: Document,
  job: string,
  node: YamlNode,
  conditions: readonly ConditionValue[],
  permissions: PermissionsValue,
  env: ReadonlyMap<string, string>,
  calls: Map<string, Call[]>,
): void {
  const uses = valueOf(node, 'uses');
  if (uses?.kind !== 'scalar') return;
  const inputs = new Map<string, HandedInput>();
  for (const [name, value] of entries(valueOf(node, 'with'))) {
    if (value.kind === 'scalar') inputs.set(name.toLowerCase(), { text: value.text, range: contentRange(value) });
  }
  const secrets = valueOf(node, 'secrets');
  const handed = textOf(secrets) === 'inherit' ? ['*'] : [...entries(secrets)].map(([name]) => name);
  const call: Call = { document, job, range: contentRange(uses), conditions, permissions, secrets: handed, inputs, env: textsOfEnv(node, env) };
  for (const path of localPaths(uses.text)) {
    const list = calls.get(path);
    if (list === undefined) calls.set(path, [call]);
    else if (list.length < MAX_CALLS) list.push(call);
  }
}

/** The variables that a node sets, with those around it. */
function textsOfEnv(node: YamlNode, outer: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const env = valueOf(node, 'env');
  if (env === undefined) return outer;
  const texts = new Map(outer);
  for (const [name, value] of entries(env)) if (value.kind === 'scalar') texts.set(name.toLowerCase(), value.text);
  return texts;
}

/** Paths of the file that a local reference can mean, relative to the workspace. */
export function localPaths(uses: string): string[] {
  const text = uses.trim();
  if (!text.startsWith('./') && !text.startsWith('$/')) return [];
  const parts: string[] = [];
  for (const part of text.slice(2).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const path = parts.join('/');
  if (/\.ya?ml$/i.test(path)) return [path];
  const folder = path === '' ? '' : `${path}/`;
  return [`${folder}action.yml`, `${folder}action.yaml`];
}

interface Search {
  readonly calls: ReadonlyMap<string, readonly Call[]>;
  readonly own: ReadonlyMap<string, readonly TriggerValue[]>;
  readonly named: ReadonlyMap<string, readonly TriggerValue[]>;
  readonly seen: Set<string>;
  readonly depth: number;
}

function effectiveTriggers(path: string, own: readonly TriggerValue[], search: Search): readonly TriggerValue[] {
  const called = own.length === 0 || own.some((trigger) => trigger.event === 'workflow_call');
  const result: TriggerValue[] = [];
  for (const trigger of own) {
    if (trigger.event === 'workflow_run') result.push(followedTrigger(trigger, search.named));
    else if (trigger.event !== 'workflow_call') result.push(trigger);
  }
  if (!called) return result;
  search.seen.add(path);
  const callers = search.depth < MAX_DEPTH ? (search.calls.get(path) ?? []) : [];
  const seen = new Set(result.map((trigger) => trigger.event));
  for (const call of callers) {
    const caller = call.document.path;
    if (search.seen.has(caller)) continue;
    const triggers = effectiveTriggers(caller, search.own.get(caller) ?? [], { ...search, depth: search.depth + 1 });
    for (const trigger of triggers) {
      const possible = call.conditions.every((condition) => condition.events.length === 0 || condition.events.includes(trigger.event));
      if (!possible || seen.has(trigger.event) || result.length >= MAX_TRIGGERS) continue;
      const sound = call.conditions.some((condition) => condition.guardedEvents.includes(trigger.event));
      seen.add(trigger.event);
      result.push(sound ? { ...trigger, by: 'collaborator' } : trigger);
    }
  }
  search.seen.delete(path);
  if (result.length > 0) return result;
  return [own.find((trigger) => trigger.event === 'workflow_call') ?? UNKNOWN_CALLERS];
}

/** What a composite action is started by when nothing in the repository calls it. */
const UNKNOWN_CALLERS: TriggerValue = Object.freeze({
  event: 'workflow_call',
  by: 'unknown',
  privileged: false,
  types: [],
  branches: [],
  tags: [],
  paths: [],
  workflows: [],
} satisfies TriggerValue);

/**
 * A `workflow_run` is an outsider's only when one of the workflows that it follows is. A filter on
 * branches does not change that: a fork can name its branch as it likes.
 */
function followedTrigger(trigger: TriggerValue, named: ReadonlyMap<string, readonly TriggerValue[]>): TriggerValue {
  let by: TriggerValue['by'] = 'trusted';
  if (trigger.workflows.length === 0) return trigger;
  for (const name of trigger.workflows) {
    const followed = named.get(name);
    // A workflow that is not in this scan may be started by anyone.
    if (followed === undefined || /[*?[!]/.test(name)) return trigger;
    for (const { by: starter } of followed) by = worstControl(by, starter);
  }
  return by === 'attacker' || by === 'unknown' ? trigger : { ...trigger, by, privileged: by === 'collaborator' ? true : trigger.privileged };
}
