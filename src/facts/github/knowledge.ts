import type { Document } from '../../core/index.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { parseYaml } from '../../syntax/yaml.js';
import { asSequence } from '../../syntax/yaml-query.js';
import type { ConditionValue, PermissionsValue, TriggerValue } from '../schema.js';
import { conditionOf } from './condition-node.js';
import { effectivePermissions, readPermissions } from './permissions.js';
import { type Call, type HandedInput, localPaths, type RepositoryKnowledge } from './repository.js';
import { contentRange, entries, textOf, valueOf } from './tree.js';
import { readTriggers } from './triggers.js';

/** Something that may be `uses:` of the same repository; `./gradlew` in scripts is not worth a parse. */
const LOCAL_CALL = /uses["']?[ \t]{0,8}:[ \t]{0,8}(?:&[\w-]{1,40}[ \t]{1,8})?(?:[>|][-+]?\s{1,40})?["']?[.$]\//;
/** Calls of one callee beyond these add nothing new. */
const MAX_CALLS = 200;

/**
 * First pass over the documents: parses only files that call something of the repository, can be
 * called, or may be named by a `workflow_run`, and keeps summaries of them.
 *
 * @param documents gone through a second time where a `workflow_run` follows a workflow by name
 */
export function gatherKnowledge(documents: Iterable<Document>): RepositoryKnowledge {
  const gathering = gatherStepwise(documents);
  for (;;) {
    const step = gathering.next();
    if (step.done === true) return step.value;
  }
}

/** The same in steps of one document, so that a caller can do other things in between. */
export function* gatherStepwise(documents: Iterable<Document>): Generator<void, RepositoryKnowledge> {
  const calls = new Map<string, Call[]>();
  const own = new Map<string, readonly TriggerValue[]>();
  const named = new Map<string, readonly TriggerValue[]>();
  const followed = new Set<string>();
  let usesActions = false;
  for (const document of documents) {
    yield;
    if (document.format !== 'github-workflow' && document.format !== 'github-action') continue;
    usesActions = true;
    const { text } = document;
    const follows = text.includes('workflow_run');
    const callsLocally = LOCAL_CALL.test(text);
    if (!follows && !callsLocally && !text.includes('workflow_call')) continue;
    const root = parseYaml(text).documents[0];
    if (root === undefined) continue;
    const triggers = readTriggers(valueOf(root, 'on')).map(({ value }) => value);
    for (const { event, workflows } of triggers) if (event === 'workflow_run') for (const name of workflows) followed.add(name);
    if (document.format === 'github-workflow') own.set(document.path, triggers);
    if (callsLocally) collectCalls(document.path, root, triggers, calls);
  }
  if (followed.size > 0) {
    for (const document of documents) {
      yield;
      if (document.format === 'github-workflow') nameWorkflow(document, followed, named);
    }
  }
  return { usesActions, calls, own, named };
}

/** The one way in which nearly all files write their name; anything else is left to the parser. */
const PLAIN_NAME = /^name: ([A-Za-z0-9][\w .,/()&+-]{0,100}?)[ \t]*\r?\n(?=(?:[ \t]{0,8}\r?\n){0,5}[A-Za-z#])/m;
const NAME_KEY = /^(?:\?[ \t]{1,8})?["']?name\b/gm;

function nameWorkflow({ path, text }: Document, followed: ReadonlySet<string>, named: Map<string, readonly TriggerValue[]>): void {
  let mentioned = followed.has(path);
  for (const name of followed) mentioned ||= text.includes(name);
  if (!mentioned) return;
  const plain = PLAIN_NAME.exec(text)?.[1];
  if (plain !== undefined && !followed.has(plain) && text.match(NAME_KEY)?.length === 1) return;
  const root = parseYaml(text).documents[0];
  const name = textOf(valueOf(root, 'name')) ?? path;
  if (!followed.has(name)) return;
  const triggers = readTriggers(valueOf(root, 'on')).map(({ value }) => value);
  named.set(name, [...(named.get(name) ?? []), ...triggers]);
}

function collectCalls(path: string, root: YamlNode, triggers: readonly TriggerValue[], calls: Map<string, Call[]>): void {
  const pipeline = readPermissions(valueOf(root, 'permissions'));
  const outer = textsOfEnv(root);
  const isolated = triggers.length > 0 && triggers.every((trigger) => trigger.event === 'pull_request');
  for (const [job, node] of entries(valueOf(root, 'jobs'))) {
    const permissions = effectivePermissions(readPermissions(valueOf(node, 'permissions')), pipeline, isolated);
    const condition = conditionOf(valueOf(node, 'if'), triggers);
    const env = textsOfEnv(node, outer);
    addCall(path, job, node, [condition], permissions, env, calls);
    for (const { value: step } of asSequence(valueOf(node, 'steps'))?.items ?? []) {
      addCall(path, job, step, [condition, conditionOf(valueOf(step, 'if'), triggers)], permissions, env, calls);
    }
  }
  for (const { value: step } of asSequence(valueOf(valueOf(root, 'runs'), 'steps'))?.items ?? []) {
    addCall(path, '', step, [conditionOf(valueOf(step, 'if'), [])], readPermissions(undefined), outer, calls);
  }
}

function addCall(
  path: string,
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
  const call: Call = { path, job, range: contentRange(uses), conditions, permissions, secrets: handed, inputs, env: textsOfEnv(node, env) };
  for (const callee of localPaths(uses.text, path)) {
    const list = calls.get(callee);
    if (list === undefined) calls.set(callee, [call]);
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

