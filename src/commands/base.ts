import { isAbsolute, relative, resolve } from 'node:path';
import type { BaseRequest } from '../configuration.js';
import type { Environment } from '../io/environment.js';
import { baseOf, readRun } from '../io/github-run.js';

/**
 * The commit that decides about a scan: the one of `--base`, in a job of GitHub Actions that of the event, when its
 * workspace is what is scanned.
 */
export function baseRequest(given: string | undefined, root: string, environment: Environment): BaseRequest | undefined {
  if (given !== undefined) return { revision: given };
  const { GITHUB_WORKSPACE: workspace } = environment;
  if (workspace === undefined) return undefined;
  const inside = relative(resolve(workspace), root);
  if (inside.startsWith('..') || isAbsolute(inside)) return undefined;
  const run = readRun(environment);
  const base = run === undefined ? undefined : baseOf(run);
  return base === undefined ? undefined : { revision: base.sha, branch: base.branch };
}
