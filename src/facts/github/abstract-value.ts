import type { Expression } from '../../syntax/expressions.js';
import { payloadHas } from './contexts.js';

/** A value of an expression, as far as it matters to conditions. */
type Constant = string | number | boolean | null | readonly Constant[];

/**
 * What an expression can be in the runs of one event: one of some constants, a text of which only
 * the beginning is known and that is neither empty nor a number, or anything.
 */
type Abstract = { readonly kind: 'constants'; readonly values: readonly Constant[] } | { readonly kind: 'text'; readonly prefix: string } | { readonly kind: 'anything' };

const ANYTHING: Abstract = { kind: 'anything' };
const one = (value: Constant): Abstract => ({ kind: 'constants', values: [value] });
const NULL = one(null);
const TRUE = one(true);
const FALSE = one(false);
const BOOLEAN: Abstract = { kind: 'constants', values: [true, false] };
/** Sets of constants beyond this size are no longer followed. */
const MAX_VALUES = 64;

/** What is known of the runs in which an expression is evaluated. */
export interface EvaluatedEvent {
  readonly event: string;
  /** Activity types that start it; empty when it is not limited to some. */
  readonly types: readonly string[];
}

/** An event with what was found out of the parts of one expression, so that each is looked at once. */
export interface Evaluation extends EvaluatedEvent {
  readonly known: Map<Expression, Abstract>;
}

/** Starts to evaluate expressions in the runs of one event. */
export function evaluation(run: EvaluatedEvent): Evaluation {
  return { event: run.event, types: run.types, known: new Map() };
}

/** Which truth values an expression can have in the runs of one event. Over-approximates: it never leaves one out. */
export function possibleTruth(expression: Expression, run: Evaluation): { readonly canBeTrue: boolean; readonly canBeFalse: boolean } {
  return truth(evaluate(expression, run));
}

function truth(value: Abstract): { canBeTrue: boolean; canBeFalse: boolean } {
  if (value.kind === 'anything') return { canBeTrue: true, canBeFalse: true };
  if (value.kind === 'text') return { canBeTrue: true, canBeFalse: false };
  return { canBeTrue: value.values.some(isTruthy), canBeFalse: value.values.some((constant) => !isTruthy(constant)) };
}

function evaluate(node: Expression, run: Evaluation): Abstract {
  if (node.kind === 'literal') return one(node.value);
  const known = run.known.get(node);
  if (known !== undefined) return known;
  const value = evaluateNode(node, run);
  run.known.set(node, value);
  return value;
}

function evaluateNode(node: Expression, run: Evaluation): Abstract {
  switch (node.kind) {
    case 'context':
      return node.dynamic.length === 0 ? contextValue(node.segments, run) : ANYTHING;
    case 'not': {
      const { canBeTrue, canBeFalse } = truth(evaluate(node.operand, run));
      return canBeTrue && canBeFalse ? BOOLEAN : canBeTrue ? FALSE : TRUE;
    }
    case 'compare':
      return compare(node.operator, evaluate(node.left, run), evaluate(node.right, run));
    case 'and':
    case 'or':
      return logical(node.kind, node.args, run);
    case 'call':
      return call(node.name, node.args, run);
    default:
      return ANYTHING;
  }
}

/** The first operand that decides is the value; one that may or may not decide adds its values. */
function logical(kind: 'and' | 'or', args: readonly Expression[], run: Evaluation): Abstract {
  const collected: Constant[] = [];
  for (let i = 0; i < args.length; i++) {
    const value = evaluate(args[i] as Expression, run);
    const { canBeTrue, canBeFalse } = truth(value);
    const decides = kind === 'and' ? canBeFalse : canBeTrue;
    const passes = kind === 'and' ? canBeTrue : canBeFalse;
    if (i === args.length - 1 || !passes) {
      if (collected.length === 0) return value;
      return value.kind === 'constants' ? limited([...collected, ...value.values]) : ANYTHING;
    }
    if (!decides) continue;
    // What decides an "and" is false in whatever form; of an "or" the value itself may be looked at.
    if (kind === 'and') collected.push(false);
    else if (value.kind === 'constants') collected.push(...value.values.filter(isTruthy));
    else collected.push(true);
  }
  return ANYTHING;
}

function limited(values: readonly Constant[]): Abstract {
  const distinct = [...new Set(values)];
  return distinct.length > MAX_VALUES ? ANYTHING : { kind: 'constants', values: distinct };
}

/** Events whose runs have a ref on the default branch or on the base of the pull request. */
const BRANCH_EVENTS = new Set([
  'pull_request_target', 'issues', 'issue_comment', 'discussion', 'discussion_comment', 'fork', 'watch', 'gollum', 'workflow_run', 'schedule', 'repository_dispatch', 'label', 'milestone', 'public', 'branch_protection_rule',
]);
const MERGE_EVENTS = new Set(['pull_request', 'pull_request_review', 'pull_request_review_comment']);

/** Activity types that start a run when a workflow names none, for the events with such a default. */
const DEFAULT_TYPES: Readonly<Record<string, readonly string[]>> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  pull_request_target: ['opened', 'synchronize', 'reopened'],
};

