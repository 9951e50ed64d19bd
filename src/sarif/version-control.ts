import type { SarifOptions } from './to-sarif.js';

/** Variables of a job of GitHub Actions that say what was checked out. */
export interface JobEnvironment {
  readonly GITHUB_SERVER_URL?: string;
  readonly GITHUB_REPOSITORY?: string;
  readonly GITHUB_SHA?: string;
  readonly GITHUB_REF?: string;
}

/**
 * Where the scanned files come from, by the job's environment; undefined outside of GitHub Actions or when a
 * variable is not in its documented form.
 */
export function versionControlOf({ GITHUB_SERVER_URL: server = 'https://github.com', GITHUB_REPOSITORY: repository, GITHUB_SHA: sha, GITHUB_REF: ref }: JobEnvironment): SarifOptions['versionControl'] {
  if (repository === undefined || !/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(repository) || !/^https?:\/\/[\w.:-]{1,255}$/.test(server)) return undefined;
  return {
    repositoryUri: `${server}/${repository}`,
    ...(sha !== undefined && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(sha) && { revisionId: sha }),
    ...(ref !== undefined && /^refs\/[^\s~^:?*[\\\u0000-\u001f]{1,250}$/.test(ref) && { branch: ref }),
  };
}
