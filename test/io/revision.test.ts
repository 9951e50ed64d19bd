import { describe, expect, test } from 'vitest';
import { GitHubError, type GitHub } from '../../src/io/github.js';
import { gitHubRevision, RevisionError } from '../../src/io/revision.js';

const commit = 'a'.repeat(40);
const at = { owner: 'octo', repo: 'app', commit, prefix: '' };

/** Answers by the last part of the route and its path. */
function gitHub(answers: Readonly<Record<string, unknown>>): GitHub & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    request(route, parameters) {
      const key = route.includes('/contents/') ? String(parameters['path']) : route.includes('/blobs/') ? `blob ${String(parameters['file_sha'])}` : 'commit';
      asked.push(key);
      const data = answers[key];
      if (data instanceof GitHubError) return Promise.reject(data);
      return data === undefined ? Promise.reject(new GitHubError('Not Found', 404)) : Promise.resolve({ status: 200, data });
    },
    download: () => Promise.reject(new GitHubError('unused', 0)),
  };
}

const file = (text: string, more: object = {}) => ({ type: 'file', size: Buffer.byteLength(text), encoding: 'base64', content: Buffer.from(text).toString('base64'), ...more });

describe('a commit that GitHub has', () => {
  test('is read by path, folders and all; what it does not have is absent', async () => {
    const github = gitHub({
      commit: { sha: commit },
      'sub/.bartizan.yml': file('fail-on: low\n'),
      'sub/.bartizan/policies': [{ name: 'a.yaml', type: 'file' }, { name: '../../x', type: 'file' }],
      'sub/.bartizan/policies/a.yaml': file('id: a\n'),
      'sub/large.json': { type: 'file', size: 5, encoding: 'none', content: '', sha: 'b' },
      'blob b': { encoding: 'base64', content: Buffer.from('large').toString('base64') },
    });
    const revision = await gitHubRevision(github, { ...at, prefix: 'sub/' }, '/w');
    const files = await revision.load(['.bartizan.yml', '.bartizan.yaml', '.bartizan/policies', 'large.json', '../x']);
    expect(files.read('.bartizan.yml')).toMatchObject({ ok: true, text: 'fail-on: low\n' });
    expect(files.kind('.bartizan.yaml')).toBeUndefined();
    expect(files.read('.bartizan/policies/a.yaml')).toMatchObject({ ok: true });
    expect(files.read('large.json')).toMatchObject({ ok: true, text: 'large' });
    expect(github.asked.some((path) => path.includes('..'))).toBe(false);
  });

  test.each([
    ['does not show the commit', { '.bartizan.yml': file('x') }],
    ['shows another one', { commit: { sha: 'b'.repeat(40) } }],
    ['refuses the commit', { commit: new GitHubError('Resource not accessible', 403) }],
    ['refuses a file', { commit: { sha: commit }, '.bartizan.yml': new GitHubError('Resource not accessible', 403) }],
    ['fails', { commit: { sha: commit }, '.bartizan.yml': new GitHubError('Server Error', 502) }],
    ['gives a part of a file', { commit: { sha: commit }, '.bartizan.yml': file('abc', { size: 4 }) }],
    ['gives nonsense', { commit: { sha: commit }, '.bartizan.yml': 'x' }],
    ['gives nothing of a large file', { commit: { sha: commit }, '.bartizan.yml': { type: 'file', size: 3, encoding: 'none', content: '', sha: 'b' } }],
    ['gives a folder that may be cut off', { commit: { sha: commit }, '.bartizan.yml': Array.from({ length: 1_000 }, (_, index) => ({ name: `f${index}`, type: 'file' })) }],
    ['gives folders without end', Object.assign(Object.create({}) as object, { commit: { sha: commit } }, Object.fromEntries(Array.from({ length: 400 }, (_, depth) => [`.bartizan.yml${'/d'.repeat(depth)}`, [{ name: 'd', type: 'dir' }]])))],
  ])('that %s is not taken for one without the file', async (_name, answers) => {
    await expect(gitHubRevision(gitHub(answers as Record<string, unknown>), at, '/w').then((revision) => revision.load(['.bartizan.yml']))).rejects.toThrow(RevisionError);
  });
});
