import type { FactValue } from '../schema.js';
import { eventModel, worstControl } from './events.js';
import { isRepository, payloadFieldType, type ValueType } from './payload-fields.js';

export type ControlledBy = FactValue<'expansion'>['controlledBy'];
export type ValueSource = FactValue<'expansion'>['source'];

/** What the platform fills a context with. */
export interface ContextClass {
  /** Who chooses the value, in the worst of the events. */
  readonly controlledBy: ControlledBy;
  /** What it can be; only a `string` can inject. Empty when that can not be told. */
  readonly type: ValueType;
  readonly source: ValueSource;
  /** The events, of those asked for, in which an outsider chooses it. */
  readonly events: readonly string[];
  /** The value comes from another place of the file (`env`, `steps`, `needs`, `inputs`, `matrix`): see `taint.ts`. */
  readonly follow: boolean;
}

/** Where an expression is evaluated. */
export interface ContextScope {
  /**
   * The events in whose runs it is evaluated. `workflow_call` stands for whatever event the caller
   * runs in; empty means that they are not known, as in a composite action that nobody calls.
   */
  readonly events: readonly string[];
  /** Declared types of the inputs, lower-case names: `string`, `boolean`, `number`, `choice`, `environment`. */
  readonly inputTypes?: ReadonlyMap<string, string>;
}

const fixed = (type: ValueType, source: ValueSource): ContextClass => ({ controlledBy: 'trusted', type, source, events: [], follow: false });

const PLATFORM_NAME = fixed('name', 'platform');
const UNKNOWN: ContextClass = { controlledBy: 'unknown', type: '', source: '', events: [], follow: false };

/**
 * Who controls a context and what it can be, by "Contexts reference"
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/contexts) and the webhook payloads.
 *
 * @param segments lower-case path, as in `ContextExpression.segments`
 */
export function classifyContext(segments: readonly string[], scope: ContextScope): ContextClass {
  switch (segments[0]) {
    case 'github':
      return classifyGithub(segments, scope);
    case 'inputs':
      return classifyInput(segments[1], scope);
    case 'secrets':
      return fixed('string', 'secret');
    case 'vars':
      return { controlledBy: 'collaborator', type: 'string', source: 'variable', events: [], follow: false };
    case 'env':
      return { ...UNKNOWN, type: 'string', source: 'env', follow: true };
    case 'matrix':
      return { ...UNKNOWN, type: 'string', source: 'matrix', follow: true };
    case 'steps':
      if (segments[2] === 'outcome' || segments[2] === 'conclusion') return fixed('choice', 'platform');
      return { ...UNKNOWN, type: 'string', source: 'output', follow: true };
    case 'needs':
    case 'jobs':
      if (segments[2] === 'result') return fixed('choice', 'platform');
      return { ...UNKNOWN, type: 'string', source: 'job-output', follow: true };
    case 'runner':
    case 'job':
      return PLATFORM_NAME;
    case 'strategy':
      return fixed('number', 'platform');
    default:
      return UNKNOWN;
  }
}

/** Properties of `github` that the platform makes up from restricted characters. */
const GITHUB_NAMES = new Set([
  'action', 'action_path', 'action_ref', 'action_repository', 'action_status', 'api_url', 'env', 'event_path', 'graphql_url', 'job', 'job_workflow_sha', 'path', 'ref_type', 'repository', 'repository_owner',
  'repositoryurl', 'secret_source', 'server_url', 'workflow_ref', 'workspace', 'output', 'state', 'step_summary',
]);

function classifyGithub(segments: readonly string[], scope: ContextScope): ContextClass {
  const property = segments[1];
  if (property === undefined || property === '*') return overEvents(scope, (event) => wholeEvent(event));
  if (property === 'event') return classifyEvent(segments.slice(2), scope);
  if (GITHUB_NAMES.has(property) || property.endsWith('_id')) return PLATFORM_NAME;
  switch (property) {
    case 'event_name':
      return fixed('choice', 'platform');
    case 'sha':
    case 'workflow_sha':
      return fixed('sha', 'platform');
    case 'ref_protected':
      return fixed('boolean', 'platform');
    case 'run_id':
    case 'run_number':
    case 'run_attempt':
    case 'retention_days':
    case 'artifact_cache_size_limit':
      return fixed('number', 'platform');
    case 'token':
      return fixed('name', 'secret');
    case 'workflow':
      return fixed('string', 'platform');
    case 'actor':
    case 'triggering_actor':
      return overEvents(scope, (event) => ({ by: eventModel(event).by, type: 'name' }));
    case 'head_ref':
      return overEvents(scope, (event) => (isPullRequestRun(event) ? { by: 'attacker', type: 'string' } : { by: 'trusted', type: 'string' }));
    case 'base_ref':
      return overEvents(scope, (event) => ({ by: isPullRequestRun(event) ? 'collaborator' : 'trusted', type: 'string' }));
    case 'ref':
    case 'ref_name':
      return overEvents(scope, runRef);
    default:
      return UNKNOWN;
  }
}

