import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readRun } from '../../src/io/github-run.js';

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
