import { describe, expect, test } from 'vitest';
import type { GitHubRun } from '../../src/io/github-run.js';
import { checkedOut, readOnlyToken, uploadTarget } from '../../src/publish/target.js';

const RUN = 'a'.repeat(40);
const HEAD = 'b'.repeat(40);
const OTHER = 'c'.repeat(40);

function run(given: Partial<GitHubRun>): GitHubRun {
  return { apiUrl: '', serverUrl: '', owner: 'o', repo: 'r', event: 'push', ref: 'refs/heads/main', sha: RUN, job: '', url: '', id: '', actor: 'mona', pullRequest: undefined, finishedRun: undefined, ...given };
}
const pull = { event: 'pull_request', ref: 'refs/pull/7/merge', pullRequest: { number: 7, headSha: HEAD, fork: false } };
const finished = { event: 'workflow_run', finishedRun: { headSha: HEAD, headBranch: 'topic', fork: false, pullRequest: undefined } };

describe('what an upload belongs to', () => {
  test.each([
    ['push', run({}), { sha: RUN }, { ref: 'refs/heads/main', sha: RUN }],
    ['push, commit not known', run({}), {}, { ref: 'refs/heads/main', sha: RUN }],
    ['tag', run({ ref: 'refs/tags/v1' }), { sha: RUN }, { ref: 'refs/tags/v1', sha: RUN }],
    ['schedule', run({ event: 'schedule' }), { sha: RUN }, { ref: 'refs/heads/main', sha: RUN }],
    ['schedule on another branch', run({ event: 'schedule' }), { sha: OTHER, branch: 'release/1' }, { ref: 'refs/heads/release/1', sha: OTHER }],
    ['dispatch on a branch', run({ event: 'workflow_dispatch', ref: 'refs/heads/x' }), { sha: RUN }, { ref: 'refs/heads/x', sha: RUN }],
    ['pull request, merge commit', run(pull), { sha: RUN }, { ref: 'refs/pull/7/merge', sha: RUN }],
    ['pull request, its head', run(pull), { sha: HEAD.toUpperCase() }, { ref: 'refs/pull/7/head', sha: HEAD.toUpperCase() }],
    ['pull_request_target, base', run({ ...pull, event: 'pull_request_target', ref: 'refs/heads/main' }), { sha: RUN }, { ref: 'refs/heads/main', sha: RUN }],
    ['pull_request_target, head', run({ ...pull, event: 'pull_request_target', ref: 'refs/heads/main' }), { sha: HEAD }, { ref: 'refs/pull/7/head', sha: HEAD }],
    ['workflow_run, default branch', run(finished), { sha: RUN }, { ref: 'refs/heads/main', sha: RUN }],
    ['workflow_run, commit of that run', run(finished), { sha: HEAD }, { ref: 'refs/heads/topic', sha: HEAD }],
    ['workflow_run of a pull request', run({ ...finished, finishedRun: { ...finished.finishedRun, pullRequest: 9 } }), { sha: HEAD }, { ref: 'refs/pull/9/head', sha: HEAD }],
  ])('%s', (_name, given, head, expected) => {
    expect(uploadTarget(given, head)).toEqual(expected);
  });

  test.each([
    ['merge queue', run({ event: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-1' }), { sha: RUN }, 'merge queue'],
    ['another commit in a pull request', run(pull), { sha: OTHER, branch: 'topic' }, 'the scanned commit is cccccccccccc'],
    ['another commit', run({}), { sha: OTHER }, 'the run is for aaaaaaaaaaaa (refs/heads/main)'],
    ['no reference', run({ ref: '' }), { sha: RUN }, 'this run is for none'],
    ['commit of a fork', run({ ...finished, finishedRun: { ...finished.finishedRun, fork: true } }), { sha: HEAD }, 'comes from a fork'],
  ])('%s: nothing, with the reason', (_name, given, head, reason) => {
    expect(uploadTarget(given, head)).toEqual({ skip: expect.stringContaining(reason) as string });
  });
});

describe('what is checked out', () => {
  const read = (files: Record<string, string>) => (path: string) => files[path];
  test('a commit', () => expect(checkedOut(read({ '.git/HEAD': `${HEAD}\n` }))).toEqual({ sha: HEAD }));
  test('a branch', () => {
    expect(checkedOut(read({ '.git/HEAD': 'ref: refs/heads/release/1\n', '.git/refs/heads/release/1': `${HEAD}\n` }))).toEqual({ sha: HEAD, branch: 'release/1' });
  });
  test.each([
    ['no repository', {}],
    ['a packed branch', { '.git/HEAD': 'ref: refs/heads/main\n' }],
    ['a way out', { '.git/HEAD': 'ref: refs/heads/../../x\n', '.git/refs/heads/../../x': HEAD }],
    ['no commit', { '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': 'x' }],
  ])('%s: not known', (_name, files) => expect(checkedOut(read(files))).toEqual({}));
});

test('tokens that may only read', () => {
  expect(readOnlyToken(run({ ...pull, pullRequest: { ...pull.pullRequest, fork: true } }))).toContain('forks');
  expect(readOnlyToken(run({ actor: 'dependabot[bot]' }))).toContain('Dependabot');
  expect(readOnlyToken(run(pull))).toBeUndefined();
});
