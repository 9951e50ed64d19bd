import { freemem } from 'node:os';
import type { Scanner } from '../core/index.js';
import type { Claim } from './budget.js';

const MEGABYTE = 1_048_576;
/** Of a tool that declares nothing: most are single programs that read one file after another. */
const DEFAULT_MEGABYTES = 300;
/** What is left for this process, the system and what a tool takes beyond its expectation. */
const SHARE = 0.8;
/** Orders of magnitude, for what has never run here; the same that spread scans begin with. */
const GUESS = { splittable: { start: 2, unit: 0.02 }, whole: { start: 20, unit: 0 } } as const;

/** Memory in bytes that scanners may be expected to use together: of what is free, or of the control group that this process is limited by. */
export function memoryBudget(): number {
  const limit = process.constrainedMemory();
  const free = freemem();
  return SHARE * (limit > 0 && limit < free ? limit : free);
}

/** What a scanner of so many files is expected to need. `seconds`: by an earlier run where there was one. */
export function expectationOf({ memoryMegabytes, splittable }: Pick<Scanner, 'memoryMegabytes' | 'splittable'>, files: number, seconds: number | undefined): Claim {
  const { start, unit } = splittable ? GUESS.splittable : GUESS.whole;
  return { memory: (memoryMegabytes ?? DEFAULT_MEGABYTES) * MEGABYTE, seconds: seconds ?? start + unit * files };
}
