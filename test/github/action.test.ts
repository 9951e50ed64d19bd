import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACTION, act, copyExample, runAction, type RunnerRequest, type RunnerResult } from '../e2e/act.js';
import { loopbackGitHub, type LoopbackGitHub } from './loopback.js';

const TOKEN = 'ghs_tokenOfTheJob0123456789';
const UPLOAD = 'POST /repos/{owner}/{repo}/code-scanning/sarifs';
const DENIED = { status: 403, message: 'Resource not accessible by integration' };

const repository = { id: 1, name: 'app', full_name: 'octo/app', default_branch: 'main', owner: { login: 'octo' } };
const pull = (fork: boolean) => ({
  action: 'opened',
  number: 7,
  repository,
  pull_request: { number: 7, head: { ref: 'topic', sha: 'b'.repeat(40), repo: fork ? { id: 2, full_name: 'mallory/app' } : { id: 1, full_name: 'octo/app' } }, base: { ref: 'main', sha: 'c'.repeat(40), repo: { id: 1, full_name: 'octo/app' } } },
});

let server: LoopbackGitHub;
beforeEach(async () => {
  server = await loopbackGitHub();
  // The base of the pull requests, which the checkout does not have.
  server.tree = { commit: 'c'.repeat(40), files: {} };
});
afterEach(() => server.close());

function run(request: Partial<RunnerRequest>): Promise<RunnerResult> {
  return runAction({
    files: {},
    prepare: copyExample('vulnerable'),
    ...request,
    secrets: { GITHUB_TOKEN: TOKEN },
    env: { GITHUB_API_URL: server.url, GITHUB_REPOSITORY: 'octo/app', ...request.env },
  });
}

