import { describe, expect, test } from 'vitest';
import { GitHubError, type GitHub } from '../../src/io/github.js';
import { lastAnalyses } from '../../src/publish/analyses.js';
import { approvingReviewers, isTeamMember } from '../../src/publish/reviews.js';

const repository = { owner: 'octo', repo: 'app' };
const sha = (letter: string) => letter.repeat(40);
const analysis = (id: number, category: string, commit = sha('a'), ref = 'refs/heads/main') => ({ id, ref, commit_sha: commit, category });

function gitHub(answer: (route: string, parameters: Readonly<Record<string, unknown>>) => unknown): GitHub {
  return {
    request: (route, parameters) => Promise.resolve().then(() => ({ status: 200, data: answer(route, parameters) })),
    download: (route, parameters) => Promise.resolve().then(() => answer(route, parameters) as Uint8Array),
  };
}

describe('the last analyses of a branch', () => {
  test('are ours, of the newest commit, each tool once', async () => {
    const listed = [analysis(9, 'codeql'), analysis(8, 'bartizan/policies/'), analysis(7, 'bartizan/trivy/'), analysis(6, 'bartizan/policies/'), analysis(5, 'bartizan/bandit/', sha('b')), analysis(4, 'bartizan/x/', sha('a'), 'refs/pull/1/merge'), null, { id: '1' }];
    const asked: unknown[] = [];
    const found = await lastAnalyses(gitHub((route, { analysis_id: id }) => {
      if (!route.endsWith('{analysis_id}')) return listed;
      asked.push(id);
      return new Uint8Array([1]);
    }), repository, 'main');
    expect(found).toEqual({ commit: sha('a'), logs: [new Uint8Array([1]), new Uint8Array([1])] });
    expect(asked).toEqual([8, 7]);
  });

  test.each([
    ['nothing', []],
    ['what is no list', { message: 'x' }],
    ['only those of another branch', [analysis(1, 'bartizan/policies/', sha('a'), 'refs/heads/other')]],
    ['a commit that is none', [analysis(1, 'bartizan/policies/', '../../x')]],
    ['403', new GitHubError('Resource not accessible by integration', 403)],
    ['404', new GitHubError('no analysis found', 404)],
    ['502', new GitHubError('Server Error', 502)],
  ])('are a problem when GitHub gives %s', async (_name, answer) => {
    const found = await lastAnalyses(gitHub(() => {
      if (answer instanceof GitHubError) throw answer;
      return answer;
    }), repository, 'main');
    expect(found).toEqual({ problem: expect.any(String) as string });
  });

  test('are a problem as a whole when one of them can not be had', async () => {
    const found = await lastAnalyses(gitHub((route, { analysis_id: id }) => {
      if (id === 2) throw new GitHubError('the answer has more than 64 MB', 0);
      return route.endsWith('{analysis_id}') ? new Uint8Array([1]) : [analysis(1, 'bartizan/policies/'), analysis(2, 'bartizan/trivy/')];
    }), repository, 'main');
    expect(found).toEqual({ problem: expect.stringContaining('more than 64 MB') as string });
  });
});

describe('approving reviewers', () => {
  const review = (login: string, state: string, commit = sha('h')) => ({ user: { login }, state, commit_id: commit });

  test('are those whose newest word approves the newest commit', async () => {
    const reviews = [review('Alice', 'APPROVED'), review('alice', 'COMMENTED'), review('bob', 'APPROVED'), review('bob', 'CHANGES_REQUESTED'), review('carol', 'APPROVED', sha('0')), review('dan', 'APPROVED'), review('dan', 'DISMISSED'), { user: null, state: 'APPROVED' }];
    expect(await approvingReviewers(gitHub(() => reviews), repository, { number: 7, headSha: sha('h') })).toEqual(['alice']);
  });

  test('are read page by page, within a bound', async () => {
    let pages = 0;
    await approvingReviewers(gitHub(() => {
      pages++;
      return Array.from({ length: 100 }, () => review('x', 'COMMENTED'));
    }), repository, { number: 7, headSha: sha('h') });
    expect(pages).toBe(20);
  });

  test('are members of a team only where GitHub says so', async () => {
    expect(await isTeamMember(gitHub(() => ({ state: 'active' })), 'octo/team', 'alice')).toBe(true);
    expect(await isTeamMember(gitHub(() => ({ state: 'pending' })), 'octo/team', 'alice')).toBe(false);
    expect(await isTeamMember(gitHub(() => null), 'octo/team', 'alice')).toBe(false);
    expect(await isTeamMember(gitHub(() => { throw new GitHubError('Not Found', 404); }), 'octo/team', 'alice')).toBe(false);
  });
});
