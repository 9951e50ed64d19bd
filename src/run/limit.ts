/** Lets a limited number of tasks run at a time, first come first served. */
export interface Gate {
  run<T>(task: () => Promise<T>): Promise<T>;
}

/** A gate for `limit` tasks, at least one. */
export function createGate(limit: number): Gate {
  let free = Math.max(1, Math.floor(limit));
  const waiting: (() => void)[] = [];
  return {
    async run(task) {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await task();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free++;
        else next();
      }
    },
  };
}
