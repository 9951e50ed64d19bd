import { closeSync, constants, fstatSync, openSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ensureOwnDirectory } from './tool-files.js';

/** Why a file of a cache is not used, in half a sentence; undefined when there is none yet. */
export type CacheText = { readonly text: string } | { readonly problem: string } | undefined;

/** Reads a file of a directory that is this user's alone. Follows no link, waits for nobody, reads nothing larger than `maxBytes`. */
export function readCacheFile(directory: string, name: string, maxBytes: number): CacheText {
  const problem = ensureOwnDirectory(directory);
  if (problem !== undefined) return { problem };
  let descriptor: number;
  try {
    descriptor = openSync(join(directory, name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : { problem: `${name} can't be opened` };
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return { problem: `${name} is no file` };
    if (process.platform !== 'win32' && stats.uid !== process.getuid?.()) return { problem: `${name} belongs to another user` };
    if (stats.size > maxBytes) return { problem: `${name} is larger than ${maxBytes} bytes` };
    return { text: readFileSync(descriptor, 'utf8') };
  } catch (error) {
    return { problem: `${name} can't be read: ${(error as Error).message}` };
  } finally {
    closeSync(descriptor);
  }
}

/** Puts a file in its place as a whole, in a directory that is this user's alone; gives why that did not work. */
export function writeCacheFile(directory: string, name: string, pieces: Iterable<string>): string | undefined {
  const problem = ensureOwnDirectory(directory);
  if (problem !== undefined) return problem;
  const temporary = join(directory, `${name}.${process.pid}.tmp`);
  try {
    const descriptor = openSync(temporary, 'wx', 0o600);
    try {
      for (const piece of pieces) {
        const bytes = Buffer.from(piece, 'utf8');
        for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
      }
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, join(directory, name));
    return undefined;
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // It goes with the oldest.
    }
    return `${name} can't be written: ${(error as Error).message}`;
  }
}

/** Adds to a file that is there, in one call, so that two who do it at once spoil nothing; gives why that did not work. */
export function appendCacheFile(directory: string, name: string, text: string): string | undefined {
  const problem = ensureOwnDirectory(directory);
  if (problem !== undefined) return problem;
  try {
    const descriptor = openSync(join(directory, name), constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const bytes = Buffer.from(text, 'utf8');
      if (!fstatSync(descriptor).isFile()) return `${name} is no file`;
      return writeSync(descriptor, bytes, 0) === bytes.length ? undefined : `${name} could not be written to its end`;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return `${name} can't be written: ${(error as Error).message}`;
  }
}

/** Says that a file was used: the others go first. */
export function touchCacheFile(directory: string, name: string): void {
  try {
    const now = new Date();
    utimesSync(join(directory, name), now, now);
  } catch {
    // It may go a little earlier.
  }
}

/**
 * Removes those files of a directory whose names match and that were not used for longest, all but `keep`. What can't be
 * removed stays, and so does whatever else somebody keeps there.
 */
export function pruneCache(directory: string, names: RegExp, keep: number): void {
  try {
    const own = readdirSync(directory).filter((name) => names.test(name));
    const files = own.map((name) => ({ name, used: statSync(join(directory, name)).mtimeMs }));
    for (const { name } of files.sort((a, b) => b.used - a.used).slice(keep)) rmSync(join(directory, name), { force: true });
  } catch {
    // The next run tries again.
  }
}
