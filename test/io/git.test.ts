import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemGit } from '../../src/io/git.js';

const PATH = process.env['PATH'] ?? '';
let base: string;
let root: string;

function git(...args: string[]): void {
  execFileSync('git', ['-c', 'protocol.file.allow=always', '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: root, stdio: 'pipe' });
}

async function paths(): Promise<string[]> {
  const listing = await systemGit(PATH).listFiles(root);
  if (listing.status !== 'listed') throw new Error(JSON.stringify(listing));
  return listing.files.map((file) => file.path).sort();
}

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'bartizan-git-'));
  root = join(base, 'w');
  mkdirSync(root);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('systemGit', () => {
  test('lists tracked and new files with their modes, ignored ones left out', async () => {
    git('init', '-q');
    writeFileSync(join(root, '.gitignore'), 'ignored\n');
    writeFileSync(join(root, 'plain'), '');
    writeFileSync(join(root, 'run'), '', { mode: 0o755 });
    symlinkSync('plain', join(root, 'link'));
    git('add', '.');
    writeFileSync(join(root, 'ignored'), '');
    writeFileSync(join(root, 'new'), '');
    const listing = await systemGit(PATH).listFiles(root);
    expect(listing).toEqual({
      status: 'listed',
      files: [
        { path: 'new', mode: 'unknown' },
        { path: '.gitignore', mode: 'file' },
        { path: 'link', mode: 'link' },
        { path: 'plain', mode: 'file' },
        { path: 'run', mode: 'executable' },
      ],
    });
  });

  test('names with newlines, tabs and look-alikes of its own output come through', async () => {
    git('init', '-q');
    const names = ['a\n::error::x.yml', 'tab\tx', 'H 100644 0123 0\tfake', '? q', ' lead', 'ü'];
    for (const name of names) writeFileSync(join(root, name), '');
    expect(await paths()).toEqual([...names].sort());
    git('add', '.');
    expect(await paths()).toEqual([...names].sort());
  });

  test('an unmerged file is listed once', async () => {
    git('init', '-q');
    writeFileSync(join(root, 'f'), '1');
    git('add', 'f');
    git('commit', '-qm', '1');
    git('checkout', '-qb', 'other');
    writeFileSync(join(root, 'f'), '2');
    git('commit', '-qam', '2');
    git('checkout', '-q', '-');
    writeFileSync(join(root, 'f'), '3');
    git('commit', '-qam', '3');
    expect(() => git('merge', '-q', 'other')).toThrow();
    expect(await paths()).toEqual(['f']);
  });

  test('submodules and repositories inside are not entered', async () => {
    const inner = join(base, 'inner');
    mkdirSync(inner);
    execFileSync('git', ['init', '-q'], { cwd: inner });
    writeFileSync(join(inner, 'x'), '');
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', 'add', '.'], { cwd: inner });
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x'], { cwd: inner });
    git('init', '-q');
    git('submodule', '--quiet', 'add', inner, 'sub');
    execFileSync('git', ['clone', '-q', inner, join(root, 'nested')], { stdio: 'pipe' });
    expect(await paths()).toEqual(['.gitmodules']);
  });

  test('lists only what lies below a folder of a repository', async () => {
    git('init', '-q');
    mkdirSync(join(root, 'd'));
    writeFileSync(join(root, 'd', 'in'), '');
    writeFileSync(join(root, 'out'), '');
    const listing = await systemGit(PATH).listFiles(join(root, 'd'));
    expect(listing).toEqual({ status: 'listed', files: [{ path: 'in', mode: 'unknown' }] });
  });

  test('says that there is no repository, and no git', async () => {
    expect(await systemGit(PATH).listFiles(root)).toEqual({ status: 'no-repository' });
    expect(await systemGit(join(base, 'nothing')).listFiles(root)).toEqual({ status: 'no-git' });
  });

  test('a broken repository is a failure with its reason', async () => {
    git('init', '-q');
    writeFileSync(join(root, '.git', 'index'), 'garbage');
    expect(await systemGit(PATH).listFiles(root)).toMatchObject({ status: 'failed', reason: expect.stringContaining('index file') as string });
  });

  test('a git in the workspace is not started, also not by a relative PATH', async () => {
    writeFileSync(join(root, 'git'), `#!/bin/sh\ntouch ${base}/ran\n`);
    chmodSync(join(root, 'git'), 0o755);
    expect(await systemGit(['.', '', root].join(delimiter)).listFiles(root)).toEqual({ status: 'no-git' });
    expect(existsSync(join(base, 'ran'))).toBe(false);
  });

  test.each([
    'core.fsmonitor',
    'core.sshCommand',
    'core.pager',
    'core.editor',
    'core.askPass',
    'core.gitProxy',
    'credential.helper',
    'diff.external',
    'gpg.program',
    'filter.x.clean',
    'filter.x.smudge',
    'filter.x.process',
    'uploadpack.packObjectsHook',
  ])('a hostile configuration starts nothing (%s)', async (key) => {
    git('init', '-q');
    writeFileSync(join(root, '.gitattributes'), '* filter=x diff=x\n');
    writeFileSync(join(root, 'f'), 'x');
    git('add', '.');
    const script = join(base, 'evil');
    writeFileSync(script, `#!/bin/sh\ntouch ${base}/ran\n`, { mode: 0o755 });
    git('config', key, script);
    writeFileSync(join(root, 'f'), 'changed');
    expect(await paths()).toEqual(['.gitattributes', 'f']);
    expect(existsSync(join(base, 'ran'))).toBe(false);
  });

  test('hooks of the repository are not started', async () => {
    git('init', '-q');
    writeFileSync(join(root, 'f'), 'x');
    git('add', '.');
    for (const hook of ['post-index-change', 'fsmonitor-watchman', 'query-watchman', 'post-checkout']) {
      writeFileSync(join(root, '.git', 'hooks', hook), `#!/bin/sh\ntouch ${base}/ran\n`, { mode: 0o755 });
    }
    await paths();
    expect(existsSync(join(base, 'ran'))).toBe(false);
  });

  test('a working tree set elsewhere by the repository does not widen the listing', async () => {
    writeFileSync(join(base, 'secret'), '');
    git('init', '-q');
    writeFileSync(join(root, 'f'), '');
    git('config', 'core.worktree', base);
    expect(await paths()).toEqual(['f']);
  });

  test('a pipe as list of ignored files does not hold it up', async () => {
    git('init', '-q');
    writeFileSync(join(root, 'f'), '');
    execFileSync('mkfifo', [join(base, 'pipe')]);
    git('config', 'core.excludesFile', join(base, 'pipe'));
    git('config', 'core.attributesFile', join(base, 'pipe'));
    expect(await paths()).toEqual(['f']);
  });

  test('a repository of another user is listed', async () => {
    git('init', '-q');
    writeFileSync(join(root, 'f'), '');
    if (process.getuid?.() === 0) execFileSync('chown', ['-R', '65534', root]);
    expect(await paths()).toEqual(['f']);
  });

  test('variables of the calling environment do not reach it', async () => {
    git('init', '-q');
    writeFileSync(join(root, 'f'), '');
    const before = process.env['GIT_DIR'];
    process.env['GIT_DIR'] = join(base, 'elsewhere');
    try {
      expect(await paths()).toEqual(['f']);
    } finally {
      if (before === undefined) delete process.env['GIT_DIR'];
      else process.env['GIT_DIR'] = before;
    }
  });
});
