import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FileEntry, Format, Inventory, Scanner, ScanRequest } from '../../src/core/index.js';
import { findExecutable } from '../../src/io/process-path.js';
import { testPath } from './tools.js';

/** Absolute path of a case folder, `bandit/mixed`. */
export function caseFolder(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

export function entries(format: Format, paths: readonly string[]): FileEntry[] {
  return paths.map((path) => ({ path, format, reason: 'test' }));
}

export function inventory(root: string, files: readonly FileEntry[]): Inventory {
  return { root, total: files.length, files, source: 'walk' };
}

/** A request to scan files of a folder. */
export function scanRequest(root: string, files: readonly FileEntry[]): ScanRequest {
  return {
    root,
    files,
    options: {},
    configDirectory: '/config',
    outputDirectory: '/output',
    source: (path) => (existsSync(`${root}/${path}`) ? readFileSync(`${root}/${path}`, 'utf8') : undefined),
  };
}

export function recorded(name: string): string {
  return readFileSync(caseFolder(name), 'utf8');
}

/** Set by `vitest.scanners.config.ts`: also tools that take long are run. */
const ALL = process.env['SCANNER_TESTS'] === 'all';

/** Whether the real tool is there and wanted; a line that says what is left out when it is not. */
export function isInstalled(scanner: Scanner, heavy = false): boolean {
  if (heavy && !ALL) {
    process.stderr.write(`SKIPPED: tests with the real ${scanner.name}, which takes long; npm run test:scanners runs them\n`);
    return false;
  }
  const { found } = findExecutable(scanner.executable, testPath(), '/nonexistent');
  if (!found) process.stderr.write(`SKIPPED: tests with the real ${scanner.name}, which is neither on the PATH nor installed by an earlier \`npm run test:scanners\`\n`);
  return found;
}