/** What is the same whatever the event: the step's own result, and that the token goes nowhere else. */
function expectVerdict(result: RunnerResult): void {
  expect(result.steps[ACTION], result.raw).toBe('failure');
  expect(result.outputs['verdict']).toBe('fail');
  expect(result.summary).toMatch(/^## Bartizan fails: /);
  expect(server.violations).toEqual([]);
  expect([...server.tokens].filter((token) => token !== TOKEN)).toEqual([]);
}

function warnings({ commands }: RunnerResult): string[] {
  return commands.filter(({ name, properties }) => name === 'warning' && properties['file'] === undefined).map(({ text }) => text);
}

describe.skipIf(act === undefined)('the bundled Action and GitHub', () => {
  test.each([
    ['push', 'push', { ref: 'refs/heads/main', repository }, {}, 'refs/heads/main'],
    ['a tag', 'push', { ref: 'refs/tags/v1', repository }, { GITHUB_REF: 'refs/tags/v1' }, 'refs/tags/v1'],
    ['schedule', 'schedule', { schedule: '0 0 * * 1', repository }, { GITHUB_REF: 'refs/heads/main' }, 'refs/heads/main'],
    ['workflow_dispatch', 'workflow_dispatch', { ref: 'refs/heads/main', inputs: {}, repository }, {}, 'refs/heads/main'],
  ])('%s: uploads, without a comment', async (_name, event, payload, env, ref) => {
    const result = await run({ event, payload, env });
    expectVerdict(result);
    expect(server.uploads.map((upload) => upload.ref), result.raw).toEqual([ref]);
    expect(server.uploads[0]?.sarif.runs[0]).toMatchObject({ versionControlProvenance: [{ repositoryUri: 'https://github.com/octo/app', revisionId: server.uploads[0]?.sha }] });
    expect(server.comments).toEqual([]);
    expect(result.log.join('\n')).toContain('Uploaded to code scanning: ');
    expect(warnings(result)).toEqual([]);
  });

  test('a pull request of the repository: uploads for the merge commit and writes one comment', async () => {
    const env = { GITHUB_REF: 'refs/pull/7/merge' };
    const first = await run({ event: 'pull_request', payload: pull(false), env });
    expectVerdict(first);
    expect(server.uploads.map(({ ref }) => ref), first.raw).toEqual(['refs/pull/7/merge']);
    expect(server.comments).toHaveLength(1);
    expect(server.comments[0]?.body).toMatch(/^<!-- bartizan [0-9a-f]{16} -->\n## Bartizan fails: /);
    expect(server.comments[0]?.body).toContain('.github/workflows/triage.yml:11');
    await run({ event: 'pull_request', payload: pull(false), env, inputs: { 'fail-on': 'never' } });
    expect(server.comments).toHaveLength(1);
    expect(server.comments[0]?.body).toContain('## Bartizan passes');
  });

  test('a pull request from a fork, whose token may only read: annotations and summary, one warning', async () => {
    for (const route of [UPLOAD, 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments']) server.refuse(route, DENIED, true);
    const result = await run({ event: 'pull_request', payload: pull(true), env: { GITHUB_REF: 'refs/pull/7/merge' }, inputs: { 'fail-on': 'never' } });
    expect(result.steps[ACTION], result.raw).toBe('success');
    expect(server.violations).toEqual([]);
    expect(warnings(result)).toEqual([expect.stringMatching(/"Resource not accessible by integration" \(403\)\. Pull requests from forks have a token that may only read\./) as string]);
    expect(result.summary).toContain('Resource not accessible by integration');
    expect(result.commands.filter(({ properties }) => properties['file'] !== undefined).length).toBeGreaterThan(0);
  });

  test('Dependabot, whose token may only read, is told so', async () => {
    server.refuse(UPLOAD, DENIED, true);
    const result = await run({ event: 'push', payload: { ref: 'refs/heads/main', repository }, args: ['--actor', 'dependabot[bot]'] });
    expectVerdict(result);
    expect(warnings(result)).toEqual([expect.stringContaining('Runs that Dependabot starts have a token that may only read.') as string]);
  });

  test('a limited rate of requests is waited out', async () => {
    server.refuse(UPLOAD, { status: 403, message: 'You have exceeded a secondary rate limit.', headers: { 'retry-after': '1' } });
    const result = await run({ event: 'push', payload: { ref: 'refs/heads/main', repository } });
    expectVerdict(result);
    expect(server.uploads, result.raw).toHaveLength(1);
    expect(result.log.join('\n')).toContain('GitHub limits the rate of requests; waiting 1 s.');
  });

  test('no server at all: findings are where they always are, with one warning', async () => {
    const result = await run({ event: 'push', payload: { repository }, env: { GITHUB_API_URL: 'http://127.0.0.1:1' }, inputs: { comment: 'off' } });
    expectVerdict(result);
    expect(warnings(result)).toEqual([expect.stringContaining('Check that the runner reaches the server') as string]);
    expect(result.commands.filter(({ properties }) => properties['file'] !== undefined).length).toBeGreaterThan(0);
  });

  test('the token is masked before anything is said, and shown nowhere; the HTML report is named', async () => {
    const result = await run({ event: 'push', payload: { ref: 'refs/heads/main', repository }, inputs: { report: 'report.html' } });
    expectVerdict(result);
    const masks = result.raw.split('\n').filter((line) => line.includes('"add-mask"'));
    expect(masks).toHaveLength(1);
    expect(result.raw.split('\n').filter((line) => line.includes(TOKEN) && !masks.includes(line))).toEqual([]);
    expect(result.outputs['report-file']).toMatch(/\/report\.html$/);
  });

  test('a merge queue: no upload, and no warning', async () => {
    const ref = 'refs/heads/gh-readonly-queue/main/pr-7-abc';
    let base = '';
    const history: NonNullable<RunnerRequest['history']> = (_folder, git) => void (base = git('rev-parse', 'HEAD'));
    const payload = () => ({ action: 'checks_requested', merge_group: { head_ref: ref, base_sha: base, base_ref: 'refs/heads/main' }, repository });
    const result = await run({ event: 'merge_group', history, payload, env: { GITHUB_REF: ref } });
    expectVerdict(result);
    expect(server.requests).toEqual([]);
    expect(warnings(result)).toEqual([]);
    expect(result.log.join('\n')).toContain('merge queue');
  });

  test('a check run has all annotations, and the log none twice', async () => {
    const result = await run({ event: 'push', payload: { ref: 'refs/heads/main', repository }, inputs: { annotations: 'check', upload: 'off' } });
    expectVerdict(result);
    expect(server.checks[0]?.body, result.raw).toMatchObject({ conclusion: 'failure' });
    expect(server.checks[0]?.annotations.length).toBe(Number(result.outputs['findings']));
    expect(result.commands.filter(({ properties }) => properties['file'] !== undefined)).toEqual([]);
  });

  test('slow processing that ends in an error is said word for word', async () => {
    server.processing = { pending: 1, status: 'failed', errors: ['rejecting delivery as the repository has too many logical alerts'] };
    const result = await run({ event: 'push', payload: { ref: 'refs/heads/main', repository } });
    expectVerdict(result);
    expect(warnings(result)[0]).toContain('"rejecting delivery as the repository has too many logical alerts"');
  });

  test('upload: on fails the step when it is refused, and off asks for nothing', async () => {
    server.refuse(UPLOAD, { status: 403, message: 'Advanced Security must be enabled for this repository to use code scanning.' }, true);
    const required = await run({ event: 'push', payload: { repository }, inputs: { upload: 'on', 'fail-on': 'never' } });
    expect(required.steps[ACTION], required.raw).toBe('failure');
    expect(required.commands.find(({ name, properties }) => name === 'error' && properties['file'] === undefined)?.text).toContain('Switch code scanning on');
    const before = server.requests.length;
    const off = await run({ event: 'push', payload: { repository }, inputs: { upload: 'off', 'fail-on': 'never' } });
    expect(off.steps[ACTION], off.raw).toBe('success');
    expect(server.requests).toHaveLength(before);
  });
});
