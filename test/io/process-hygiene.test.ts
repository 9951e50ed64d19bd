import { execFileSync } from 'node:child_process';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hardenProcess } from '../../src/io/process-hygiene.js';
import { createPrivateDirectory, createScratchDirectory, removeDirectory, writePrivateFiles } from '../../src/io/process-directory.js';

it('drops the tokens of the runner and keeps the rest', () => {
  const before = process.umask();
  const environment = { GITHUB_TOKEN: 'x', ACTIONS_RUNTIME_TOKEN: 'x', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x', PATH: '/bin', INPUT_TOKEN: 'kept' };
  // A worker thread of the test runner has no umask of its own to set.
  if (canSetUmask()) {
    try {
      hardenProcess(environment);
      expect(process.umask()).toBe(0o077);
    } finally {
      process.umask(before);
    }
    expect(environment).toEqual({ PATH: '/bin', INPUT_TOKEN: 'kept' });
  } else {
    process.stderr.write('SKIPPED: the umask can not be set in a worker thread\n');
  }
});

function canSetUmask(): boolean {
  try {
    process.umask(process.umask());
    return true;
  } catch {
    return false;
  }
}

it('makes directories and files that others can not read, whatever the umask', () => {
  const directory = createPrivateDirectory();
  const scratch = createScratchDirectory();
  writePrivateFiles(join(directory, 'files'), { 'a.txt': 'text' });
  const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
  expect([mode(directory), mode(scratch), mode(join(scratch, 'home')), mode(join(directory, 'files')), mode(join(directory, 'files/a.txt'))]).toEqual(['700', '700', '700', '700', '600']);
  for (const name of ['../x', 'a/b', '', '.', '..']) expect(() => writePrivateFiles(join(directory, `n${name.length}${name.charCodeAt(0)}`), { [name]: '' })).toThrow('not a file name');
  removeDirectory(directory);
  removeDirectory(scratch);
});

it('removes a link and not what it points to', () => {
  const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
  writeFileSync(join(root, 'kept'), '');
  const directory = createPrivateDirectory();
  execFileSync('ln', ['-s', root, join(directory, 'link')]);
  removeDirectory(directory);
  expect(statSync(join(root, 'kept')).isFile()).toBe(true);
});
