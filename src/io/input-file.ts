import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ConfigurationError } from '../core/index.js';

const CHUNK_BYTES = 1 << 20;

/** A file that is read in pieces, as often as needed. */
export interface InputFile {
  /** The path as it was given, for messages. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** The bytes from the start on; each piece is only valid until the next one is asked for. */
  chunks(): Iterable<Uint8Array>;
}

/**
 * A regular file that the user names on the command line.
 * @throws ConfigurationError when it can't be read, also while it is read.
 */
export function openInput(path: string, name: string): InputFile {
  const open = (): number => attempt(name, () => openSync(path, 'r'));
  const descriptor = open();
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new ConfigurationError(`${name} is not a file.`);
    return { name, size: stats.size, chunks: () => readChunks(open(), name) };
  } finally {
    closeSync(descriptor);
  }
}

function* readChunks(descriptor: number, name: string): Generator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    for (;;) {
      const length = attempt(name, () => readSync(descriptor, buffer, 0, buffer.length, null));
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

function attempt<T>(name: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new ConfigurationError(`${name} can't be read: ${(error as Error).message}`);
  }
}
