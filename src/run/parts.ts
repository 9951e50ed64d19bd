import type { Thread, ThreadEnd, Threads } from '../io/threads.js';

/** A half-open range of indexes of files. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What a thread is asked: to judge files. */
export interface PartRequest {
  readonly type: 'part';
  readonly range: Range;
  /** Policies that an earlier part has stopped. */
  readonly without: readonly string[];
}

/** What a thread says. */
export type PartReply<R> = { readonly type: 'ready' } | { readonly type: 'judged'; readonly range: Range; readonly result: R };

/** What all threads together gave. */
export interface PartsOutcome<R> {
  /** In the order of the files. */
  readonly results: readonly R[];
  /** Files whose thread ended while it read them and nothing else, in their order. */
  readonly lost: readonly { readonly index: number; readonly reason: string }[];
  /** Ranges that nobody judged, in order: threads could not be started, or `signal` has said to stop. */
  readonly left: readonly Range[];
}

export interface PartsOptions<R> {
  readonly threads: Threads;
  readonly count: number;
  readonly parts: readonly Range[];
  /** What each thread is started with; `progress` is added: see `PROGRESS_SLOTS`. */
  readonly data: object;
  /** Sent to each thread once, before its first part. May still be on its way when the threads are started. */
  readonly setup: Promise<object>;
  /** Ids of policies that a result has stopped. */
  readonly stopped: (result: R) => readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that one file may take before its thread is given up. */
  readonly patience: number;
}

/** `progress` is an `Int32Array` on shared memory: the index of the file that the thread is reading, or -1. */
export const PROGRESS_SLOTS = 1;

/** Threads that end before they are ready; then starting them is given up. */
const MAX_FALSE_STARTS = 3;
/** Files that end their thread; the rest of a repository like that is not worth a thread for each. */
const MAX_CRASHES = 100;
/** Parts that wait in a thread, so that it has something to do while its last answer travels. */
const AHEAD = 2;

interface Crew {
  readonly thread: Thread;
  readonly progress: Int32Array;
  readonly assigned: Range[];
  ready: boolean;
  seen: { index: number; since: number };
}

/**
 * Has parts judged by threads, each as soon as one is free. The same files give the same results however
 * many threads there are. A thread that ends is replaced: the file that it was reading is tried once more
 * alone, and is lost when that ends a thread too. Never rejects unless `setup` does.
 */
