import { compareText } from '../core/index.js';

/** What one scanner has to do, in units that other machines can do apart: files, or parts of several files. */
export interface WorkItem {
  readonly scanner: string;
  /** At least 1; more only where what is found in one unit does not depend on which others are looked at. */
  readonly units: number;
  /** A machine that does a part of it works on that for at least so long; 0 where starting it costs nothing. */
  readonly leastSeconds: number;
  /** How long it takes on one machine. */
  readonly seconds: number;
}

/** A half-open range of the units of one scanner, done by one machine. */
export interface Task {
  readonly scanner: string;
  readonly start: number;
  readonly end: number;
}

/** What each machine does; a machine may have nothing to do. */
export type Layout = readonly (readonly Task[])[];

/** More machines wait longer for each other than they save. */
export const MAX_SHARDS = 64;
const MAX_AUTO_SHARDS = 16;
/** A machine that works for less than that spends most of its time on starting. */
const SECONDS_PER_SHARD = 120;

/** How many machines are worth starting. */
export function shardCount(items: readonly WorkItem[]): number {
  const seconds = items.reduce((sum, item) => sum + item.seconds, 0);
  const units = items.reduce((sum, item) => sum + item.units, 0);
  return Math.max(1, Math.min(MAX_AUTO_SHARDS, units, Math.ceil(seconds / SECONDS_PER_SHARD)));
}

/**
 * Spreads work over machines: what takes longer than one machine's share is cut into equal ranges, then the longest
 * goes to whoever has least (Graham's longest-processing-time rule, at most 4/3 of the best). Depends on its arguments
 * alone, not on their order.
 */
export function layOut(items: readonly WorkItem[], shards: number): Layout {
  const share = items.reduce((sum, { seconds }) => sum + seconds, 0) / shards;
  const pieces = items.flatMap((item) => cut(item, share)).sort((a, b) => b.seconds - a.seconds || compareText(a.task.scanner, b.task.scanner) || a.task.start - b.task.start);
  const machines = Array.from({ length: shards }, () => ({ seconds: 0, tasks: [] as Task[] }));
  for (const { task, seconds } of pieces) {
    const least = machines.reduce((best, machine) => (machine.seconds < best.seconds ? machine : best));
    least.tasks.push(task);
    least.seconds += seconds;
  }
  return machines.map(({ tasks }) => tasks.sort((a, b) => compareText(a.scanner, b.scanner) || a.start - b.start));
}

function cut({ scanner, units, seconds, leastSeconds }: WorkItem, share: number): { readonly task: Task; readonly seconds: number }[] {
  const most = leastSeconds > 0 ? Math.floor(seconds / leastSeconds) : units;
  const count = share > 0 ? Math.max(1, Math.min(units, most, Math.ceil(seconds / share))) : 1;
  return Array.from({ length: count }, (_, index) => ({
    task: { scanner, start: Math.floor((units * index) / count), end: Math.floor((units * (index + 1)) / count) },
    seconds: seconds / count,
  }));
}

/** `gitleaks`, or `policies 17-32 of 64` for a range. */
export function describeTask({ scanner, start, end }: Task, units: number): string {
  return start === 0 && end === units ? scanner : `${scanner} ${start + 1}-${end} of ${units}`;
}
