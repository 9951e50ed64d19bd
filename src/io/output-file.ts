import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigurationError } from '../core/index.js';

/**
 * Writes a file piece by piece and puts it in its place when it is whole: what was there stays until then.
 * @throws ConfigurationError when it can't be written; errors of `pieces`.
 */
export function writePieces(path: string, pieces: Iterable<string>): void {
  const unfinished = `${path}.${process.pid}.tmp`;
  const descriptor = attempt(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(unfinished, 'wx');
  });
  try {
    try {
      for (const piece of pieces) attempt(path, () => writeAll(descriptor, Buffer.from(piece, 'utf8')));
    } finally {
      closeSync(descriptor);
    }
    attempt(path, () => renameSync(unfinished, path));
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new ConfigurationError(`${path} can't be written: ${(error as Error).message}`);
  }
}
