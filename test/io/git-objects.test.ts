import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemGitObjects } from '../../src/io/git-objects.js';
import { localRevision, RevisionError } from '../../src/io/revision.js';

const PATH = process.env['PATH'] ?? '';
const objects = systemGitObjects(PATH);
let base: string;
let root: string;

function git(...args: string[]): string {
  return execFileSync('git', ['-c', 'protocol.file.allow=always', '-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main', ...args], { cwd: root, stdio: 'pipe', encoding: 'utf8' }).trim();
}

function commit(files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', 'x');
  return git('rev-parse', 'HEAD');
}

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'bartizan-objects-'));
  root = join(base, 'w');
  mkdirSync(root);
  git('init', '-q');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('a commit that is not checked out', () => {
  test('is listed and read as it was, whatever lies in the working tree', async () => {
    const first = commit({ a: 'old', 'd/b.txt': 'b', 'D/[x]': 'literal' });
    symlinkSync('a', join(root, 'link'));
    const second = commit({ a: 'new' });
    expect(await objects.commit(root, 'HEAD~1')).toEqual({ ok: true, value: first });
    const listed = await objects.list(root, first);
    expect(listed.ok && listed.value.map(({ path, kind, size }) => [path, kind, size])).toEqual([['D/[x]', 'file', 7], ['a', 'file', 3], ['d/b.txt', 'file', 1]]);
    const files = await localRevision(objects, root, second).load(['a', 'd', 'D/[x]', 'link', 'missing', '../a', '/a', '-x']);
    expect(files.read('a')).toMatchObject({ ok: true, text: 'new' });
    expect(files.read('d/b.txt')).toMatchObject({ ok: true, text: 'b' });
    expect(files.read('D/[x]')).toMatchObject({ ok: true, text: 'literal' });
    expect([files.kind('d'), files.kind('link'), files.kind('missing')]).toEqual(['directory', 'link', undefined]);
    expect(files.read('link')).toMatchObject({ ok: false, diagnostic: { code: 'link' } });
    expect(files.list('d', 10)).toEqual([{ name: 'b.txt', kind: 'file' }]);
    expect(files.read('a', 2)).toMatchObject({ ok: false, diagnostic: { code: 'file-too-large' } });
  });

  test('is read below the folder that is scanned, whatever core.worktree says', async () => {
    const first = commit({ 'sub/a': 'in', a: 'out' });
    git('config', 'core.worktree', base);
    const files = await localRevision(objects, join(root, 'sub'), first).load(['a']);
    expect(files.read('a')).toMatchObject({ ok: true, text: 'in' });
    expect(objects.prefix(join(root, 'sub'))).toBe('sub/');
  });

  test('that the checkout does not have is said to be missing', async () => {
    commit({ a: '1' });
    for (const revision of ['f'.repeat(40), 'nowhere', '', '--all', 'HEAD:a', 'a\0b']) expect(await objects.commit(root, revision)).toMatchObject({ ok: false });
    expect(await systemGitObjects(join(base, 'no')).commit(root, 'HEAD')).toEqual({ ok: false, reason: 'git was not found on the PATH' });
  });

  test('whose content is missing is not taken for one without it', async () => {
    const first = commit({ a: 'content' });
    const object = git('rev-parse', 'HEAD:a');
    rmSync(join(root, '.git/objects', object.slice(0, 2), object.slice(2)));
    await expect(localRevision(objects, root, first).load(['a'])).rejects.toThrow(RevisionError);
    expect(await objects.read(root, [object], 100)).toMatchObject({ ok: false });
  });

  test('has the ancestor of two branches, and none of unrelated ones or of a shallow clone', async () => {
    const first = commit({ a: '1' });
    git('checkout', '-q', '-b', 'topic');
    const topic = commit({ b: '1' });
    git('checkout', '-q', 'main');
    const main = commit({ c: '1' });
    expect(await objects.mergeBase(root, main, topic)).toEqual({ ok: true, value: first });
    git('checkout', '-q', '--orphan', 'other');
    const other = commit({ d: '1' });
    expect(await objects.mergeBase(root, main, other)).toMatchObject({ ok: false, reason: expect.stringContaining('no ancestor') as string });
    const shallow = join(base, 'shallow');
    git('clone', '-q', '--depth=1', '--branch=topic', `file://${root}`, shallow);
    expect(await objects.commit(shallow, main)).toMatchObject({ ok: false });
    expect(await objects.mergeBase(shallow, topic, topic)).toEqual({ ok: true, value: topic });
    git('checkout', '-q', '--detach', topic);
    expect(await objects.commit(root, 'HEAD')).toEqual({ ok: true, value: topic });
  });

  test('tells which files were renamed since, also with a base that was pushed by force', async () => {
    const text = Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join('');
    const first = commit({ 'a b.txt': text, keep: 'k' });
    renameSync(join(root, 'a b.txt'), join(root, 'c.txt'));
    commit({ 'c.txt': `${text}more\n` });
    expect(await objects.renames(root, first)).toEqual({ ok: true, value: new Map([['c.txt', 'a b.txt']]) });
    git('checkout', '-q', '--orphan', 'forced');
    const forced = commit({ 'z.txt': `${text}more\n` });
    git('rm', '-q', '-f', 'c.txt');
    git('commit', '-q', '-m', 'x');
    git('checkout', '-q', 'main');
    expect((await objects.renames(root, git('rev-parse', 'forced'))).ok).toBe(true);
    expect(await objects.commit(root, forced)).toEqual({ ok: true, value: forced });
  });

  test.each([
    ['core.fsmonitor', []],
    ['core.sshCommand', []],
    ['core.pager', []],
    ['core.alternateRefsCommand', []],
    ['diff.external', []],
    ['diff.x.command', []],
    ['diff.x.textconv', []],
    ['filter.x.smudge', []],
    ['filter.x.process', []],
    ['remote.origin.uploadpack', [['remote.origin.promisor', 'true'], ['remote.origin.url', '.'], ['extensions.partialClone', 'origin'], ['core.repositoryFormatVersion', '1']]],
    ['remote.origin.vcs', [['remote.origin.promisor', 'true'], ['remote.origin.url', '.'], ['extensions.partialClone', 'origin'], ['core.repositoryFormatVersion', '1']]],
  ] as const)('starts nothing of a hostile configuration (%s)', async (key, more) => {
    const first = commit({ '.gitattributes': '* filter=x diff=x\n', f: 'x\n'.repeat(50) });
    renameSync(join(root, 'f'), join(root, 'g'));
    const second = commit({ g: `${'x\n'.repeat(50)}y\n` });
    writeFileSync(join(base, 'evil'), `#!/bin/sh\ntouch ${base}/ran\n`, { mode: 0o755 });
    for (const hook of ['post-checkout', 'reference-transaction', 'fsmonitor-watchman']) writeFileSync(join(root, '.git/hooks', hook), `#!/bin/sh\ntouch ${base}/ran\n`, { mode: 0o755 });
    git('config', key, join(base, 'evil'));
    for (const [name, value] of more) git('config', name, value);
    await localRevision(objects, root, first).load(['f', 'g']);
    await objects.renames(root, first);
    await objects.mergeBase(root, first, second);
    await objects.commit(root, 'e'.repeat(40));
    await objects.read(root, ['e'.repeat(40)], 100);
    expect(readdirSync(base)).not.toContain('ran');
    expect(existsSync(join(base, 'ran'))).toBe(false);
  });
});
