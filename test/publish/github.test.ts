import { gzipSync } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectGitHub, type GitHub } from '../../src/io/github.js';
import type { GitHubRun } from '../../src/io/github-run.js';
import { commentMarker } from '../../src/publish/comment.js';
import { publishToGitHub, type GitHubPublication } from '../../src/publish/github.js';
import { uploadTarget } from '../../src/publish/target.js';
import { loopbackGitHub, type LoopbackGitHub } from '../github/loopback.js';

const SHA = 'a'.repeat(40);
const UPLOAD = 'POST /repos/{owner}/{repo}/code-scanning/sarifs';
const STATUS = 'GET /repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}';
const CHECK = 'POST /repos/{owner}/{repo}/check-runs';
const COMMENT = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
const COMMENTS = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';

let server: LoopbackGitHub;
let github: GitHub;
let slept: number[];
let waited: number[];

beforeEach(async () => {
  server = await loopbackGitHub();
  slept = [];
  waited = [];
  github = await connectGitHub({ token: 'token-of-the-job', apiUrl: server.url, userAgent: 'bartizan/test', onWait: (seconds) => waited.push(seconds), second: 1 });
});
afterEach(async () => {
  const { violations } = server;
  await server.close();
  expect(violations).toEqual([]);
});

function run(given: Partial<GitHubRun> = {}): GitHubRun {
  return {
    apiUrl: server.url,
    serverUrl: 'https://github.com',
    owner: 'octo',
    repo: 'app',
    event: 'pull_request',
    ref: 'refs/pull/7/merge',
    sha: SHA,
    job: 'CI\nscan',
    url: 'https://github.com/octo/app/actions/runs/1',
    id: '1-1-scan',
    actor: 'mona',
    pullRequest: { number: 7, headSha: 'b'.repeat(40), fork: false },
    finishedRun: undefined,
    ...given,
  };
}

function annotations(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    level: 'error' as const,
    message: `Message ${index}`,
    properties: { title: 'high: a title', file: 'a.yml', line: index + 1, endLine: index + 1, col: 1, endColumn: 2 },
  }));
}

function publication(given: Partial<GitHubPublication> = {}): GitHubPublication {
  return { upload: undefined, check: undefined, comment: undefined, ...given };
}

function upload(given: Partial<GitHubRun> = {}, required = false): GitHubPublication {
  const gzip = gzipSync(JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'Bartizan' } }, results: [] }] }));
  return publication({ upload: { gzip, target: uploadTarget(run(given), {}), startedAt: 0, required } });
}

function comment(body = 'Body', worthwhile = true, required = false): GitHubPublication {
  return publication({ comment: { required, worthwhile, body: () => body } });
}

async function publish(what: GitHubPublication, given: Partial<GitHubRun> = {}) {
  return publishToGitHub(what, run(given), github, async (seconds) => {
    slept.push(seconds);
  });
}

test('uploads for the merge commit and waits until it is processed, with longer and longer pauses', async () => {
  server.processing = { pending: 3, status: 'complete', errors: [] };
  const result = await publish(upload());
  expect(result).toEqual({ notes: ['Uploaded to code scanning: https://github.com/octo/app/security/code-scanning'], warnings: [], failures: [], checked: false });
  expect(server.uploads).toMatchObject([{ ref: 'refs/pull/7/merge', sha: SHA }]);
  expect(slept).toEqual([1, 2, 4, 8]);
  expect([...server.tokens]).toEqual(['token-of-the-job']);
});

test('publishes to an Enterprise Server below its own address', async () => {
  const given = run({ apiUrl: `${server.url}/api/v3`, serverUrl: 'https://ghes.example' });
  const ghes = await connectGitHub({ token: 't', apiUrl: given.apiUrl, userAgent: 'x', onWait: () => {}, second: 1 });
  expect((await publishToGitHub(upload(), given, ghes, async () => {})).notes).toEqual(['Uploaded to code scanning: https://ghes.example/octo/app/security/code-scanning']);
  expect(server.uploads).toHaveLength(1);
});

test('goes on when processing takes too long', async () => {
  server.processing = { pending: 1000, status: 'complete', errors: [] };
  expect(await publish(upload())).toMatchObject({ notes: ['Uploaded to code scanning; GitHub is still processing it.'], warnings: [], failures: [] });
});

