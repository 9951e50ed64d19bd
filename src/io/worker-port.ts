import { parentPort, workerData } from 'node:worker_threads';

/** The other end of `Thread`: what a thread was started with, and how it talks to whoever started it. */
export interface WorkerPort {
  readonly data: unknown;
  post(message: unknown): void;
  /** Called for each message in their order, whether or not the last one is done. A rejection ends the thread. */
  receive(handle: (message: unknown) => void | Promise<void>): void;
}

/** @throws outside of a thread */
export function workerPort(): WorkerPort {
  const port = parentPort;
  if (port === null) throw new Error('This file is run in a thread of the program, not by hand.');
  return {
    data: workerData as unknown,
    post: (message) => port.postMessage(message),
    receive: (handle) => void port.on('message', handle),
  };
}