function contextValue(segments: readonly string[], run: EvaluatedEvent): Abstract {
  const [root, property, object] = segments;
  // In a reusable workflow these are of the caller's run.
  if (root !== 'github' || run.event === 'workflow_call') return ANYTHING;
  switch (property) {
    case 'event_name':
      return one(run.event);
    case 'event':
      return object === undefined ? ANYTHING : payloadValue(segments, object, run);
    case 'head_ref':
    case 'base_ref':
      return MERGE_EVENTS.has(run.event) || run.event === 'pull_request_target' ? { kind: 'text', prefix: '' } : one('');
    case 'ref':
      if (MERGE_EVENTS.has(run.event)) return { kind: 'text', prefix: 'refs/pull/' };
      if (BRANCH_EVENTS.has(run.event)) return { kind: 'text', prefix: 'refs/heads/' };
      return run.event === 'push' ? { kind: 'text', prefix: 'refs/' } : ANYTHING;
    case 'ref_type':
      return BRANCH_EVENTS.has(run.event) ? one('branch') : ANYTHING;
    case 'repository':
    case 'repository_owner':
    case 'actor':
    case 'triggering_actor':
      // Account names can be digits alone, so only the first can not be taken for a number.
      return property === 'repository' ? { kind: 'text', prefix: '' } : ANYTHING;
    default:
      return ANYTHING;
  }
}

/** Events whose payload has no `action`. */
const WITHOUT_ACTION = new Set(['push', 'create', 'delete', 'fork', 'gollum', 'page_build', 'public', 'schedule', 'status', 'workflow_dispatch']);

function payloadValue(segments: readonly string[], object: string, run: EvaluatedEvent): Abstract {
  if (object === 'action') {
    if (WITHOUT_ACTION.has(run.event)) return NULL;
    const types = run.types.length > 0 ? run.types : DEFAULT_TYPES[run.event];
    return types === undefined ? ANYTHING : limited(types);
  }
  if (payloadHas(run.event, object) === false) return NULL;
  // An object that is there is true.
  return segments.length === 3 && (object === 'pull_request' || object === 'issue' || object === 'comment' || object === 'review' || object === 'workflow_run') ? TRUE : ANYTHING;
}

function compare(operator: string, left: Abstract, right: Abstract): Abstract {
  if (operator !== '==' && operator !== '!=') return BOOLEAN;
  const equal = equality(left, right);
  return operator === '==' ? equal : negated(equal);
}

function negated(value: Abstract): Abstract {
  return value === TRUE ? FALSE : value === FALSE ? TRUE : value;
}

function equality(left: Abstract, right: Abstract): Abstract {
  if (left.kind === 'constants' && right.kind === 'constants') {
    return verdicts(left.values.flatMap((a) => right.values.map((b) => looselyEqual(a, b))));
  }
  const text = left.kind === 'text' ? left : right.kind === 'text' ? right : undefined;
  const other = text === left ? right : left;
  if (text === undefined || other.kind !== 'constants') return BOOLEAN;
  const possible = other.values.some((value) => typeof value === 'string' && value !== '' && value.toLowerCase().startsWith(text.prefix));
  return possible ? BOOLEAN : FALSE;
}

function verdicts(results: readonly boolean[]): Abstract {
  const some = results.includes(true);
  return some && results.includes(false) ? BOOLEAN : some ? TRUE : FALSE;
}

function call(name: string, args: readonly Expression[], run: Evaluation): Abstract {
  const [first, second] = args;
  if (name === 'always') return TRUE;
  if (name === 'fromjson' && first?.kind === 'literal' && typeof first.value === 'string') return parsedList(first.value);
  if (first === undefined || second === undefined) return ANYTHING;
  if (name === 'contains') return searched(evaluate(first, run), evaluate(second, run), contains);
  if (name === 'endswith') return searched(evaluate(first, run), evaluate(second, run), (text, part) => lower(text).endsWith(lower(part)));
  if (name !== 'startswith') return ANYTHING;
  const text = evaluate(first, run);
  const part = evaluate(second, run);
  if (text.kind !== 'text' || part.kind !== 'constants') return searched(text, part, (whole, start) => lower(whole).startsWith(lower(start)));
  const starts = part.values.map(lower);
  if (starts.every((start) => text.prefix.startsWith(start))) return TRUE;
  return starts.some((start) => text.prefix.startsWith(start) || start.startsWith(text.prefix)) ? BOOLEAN : FALSE;
}

function searched(text: Abstract, part: Abstract, test: (text: Constant, part: Constant) => boolean): Abstract {
  if (text.kind !== 'constants' || part.kind !== 'constants') return BOOLEAN;
  return verdicts(text.values.flatMap((whole) => part.values.map((piece) => test(whole, piece))));
}

function contains(text: Constant, part: Constant): boolean {
  if (Array.isArray(text)) return text.some((item: Constant) => looselyEqual(item, part));
  return lower(text).includes(lower(part));
}

/** `fromJSON('["a", "b"]')`; anything else than a list of scalars is not followed. */
export function literalList(text: string): readonly (string | number | boolean | null)[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isScalar = (item: unknown): item is string | number | boolean | null => item === null || typeof item !== 'object';
    return Array.isArray(value) && value.every(isScalar) ? value : undefined;
  } catch {
    return undefined;
  }
}

function parsedList(text: string): Abstract {
  const list = literalList(text);
  return list === undefined ? ANYTHING : one(list);
}

function lower(value: Constant): string {
  return value === null || typeof value === 'object' ? '' : String(value).toLowerCase();
}

function isTruthy(value: Constant): boolean {
  return value !== null && value !== '' && value !== 0 && value !== false && !Number.isNaN(value);
}

/** GitHub's `==`: texts without regard to case, different types as numbers. */
function looselyEqual(a: Constant, b: Constant): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase();
  if (typeof a === typeof b && a !== null && b !== null) return a === b;
  if (a === null && b === null) return true;
  return toNumber(a) === toNumber(b);
}

function toNumber(value: Constant): number {
  if (typeof value === 'object' && value !== null) return NaN;
  return Number(value);
}