test.each([
  ['rejecting SARIF, as there are more runs than allowed (21 > 20)', 'a defect of Bartizan'],
  ['locationFromSarifResult: expected artifact location', 'a defect of Bartizan'],
  ['could not convert rules: invalid security severity value, is not a number: null', 'a defect of Bartizan'],
  ['CodeQL analyses from advanced configurations cannot be processed when the default setup is enabled', 'default setup of code scanning off'],
  ['rejecting delivery as the repository has too many logical alerts', 'only GitHub support'],
  ["ref 'refs/heads/x' not found in this repository", 'push it first'],
  ['A delivery cannot contain multiple runs with the same category', 'same category'],
])('says word for word why processing failed: %s', async (message, advice) => {
  server.processing = { pending: 0, status: 'failed', errors: [message] };
  const { warnings, failures } = await publish(upload());
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(`"${message}"`);
  expect(warnings[0]).toContain(advice);
  expect(failures).toEqual([]);
});

test.each([
  [403, 'Resource not accessible by integration', 'Add `security-events: write` to the permissions of the job.'],
  [403, 'Advanced Security must be enabled for this repository to use code scanning.', 'Switch code scanning on'],
  [403, 'Code Security must be enabled for this repository to use code scanning.', 'Switch code scanning on'],
  [403, 'Repository was archived so is read-only.', 'archived repository'],
  [404, 'Not Found', 'security-events: write'],
  [400, 'Invalid request: "sarif" is not valid gzip', 'a defect of Bartizan'],
  [401, 'Bad credentials', 'token of the input `github-token` is not valid'],
  [413, 'Payload Too Large', 'too large'],
  [422, 'Validation Failed', 'defect of Bartizan'],
])('an upload refused with %i %s is one warning that quotes it and says what to do; with upload: on it fails the step', async (status, message, advice) => {
  server.refuse(UPLOAD, { status, message }, true);
  const result = await publish(upload());
  expect(result.failures).toEqual([]);
  expect(result.warnings).toHaveLength(1);
  expect(result.warnings[0]).toContain(`"${message}" (${status})`);
  expect(result.warnings[0]).toContain(advice);
  expect(server.requests).toHaveLength(1);
  expect(await publish(upload({}, true))).toMatchObject({ warnings: [], failures: [result.warnings[0]] });
});

test('a fork or Dependabot is told that its token may only read', async () => {
  server.refuse(UPLOAD, { status: 403, message: 'Resource not accessible by integration' }, true);
  const fork = { pullRequest: { number: 7, headSha: 'b'.repeat(40), fork: true } };
  expect((await publish(upload(), fork)).warnings[0]).toContain('Pull requests from forks have a token that may only read.');
  expect((await publish(upload(), { actor: 'dependabot[bot]', event: 'push', pullRequest: undefined })).warnings[0]).toContain('Dependabot');
});

test('who may upload but not ask is not worried', async () => {
  server.refuse(STATUS, { status: 403, message: 'Resource not accessible by integration' }, true);
  expect(await publish(upload())).toMatchObject({ warnings: [], failures: [] });
});

test('tries again after 503 and lost answers, and gives up in the end', async () => {
  server.refuse(UPLOAD, { status: 503, message: 'Service unavailable' });
  server.refuse(UPLOAD, { status: 502, message: 'Bad gateway' });
  expect((await publish(upload())).warnings).toEqual([]);
  expect(server.uploads).toHaveLength(1);
  server.refuse(UPLOAD, { status: 503, message: 'Service unavailable' }, true);
  const { warnings } = await publish(upload());
  expect(warnings[0]).toContain('"Service unavailable" (503). Run the job again later');
});

test('waits as GitHub asks when it limits requests, but not for long', async () => {
  server.refuse(UPLOAD, { status: 403, message: 'You have exceeded a secondary rate limit', headers: { 'retry-after': '3' } });
  server.refuse(UPLOAD, { status: 429, message: 'API rate limit exceeded', headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 5) } });
  expect((await publish(upload())).warnings).toEqual([]);
  expect(waited[0]).toBe(3);
  expect(waited).toHaveLength(2);
  server.refuse(UPLOAD, { status: 403, message: 'You have exceeded a secondary rate limit', headers: { 'retry-after': '3600' } }, true);
  expect((await publish(upload())).warnings[0]).toContain('run the job again later');
  expect(waited).toHaveLength(2);
});

test('says that no one answered', async () => {
  const nobody = await connectGitHub({ token: 't', apiUrl: 'http://127.0.0.1:1', userAgent: 'x', onWait: () => {}, second: 1 });
  const result = await publishToGitHub(upload(), run(), nobody, async () => {});
  expect(result.warnings[0]).toContain('Check that the runner reaches the server');
});

