import { z } from 'zod';
import { compareText } from '../core/index.js';

/** How long scanners took in an earlier run, by name. */
export type Durations = ReadonlyMap<string, { readonly seconds: number; readonly units: number }>;

/** Enough for every scanner there will be. */
const MAX_SCANNERS = 500;
export const MAX_DURATIONS_BYTES = 100_000;

const schema = z.strictObject({
  version: z.literal(1),
  scanners: z.record(z.string().max(100), z.strictObject({ seconds: z.number().min(0).max(1e6), units: z.int().min(1).max(1e9) })),
});

/** Reads what `durationsText` has written; whatever else is as good as nothing, since it only balances the work. */
export function parseDurations(text: string | undefined): Durations {
  if (text === undefined || text.length > MAX_DURATIONS_BYTES) return new Map();
  try {
    const { success, data } = schema.safeParse(JSON.parse(text));
    return success ? new Map(Object.entries(data.scanners).slice(0, MAX_SCANNERS)) : new Map();
  } catch {
    return new Map();
  }
}

/** As JSON, in an order that does not depend on the run. */
export function durationsText(durations: Durations): string {
  const scanners = Object.fromEntries([...durations].sort(([a], [b]) => compareText(a, b)));
  return `${JSON.stringify({ version: 1, scanners })}\n`;
}

/** What is not known yet: an order of magnitude, so that the first run is not spread blindly. */
const GUESS = { policies: { start: 1, unit: 0.05 }, splittable: { start: 2, unit: 0.02 }, whole: { start: 20, unit: 0 } } as const;

/** Seconds that a scanner is expected to take: by an earlier run where there was one. */
export function expectedSeconds(scanner: string, units: number, splittable: boolean, durations: Durations): number {
  const known = durations.get(scanner);
  if (known !== undefined) return (known.seconds * units) / known.units;
  const { start, unit } = scanner === 'policies' ? GUESS.policies : splittable ? GUESS.splittable : GUESS.whole;
  return start + unit * units;
}
