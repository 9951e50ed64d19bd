import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** A new directory that only this user can enter (mode 0700). Throws what the file system says. */
export function createPrivateDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'bartizan-'));
}

/** A private directory with an empty `home` and `tmp` in it. Throws what the file system says. */
export function createScratchDirectory(): string {
  const directory = createPrivateDirectory();
  for (const name of ['home', 'tmp']) mkdirSync(join(directory, name), { mode: 0o700 });
  return directory;
}

/**
 * Writes small files of ours, by name, into a new directory. A name with a separator is refused
 * by an error, like every failure of the file system.
 */
export function writePrivateFiles(directory: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  mkdirSync(directory, { mode: 0o700 });
  for (const [name, content] of Object.entries(files)) {
    if (name !== basename(name) || name === '' || name === '.' || name === '..') throw new Error(`not a file name: ${name}`);
    writeFileSync(join(directory, name), content, { mode: 0o600, flag: 'wx' });
  }
}

/**
 * Writes small texts of ours, by path below it with `/`, into a new directory. A path that leads out of it is refused by an
 * error, like every failure of the file system.
 */
export function writePrivateTree(directory: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(directory, { mode: 0o700 });
  for (const [path, content] of Object.entries(files)) {
    const parts = path.split('/');
    if (parts.some((part) => part !== basename(part) || part === '' || part === '.' || part === '..')) throw new Error(`not a path below a directory: ${path}`);
    mkdirSync(join(directory, ...parts.slice(0, -1)), { recursive: true, mode: 0o700 });
    writeFileSync(join(directory, ...parts), content, { mode: 0o600, flag: 'wx' });
  }
}

/** Removes a directory and all in it; what can't be removed is left. Follows no links. */
export function removeDirectory(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {
    // A temporary directory that stays behind is no reason to fail.
  }
}
