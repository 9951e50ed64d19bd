import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { walk } from '../../src/discover/walk.js';
import { systemClock } from '../../src/io/clock.js';
import { openFiles } from '../../src/io/files.js';

let root: string;

function write(path: string, text = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bartizan-walk-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('ends at its number of files and says so', () => {
  for (let i = 0; i < 10; i++) write(`f${i}`);
  const result = walk(openFiles(root), systemClock, { files: 4, depth: 9, milliseconds: 60_000 });
  expect(result.files).toHaveLength(4);
  expect(result.diagnostics).toMatchObject([{ code: 'walk-limit', message: expect.stringContaining('4 files') as string }]);
});

test('ends at its depth and names the first folder beyond', () => {
  write('a/b/c/d.sh');
  write('a/x.sh');
  const result = walk(openFiles(root), systemClock, { files: 100, depth: 1, milliseconds: 60_000 });
  expect(result.files.map((file) => file.path)).toEqual(['a/x.sh']);
  expect(result.diagnostics).toMatchObject([{ code: 'walk-limit', message: expect.stringContaining('a/b') as string }]);
});

test('ends at its time', () => {
  for (let i = 0; i < 10; i++) write(`f${i}`);
  let now = 0;
  const result = walk(openFiles(root), { now: () => (now += 10) }, { files: 100, depth: 9, milliseconds: 35 });
  expect(result.files).toHaveLength(3);
  expect(result.diagnostics).toMatchObject([{ code: 'walk-limit', message: expect.stringContaining('seconds') as string }]);
});

test('leaves out node_modules and .git', () => {
  for (const path of ['node_modules/a.sh', '.git/hooks/b', 'd/node_modules/c.sh', 'd/e.sh']) write(path);
  expect(walk(openFiles(root), systemClock).files.map((file) => file.path)).toEqual(['d/e.sh']);
});

test('an ignore rule that would backtrack without end is not applied, and a note says so', () => {
  write('.gitignore', `${'*a'.repeat(30)}b\nx.sh\n`);
  write(`${'a'.repeat(200)}c`);
  write('x.sh');
  const result = walk(openFiles(root), systemClock);
  expect(result.files.map((file) => file.path).sort()).toEqual(['.gitignore', `${'a'.repeat(200)}c`]);
  expect(result.diagnostics).toMatchObject([{ code: 'ignore-rule', level: 'note', path: '.gitignore' }]);
});
