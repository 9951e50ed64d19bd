import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

const MAX_BYTES = 4_096;
const ALLOWED = /^\.git\/(?:HEAD|refs\/heads\/.+)$/;

/**
 * Text of the small files in which git names the checked-out commit, `.git/HEAD` and branches, or undefined. Nothing else of
 * `.git` is read, and no link is followed.
 */
export function gitHeadReader(root: string): (path: string) => string | undefined {
  return (path) => {
    const parts = path.split('/');
    if (!ALLOWED.test(path) || path.includes('\\') || path.includes('\0') || parts.includes('..') || parts.includes('')) return undefined;
    let descriptor: number | undefined;
    try {
      for (let depth = 1; depth < parts.length; depth++) if (!lstatSync(join(root, ...parts.slice(0, depth))).isDirectory()) return undefined;
      descriptor = openSync(join(root, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
      if (!fstatSync(descriptor).isFile()) return undefined;
      const buffer = Buffer.alloc(MAX_BYTES);
      return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, MAX_BYTES, 0));
    } catch {
      return undefined;
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  };
}
