import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isPlainPath } from './files.js';

/** A folder of our own with some files. */
export interface TemporaryTree {
  /** Absolute path, free of links. */
  readonly root: string;
  /** Writes a file; false for a path that can't be one or that is there already, as in file systems that ignore case. */
  write(path: string, bytes: Uint8Array, executable: boolean): boolean;
  /** Takes all of it away. */
  remove(): void;
}

/** A new folder, readable for this user alone; nothing of what is written is a link. */
export function temporaryTree(): TemporaryTree {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bartizan-base-')));
  return {
    root,
    write(path, bytes, executable) {
      if (!isPlainPath(path) || path.split('/').some((part) => part.toLowerCase() === '.git')) return false;
      try {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), bytes, { flag: 'wx', mode: executable ? 0o700 : 0o600 });
        return true;
      } catch {
        return false;
      }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
