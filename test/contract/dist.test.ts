import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VERSION } from '../../src/version.js';

const root = resolve(import.meta.dirname, '../..');
let copy: string;

// Away from node_modules: what the bundle needs must be in it.
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'bartizan-dist-'));
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  cpSync(join(root, 'examples/vulnerable'), join(copy, 'repository'), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, 'dist/cli.js'), ...args], { cwd: copy, encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('tells its version, which is that of package.json', () => {
  expect((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version).toBe(VERSION);
  expect(run('--version')).toEqual({ status: 0, stdout: `bartizan ${VERSION}\n`, stderr: '' });
});

test('judges shell scripts, for which it has to load the parser', () => {
  const { status, stdout, stderr } = run('scan', 'repository', '--no-external', '--format', 'json');
  expect(stderr).toBe('');
  expect(status).toBe(1);
  const { findings } = JSON.parse(stdout) as { findings: { rule: string }[] };
  expect(findings.map(({ rule }) => rule)).toContain('shell/pipe-to-shell');
});

test('has the licences of what it contains', () => {
  const text = readFileSync(join(copy, 'dist/LICENSES.txt'), 'utf8');
  for (const name of ['js-yaml', 'web-tree-sitter', 'tree-sitter-bash', 'picomatch', 'ignore', '@marcbachmann/cel-js']) expect(text).toContain(name);
});
