import type { SourceRange } from '../../core/index.js';
import type { ConditionValue, PermissionsValue, TriggerValue } from '../schema.js';
import { worstControl } from './events.js';
import { handedInputs } from './handed-inputs.js';
import type { Origin } from './scope.js';

/** A value that a caller hands to an input, with where it is written. */
export interface HandedInput {
  readonly text: string;
  readonly range: SourceRange;
}

/** One job or step of the repository that calls a workflow or action of the same repository. */
export interface Call {
  /** Path of the calling file. */
  readonly path: string;
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
/**
 * What a first pass over the files gathers, before any of them is read for good.
 * Plain data without documents, so that it can be handed to other threads.
 */
export interface RepositoryKnowledge {
  readonly usesActions: boolean;
  /** By the path of the file that is called. */
  readonly calls: ReadonlyMap<string, readonly Call[]>;
  /** Triggers of the workflows that call or can be called, by path. */
  readonly own: ReadonlyMap<string, readonly TriggerValue[]>;
  /** Triggers of the workflows that a `workflow_run` follows, by name. */
  readonly named: ReadonlyMap<string, readonly TriggerValue[]>;
}

/** Answers from what was gathered. */
export function repositoryOf({ usesActions, calls, own, named }: RepositoryKnowledge): Repository {
  const repository: Repository = {
    usesActions,
    callsOf: (path) => calls.get(path) ?? [],
    triggersOf: (path, triggers) => effectiveTriggers(path, triggers, { calls, own, named, seen: new Set(), depth: 0 }),
    inputsOf: (path) => handedInputs(path, repository, own, new Set()),
  };
  return repository;
}

/**
 * Paths of the file that a local reference can mean, relative to the workspace. A workspace may hold other
 * repositories below it (a vendored copy, a checkout of many): `./` is the folder with the caller's `.github`.
 */
export function localPaths(uses: string, caller: string): string[] {
  const text = uses.trim();
  if (!text.startsWith('./') && !text.startsWith('$/')) return [];
  const top = /^(?:.*?\/)?(?=\.github\/)/.exec(caller)?.[0] ?? '';
  const parts: string[] = top.split('/').slice(0, -1);
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
    const caller = call.path;
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
  implied: false,
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
