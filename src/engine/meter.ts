/*
 * What the loops of an evaluation cost. Evaluations never overlap, so that one counter is enough; it lies in the
 * module because loops count often.
 */

/** Elements that all loops of one evaluation may visit, and the size of what they handle, together. */
export const MAX_COST = 1_000_000;

const LIMIT_MESSAGE = `The expression visits more than ${MAX_COST.toLocaleString('en')} elements.`;
/** One object: making a stack for each swallowed error would itself be a way to waste time. */
export const LIMIT_ERROR = new Error(LIMIT_MESSAGE);

let left = MAX_COST;

/** Begins an evaluation. */
export function startMeter(): void {
  left = MAX_COST;
}

/** What has been paid since `startMeter`. */
export function spent(): number {
  return MAX_COST - left;
}

/** Whether more was to be paid than there is: what was evaluated since has no answer, whatever swallowed the error. */
export function isOverdrawn(): boolean {
  return left < 0;
}

/** Throws `LIMIT_ERROR` when there is not enough left. */
export function pay(cost: number): void {
  left -= cost;
  if (left < 0) throw LIMIT_ERROR;
}

/** What handling a value costs inside a loop, beside 1. */
export function weight(value: unknown): number {
  if (typeof value === 'string') return value.length >> 6;
  return Array.isArray(value) ? value.length : 0;
}
