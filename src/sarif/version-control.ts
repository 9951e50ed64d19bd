import type { SarifOptions } from './to-sarif.js';

/** Variables of a job of GitHub Actions that say what was checked out. */
export interface JobEnvironment {
  readonly GITHUB_SERVER_URL?: string;
  readonly GITHUB_REPOSITORY?: string;
  readonly GITHUB_SHA?: string;
  readonly GITHUB_REF?: string;
}

/** What git says of a checkout. */
export interface GitCheckout {
  /** Address of the remote that it comes from, in any form that git takes. */
  readonly origin: string;
  readonly commit: string | undefined;
  readonly branch: string | undefined;
}

/**
 * Where the scanned files come from, by the job's environment; undefined outside of GitHub Actions or when a
 * variable is not in its documented form.
 */
export function versionControlOf({ GITHUB_SERVER_URL: server = 'https://github.com', GITHUB_REPOSITORY: repository, GITHUB_SHA: sha, GITHUB_REF: ref }: JobEnvironment): SarifOptions['versionControl'] {
  if (repository === undefined || !/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(repository) || !/^https?:\/\/[\w.:-]{1,255}$/.test(server)) return undefined;
  return { repositoryUri: `${server}/${repository}`, ...revision(sha, ref) };
}

/** The same by a checkout. Undefined when its remote is no address, as that of a clone of a folder is none. */
export function versionControlOfCheckout({ origin, commit, branch }: GitCheckout): SarifOptions['versionControl'] {
  const repositoryUri = publicAddress(origin);
  return repositoryUri === undefined ? undefined : { repositoryUri, ...revision(commit, branch) };
}

function revision(sha: string | undefined, ref: string | undefined): { readonly revisionId?: string; readonly branch?: string } {
  return {
    ...(sha !== undefined && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(sha) && { revisionId: sha }),
    ...(ref !== undefined && /^refs\/[^\s~^:?*[\\\u0000-\u001f]{1,250}$/.test(ref) && { branch: ref }),
  };
}

/** The address of a remote without user, password, query and the ending `.git`; `host:path` of SSH becomes a URI. */
function publicAddress(origin: string): string | undefined {
  if (origin.length > 1_000) return undefined;
  const [, host, path] = /^(?:[^@/\s]{1,100}@)?([\w.-]{2,255}):(?!\/\/)([^\s]{1,500})$/.exec(origin) ?? [];
  const written = host === undefined || path === undefined ? origin : `ssh://${host}/${path.replace(/^\/+/, '')}`;
  if (!URL.canParse(written)) return undefined;
  const { protocol, host: machine, pathname } = new URL(written);
  if (!/^(?:https?|ssh|git):$/.test(protocol) || machine === '') return undefined;
  return `${protocol}//${machine}${pathname.replace(/\/+$/, '').replace(/\.git$/, '')}`;
}
