import { describe, expect, it } from 'vitest';
import { versionControlOf, versionControlOfCheckout } from '../../src/sarif/version-control.js';

describe('versionControlOf', () => {
  const sha = 'a'.repeat(40);
  it('names repository, commit and reference of the job', () => {
    expect(versionControlOf({ GITHUB_SERVER_URL: 'https://ghe.example', GITHUB_REPOSITORY: 'o/r', GITHUB_SHA: sha, GITHUB_REF: 'refs/heads/main' })).toEqual({ repositoryUri: 'https://ghe.example/o/r', revisionId: sha, branch: 'refs/heads/main' });
  });

  it('is nothing outside of a job, and takes over nothing in another form', () => {
    expect(versionControlOf({})).toBeUndefined();
    expect(versionControlOf({ GITHUB_REPOSITORY: 'o/r/../x' })).toBeUndefined();
    expect(versionControlOf({ GITHUB_SERVER_URL: 'javascript:x', GITHUB_REPOSITORY: 'o/r' })).toBeUndefined();
    expect(versionControlOf({ GITHUB_REPOSITORY: 'o/r', GITHUB_SHA: 'x', GITHUB_REF: 'a b' })).toEqual({ repositoryUri: 'https://github.com/o/r' });
  });
});

describe('versionControlOfCheckout', () => {
  it.each([
    ['https://github.com/o/r.git', 'https://github.com/o/r'],
    ['https://user:ghp_secret@git.example:8443/o/r?x=1#y', 'https://git.example:8443/o/r'],
    ['git@github.com:o/r.git', 'ssh://github.com/o/r'],
    ['github.com:/o/r', 'ssh://github.com/o/r'],
    ['ssh://git@host/o/r.git/', 'ssh://host/o/r'],
    ['/srv/git/r.git', undefined],
    ['C:\\repo', undefined],
    ['file:///srv/r', undefined],
    ['javascript://h/%0aalert(1)', undefined],
    ['ext::sh -c id', undefined],
    ['x'.repeat(2_000), undefined],
  ])('of the remote %s is %s', (origin, repositoryUri) => {
    expect(versionControlOfCheckout({ origin, commit: undefined, branch: undefined })?.repositoryUri).toBe(repositoryUri);
  });

  it('has commit and branch where git names them', () => {
    const origin = 'https://h/o/r';
    expect(versionControlOfCheckout({ origin, commit: 'b'.repeat(64), branch: 'refs/heads/a/b' })).toEqual({ repositoryUri: origin, revisionId: 'b'.repeat(64), branch: 'refs/heads/a/b' });
    expect(versionControlOfCheckout({ origin, commit: 'HEAD', branch: 'main' })).toEqual({ repositoryUri: origin });
  });
});
