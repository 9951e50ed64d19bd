import { chmodSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { contains, findExecutable, trustedDirectories } from '../../src/io/process-path.js';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'bartizan-test-')));
const workspace = join(root, 'workspace');
const bin = join(root, 'bin');
plant(join(bin, 'tool'));
plant(join(workspace, 'bin/tool'));
plant(join(workspace, 'planted'));

function plant(path: string, mode = 0o755): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
}

it('finds the first executable on the PATH', () => {
  plant(join(root, 'other/tool'));
  plant(join(root, 'text/tool'), 0o644);
  mkdirSync(join(root, 'folder/tool'), { recursive: true });
  const path = ['text', 'folder', 'missing', 'bin', 'other'].map((name) => join(root, name)).join(':');
  expect(findExecutable('tool', path, workspace)).toEqual({ found: true, path: join(bin, 'tool') });
});

it('never takes what lies in the workspace, and says so', () => {
  expect(findExecutable('tool', `${workspace}/bin`, workspace)).toEqual({ found: false, refused: join(workspace, 'bin/tool') });
  expect(findExecutable('tool', `${workspace}/bin:${bin}`, workspace)).toEqual({ found: true, path: join(bin, 'tool') });
  expect(findExecutable('tool', `${bin}/../workspace/bin`, workspace).found).toBe(false);
});

it('never follows a link into the workspace', () => {
  mkdirSync(join(root, 'links'));
  symlinkSync(join(workspace, 'planted'), join(root, 'links/tool'));
  symlinkSync(join(workspace, 'bin'), join(root, 'linked-bin'));
  symlinkSync(workspace, join(root, 'linked-workspace'));
  expect(findExecutable('tool', join(root, 'links'), workspace).found).toBe(false);
  expect(findExecutable('tool', join(root, 'linked-bin'), workspace).found).toBe(false);
  expect(findExecutable('tool', join(workspace, 'bin'), join(root, 'linked-workspace')).found).toBe(false);
});

it('ignores relative and empty entries, which mean the working directory', () => {
  const before = process.cwd();
  process.chdir(workspace);
  try {
    expect(findExecutable('planted', ':.:bin::./', workspace)).toEqual({ found: false });
    expect(findExecutable('planted', ':.:bin::./', '/nonexistent')).toEqual({ found: false });
  } finally {
    process.chdir(before);
  }
});

it('takes names only, no paths', () => {
  for (const name of ['', '../bin/tool', '/bin/sh', 'a/b']) expect(findExecutable(name, bin, workspace).found).toBe(false);
});

it('answers a shim with the program of the global version', () => {
  const pyenv = join(root, 'pyenv');
  plant(join(pyenv, 'shims/tool'));
  plant(join(pyenv, 'versions/3.12.1/bin/tool'));
  expect(findExecutable('tool', join(pyenv, 'shims'), workspace)).toEqual({ found: false });
  writeFileSync(join(pyenv, 'version'), 'system\n../..\n3.12.1\n');
  expect(findExecutable('tool', join(pyenv, 'shims'), workspace)).toEqual({ found: true, path: join(pyenv, 'versions/3.12.1/bin/tool') });
  expect(findExecutable('tool', `${join(pyenv, 'shims')}`, pyenv).found).toBe(false);
});

it('gives children a PATH without the workspace', () => {
  expect(trustedDirectories(`${workspace}/bin:.::bin:${bin}:${bin}:${root}/linked-bin:/nonexistent`, workspace)).toEqual([bin]);
});

it('knows what lies in a directory', () => {
  expect(contains('/a', '/a')).toBe(true);
  expect(contains('/a', '/a/..b')).toBe(true);
  expect(contains('/a', '/ab')).toBe(false);
  expect(contains('/a/b', '/a')).toBe(false);
});
