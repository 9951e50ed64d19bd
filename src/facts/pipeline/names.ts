import type { Origin, Origins } from '../github/scope.js';

/*
 * What names mean, in layers: a place adds what it sets itself and asks the places around it for the rest. Copies of all
 * names at each step made the time of a job grow with the square of its steps.
 */

/** Names of a place in front of those around it; an `undefined` of the place hides one. */
export function inFront<T>(own: ReadonlyMap<string, T | undefined>, around: Pick<ReadonlyMap<string, T>, 'get'>): Pick<ReadonlyMap<string, T>, 'get'> {
  return { get: (name) => (own.has(name) ? own.get(name) : around.get(name)) };
}

/** Variables that the scripts of a job set for the steps behind them. */
export interface Written extends Origins {
  /** Seen by `get` at once, and by later steps after `settle`. */
  set(name: string, origin: Origin): void;
  /** What the steps so far have set, by the names of templates and of the environment; undefined when nothing. */
  settle(environmentName: ((name: string) => string) | undefined): ReadonlyMap<string, Origin> | undefined;
}

/** Nothing is written yet. */
export function nothingWritten(): Written {
  const all = new Map<string, Origin>();
  const settled = new Map<string, Origin>();
  const fresh = new Set<string>();
  return {
    get: (name) => all.get(name),
    set(name, origin) {
      all.set(name, origin);
      fresh.add(name);
    },
    settle(environmentName) {
      for (const name of fresh) {
        const origin = all.get(name) as Origin;
        settled.set(name, origin);
        if (environmentName !== undefined) settled.set(environmentName(name).toLowerCase(), origin);
      }
      fresh.clear();
      return settled.size === 0 ? undefined : settled;
    },
  };
}
