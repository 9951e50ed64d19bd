import { type Expression, type ParsedExpression, parseExpression, readTemplate } from '../../syntax/expressions.js';
import type { ConditionValue, GuardValue } from '../schema.js';
import { type EvaluatedEvent, type Evaluation, evaluation, possibleTruth } from './abstract-value.js';
import { knownEvents } from './contexts.js';
import { eventModel } from './events.js';
import { checkOf } from './guards.js';

/** In `ConditionValue.events`: no event at all makes the condition true. */
export const NEVER = 'never';

/** Where a condition stands. */
export interface ConditionScope {
  /** What can start the run; without it every event that the platform has. */
  readonly events?: readonly EvaluatedEvent[];
  /** True for outputs of a step or job that checks the rights of whoever started the run: `steps.x.outputs.y`, lower case. */
  readonly authorizes?: (segments: readonly string[]) => boolean;
}

const EVERYWHERE: readonly EvaluatedEvent[] = knownEvents().map((event) => ({ event, types: [] }));

const MAX_GUARDS = 50;

/** No condition is written. */
export const NO_CONDITION: ConditionValue = Object.freeze({
  text: '',
  present: false,
  alwaysTrue: false,
  contexts: [],
  events: [],
  guards: [],
  guardedEvents: [],
  ignoresNeeds: false,
});

/**
 * Reads an `if:` as the platform does: without `${{ }}` the whole text is an expression; text
 * around `${{ }}`, be it the line end of a block scalar, makes it a string that is always true.
 * Never throws; a condition that can't be parsed keeps nobody out.
 *
 * @param text the decoded scalar, not trimmed
 */
export function readCondition(text: string, scope: ConditionScope = {}): ConditionValue {
  const template = readTemplate(text);
  if (template.expressions.length > 0 && !template.whole) {
    const contexts = template.expressions.flatMap(({ expression }) => expression.contexts.map((context) => context.path));
    return { ...NO_CONDITION, text, present: true, alwaysTrue: true, contexts: unique(contexts) };
  }
  const parsed: ParsedExpression = template.expressions[0]?.expression ?? parseExpression(text.trim());
  const contexts = unique(parsed.contexts.map((context) => context.path));
  const base = { ...NO_CONDITION, text, present: true, contexts, ignoresNeeds: parsed.functions.some((name) => name === 'always' || name === 'failure' || name === 'cancelled') };
  return parsed.root === undefined ? base : { ...base, ...judge(parsed.root, parsed.text, scope) };
}

function judge(root: Expression, text: string, scope: ConditionScope): Pick<ConditionValue, 'events' | 'guards' | 'guardedEvents'> {
  const runs = (scope.events === undefined || scope.events.length === 0 ? EVERYWHERE : scope.events).map(evaluation);
  const possible = runs.filter((run) => possibleTruth(root, run).canBeTrue);
  const outsiders = possible.filter(({ event, types }) => {
    const { by } = eventModel(event, types);
    return by === 'attacker' || by === 'unknown';
  });
  const search: Search = { text, authorizes: scope.authorizes ?? (() => false) };
  const guardedEvents: string[] = [];
  let common: GuardValue[] | undefined;
  for (const run of outsiders.length > 0 ? outsiders : possible) {
    // What lies beyond is left out, which keeps nobody out.
    const guards = guardsOf(root, true, run, search).slice(0, MAX_GUARDS);
    if (guards.some((guard) => guard.sound && guard.kind !== 'label')) guardedEvents.push(run.event);
    common = common === undefined ? guards : both(common, guards);
  }
  return {
    events: possible.length === runs.length ? [] : possible.length === 0 ? [NEVER] : unique(possible.map((run) => run.event)),
    guards: common ?? [],
    guardedEvents: unique(guardedEvents),
  };
}

/** Guards that hold in the runs of both events; sound only when they are so in both. */
function both(a: readonly GuardValue[], b: readonly GuardValue[]): GuardValue[] {
  const result: GuardValue[] = [];
  for (const guard of a) {
    const same = b.find((other) => other.kind === guard.kind && other.text === guard.text);
    if (same !== undefined) result.push(guard.sound && !same.sound ? same : guard);
  }
  return result;
}

interface Search {
  readonly text: string;
  readonly authorizes: (segments: readonly string[]) => boolean;
}

/** The checks that hold whenever `node` is true (`wanted`) or false in the runs of one event. */
function guardsOf(node: Expression, wanted: boolean, run: Evaluation, search: Search): GuardValue[] {
  const { canBeTrue, canBeFalse } = possibleTruth(node, run);
  // It can not turn out otherwise, so nothing is checked.
  if (node.kind !== 'and' && node.kind !== 'or' && (wanted ? !canBeFalse : !canBeTrue)) return eventGuard(node, search);
  if (node.kind === 'not') return guardsOf(node.operand, !wanted, run, search);
  if (node.kind === 'and' || node.kind === 'or') {
    // By De Morgan, a false "or" is an "and" of what is false.
    return (node.kind === 'and') === wanted ? node.args.flatMap((arg) => guardsOf(arg, wanted, run, search)) : alternatives(node, wanted, run, search);
  }
  const text = search.text.slice(node.range.start, node.range.end);
  if (wanted && isAuthorized(node, search)) return [{ kind: 'team', text, sound: true }];
  const check = checkOf(node, wanted, run);
  return check === undefined ? [] : [{ ...check, text }];
}

/** A comparison with the name of the event is worth telling, although it decides nothing within one event. */
function eventGuard(node: Expression, search: Search): GuardValue[] {
  if (node.kind !== 'compare') return [];
  const named = [node.left, node.right].some((side) => side.kind === 'context' && side.segments.join('.') === 'github.event_name');
  return named ? [{ kind: 'event', text: search.text.slice(node.range.start, node.range.end), sound: false }] : [];
}

/** Of alternatives one must hold: a guard only where each that is possible has one. */
function alternatives(node: Expression & { kind: 'and' | 'or' }, wanted: boolean, run: Evaluation, search: Search): GuardValue[] {
  let sole: GuardValue[] | undefined;
  const kinds: GuardValue[] = [];
  let sound = true;
  let arms = 0;
  for (const arg of node.args) {
    const { canBeTrue, canBeFalse } = possibleTruth(arg, run);
    if (wanted ? !canBeTrue : !canBeFalse) continue;
    const guards = guardsOf(arg, wanted, run, search);
    const strongest = guards.find((guard) => guard.sound) ?? guards.find((guard) => guard.kind !== 'event');
    if (++arms === 1) sole = guards;
    sound &&= strongest?.sound === true;
    if (strongest !== undefined) kinds.push(strongest);
  }
  if (arms === 1) return sole ?? [];
  const [first] = kinds;
  if (first === undefined || kinds.length < arms) return [];
  // A label among the alternatives makes the whole no better than a label.
  const kind = kinds.find((guard) => guard.kind === 'label')?.kind ?? first.kind;
  return [{ kind, text: search.text.slice(node.range.start, node.range.end), sound }];
}

/** `steps.check.outputs.allowed`, alone or compared with a text that says yes. */
function isAuthorized(node: Expression, search: Search): boolean {
  if (node.kind === 'context') return search.authorizes(node.segments);
  if (node.kind !== 'compare' || node.operator !== '==') return false;
  const [context, other] = node.left.kind === 'context' ? [node.left, node.right] : [node.right, node.left];
  return context.kind === 'context' && other.kind === 'literal' && other.value !== false && other.value !== 'false' && other.value !== '' && search.authorizes(context.segments);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