export function judgeParts<R>(options: PartsOptions<R>): Promise<PartsOutcome<R>> {
  const { threads, count, data, signal, patience } = options;
  const queue = [...options.parts];
  const results: { start: number; result: R }[] = [];
  const lost: { index: number; reason: string }[] = [];
  const stopped: { policy: string; at: number }[] = [];
  const crews = new Set<Crew>();
  let setup: object | undefined;
  let falseStarts = 0;
  let crashes = 0;
  let over = false;

  return new Promise((resolve, reject) => {
    const watch = setInterval(giveUpStalled, Math.max(10, Math.min(1_000, patience / 4)));
    signal?.addEventListener('abort', finish);
    options.setup.then((value) => {
      setup = value;
      for (const crew of crews) if (crew.ready) begin(crew);
    }, fail);
    if (signal?.aborted === true || queue.length === 0) finish();
    else for (let i = Math.min(count, queue.length); i > 0 && falseStarts < MAX_FALSE_STARTS; i--) start();

    function start(): void {
      const progress = new Int32Array(new SharedArrayBuffer(PROGRESS_SLOTS * Int32Array.BYTES_PER_ELEMENT));
      progress[0] = -1;
      const events = {
        message: (message: unknown) => received(crew, message as PartReply<R>),
        ended: (end: ThreadEnd) => ended(crew, end),
      };
      let thread: Thread;
      try {
        thread = threads.start({ ...data, progress }, events);
      } catch {
        falseStarts = MAX_FALSE_STARTS;
        if (crews.size === 0) finish();
        return;
      }
      const crew: Crew = { thread, progress, assigned: [], ready: false, seen: { index: -1, since: Date.now() } };
      crews.add(crew);
    }

    function received(crew: Crew, message: PartReply<R>): void {
      if (over) return;
      if (message.type === 'ready') {
        crew.ready = true;
        if (setup !== undefined) begin(crew);
        return;
      }
      crew.assigned.shift();
      results.push({ start: message.range.start, result: message.result });
      for (const policy of options.stopped(message.result)) stopped.push({ policy, at: message.range.start });
      assign(crew);
    }

    function begin(crew: Crew): void {
      crew.thread.post({ type: 'setup', setup });
      assign(crew);
    }

    function assign(crew: Crew): void {
      while (crew.assigned.length < AHEAD) {
        const range = queue.shift();
        if (range === undefined) break;
        crew.assigned.push(range);
        crew.seen = { index: crew.seen.index, since: Date.now() };
        const without = stopped.filter(({ at }) => at < range.start).map(({ policy }) => policy);
        crew.thread.post({ type: 'part', range, without } satisfies PartRequest);
      }
      if (crew.assigned.length > 0) return;
      dismiss(crew);
      if (crews.size === 0) finish();
    }

    function dismiss(crew: Crew): void {
      crews.delete(crew);
      void crew.thread.terminate();
    }

    function ended(crew: Crew, { reason }: ThreadEnd): void {
      if (over || !crews.delete(crew)) return;
      if (!crew.ready) falseStarts++;
      else requeue(crew, reason);
      if (falseStarts >= MAX_FALSE_STARTS) {
        if (crews.size === 0) finish();
      } else if (queue.length > 0 || crews.size === 0) {
        if (queue.length > 0) start();
        else finish();
      }
    }

    /** Puts back what a thread had not finished: the file that it was reading alone, since it may be to blame. */
    function requeue(crew: Crew, reason: string): void {
      const [current, ...later] = crew.assigned;
      const back: Range[] = [];
      if (current !== undefined) {
        const at = Atomics.load(crew.progress, 0);
        const suspect = at >= current.start && at < current.end ? at : current.start;
        crashes++;
        if (current.end - current.start === 1 || crashes > MAX_CRASHES) {
          for (let index = current.start; index < current.end; index++) lost.push({ index, reason });
        } else {
          for (const range of [{ start: current.start, end: suspect }, { start: suspect, end: suspect + 1 }, { start: suspect + 1, end: current.end }]) {
            if (range.end > range.start) back.push(range);
          }
        }
      }
      queue.unshift(...back, ...later);
    }

    function giveUpStalled(): void {
      const now = Date.now();
      for (const crew of crews) {
        if (!crew.ready || crew.assigned.length === 0) continue;
        const index = Atomics.load(crew.progress, 0);
        if (index !== crew.seen.index) crew.seen = { index, since: now };
        else if (now - crew.seen.since > patience) {
          void crew.thread.terminate();
          ended(crew, { reason: `it took more than ${Math.round(patience / 1000)} seconds`, outOfMemory: false });
        }
      }
    }

    function end(): boolean {
      if (over) return false;
      over = true;
      clearInterval(watch);
      signal?.removeEventListener('abort', finish);
      return true;
    }

    function fail(error: unknown): void {
      if (!end()) return;
      void stopAll().then(() => reject(error as Error));
    }

    function finish(): void {
      if (!end()) return;
      const left = [...[...crews].flatMap(({ assigned }) => assigned), ...queue].sort((a, b) => a.start - b.start);
      results.sort((a, b) => a.start - b.start);
      lost.sort((a, b) => a.index - b.index);
      void stopAll().then(() => resolve({ results: results.map(({ result }) => result), lost, left }));
    }

    async function stopAll(): Promise<void> {
      await Promise.all([...crews].map(({ thread }) => thread.terminate()));
      crews.clear();
    }
  });
}
