import { execFileSync } from 'node:child_process';
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
  const { paths, incomplete } = findHiddenFiles(root, isPublic);
  expect(incomplete).toBeUndefined();
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
  expect(findHiddenFiles('/nonexistent')).toEqual({ paths: [] });
});

it('names sockets and pipes, behind which a process of the job may be', () => {
  const root = workspace(['a/b/file', '.git/HEAD']);
  for (const path of ['pipe', 'a/b/pipe', '.git/fsmonitor--daemon.ipc']) execFileSync('mkfifo', [join(root, path)]);
  expect(hidden(root)).toEqual(['.git/fsmonitor--daemon.ipc', 'a/b/pipe', 'pipe']);
});

it('says so when a pull request brings more names of credentials than can be hidden, and hides what matters first', () => {
  const root = workspace([...Array.from({ length: 400 }, (_, index) => `.a/${index}/.npmrc`), '.git/config', 'gha-creds-1.json']);
  const { paths, incomplete } = findHiddenFiles(root);
  expect(incomplete).toMatch(/^the workspace has 402 files with names of credentials, too many to hide$/);
  expect(paths).toHaveLength(300);
  expect(paths).toEqual(expect.arrayContaining([join(root, '.git/config'), join(root, 'gha-creds-1.json')]));
});
