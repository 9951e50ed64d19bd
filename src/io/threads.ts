import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** How a thread ended. */
export interface ThreadEnd {
  /** In words for a person: `it ran out of memory`. */
  readonly reason: string;
  readonly outOfMemory: boolean;
}

/** A thread that judges files. Messages are plain data. */
export interface Thread {
  post(message: unknown): void;
  /** Resolves when the thread has ended. */
  terminate(): Promise<void>;
}

export interface ThreadEvents {
  message(message: unknown): void;
  /** Once, whatever the cause, unless `terminate` was called. */
  ended(end: ThreadEnd): void;
}

/** Starts threads. */
export interface Threads {
  /** Threads that can run at the same time: the cores that this process may use. */
  readonly cores: number;
  start(data: unknown, events: ThreadEvents): Thread;
}

/**
 * Memory of one thread, in MB. A file of 1 MB, the most that is parsed, needs a fraction of it.
 * The young generation is smaller than by default: many short-lived facts, little that survives.
 */
const LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

/**
 * Threads of this process that run `worker.js`. They get no environment variables, and what they print
 * by mistake goes nowhere: standard output belongs to the report.
 * @param file another program, for tests
 */
export function systemThreads(file?: URL): Threads {
  return {
    cores: availableParallelism(),
    start(data, events) {
      const worker = new Worker(file ?? workerFile(), { workerData: data, env: {}, execArgv: [], resourceLimits: LIMITS, stdout: true, stderr: true });
      let ended = false;
      const end = (reason: string, outOfMemory = false): void => {
        if (ended) return;
        ended = true;
        events.ended({ reason, outOfMemory });
      };
      worker.on('message', (message) => {
        if (!ended) events.message(message);
      });
      worker.on('messageerror', () => {
        end('what it said could not be read');
        void worker.terminate();
      });
      worker.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') end('it ran out of memory', true);
        else end(`internal error: ${error.message}`);
      });
      worker.on('exit', (code) => end(`it ended with code ${code}`));
      return {
        post: (message) => worker.postMessage(message),
        async terminate() {
          ended = true;
          await worker.terminate();
        },
      };
    },
  };
}

/** `worker.js`: beside the bundle's chunks, or above this folder where sources are run as they are. */
function workerFile(): URL {
  const folder = dirname(fileURLToPath(import.meta.url));
  const bundled = join(folder, 'worker.js');
  return pathToFileURL(existsSync(bundled) ? bundled : join(dirname(folder), 'worker.js'));
}
