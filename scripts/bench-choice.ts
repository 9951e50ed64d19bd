/** Numbers from 0 up to 1 that depend on the seed alone (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Chooses among alternatives; one instance per file, so that files don't depend on each other. */
export interface Choice {
  of<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
  between(low: number, high: number): number;
}

/** The same seed makes the same choices. */
export function choice(seed: number): Choice {
  const random = seeded(seed);
  return {
    of: (items) => items[Math.floor(random() * items.length)] as (typeof items)[number],
    chance: (probability) => random() < probability,
    between: (low, high) => low + Math.floor(random() * (high - low + 1)),
  };
}
