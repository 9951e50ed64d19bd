import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gitHeadReader } from '../../src/io/git-head.js';
import { checkedOut } from '../../src/publish/target.js';

const SHA = '0123456789abcdef0123456789abcdef01234567';
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bartizan-head-'));
  mkdirSync(join(root, '.git/refs/heads/release'), { recursive: true });
  writeFileSync(join(root, '.git/HEAD'), 'ref: refs/heads/release/1\n');
  writeFileSync(join(root, '.git/refs/heads/release/1'), `${SHA}\n`);
  writeFileSync(join(root, '.git/config'), '[secret]\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('the checked-out commit and its branch', () => {
  expect(checkedOut(gitHeadReader(root))).toEqual({ sha: SHA, branch: 'release/1' });
  writeFileSync(join(root, '.git/HEAD'), `${SHA}\n`);
  expect(checkedOut(gitHeadReader(root))).toEqual({ sha: SHA });
});

test('nothing else, and nothing over a link', () => {
  const read = gitHeadReader(root);
  for (const path of ['.git/config', '.git/refs/heads/../../config', '.git/refs/heads/release', '/etc/hostname', '.git/refs/heads/none', '.git/refs/heads/a\0']) expect(read(path)).toBeUndefined();
  symlinkSync(join(root, '.git/config'), join(root, '.git/refs/heads/link'));
  symlinkSync(join(root, '.git/refs/heads/release'), join(root, '.git/refs/heads/folder'));
  expect(read('.git/refs/heads/link')).toBeUndefined();
  expect(read('.git/refs/heads/folder/1')).toBeUndefined();
});
