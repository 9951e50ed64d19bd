import type { Origin } from '../github/scope.js';
import type { FactValue, ReachValue, TriggerValue } from '../schema.js';

type Sink = FactValue<'expansion'>['sink'];

/** A place in a job, as far as it decides whose values get there. */
export interface ReachedPlace {
  /** Who gets here past every condition; absent outside jobs. */
  readonly reach?: ReachValue | undefined;
  readonly scope: { readonly triggers: readonly TriggerValue[] };
}

/** Sinks in which a text can become code or choose what is run. */
const DANGEROUS = new Set<Sink>(['script', 'script-js', 'script-powershell', 'script-python', 'code-input', 'command-input', 'eval', 'prompt', 'runner', 'ref', 'image', 'path', 'url', 'environment-file', 'path-file', 'output-file', 'argument', 'artifact', 'cache-key', 'log']);

/** An origin with those events left out that do not get to this place, or only for people with rights. */
export function originHere(origin: Origin, place: ReachedPlace): Origin {
  if (place.reach === undefined || origin.controlledBy !== 'attacker' || origin.events.length === 0) return origin;
  const { events, runs } = place.reach;
  // What an outsider wrote may come with a collaborator's event too, as the message of a merged commit does.
  const comes = (event: string): boolean => events.includes(event) || (runs.includes(event) && place.scope.triggers.some((trigger) => trigger.event === event && trigger.by !== 'attacker'));
  if (origin.events.every(comes)) return origin;
  const here = origin.events.filter(comes);
  return { ...origin, events: here, controlledBy: here.length === 0 ? 'collaborator' : 'attacker' };
}

/** How bad it is that an outsider chooses a value that becomes code here. */
export function levelHere(origin: Origin, place: ReachedPlace): FactValue<'expansion'>['level'] {
  if (origin.controlledBy !== 'attacker' || place.reach === undefined) return '';
  return origin.events.length === 0 || privilegedIn(origin, place) ? place.reach.level : place.reach.selfHosted ? 'high' : 'medium';
}

/** An outsider controls it in an event whose runs have secrets or a writing token. */
export function privilegedIn(origin: Origin, place: ReachedPlace): boolean {
  return origin.events.some((event) => place.scope.triggers.some((trigger) => trigger.event === event && trigger.privileged));
}

/** Why the value is harmless at this place, or empty when it is not. */
export function sanitizerOf(origin: Origin, sink: Sink): string {
  if (origin.contexts.length === 0) return 'only the result of a test or a fixed text reaches it';
  if (origin.type !== 'string' && origin.type !== '') return `it can only be a ${origin.type === 'sha' ? 'commit' : origin.type}`;
  if (sink === 'env') return 'a variable is not parsed as code';
  return DANGEROUS.has(sink) ? '' : 'nothing is run from here';
}

/** What an `expansion` fact says of where a value comes from. */
export function originValue(origin: Origin, place: ReachedPlace): Pick<FactValue<'expansion'>, 'context' | 'contexts' | 'source' | 'type' | 'controlledBy' | 'events' | 'privileged' | 'level'> {
  return {
    context: origin.context,
    contexts: [...origin.contexts],
    source: origin.source,
    type: origin.type,
    controlledBy: origin.controlledBy,
    events: [...origin.events],
    privileged: privilegedIn(origin, place),
    level: levelHere(origin, place),
  };
}
