/** What a process is expected to need. */
export interface Claim {
  /** Resident memory in bytes. */
  readonly memory: number;
  /** The longest are started first, since a long one that begins last ends last. */
  readonly seconds: number;
}

/** Cores and memory that processes share. */
export interface Budget {
  /** Runs the task when a core is free and its memory fits; alone when it never would fit. */
  run<T>(claim: Claim, task: () => Promise<T>): Promise<T>;
}

interface Waiting extends Claim {
  readonly start: () => void;
}

/**
 * A budget of at least one core. Among what waits, the longest that fits is started; what asks in the same turn of the event
 * loop is compared before anything starts.
 * @param memory in bytes
 */
export function createBudget(cores: number, memory: number): Budget {
  let freeCores = Math.max(1, Math.floor(cores));
  let freeMemory = memory;
  let running = 0;
  let planned = false;
  const waiting: Waiting[] = [];

  const dispatch = (): void => {
    planned = false;
    for (let at = 0; at < waiting.length && freeCores > 0; ) {
      const next = waiting[at] as Waiting;
      if (next.memory > freeMemory && running > 0) {
        at++;
        continue;
      }
      waiting.splice(at, 1);
      freeCores--;
      freeMemory -= next.memory;
      running++;
      next.start();
    }
  };
  const plan = (): void => {
    if (planned) return;
    planned = true;
    setImmediate(dispatch);
  };

  return {
    async run(claim, task) {
      await new Promise<void>((start) => {
        const behind = waiting.findIndex(({ seconds }) => seconds < claim.seconds);
        waiting.splice(behind < 0 ? waiting.length : behind, 0, { ...claim, start });
        plan();
      });
      try {
        return await task();
      } finally {
        freeCores++;
        freeMemory += claim.memory;
        running--;
        dispatch();
      }
    },
  };
}
