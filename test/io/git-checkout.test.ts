import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { localCheckout } from '../../src/io/git-checkout.js';

const PATH = process.env['PATH'] ?? '';
const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const git = (...args: readonly string[]): string => execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], { cwd: folder, encoding: 'utf8' }).trim();

it('names remote, commit and branch, and what there is not is left out', async () => {
  expect(await localCheckout(PATH, folder)).toBeUndefined();
  git('init', '-q', '-b', 'main');
  expect(await localCheckout(PATH, folder)).toBeUndefined();
  git('remote', 'add', 'origin', 'https://h/o/r.git');
  expect(await localCheckout(PATH, folder)).toEqual({ origin: 'https://h/o/r.git', commit: undefined, branch: 'refs/heads/main' });
  git('commit', '-q', '--allow-empty', '-m', 'x');
  const commit = git('rev-parse', 'HEAD');
  expect(await localCheckout(PATH, folder)).toEqual({ origin: 'https://h/o/r.git', commit, branch: 'refs/heads/main' });
  git('checkout', '-q', '--detach');
  expect(await localCheckout(PATH, folder)).toEqual({ origin: 'https://h/o/r.git', commit, branch: undefined });
  expect(await localCheckout('', folder)).toBeUndefined();
});
