import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scan, type Ports } from '../src/app.js';
import { systemPorts } from '../src/commands/ports.js';
import { findingsOf, type Report } from '../src/core/index.js';
import { connectGitHub } from '../src/io/github.js';
import { loopbackGitHub, type LoopbackGitHub } from './github/loopback.js';

const FORK = 'f'.repeat(40);
const RELEASED = 'a'.repeat(40);
const WORKFLOW = `on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: octo/build@${FORK}
      - uses: tj-actions/changed-files@${RELEASED}
      - uses: octo/build/sub@${FORK}
`;

let server: LoopbackGitHub;
let directory: string;
beforeEach(async () => {
  server = await loopbackGitHub();
  server.repositories = {
    'octo/build': { branches: { main: RELEASED }, tags: { v1: RELEASED } },
    'tj-actions/changed-files': { branches: { main: RELEASED }, tags: { 'v40.2.3': RELEASED } },
  };
  directory = mkdtempSync(join(tmpdir(), 'bartizan-online-'));
  mkdirSync(dirname(join(directory, '.github/workflows/ci.yml')), { recursive: true });
  writeFileSync(join(directory, '.github/workflows/ci.yml'), WORKFLOW);
});
afterEach(async () => {
  rmSync(directory, { recursive: true, force: true });
  await server.close();
});

async function run(online: Ports['online'], values: Record<string, boolean> = { online: true }): Promise<Report> {
  return scan({ overrides: { source: 'flag', values: { external: false, ...values } }, reproduce: '' }, { ...systemPorts(directory, ''), online });
}

const connect = () => connectGitHub({ token: 'ghs_x', apiUrl: server.url, userAgent: 'test', onWait: () => {}, second: 1 });
const outcome = (report: Report) => report.results.find(({ tool }) => tool.name === 'policies-online')?.outcome;

test('what GitHub says is found at the line of the reference, with the other policies', async () => {
  const report = await run(() => connect());
  const found = findingsOf(report.results[0]!).filter(({ ruleId }) => ['pipeline/impostor-commit', 'pipeline/vulnerable-commit'].includes(ruleId));
  expect(found.map(({ ruleId, locations }) => [ruleId, locations[0].region?.startLine])).toEqual([
    ['pipeline/impostor-commit', 8],
    ['pipeline/vulnerable-commit', 9],
    ['pipeline/impostor-commit', 10],
  ]);
  expect(new Set(found.map(({ fingerprints }) => JSON.stringify(fingerprints))).size).toBe(3);
  expect(report.results[0]?.rules.map(({ id }) => id)).toContain('pipeline/impostor-commit');
  expect(outcome(report)).toEqual({ status: 'completed', findings: [] });
  expect(server.violations).toEqual([]);
});

test.each<[string, () => Ports['online'], Record<string, boolean>, RegExp]>([
  ['not asked for', () => connect, {}, /`online: true` switches on/],
  ['no token', () => undefined, { online: true }, /needs a token/],
  ['an Enterprise Server', () => ({ unavailable: 'an Enterprise Server' }), { online: true }, /an Enterprise Server/],
])('%s: skipped with the reason, and nothing is asked', async (_name, online, values, reason) => {
  const report = await run(online(), values);
  expect(outcome(report)).toEqual({ status: 'skipped', reason: expect.stringMatching(reason) as string });
  expect(report.results[0]?.rules.map(({ id }) => id)).not.toContain('pipeline/impostor-commit');
  expect(server.requests).toEqual([]);
});

test('GitHub that refuses is a scanner that failed', async () => {
  server.refuse('GET /repos/{owner}/{repo}', { status: 401, message: 'Bad credentials' }, true);
  const report = await run(() => connect());
  expect(outcome(report)).toEqual({ status: 'failed', error: 'GitHub could not be asked: Bad credentials', partial: [] });
  expect(report.verdict.result).toBe('error');
});

test('a workspace without workflows has nothing to ask', async () => {
  rmSync(join(directory, '.github'), { recursive: true });
  expect(outcome(await run(() => connect()))).toBeUndefined();
});