/** Who chooses a value in one event, and what it can be. */
interface EventValue {
  readonly by: ControlledBy;
  readonly type: ValueType;
}

/** Events in which the branches of a pull request are known as `github.head_ref` and `github.base_ref`. */
function isPullRequestRun(event: string): boolean {
  return event === 'pull_request' || event === 'pull_request_target' || event === 'pull_request_review' || event === 'pull_request_review_comment';
}

/** The ref of the run itself: `refs/pull/N/merge` for pull requests, the default branch for what has no ref. */
function runRef(event: string): EventValue {
  switch (event) {
    case 'pull_request':
    case 'pull_request_review':
    case 'pull_request_review_comment':
      return { by: 'trusted', type: 'name' };
    case 'push':
    case 'create':
    case 'release':
    case 'deployment':
    case 'deployment_status':
    case 'merge_group':
    case 'pull_request_target':
    case 'workflow_dispatch':
    case 'registry_package':
      return { by: 'collaborator', type: 'string' };
    default:
      return { by: 'trusted', type: 'string' };
  }
}

/** `github.event` as a whole, as in `toJSON(github.event)`. */
function wholeEvent(event: string): EventValue {
  const payload = payloadOf(event);
  const outsiders = payload !== undefined && Object.values(payload).some((by) => by === 'attacker');
  return { by: outsiders ? 'attacker' : eventModel(event).by, type: 'string' };
}

function classifyEvent(path: readonly string[], scope: ContextScope): ContextClass {
  const root = path[0];
  if (root === undefined || root === '*') return overEvents(scope, wholeEvent);
  if (root === 'inputs') return { ...classifyInput(path[1], { ...scope, events: scope.events.filter((event) => event !== 'workflow_call') }), follow: false };
  return overEvents(scope, (event) => eventField(event, path));
}

type Payload = Readonly<Record<string, ControlledBy>>;

const pullRequest: Payload = { pull_request: 'attacker', label: 'collaborator', changes: 'attacker', assignee: 'collaborator', milestone: 'collaborator', after: 'attacker', before: 'attacker', number: 'attacker', reason: 'trusted' };

/** The objects of each event's payload and who fills the texts in them. Those of every event (`sender`, `repository`, …) are not repeated. */
const PAYLOADS: Readonly<Record<string, Payload>> = {
  pull_request: pullRequest,
  pull_request_target: pullRequest,
  pull_request_review: { pull_request: 'attacker', review: 'attacker', changes: 'attacker' },
  pull_request_review_comment: { pull_request: 'attacker', comment: 'attacker', changes: 'attacker' },
  issues: { issue: 'attacker', label: 'collaborator', changes: 'attacker', assignee: 'collaborator', milestone: 'collaborator', type: 'collaborator' },
  issue_comment: { issue: 'attacker', comment: 'attacker', changes: 'attacker' },
  discussion: { discussion: 'attacker', answer: 'attacker', label: 'collaborator', changes: 'attacker' },
  discussion_comment: { discussion: 'attacker', comment: 'attacker', changes: 'attacker' },
  gollum: { pages: 'attacker' },
  fork: { forkee: 'attacker' },
  watch: {},
  workflow_run: { workflow_run: 'attacker', workflow: 'trusted' },
  // The commits of a merged pull request keep the message and author that an outsider gave them.
  push: { commits: 'attacker', head_commit: 'attacker', ref: 'collaborator', base_ref: 'collaborator', pusher: 'collaborator', compare: 'collaborator', before: 'trusted', after: 'trusted' },
  merge_group: { merge_group: 'collaborator' },
  create: { ref: 'collaborator', description: 'collaborator', master_branch: 'collaborator' },
  delete: { ref: 'collaborator' },
  release: { release: 'collaborator', changes: 'collaborator' },
  deployment: { deployment: 'collaborator', workflow: 'trusted', workflow_run: 'collaborator' },
  deployment_status: { deployment: 'collaborator', deployment_status: 'collaborator', check_run: 'collaborator', workflow: 'trusted', workflow_run: 'collaborator' },
  check_run: { check_run: 'collaborator', requested_action: 'collaborator' },
  check_suite: { check_suite: 'collaborator' },
  status: { commit: 'collaborator', branches: 'collaborator', description: 'collaborator', context: 'collaborator', name: 'trusted', state: 'collaborator', sha: 'collaborator', target_url: 'collaborator' },
  label: { label: 'collaborator', changes: 'collaborator' },
  milestone: { milestone: 'collaborator', changes: 'collaborator' },
  registry_package: { registry_package: 'collaborator' },
  page_build: { build: 'collaborator' },
  branch_protection_rule: { rule: 'collaborator', changes: 'collaborator' },
  repository_dispatch: { client_payload: 'collaborator', branch: 'collaborator' },
  workflow_dispatch: { inputs: 'operator', ref: 'collaborator', workflow: 'trusted' },
  schedule: { schedule: 'trusted' },
  public: {},
};

