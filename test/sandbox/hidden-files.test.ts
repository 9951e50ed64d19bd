import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { findHiddenFiles } from '../../src/sandbox/hidden-files.js';

function workspace(paths: readonly string[]): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bartizan-test-')));
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  return root;
}

function hidden(root: string, isPublic?: (path: string) => boolean): string[] {
  const { paths, complete } = findHiddenFiles(root, isPublic);
  expect(complete).toBe(true);
  return paths.map((path) => path.slice(root.length + 1));
}

it('finds what steps write credentials into, wherever a checkout may lie', () => {
  const wanted = [
    '.git/config', '.git/config.worktree', '.git/modules/group/sub/config', '.git/modules/a/modules/b/config', '.git/worktrees/w/config.worktree', 'a/.git/config', 'a/b/c/.git/config',
    'gha-creds-0123.json', '.npmrc', 'packages/x/.npmrc', '.netrc', '.pypirc', '.git-credentials', '.docker/config.json', '.aws/credentials', '.kube/config',
  ].sort();
  const other = ['.git/HEAD', '.git/objects/config', 'config', 'a/config.json', 'creds.json', 'node_modules/p/.npmrc', 'xgha-creds-1.json', 'docker/config.json'];
  expect(hidden(workspace([...wanted, ...other]))).toEqual(wanted);
});

it('leaves what the repository holds, but never git’s own configuration', () => {
  const root = workspace(['.npmrc', 'a/.npmrc', '.git/config']);
  expect(hidden(root, (path) => path !== 'a/.npmrc')).toEqual(['.git/config', 'a/.npmrc']);
});

it('names the target of a link inside the workspace, and nothing outside', () => {
  const root = workspace(['real/config', 'plain']);
  const outside = workspace(['secret']);
  symlinkSync('real', join(root, '.git'));
  symlinkSync('plain', join(root, '.netrc'));
  symlinkSync(join(outside, 'secret'), join(root, '.npmrc'));
  symlinkSync('.pypirc', join(root, '.pypirc'));
  symlinkSync('.', join(root, 'loop'));
  mkdirSync(join(root, 'gha-creds-1.json'));
  expect(hidden(root)).toEqual(['plain', 'real/config']);
});

it('takes a worktree, whose repository lies elsewhere, and an empty or missing workspace', () => {
  const root = workspace(['.git']);
  expect(hidden(root)).toEqual([]);
  expect(findHiddenFiles('/nonexistent')).toEqual({ paths: [], complete: true });
});