test('uploads nothing when no scanner has finished, when there is nothing to belong to, or when it is too large', async () => {
  const none = publication({ upload: { gzip: undefined, target: uploadTarget(run(), {}), startedAt: 0, required: true } });
  expect((await publish(none)).notes[0]).toContain('no scanner has finished');
  expect((await publish(upload({ event: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-1', pullRequest: undefined }))).notes[0]).toContain('merge queue');
  const random = randomBytes(11_000_000);
  const large = publication({ upload: { gzip: random, target: uploadTarget(run(), {}), startedAt: 0, required: false } });
  expect((await publish(large)).warnings[0]).toContain('GitHub takes 10');
  expect(server.requests).toEqual([]);
});

test('writes one comment and edits it in place', async () => {
  expect((await publish(comment('First'))).notes).toEqual(['The comment on the pull request was created.']);
  expect((await publish(comment('Second'))).notes).toEqual(['The comment on the pull request was edited.']);
  expect(server.comments.map(({ body }) => body)).toEqual([`${commentMarker('CI\nscan')}\nSecond`]);
  await publish(comment('Other'), { job: 'CI\nother' });
  expect(server.comments).toHaveLength(2);
});

test('makes no comment where there is nothing to say, but brings an old one up to date', async () => {
  expect((await publish(comment('Fine', false))).notes).toEqual([]);
  expect(server.comments).toEqual([]);
  await publish(comment('Bad'));
  await publish(comment('Fine', false));
  expect(server.comments[0]?.body).toContain('Fine');
});

test('finds its comment among many and never edits one that somebody else wrote', async () => {
  const marker = commentMarker('CI\nscan');
  for (let id = 1; id <= 250; id++) server.comments.push({ id, body: `${marker}\nforged`, user: { id, type: 'User', login: `u${id}` } });
  await publish(comment('Ours'));
  await publish(comment('Ours again'));
  expect(server.comments.filter(({ body }) => body.endsWith('forged'))).toHaveLength(250);
  expect(server.comments.slice(250).map(({ body }) => body)).toEqual([`${marker}\nOurs again`]);
});

test("edits the comment of the token's own user", async () => {
  server.viewer = 5;
  server.comments.push({ id: 1, body: `${commentMarker('CI\nscan')}\nold`, user: { id: 5, type: 'User', login: 'bot-account' } });
  await publish(comment('New'));
  expect(server.comments.map(({ body }) => body)).toEqual([`${commentMarker('CI\nscan')}\nNew`]);
});

test('does not write a comment twice when the answer was lost', async () => {
  server.refuse(COMMENT, { status: 502, message: 'Bad gateway', done: true });
  await publish(comment());
  expect(server.comments).toHaveLength(1);
  server.comments.length = 0;
  server.refuse(COMMENT, { status: 502, message: 'Bad gateway' });
  await publish(comment());
  expect(server.comments).toHaveLength(1);
});

test('cuts a comment at what GitHub takes', async () => {
  await publish(comment('x'.repeat(100_000)));
  expect(server.comments[0]?.body.length).toBe(65_536);
});

test('a comment that may not be written is a note, and a warning when it was asked for', async () => {
  server.refuse(COMMENT, { status: 403, message: 'Resource not accessible by integration' }, true);
  expect(await publish(comment())).toMatchObject({ warnings: [], failures: [], notes: [expect.stringContaining('Resource not accessible')] });
  const asked = await publish(comment('Body', true, true));
  expect(asked.warnings[0]).toContain('Add `pull-requests: write`');
  server.refuse(COMMENTS, { status: 500, message: 'Server error' }, true);
  expect((await publish(comment())).warnings[0]).toContain('Server error');
});

test('makes a check run at the head of the pull request, with all annotations in batches of 50', async () => {
  const check = { verdict: 'fail' as const, title: 'A title', summary: 'x'.repeat(70_000), annotations: [...annotations(120), { level: 'error' as const, message: 'no file', properties: { title: 't' } }] };
  expect(await publish(publication({ check }))).toMatchObject({ checked: true, warnings: [] });
  expect(server.checks).toHaveLength(1);
  expect(server.checks[0]?.body).toMatchObject({ head_sha: 'b'.repeat(40), conclusion: 'failure', external_id: '1-1-scan' });
  expect(server.checks[0]?.annotations).toHaveLength(120);
  expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH']);
});

test('without checks: write the annotations stay in the log', async () => {
  server.refuse(CHECK, { status: 403, message: 'Resource not accessible by integration' }, true);
  const check = { verdict: 'pass' as const, title: 'A title', summary: 'Summary', annotations: annotations(1) };
  const result = await publish(publication({ check }));
  expect(result).toMatchObject({ checked: false, failures: [] });
  expect(result.warnings[0]).toContain('Add `checks: write`');
});

test('the comment tells what could not be uploaded', async () => {
  server.refuse(UPLOAD, { status: 403, message: 'Resource not accessible by integration' }, true);
  await publish({ ...upload(), comment: { required: false, worthwhile: true, body: (notes) => notes.join() } });
  expect(server.comments[0]?.body).toContain('Resource not accessible by integration');
});
