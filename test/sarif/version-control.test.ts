import { describe, expect, it } from 'vitest';
import { versionControlOf } from '../../src/sarif/version-control.js';

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
