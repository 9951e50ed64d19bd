import { closeSync, constants, createReadStream, lstatSync, openSync, readSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createHash } from 'node:crypto';

/** As many as the kernel follows. */
const MAX_LINKS = 40;

export type PathKind = 'file' | 'directory' | 'link' | 'other' | 'missing';

/** What is at a path itself, links not followed. */
export function pathKind(path: string): PathKind {
  try {
    const stats = lstatSync(path);
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'link' : 'other';
  } catch {
    return 'missing';
  }
}

/** The path with all links resolved, or undefined when nothing is there. */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The path, where it leads when it is a link, where that leads, and so on; the last is no link. */
export function linkChain(path: string): string[] {
  const chain = [path];
  try {
    for (let at = path; pathKind(at) === 'link' && chain.length < MAX_LINKS; ) {
      at = resolve(dirname(at), readlinkSync(at));
      chain.push(at);
    }
  } catch {
    // A link that went away while it was followed: what was seen is all there is.
  }
  return chain;
}

/** Entries of a directory, links not followed; none when it can't be read. */
export function listDirectory(path: string): { readonly name: string; readonly kind: PathKind }[] {
  try {
    return readdirSync(path, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'link' : 'other',
    }));
  } catch {
    return [];
  }
}

/** The first bytes of a regular file, or undefined when it can't be read. Never waits for a pipe. */
export function readStart(path: string, length: number): Buffer | undefined {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/** SHA-256 of a file in hexadecimal, or undefined when it can't be read. */
export async function fileDigest(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
