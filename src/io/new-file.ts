import { lstatSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
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
 * Replaces the text of an existing file at once: whoever reads it sees the old or the new one, never a part. A link stays
 * a link.
 * @throws ConfigurationError when it can't be written.
 */
export function replaceFile(root: string, path: string, text: string): void {
  let temporary: string | undefined;
  try {
    const target = realpathSync(join(root, path));
    temporary = `${target}.${process.pid}.new`;
    writeFileSync(temporary, text, { flag: 'wx', mode: statSync(target).mode });
    renameSync(temporary, target);
  } catch (error) {
    if (temporary !== undefined && (error as NodeJS.ErrnoException).code !== 'EEXIST') rmSync(temporary, { force: true });
    throw new ConfigurationError(`${path} can't be written: ${(error as Error).message}`);
  }
}

/**
 * Writes a report, replacing what is there. In the workspace no link is followed, neither as the file nor as a folder on
 * the way: what lies there is anybody's who opened a pull request, and could lead the text over a file of the runner.
 * @throws ConfigurationError when it can't be written.
 */
export function writeReport(path: string, text: string, workspace: string): void {
  try {
    const inside = relative(workspace, path);
    if (inside !== '' && !inside.startsWith('..') && !isAbsolute(inside)) refuseLinks(workspace, inside);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw new ConfigurationError(`The report can't be written to ${path}: ${(error as Error).message}`);
  }
}

function refuseLinks(workspace: string, inside: string): void {
  let at = workspace;
  for (const part of inside.split(sep)) {
    at = join(at, part);
    const stats = lstatSync(at, { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (stats.isSymbolicLink()) throw new Error(`${relative(workspace, at)} is a link`);
  }
}
