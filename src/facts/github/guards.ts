import type { ContextExpression, Expression } from '../../syntax/expressions.js';
import type { GuardValue } from '../schema.js';
import { type EvaluatedEvent, literalList } from './abstract-value.js';
import { eventModel } from './events.js';

/** A check in a condition, without its text. */
export type Check = Pick<GuardValue, 'kind' | 'sound'>;

/** What a comparison compares a context with. */
type Compared = { readonly values: readonly string[] } | { readonly context: ContextExpression } | { readonly list: Expression };

/**
 * The check that must hold when a part of a condition without `&&`, `||` and `!` is true (`wanted`)
 * or false, in the runs of one event; undefined when it keeps nobody out.
 */
export function checkOf(node: Expression, wanted: boolean, run: EvaluatedEvent): Check | undefined {
  switch (node.kind) {
    case 'context':
      return flagCheck(node, wanted, run);
    case 'compare':
      return comparisonCheck(node, wanted, run);
    case 'call':
      return callCheck(node.name, node.args, wanted, run);
    default:
      return undefined;
  }
}

/** `merged`, `fork` and the like, which are true or false themselves. */
function flagCheck(context: ContextExpression, wanted: boolean, run: EvaluatedEvent): Check | undefined {
  const path = context.segments.join('.');
  if (path === 'github.event.pull_request.merged' && wanted) return { kind: 'merged', sound: true };
  if ((path === 'github.event.pull_request.head.repo.fork' || path === 'github.event.workflow_run.head_repository.fork') && !wanted) return { kind: 'fork', sound: true };
  if (path === 'github.ref_protected' && wanted) return { kind: 'ref', sound: eventModel(run.event).by !== 'attacker' };
  return undefined;
}

function comparisonCheck(node: Expression & { kind: 'compare' }, wanted: boolean, run: EvaluatedEvent): Check | undefined {
  if (node.operator !== '==' && node.operator !== '!=') return undefined;
  const equal = (node.operator === '==') === wanted;
  const [context, other] = node.left.kind === 'context' ? [node.left, node.right] : [node.right, node.left];
  if (context.kind !== 'context') return undefined;
  if (other.kind === 'literal') {
    if (typeof other.value === 'boolean') return flagCheck(context, equal === other.value, run);
    return valueCheck(context, { values: [String(other.value)] }, equal, run);
  }
  if (other.kind !== 'context') return undefined;
  const checks = [valueCheck(context, { context: other }, equal, run), valueCheck(other, { context }, equal, run)];
  return checks.find((check) => check?.sound) ?? checks[0] ?? checks[1];
}

/** Whether an outsider could make a context equal to (or different from) something. */
function valueCheck(context: ContextExpression, compared: Compared, equal: boolean, run: EvaluatedEvent): Check | undefined {
  const path = context.segments.join('.');
  const field = context.segments.at(-1);
  if (field === 'author_association') return associationCheck(path, compared, equal, run);
  if (isForkField(path) && equal) return { kind: 'fork', sound: true };
  const actor = actorOf(path, run);
  if (actor !== undefined && equal) return { kind: 'actor', sound: isSoundActor(actor, compared) };
  if (path === 'github.event.label.name' && equal) return { kind: 'label', sound: true };
  if (path === 'github.event.action' && equal && 'values' in compared) return actionCheck(compared.values, run);
  if ((path === 'github.ref' || path === 'github.ref_name' || path === 'github.base_ref') && equal) return { kind: 'ref', sound: eventModel(run.event).by !== 'attacker' };
  if (path === 'github.event.workflow_run.event' && equal && 'values' in compared) return startedByCheck(compared.values);
  // A fork names its branches as it likes.
  if (path === 'github.event.workflow_run.head_branch' && equal) return { kind: 'ref', sound: false };
  if (path === 'github.event_name') return { kind: 'event', sound: false };
  if (context.segments[0] === 'inputs') return { kind: 'input', sound: false };
  if (context.segments[0] === 'secrets') return { kind: 'secret', sound: false };
  if (path === 'github.repository' || path === 'github.repository_owner') return { kind: 'other', sound: false };
  return undefined;
}

