import { runGit } from './git-process.js';

/** What is checked out, as git says it; nothing of it is checked. */
export interface Checkout {
  /** Address of the remote `origin`, as it was configured: may hold credentials. */
  readonly origin: string;
  /** Full id of the commit; undefined before the first one. */
  readonly commit: string | undefined;
  /** Full name of the branch, such as `refs/heads/main`; undefined when none is checked out. */
  readonly branch: string | undefined;
}

const MAX_BYTES = 4_000;

/** The checkout that a folder lies in; undefined without git, outside of repositories and where there is no `origin`. Never rejects. */
export async function localCheckout(pathVariable: string, root: string): Promise<Checkout | undefined> {
  const ask = async (...args: readonly string[]): Promise<string | undefined> => {
    const result = await runGit(pathVariable, root, args, { maxBytes: MAX_BYTES });
    return result.status === 'done' ? result.stdout.toString('utf8').trim() || undefined : undefined;
  };
  const origin = await ask('config', '--local', '--no-includes', '--get', 'remote.origin.url');
  if (origin === undefined) return undefined;
  const [commit, branch] = await Promise.all([ask('rev-parse', '--verify', '--quiet', 'HEAD^{commit}'), ask('symbolic-ref', '--quiet', 'HEAD')]);
  return { origin, commit, branch };
}
