import { describeTask, type Layout } from './layout.js';

/** A job matrix as GitHub Actions reads it with `fromJSON`: one entry per machine that has something to do. */
export interface Matrix {
  readonly include: readonly { readonly shard: string; readonly scanners: string }[];
}

/** `units`: how many units each scanner has in all. */
export function matrixOf(layout: Layout, units: ReadonlyMap<string, number>): Matrix {
  return {
    include: layout.map((tasks, index) => ({
      shard: `${index + 1}/${layout.length}`,
      scanners: tasks.map((task) => describeTask(task, units.get(task.scanner) ?? task.end)).join(', '),
    })),
  };
}