/** All that `author_association` can be; https://docs.github.com/en/graphql/reference/enums#commentauthorassociation */
const ASSOCIATIONS = ['COLLABORATOR', 'CONTRIBUTOR', 'FIRST_TIMER', 'FIRST_TIME_CONTRIBUTOR', 'MANNEQUIN', 'MEMBER', 'NONE', 'OWNER'];
/** Those of people whom somebody gave rights. Anyone whose typo fix was merged is a contributor. */
const TRUSTED_ASSOCIATIONS = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

/** In which object the association of whoever caused the event is, which is not always the one that is looked at. */
const AUTHOR_OBJECT: Readonly<Record<string, string>> = {
  issues: 'issue',
  issue_comment: 'comment',
  pull_request: 'pull_request',
  pull_request_target: 'pull_request',
  pull_request_review: 'review',
  pull_request_review_comment: 'comment',
  discussion: 'discussion',
  discussion_comment: 'comment',
};

function associationCheck(path: string, compared: Compared, equal: boolean, run: EvaluatedEvent): Check {
  const ofAuthor = path === `github.event.${AUTHOR_OBJECT[run.event] ?? ''}.author_association`;
  const values = 'values' in compared ? compared.values.map((value) => value.toUpperCase()) : undefined;
  const passing = values === undefined ? ASSOCIATIONS : ASSOCIATIONS.filter((association) => values.includes(association) === equal);
  return { kind: 'association', sound: ofAuthor && passing.every((association) => TRUSTED_ASSOCIATIONS.has(association)) };
}

/** Fields that name the repository that a pull request or run comes from. */
function isForkField(path: string): boolean {
  return /^github\.event\.(?:pull_request\.head\.repo|workflow_run\.head_repository)\.(?:full_name|id|node_id|owner\.login|owner\.id|html_url|url)$/.test(path) || path === 'github.event.pull_request.head.user.login';
}

/** Who a login belongs to: `run` is who started the run, which others can bring about; `author` wrote what the event is about. */
function actorOf(path: string, run: EvaluatedEvent): 'run' | 'author' | 'other' | undefined {
  if (/^github\.(?:actor|triggering_actor|actor_id|event\.sender\.(?:login|id|type))$/.test(path)) return 'run';
  if (/^github\.event\.workflow_run\.(?:actor|triggering_actor)\.(?:login|id)$/.test(path)) return 'run';
  const object = /^github\.event\.([a-z_]+)\.user\.(?:login|id|type)$/.exec(path)?.[1];
  if (object === undefined) return undefined;
  if (object === 'pull_request' && run.event.startsWith('pull_request')) return 'author';
  return object === AUTHOR_OBJECT[run.event] ? 'author' : 'other';
}

/**
 * A bot can be made to start a run on an outsider's branch, so who started it says nothing then;
 * a person who is named can't be impersonated. `Bot` as a type is anyone's own application.
 */
function isSoundActor(actor: 'run' | 'author' | 'other', compared: Compared): boolean {
  if (actor === 'other') return false;
  if (!('values' in compared)) return true;
  return compared.values.every((value) => !/^(?:bot|user|organization)$/i.test(value) && (actor === 'author' || !isBot(value)));
}

/** Logins and ids of applications: `name[bot]`, and dependabot's, renovate's and github-actions' ids. */
function isBot(value: string): boolean {
  return /\[bot\]$/i.test(value) || value === '49699333' || value === '29139614' || value === '41898282';
}

/** Activity types that need at least triage rights. */
const TRIAGE_TYPES = new Set(['labeled', 'unlabeled', 'assigned', 'unassigned', 'milestoned', 'demilestoned', 'locked', 'unlocked', 'pinned', 'unpinned', 'transferred']);

