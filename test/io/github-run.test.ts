import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { baseOf, readRun } from '../../src/io/github-run.js';

const folder = mkdtempSync(join(tmpdir(), 'bartizan-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function event(payload: unknown) {
  const path = join(folder, 'event.json');
  writeFileSync(path, typeof payload === 'string' ? payload : JSON.stringify(payload));
  return {
    GITHUB_REPOSITORY: 'octo/app',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_REF: 'refs/pull/7/merge',
    GITHUB_SHA: 'a'.repeat(40),
    GITHUB_API_URL: 'https://ghes.example/api/v3/',
    GITHUB_SERVER_URL: 'https://ghes.example',
    GITHUB_RUN_ID: '5',
    GITHUB_EVENT_PATH: path,
  };
}
const head = { sha: 'b'.repeat(40), repo: { id: 2 } };

test('an Enterprise Server keeps its address', () => {
  expect(readRun(event({}))).toMatchObject({ apiUrl: 'https://ghes.example/api/v3', serverUrl: 'https://ghes.example', url: 'https://ghes.example/octo/app/actions/runs/5', owner: 'octo', repo: 'app' });
});

test.each([
  ['the same repository', { number: 7, head, base: { repo: { id: 2 } } }, { number: 7, headSha: 'b'.repeat(40), fork: false }],
  ['a fork', { number: 7, head, base: { repo: { id: 1 } } }, { number: 7, headSha: 'b'.repeat(40), fork: true }],
  ['a fork that was deleted', { number: 7, head: { ...head, repo: null }, base: { repo: { id: 1 } } }, { number: 7, headSha: 'b'.repeat(40), fork: true }],
  ['a number that is a path', { number: '7/../8', head }, undefined],
  ['no commit', { number: 7, head: { sha: 'main' } }, undefined],
])('pull request of %s', (_name, payload, expected) => {
  expect(readRun(event({ pull_request: payload }))?.pullRequest).toEqual(expected);
});

test('a finished run of a pull request', () => {
  const run = { head_sha: 'b'.repeat(40), head_branch: 'topic', head_repository: { id: 1 }, pull_requests: [{ number: 9 }] };
  expect(readRun(event({ repository: { id: 1 }, workflow_run: run }))?.finishedRun).toEqual({ headSha: 'b'.repeat(40), headBranch: 'topic', fork: false, pullRequest: 9 });
});

test.each([['nothing', ''], ['no JSON', '{'], ['a list', '[]'], ['null', 'null']])('an event of %s is an event without details', (_name, text) => {
  expect(readRun(event(text))).toMatchObject({ pullRequest: undefined, finishedRun: undefined });
});

test('outside of GitHub Actions there is no run', () => {
  expect(readRun({})).toBeUndefined();
  expect(readRun({ ...event({}), GITHUB_REPOSITORY: 'a/b/c' })).toBeUndefined();
});

describe('the commit that decides', () => {
  const sha = (letter: string) => letter.repeat(40);
  const base = { sha: sha('c'), ref: 'main', repo: { id: 2 } };
  const pull = { number: 7, head, base };
  const own = sha('a');
  const finished = (more: object) => ({ workflow_run: { head_sha: sha('b'), event: 'pull_request', head_repository: { id: 1 }, ...more }, repository: { id: 1 } });

  test.each<[string, string, unknown, string | undefined]>([
    ['a pull request', 'pull_request', { pull_request: pull }, sha('c')],
    ['a pull request with rights', 'pull_request_target', { pull_request: pull }, sha('c')],
    ['a review', 'pull_request_review', { pull_request: pull }, sha('c')],
    ['a pull request without a base: never the merge commit', 'pull_request', { pull_request: { number: 7, head } }, ''],
    ['a pull request whose event is broken', 'pull_request', '{', ''],
    ['one with rights whose event is broken', 'pull_request_target', '{', own],
    ['a merge queue', 'merge_group', { merge_group: { base_sha: sha('d'), base_ref: 'refs/heads/main' } }, sha('d')],
    ['a merge queue without a base', 'merge_group', {}, ''],
    ['a finished run of a pull request', 'workflow_run', finished({ pull_requests: [{ number: 7, base }] }), sha('c')],
    ['a finished run of a fork, which names none', 'workflow_run', finished({ pull_requests: [] }), own],
    ['a finished run of a push', 'workflow_run', finished({ event: 'push' }), undefined],
    ['a finished run of a push to a fork', 'workflow_run', finished({ event: 'push', head_repository: { id: 2 } }), own],
    ['a comment on a pull request', 'issue_comment', { issue: { number: 7, pull_request: {} } }, own],
    ['a comment on an issue', 'issue_comment', { issue: { number: 7 } }, undefined],
    ['a push', 'push', { ref: 'refs/heads/main' }, undefined],
    ['a schedule', 'schedule', {}, undefined],
  ])('of %s', (_name, name, payload, expected) => {
    const run = readRun({ ...event(payload), GITHUB_EVENT_NAME: name });
    expect(run === undefined ? undefined : baseOf(run)?.sha).toBe(expected);
  });

  test('has the name of its branch, whatever that is called', () => {
    const run = (payload: unknown, name: string) => baseOf(readRun({ ...event(payload), GITHUB_EVENT_NAME: name }) ?? (null as never))?.branch;
    expect(run({ pull_request: { ...pull, base: { ...base, ref: 'trunk' } } }, 'pull_request')).toBe('trunk');
    expect(run({ merge_group: { base_sha: sha('d'), base_ref: 'refs/heads/release/1' } }, 'merge_group')).toBe('release/1');
  });
});
