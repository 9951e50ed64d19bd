import type { Expression } from '../../syntax/expressions.js';
import { parseExpression } from '../../syntax/expressions.js';
import type { TriggerSource } from '../pipeline/index.js';
import type { ConditionValue, GuardValue } from '../schema.js';
import { MANUAL, PR, PUSH, RESOURCE, SCHEDULE } from './predefined.js';

/*
 * Which events a condition lets through. Expressions are evaluated for each event with what is known of its runs:
 * true, false, or not told. https://learn.microsoft.com/azure/devops/pipelines/process/conditions
 */

type Answer = true | false | undefined;

/** What a variable holds in the runs of an event: one of some texts, a text with a known beginning, or not told. */
type Held = { readonly values: readonly string[] } | { readonly prefix: string } | undefined;

const REASONS: Readonly<Record<string, readonly string[]>> = {
  [PR]: ['PullRequest'],
  [PUSH]: ['IndividualCI', 'BatchedCI'],
  [SCHEDULE]: ['Schedule'],
  [RESOURCE]: ['ResourceTrigger', 'BuildCompletion'],
  [MANUAL]: ['Manual'],
};

/** What is known of a predefined variable, by its lower-case name. A pull request here is one of a fork: the worst there is. */
function heldIn(event: string, name: string): Held {
  if (name === 'build.reason') {
    const values = REASONS[event];
    return values === undefined ? undefined : { values };
  }
  if (event !== PR) {
    if (name === 'system.pullrequest.isfork') return { values: ['False', ''] };
    return name.startsWith('system.pullrequest.') && REASONS[event] !== undefined ? { values: [''] } : undefined;
  }
  if (name === 'system.pullrequest.isfork') return { values: ['True'] };
  if (name === 'build.sourcebranch') return { prefix: 'refs/pull/' };
  return name === 'build.sourcebranchname' ? { values: ['merge'] } : undefined;
}

function evaluate(node: Expression, event: string, depth: number): Answer {
  if (depth > 50) return undefined;
  if (node.kind === 'literal') return typeof node.value === 'boolean' ? node.value : undefined;
  if (node.kind !== 'call') return undefined;
  const answers = (): Answer[] => node.args.map((arg) => evaluate(arg, event, depth + 1));
  switch (node.name) {
    case 'and': {
      const all = answers();
      return all.includes(false) ? false : all.includes(undefined) ? undefined : true;
    }
    case 'or': {
      const all = answers();
      return all.includes(true) ? true : all.includes(undefined) ? undefined : false;
    }
    case 'not': {
      const [first] = answers();
      return first === undefined ? undefined : !first;
    }
    case 'eq':
    case 'ne': {
      const same = compare(node.args[0], node.args.slice(1, 2), event);
      return same === undefined || node.name === 'eq' ? same : !same;
    }
    case 'in':
    case 'notin': {
      const same = compare(node.args[0], node.args.slice(1), event);
      return same === undefined || node.name === 'in' ? same : !same;
    }
    case 'startswith':
      return startsWith(node.args[0], node.args[1], event);
    default:
      return undefined;
  }
}

function compare(left: Expression | undefined, right: readonly Expression[], event: string): Answer {
  const [first] = right;
  if (left?.kind === 'literal' && first !== undefined && right.length === 1) return compare(first, [left], event);
  const texts = right.map(textOf);
  const held = left === undefined ? undefined : heldBy(left, event);
  if (held === undefined || texts.some((text) => text === undefined)) return undefined;
  const wanted = (texts as string[]).map((text) => text.toLowerCase());
  if ('prefix' in held) return wanted.some((text) => text.startsWith(held.prefix)) ? undefined : false;
  const matching = held.values.filter((value) => wanted.includes(value.toLowerCase()));
  return matching.length === 0 ? false : matching.length === held.values.length ? true : undefined;
}

function startsWith(left: Expression | undefined, right: Expression | undefined, event: string): Answer {
  const held = left === undefined ? undefined : heldBy(left, event);
  const text = right === undefined ? undefined : textOf(right)?.toLowerCase();
  if (held === undefined || text === undefined) return undefined;
  if ('prefix' in held) return held.prefix.startsWith(text) ? true : text.startsWith(held.prefix) ? undefined : false;
  const matching = held.values.filter((value) => value.toLowerCase().startsWith(text));
  return matching.length === 0 ? false : matching.length === held.values.length ? true : undefined;
}

function textOf(node: Expression): string | undefined {
  return node.kind === 'literal' ? String(node.value ?? '') : undefined;
}

function heldBy(node: Expression, event: string): Held {
  if (node.kind === 'call' && (node.name === 'lower' || node.name === 'upper') && node.args[0] !== undefined) return heldBy(node.args[0], event);
  if (node.kind !== 'context' || node.segments[0] !== 'variables') return undefined;
  return heldIn(event, node.segments[1] ?? '');
}

/**
 * What a chain of conditions, all of which must hold, lets through.
 * @param text the own one, which is shown; without one, the nearest of the chain
 */
export function readCondition(text: string, all: readonly string[], triggers: readonly TriggerSource[]): Partial<ConditionValue> | undefined {
  const texts = all.filter((one) => one !== '');
  if (texts.length === 0) return undefined;
  const parsed = texts.map((one) => ({ ...parseExpression(inner(one)), text: one }));
  const contexts = [...new Set(parsed.flatMap((one) => one.contexts.map(({ path }) => path)))];
  const events: string[] = [];
  const guards: GuardValue[] = [];
  const guardedEvents: string[] = [];
  for (const { event, by } of triggers) {
    const failing = parsed.find(({ root }) => root !== undefined && evaluate(root, event, 0) === false);
    if (failing === undefined) {
      if (!events.includes(event)) events.push(event);
      continue;
    }
    if (by !== 'attacker' && by !== undefined) continue;
    guardedEvents.push(event);
    guards.push({ kind: guardKind(failing.text), text: failing.text, sound: true });
  }
  const excluded = triggers.length > 0 && events.length < new Set(triggers.map(({ event }) => event)).size;
  return { text: text || (texts.at(-1) as string), present: true, contexts, guards, guardedEvents, events: excluded ? (events.length > 0 ? events : ['none']) : [], ignoresNeeds: parsed.some(({ functions }) => functions.some((name) => RUN_ANYWAY.has(name))) };
}

const RUN_ANYWAY = new Set(['always', 'failed', 'succeededorfailed', 'canceled']);

/** `${{ … }}` around a whole condition is taken off. */
function inner(text: string): string {
  return /^\$\{\{([^]*)\}\}$/.exec(text.trim())?.[1] ?? text;
}

function guardKind(text: string): GuardValue['kind'] {
  if (/isfork/i.test(text)) return 'fork';
  return /build\.reason|pullrequest/i.test(text) ? 'event' : 'ref';
}

/** Whether a condition lets an event through. */
export function admits(text: string, event: string): boolean {
  const { root } = parseExpression(inner(text));
  return root === undefined || evaluate(root, event, 0) !== false;
}
