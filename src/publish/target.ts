import type { GitHubRun } from '../io/github-run.js';

/** The commit that lies in the workspace, and its branch when one is checked out; empty when it can't be told. */
export interface CheckedOut {
  readonly sha?: string;
  readonly branch?: string;
}

/** What an upload belongs to, or why there is none, in a sentence. */
export type UploadTarget = { readonly ref: string; readonly sha: string } | { readonly skip: string };

/**
 * The reference and commit that code scanning shows the results for: those of the run, unless something else was
 * checked out. Results of a commit under another's name would open and close the wrong alerts.
 * Source: GitHub's page "Upload an analysis as SARIF data", and what its own upload action does.
 */
export function uploadTarget(run: GitHubRun, checkedOut: CheckedOut): UploadTarget {
  if (run.event === 'merge_group') return { skip: 'Results of a merge queue are not uploaded: its branch is gone when the queue is.' };
  const { sha } = checkedOut;
  if (sha === undefined || same(sha, run.sha)) {
    if (/^refs\/(?:heads|tags|pull)\//.test(run.ref)) return { ref: run.ref, sha: run.sha };
    return { skip: `Not uploaded: code scanning takes results of branches, tags and pull requests, and this run is for ${run.ref === '' ? 'none' : run.ref}.` };
  }
  const { pullRequest, finishedRun } = run;
  if (pullRequest !== undefined && same(sha, pullRequest.headSha)) return { ref: `refs/pull/${pullRequest.number}/head`, sha };
  if (finishedRun !== undefined && same(sha, finishedRun.headSha)) {
    if (finishedRun.pullRequest !== undefined) return { ref: `refs/pull/${finishedRun.pullRequest}/head`, sha };
    if (!finishedRun.fork && finishedRun.headBranch !== undefined) return { ref: `refs/heads/${finishedRun.headBranch}`, sha };
    return { skip: `Not uploaded: commit ${short(sha)} comes from a fork and belongs to no reference of this repository.` };
  }
  if (pullRequest === undefined && checkedOut.branch !== undefined) return { ref: `refs/heads/${checkedOut.branch}`, sha };
  return { skip: `Not uploaded: the scanned commit is ${short(sha)}, but the run is for ${short(run.sha)} (${run.ref}). Check out the commit of the run, or set upload: off.` };
}

/** Why the token of a run may only read, or undefined when nothing says so. */
export function readOnlyToken({ event, pullRequest, actor }: GitHubRun): string | undefined {
  if (event === 'pull_request' && pullRequest?.fork === true) return 'pull requests from forks have a token that may only read';
  if (actor === 'dependabot[bot]' && event !== 'pull_request_target') return 'runs that Dependabot starts have a token that may only read';
  return undefined;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function short(sha: string): string {
  return sha.slice(0, 12);
}

/**
 * The commit of a checkout, from its `.git/HEAD` and, when that names a branch, the branch's own file.
 * `read` gives the text of a file of the workspace, or undefined. Packed references are not looked up.
 */
export function checkedOut(read: (path: string) => string | undefined): CheckedOut {
  const head = read('.git/HEAD')?.trim() ?? '';
  if (SHA.test(head)) return { sha: head };
  const branch = /^ref: refs\/heads\/(.+)$/.exec(head)?.[1];
  if (branch === undefined || branch.split('/').some((part) => part === '' || part.startsWith('.'))) return {};
  const sha = read(`.git/refs/heads/${branch}`)?.trim() ?? '';
  return SHA.test(sha) ? { sha, branch } : {};
}

const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i;
