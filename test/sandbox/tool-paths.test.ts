import { chmodSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { toolPaths } from '../../src/sandbox/tool-paths.js';

function machine(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bartizan-test-')));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text.replaceAll('ROOT', root));
    chmodSync(join(root, path), 0o755);
  }
  return root;
}

function paths(root: string, tool: string, pathVariable = ''): { readable: string[]; environment: Readonly<Record<string, string>> } {
  const { readable, environment } = toolPaths(join(root, tool), pathVariable.replaceAll('ROOT', root), '/nonexistent');
  return { readable: readable.map((path) => path.replace(`${root}/`, '')).sort(), environment };
}

const ELF = '\x7fELF';

it('shows a program in a home folder, and nothing else of the home', () => {
  const root = machine({ 'home/bin/tool': ELF, 'home/.npmrc': 'token', 'home/.local/share/keyrings/login': 'token' });
  expect(paths(root, 'home/bin/tool')).toEqual({ readable: ['home/bin/tool'], environment: {} });
});

it('shows a virtual environment and the interpreter that it was made from', () => {
  const root = machine({ 'base/bin/python3.12': ELF, 'base/lib/python3.12/os.py': '', 'base/etc/secret': '', 'venv/bin/tool': '#!ROOT/venv/bin/python\n', 'venv/pyvenv.cfg': '', 'venv/lib/python3.12/x.py': '' });
  symlinkSync(join(root, 'base/bin/python3.12'), join(root, 'venv/bin/python'));
  expect(paths(root, 'venv/bin/tool').readable).toEqual(['base/bin/python3.12', 'base/lib', 'venv/bin', 'venv/lib', 'venv/pyvenv.cfg']);
});

it('shows every link on the way to an interpreter', () => {
  const root = machine({ 'base/bin/python3.12': ELF, 'base/lib/python3.12/os.py': '', 'venv/bin/tool': '#!ROOT/venv/bin/python\n', 'venv/pyvenv.cfg': '' });
  symlinkSync('python3.12', join(root, 'base/bin/python3'));
  symlinkSync(join(root, 'base/bin/python3'), join(root, 'venv/bin/python'));
  mkdirSync(join(root, 'links'));
  symlinkSync(join(root, 'venv/bin/tool'), join(root, 'links/tool'));
  expect(paths(root, 'links/tool').readable).toEqual(['base/bin/python3', 'base/bin/python3.12', 'base/lib', 'links/tool', 'venv/bin', 'venv/pyvenv.cfg']);
});

it('names the user base of what `pip install --user` has installed', () => {
  const root = machine({ 'home/.local/bin/tool': '#!/usr/bin/python3\n', 'home/.local/lib/python3.12/x.py': '', 'home/.local/share/secret': '' });
  expect(paths(root, 'home/.local/bin/tool')).toEqual({ readable: ['home/.local/bin/tool', 'home/.local/lib'], environment: { PYTHONUSERBASE: `${root}/home/.local` } });
});

it('shows the packages around a program for Node, and the interpreter found by env', () => {
  const root = machine({ 'global/lib/node_modules/eslint/bin/eslint.js': '#!/usr/bin/env -S node --flag\n', 'node/bin/node': ELF, 'node/lib/x': '' });
  mkdirSync(join(root, 'global/bin'));
  symlinkSync('../lib/node_modules/eslint/bin/eslint.js', join(root, 'global/bin/eslint'));
  expect(paths(root, 'global/bin/eslint', 'ROOT/node/bin').readable).toEqual(['global/bin/eslint', 'global/lib', 'node/bin/node', 'node/lib']);
});

it('does not take an interpreter from the workspace, nor follow scripts for ever', () => {
  const root = machine({ 'tools/tool': '#!/usr/bin/env evil\n', 'workspace/evil': ELF, 'tools/loop': '#!ROOT/tools/loop\n' });
  expect(toolPaths(join(root, 'tools/tool'), join(root, 'workspace'), join(root, 'workspace')).readable).toEqual([join(root, 'tools/tool')]);
  expect(paths(root, 'tools/loop').readable).toEqual(['tools/loop']);
});

it('needs nothing for a program of the system, or one that is gone', () => {
  expect(toolPaths('/usr/bin/env', '/usr/bin', '/nonexistent').readable).toEqual([]);
  expect(toolPaths('/nonexistent/tool', '/usr/bin', '/nonexistent').readable).toEqual([]);
});