/** Objects that every payload has. */
const COMMON = new Set(['action', 'sender', 'repository', 'organization', 'enterprise', 'installation']);

function payloadOf(event: string): Payload | undefined {
  return Object.hasOwn(PAYLOADS, event) ? PAYLOADS[event] : undefined;
}

/** Events whose payload is known, for a place whose events are not. */
const KNOWN_EVENTS = Object.keys(PAYLOADS);

/** Names of the events whose payload is known. */
export function knownEvents(): readonly string[] {
  return KNOWN_EVENTS;
}

/**
 * Whether an event's payload has a top-level object: `github.event.pull_request` is null in the
 * runs of `issues`. Undefined when the event's payload is not known.
 */
export function payloadHas(event: string, object: string): boolean | undefined {
  if (COMMON.has(object)) return true;
  const payload = payloadOf(event);
  return payload === undefined ? undefined : Object.hasOwn(payload, object);
}

/** Objects below a pull request or issue that only people with rights to the repository can fill; `head.label` is `owner:branch`, no label. */
const COLLABORATOR_OBJECTS = new Set(['labels', 'label', 'milestone', 'base', 'assignee', 'assignees', 'requested_teams', 'base_repository', 'merged_by']);

/** Objects of people: their names are account names there, except in commits. */
const ACCOUNTS = new Set(['user', 'owner', 'sender', 'assignee', 'assignees', 'actor', 'triggering_actor', 'creator', 'merged_by', 'requested_reviewers', 'answer_chosen_by', 'organization', 'enterprise', 'installation', 'app', 'performed_via_github_app', 'reactions', '_links']);

/** One field of an event's payload. `path` starts behind `github.event`. */
function eventField(event: string, path: readonly string[]): EventValue {
  const root = path[0] as string;
  const names = path.filter((segment) => segment !== '*' && !isIndex(segment));
  const field = names.at(-1) as string;
  const parent = names.at(-2) ?? '';
  if (COMMON.has(root)) return commonField(event, root, names, field, parent);
  const payload = payloadOf(event);
  if (payload === undefined) return { by: 'unknown', type: payloadFieldType(field, parent) };
  const owner = Object.hasOwn(payload, root) ? (payload[root] as ControlledBy) : undefined;
  // The event has no such object, so the value is always empty.
  if (owner === undefined) return { by: 'trusted', type: 'string' };
  if (root === 'client_payload') return { by: owner, type: 'string' };
  const by = owner === 'attacker' && names.some((name, at) => COLLABORATOR_OBJECTS.has(name) && names[at - 1] !== 'head') ? 'collaborator' : owner;
  const type = fieldType(root, names, field, parent);
  if (type === 'string' && isPlatformText(root, names, field)) return { by: 'trusted', type };
  // What the platform makes up is nobody's choice, except what names an outsider's code or account.
  if (type === 'number' || type === 'boolean' || type === 'choice') return { by: 'trusted', type };
  if (type === '' && by === 'attacker') return { by: 'unknown', type };
  return { by, type };
}

function fieldType(root: string, names: readonly string[], field: string, parent: string): ValueType {
  // The whole object, with all texts in it.
  if (names.length === 1 && (field === 'pages' || field === 'commits' || field === 'inputs')) return 'string';
  // Of an issue that is a pull request: nothing but addresses and a date.
  if (root === 'issue' && field === 'pull_request') return 'name';
  if (isWholeObject(field, parent)) return 'string';
  const inCommit = names.includes('commits') || names.includes('head_commit') || names.includes('commit');
  if (!inCommit && (ACCOUNTS.has(parent) || ACCOUNTS.has(field))) return field === 'email' && root !== 'pusher' ? 'string' : nameUnlessKnown(field, parent);
  if (root === 'workflow' && field === 'name') return 'string';
  return payloadFieldType(field, parent);
}

