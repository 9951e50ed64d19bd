import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '../core/index.js';

/**
 * Writes a new file with its folders; false when there is one of that name already, which is never changed.
 * @throws ConfigurationError when it can't be written.
 */
export function createFile(root: string, path: string, text: string): boolean {
  const absolute = join(root, path);
  try {
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, text, { flag: 'wx' });
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new ConfigurationError(`${path} can't be written: ${message}`);
  }
}

/**
 * Writes a report, replacing what is there.
 * @throws ConfigurationError when it can't be written.
 */
export function writeReport(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new ConfigurationError(`The report can't be written to ${path}: ${(error as Error).message}`);
  }
}