function actionCheck(types: readonly string[], run: EvaluatedEvent): Check | undefined {
  if (run.event === 'repository_dispatch' || !types.every((type) => TRIAGE_TYPES.has(type))) return undefined;
  return { kind: 'label', sound: true };
}

/** The event of the run that a `workflow_run` follows: of this repository, so that `push` is not an outsider's. */
function startedByCheck(events: readonly string[]): Check | undefined {
  const outsiders = events.some((event) => ['attacker', 'unknown'].includes(eventModel(event).by));
  return outsiders ? undefined : { kind: 'event', sound: true };
}

function callCheck(name: string, args: readonly Expression[], wanted: boolean, run: EvaluatedEvent): Check | undefined {
  const [where, what] = args;
  if (!wanted || where === undefined || what === undefined) return undefined;
  // `contains(github.actor, 'bot')`: whose name holds it is easily found.
  if (name === 'contains' && where.kind === 'context' && what.kind === 'literal' && actorOf(where.segments.join('.'), run) !== undefined) return { kind: 'actor', sound: false };
  if (name === 'contains') return where.kind === 'context' ? containedInContext(where, what, run) : what.kind === 'context' ? containedInList(where, what, run) : undefined;
  if ((name === 'startswith' || name === 'endswith') && where.kind === 'context' && what.kind === 'literal') return affixCheck(name, where, String(what.value), run);
  return undefined;
}

/** `contains(github.event.pull_request.labels.*.name, 'safe')`. */
function containedInContext(where: ContextExpression, what: Expression, run: EvaluatedEvent): Check | undefined {
  if (/^github\.event\.(?:pull_request|issue|discussion)\.labels\.\*\.name$/.test(where.segments.join('.'))) return { kind: 'label', sound: onlyTriage(run) };
  // `contains(vars.MAINTAINERS, github.actor)`: a text, in which any part of a name is found too.
  if (what.kind === 'context' && actorOf(what.segments.join('.'), run) !== undefined) return { kind: 'actor', sound: false };
  return undefined;
}

/** A label stays when the author pushes again, so it only holds where nothing else starts a run. */
function onlyTriage(run: EvaluatedEvent): boolean {
  return run.types.length > 0 && run.types.every((type) => TRIAGE_TYPES.has(type));
}

/** `contains(fromJSON('["a","b"]'), context)` compares whole values; `contains('a b', context)` finds parts of words. */
function containedInList(where: Expression, what: ContextExpression, run: EvaluatedEvent): Check | undefined {
  if (where.kind === 'literal') {
    const text = String(where.value).toUpperCase();
    if (what.segments.at(-1) === 'author_association') return valueCheck(what, { values: ASSOCIATIONS.filter((association) => text.includes(association)) }, true, run);
    const check = valueCheck(what, { values: [text] }, true, run);
    return check === undefined ? undefined : { ...check, sound: false };
  }
  if (where.kind !== 'call' || where.name !== 'fromjson') return undefined;
  const [json] = where.args;
  const list = json?.kind === 'literal' ? literalList(String(json.value)) : undefined;
  return valueCheck(what, list === undefined ? { list: where } : { values: list.map(String) }, true, run);
}

function affixCheck(name: string, context: ContextExpression, affix: string, run: EvaluatedEvent): Check | undefined {
  const path = context.segments.join('.');
  if (name === 'startswith' && path === 'github.event.pull_request.head.label' && affix.endsWith(':')) return { kind: 'fork', sound: true };
  if (name === 'startswith' && isForkField(path) && affix.endsWith('/')) return { kind: 'fork', sound: true };
  const actor = actorOf(path, run);
  if (actor !== undefined) return { kind: 'actor', sound: false };
  if (path === 'github.ref' || path === 'github.ref_name') return { kind: 'ref', sound: eventModel(run.event).by !== 'attacker' };
  return undefined;
}