function nameUnlessKnown(field: string, parent: string): ValueType {
  const type = payloadFieldType(field, parent);
  return type === 'string' || type === '' ? 'name' : type;
}

const WHOLE_OBJECTS = new Set([
  'issue', 'pull_request', 'comment', 'review', 'discussion', 'answer', 'head', 'workflow_run', 'head_commit', 'commits', 'commit', 'pages', 'changes', 'author', 'committer', 'repo', 'forkee', 'release', 'client_payload',
  'pull_requests', 'head_repository', 'labels', 'label', 'milestone', 'base', 'deployment', 'check_run', 'check_suite', 'merge_group', 'title', 'body',
]);

/** An object taken whole; `review.comment` or `changes.title` are no scalars. */
function isWholeObject(field: string, parent: string): boolean {
  return WHOLE_OBJECTS.has(field) && !(field === 'commits' && parent === 'pull_request');
}

/** Texts in an outsider's object that come from this repository: the name of the workflow that ran, and the like. */
function isPlatformText(root: string, names: readonly string[], field: string): boolean {
  return root === 'workflow_run' && names.length === 2 && (field === 'name' || field === 'path');
}

function commonField(event: string, root: string, names: readonly string[], field: string, parent: string): EventValue {
  if (root === 'action') return { by: 'trusted', type: event === 'repository_dispatch' ? 'string' : 'choice' };
  if (root === 'sender') return { by: eventModel(event).by, type: names.length === 1 ? 'name' : nameUnlessKnown(field, parent) };
  if (root === 'repository') {
    const type = names.includes('owner') || isRepository(field) ? nameUnlessKnown(field, parent) : payloadFieldType(field, parent);
    return { by: type === 'string' ? 'collaborator' : 'trusted', type };
  }
  return { by: 'trusted', type: nameUnlessKnown(field, parent) };
}

function isIndex(segment: string): boolean {
  const c = segment.charCodeAt(0);
  return c >= 48 && c <= 57;
}

const TYPE_RANK: Readonly<Record<ValueType, number>> = { string: 6, '': 5, name: 4, choice: 3, sha: 2, number: 1, boolean: 0 };

/** The wider of two types. */
export function widerType(a: ValueType, b: ValueType): ValueType {
  return TYPE_RANK[a] >= TYPE_RANK[b] ? a : b;
}

/** The worst over the events of a scope; where they are not known, over all events. */
function overEvents(scope: ContextScope, value: (event: string) => EventValue): ContextClass {
  let by: ControlledBy = 'trusted';
  let type: ValueType | undefined;
  const events: string[] = [];
  const add = (event: string, named: string | undefined): void => {
    const one = value(event);
    // An empty or platform-made value of one event does not widen what the others can be.
    if (one.by === 'attacker' && named !== undefined && !events.includes(named)) events.push(named);
    if (type === undefined || one.by === by) type = type === undefined ? one.type : widerType(type, one.type);
    else if (worstControl(one.by, by) === one.by) type = one.type;
    by = worstControl(one.by, by);
  };
  for (const event of scope.events) {
    if (event === 'workflow_call') for (const any of KNOWN_EVENTS) add(any, event);
    else add(event, event);
  }
  if (scope.events.length === 0) for (const any of KNOWN_EVENTS) add(any, undefined);
  return { controlledBy: by, type: type ?? '', source: 'event', events, follow: false };
}

const INPUT_TYPES: Readonly<Record<string, ValueType>> = { boolean: 'boolean', number: 'number', choice: 'choice', environment: 'choice' };

/** An input by its declaration; who fills it when the workflow is called is for the callers to say. */
function classifyInput(name: string | undefined, scope: ContextScope): ContextClass {
  const declared = name === undefined ? undefined : scope.inputTypes?.get(name);
  const type = declared === undefined ? 'string' : (INPUT_TYPES[declared] ?? 'string');
  const called = scope.events.length === 0 || scope.events.includes('workflow_call');
  const dispatched = scope.events.includes('workflow_dispatch');
  const controlledBy = dispatched ? 'operator' : called ? 'unknown' : 'trusted';
  return { controlledBy, type, source: 'input', events: [], follow: called };
}
