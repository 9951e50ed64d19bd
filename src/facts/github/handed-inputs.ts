import { readTemplate } from '../../syntax/expressions.js';
import type { TriggerValue } from '../schema.js';
import { joinOrigins } from './command-output.js';
import type { Call, Repository } from './repository.js';
import { LITERAL, type Origin, originOf, type Scope } from './scope.js';

/** Calls looked at for the inputs of one file, all levels together. */
const MAX_FILES = 64;

/**
 * What the callers of a workflow or action in the repository hand to its inputs, several levels up:
 * inputs, variables and contexts are followed; outputs of the callers' own steps are not, and count as unknown.
 */
export function handedInputs(path: string, repository: Repository, own: ReadonlyMap<string, readonly TriggerValue[]>, seen: Set<string>): ReadonlyMap<string, Origin> | undefined {
  const calls = repository.callsOf(path);
  if (calls.length === 0 || seen.has(path) || seen.size > MAX_FILES) return undefined;
  seen.add(path);
  const inputs = new Map<string, Origin>();
  for (const call of calls) {
    if (call.inputs.size === 0) continue;
    const scope = callerScope(call, repository, own, seen);
    for (const [name, { text }] of call.inputs) {
      const origin = originOfText(text, scope);
      const known = inputs.get(name);
      inputs.set(name, known === undefined ? origin : joinOrigins(known, origin));
    }
  }
  seen.delete(path);
  return inputs;
}

function callerScope(call: Call, repository: Repository, own: ReadonlyMap<string, readonly TriggerValue[]>, seen: Set<string>): Scope {
  const caller = call.path;
  const triggers = repository
    .triggersOf(caller, own.get(caller) ?? [])
    .filter(({ event }) => call.conditions.every((condition) => condition.events.length === 0 || condition.events.includes(event)));
  const base: Scope = {
    triggers,
    contextScope: { events: triggers.map(({ event }) => event) },
    env: new Map(),
    inputs: handedInputs(caller, repository, own, seen) ?? new Map(),
    matrix: undefined,
    output: () => undefined,
  };
  const env = new Map<string, Origin>();
  for (const [name, text] of call.env) env.set(name, originOfText(text, base));
  return { ...base, env };
}

function originOfText(text: string, scope: Scope): Origin {
  let origin = LITERAL;
  for (const { expression } of readTemplate(text).expressions) origin = joinOrigins(origin, originOf(expression, scope));
  return origin;
}

/** What an input holds that no caller gives a value: its default, text of the file. */
export const DEFAULT_INPUT: Origin = Object.freeze({ ...LITERAL, source: 'input', type: 'string' });

/**
 * The inputs of a scope by their declared names: as callers fill them, else the default; left out
 * where no caller is known, since then anything may come in.
 *
 * @param dispatched names of inputs that people fill who start a run by hand
 */
export function filledInputs(declared: Iterable<string>, handed: ReadonlyMap<string, Origin> | undefined, dispatched: ReadonlySet<string>): ReadonlyMap<string, Origin> {
  const inputs = new Map<string, Origin>();
  if (handed === undefined) return inputs;
  for (const name of declared) {
    const origin = handed.get(name) ?? DEFAULT_INPUT;
    const known: Origin = origin === LITERAL ? DEFAULT_INPUT : origin;
    inputs.set(name, known.controlledBy === 'trusted' && dispatched.has(name) ? { ...known, controlledBy: 'operator' } : known);
  }
  return inputs;
}
