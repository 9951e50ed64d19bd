import { freemem } from 'node:os';
import type { Scanner } from '../core/index.js';
import type { Claim } from './budget.js';

const MEGABYTE = 1_048_576;
/** Of a tool that declares nothing: most are single programs that read one file after another. */
const DEFAULT_MEGABYTES = 300;
/** What is left for this process, the system and what a tool takes beyond its expectation. */
const SHARE = 0.8;

/** Memory in bytes that scanners may be expected to use together: of what is free, or of the control group that this process is limited by. */
export function memoryBudget(): number {
  const limit = process.constrainedMemory();
  const free = freemem();
  return SHARE * (limit > 0 && limit < free ? limit : free);
}

/** What one process of a scanner is expected to need. `seconds`: 0 when nothing is known. */
export function expectationOf({ memoryMegabytes }: Pick<Scanner, 'memoryMegabytes'>, seconds = 0): Claim {
  return { memory: (memoryMegabytes ?? DEFAULT_MEGABYTES) * MEGABYTE, seconds };
}
