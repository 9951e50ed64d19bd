import { describeTask, type Layout } from './layout.js';

/** A job matrix as GitHub Actions reads it with `fromJSON`: one entry per machine that has something to do. */
export interface Matrix {
  /** `index` is K of the shard `K/N`, for names that take no `/`. */
  readonly include: readonly { readonly shard: string; readonly index: number; readonly scanners: string }[];
}

/** `units`: how many units each scanner has in all. */
export function matrixOf(layout: Layout, units: ReadonlyMap<string, number>): Matrix {
  return {
    include: layout.map((tasks, index) => ({
      shard: `${index + 1}/${layout.length}`,
      index: index + 1,
      scanners: tasks.map((task) => describeTask(task, units.get(task.scanner) ?? task.end)).join(', '),
    })),
  };
}
