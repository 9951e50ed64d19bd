import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectGitHub } from '../../src/io/github.js';
import { createAskOnline, referenceKey, type OnlineReference } from '../../src/online/index.js';
import { loopbackGitHub, type LoopbackGitHub } from '../github/loopback.js';

const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(40)) as [string, string, string, string];

let server: LoopbackGitHub;
beforeEach(async () => {
  server = await loopbackGitHub();
  server.repositories = {
    'octo/build': { branches: { main: A, v1: A, release: D }, tags: { v1: A, 'v2.0.1': B, 'v2.1.0': A }, history: { main: [B], release: [C] } },
    'octo/old': { archived: true, branches: { main: A } },
    'old-name/tool': { fullName: 'New-Name/tool', branches: { main: A } },
  };
});
afterEach(() => server.close());

async function asker(most?: number) {
  const github = await connectGitHub({ token: 'ghs_x', apiUrl: server.url, userAgent: 'test', onWait: () => {}, second: 1 });
  return createAskOnline(github, most);
}

function of(text: string, version = ''): OnlineReference {
  const [name = '', ref = ''] = text.split('@');
  const [owner = '', repository = ''] = name.split('/');
  return { owner, repository, ref, commit: /^[0-9a-f]{40}$/.test(ref), version };
}

const fine = { ownerMissing: false, movedTo: '', archived: false, impostor: false, untagged: false, tags: [], branchAndTag: false, otherVersion: false };

test.each<[string, string, string, object]>([
  ['a released commit', `octo/build@${B}`, 'v2.0.1', { tags: ['v2.0.1'] }],
  ['a major version in the comment', `octo/build@${B}`, 'v2', { tags: ['v2.0.1'] }],
  ['another version in the comment', `octo/build@${B}`, 'v2.1.0', { tags: ['v2.0.1'], otherVersion: true }],
  ['a version that does not exist', `octo/build@${B}`, 'v7', { tags: ['v2.0.1'], otherVersion: true }],
  ['a commit of another branch, without tag', `octo/build@${C}`, '', { untagged: true }],
  ['the tip of a branch, without tag', `octo/build@${D}`, '', { untagged: true }],
  ['a commit of a fork', `octo/build@${'e'.repeat(40)}`, '', { impostor: true }],
  ['a branch and a tag', 'octo/build@v1', '', { branchAndTag: true }],
  ['a tag', 'octo/build@v2.0.1', '', {}],
  ['an archived repository', 'octo/old@main', '', { archived: true }],
  ['a renamed owner', 'old-name/tool@main', '', { movedTo: 'new-name/tool' }],
  ['a repository that is not there, of an owner who is', 'octo/none@v1', '', {}],
  ['an owner who is not there', 'long-gone/none@v1', '', { ownerMissing: true }],
])('%s', async (_name, text, version, expected) => {
  const reference = of(text, version);
  const { answers, unasked } = await (await asker())([reference]);
  expect(answers.get(referenceKey(reference))).toEqual({ ...fine, ...expected });
  expect(unasked).toBe(0);
  expect(server.violations).toEqual([]);
});

test('no question is asked twice', async () => {
  const ask = await asker();
  await ask([of(`octo/build@${B}`), of(`octo/build@${B}`), of(`octo/build@${A}`)]);
  const once = server.requests.length;
  await ask([of(`octo/build@${B}`)]);
  expect(server.requests.length).toBe(once);
  expect(new Set(server.requests.map(({ path }) => path)).size).toBe(once);
});

test('what is no name of GitHub is not asked for', async () => {
  const ask = await asker();
  const { answers } = await ask([of('../..@v1'), of('octo/..@v1'), of('o%2f/x@v1'), { ...of('octo/build@x'), commit: true }]);
  expect([...answers]).toEqual([]);
  expect(server.requests).toEqual([]);
});

test('requests are bounded, and what was not asked is counted', async () => {
  const { answers, unasked } = await (await asker(3))(['octo/build@v1', 'octo/old@main', 'old-name/tool@main'].map((text) => of(text)));
  expect(answers.size).toBe(1);
  expect(unasked).toBe(2);
  expect(server.requests).toHaveLength(3);
});

test('GitHub that refuses is an error, never an answer', async () => {
  server.refuse('GET /repos/{owner}/{repo}', { status: 403, message: 'Forbidden' }, true);
  await expect((await asker())([of('octo/build@v1')])).rejects.toThrow('Forbidden');
});
