import type { Questions } from './budget.js';

/** A branch or tag and the commit that it stands for. */
export interface NamedCommit {
  readonly name: string;
  /** In lower case. */
  readonly sha: string;
}

/** Branches or tags of a repository. */
export interface NamedCommits {
  readonly list: readonly NamedCommit[];
  /** False: there are more than are read. */
  readonly complete: boolean;
}

/** What is known of a repository. */
export type RepositoryState =
  | { readonly found: false; readonly ownerMissing: boolean }
  | { readonly found: true; readonly movedTo: string; readonly archived: boolean; readonly defaultBranch: string };

const PAGE = 100;
/** Pages of branches or tags; few repositories of actions have more than 1,000. */
const MAX_PAGES = 10;

/** Whether a repository is there and kept, and where its name leads. */
export async function repositoryState(owner: string, repo: string, questions: Questions): Promise<RepositoryState> {
  const answer = await questions.ask('GET /repos/{owner}/{repo}', { owner, repo });
  if (answer === undefined) {
    // A repository that may not be seen looks as if it were not there; the name of its owner can always be seen.
    const account = await questions.ask('GET /users/{username}', { username: owner });
    return { found: false, ownerMissing: account === undefined };
  }
  const { full_name: fullName, archived, default_branch: branch } = (answer.data ?? {}) as Readonly<Record<string, unknown>>;
  const name = typeof fullName === 'string' && /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(fullName) ? fullName.toLowerCase() : '';
  return { found: true, movedTo: name === '' || name === `${owner}/${repo}` ? '' : name, archived: archived === true, defaultBranch: typeof branch === 'string' ? branch : '' };
}

/** All branches or tags, as far as they are read. An annotated tag stands for its commit. */
export async function namedCommits(kind: 'branches' | 'tags', owner: string, repo: string, questions: Questions): Promise<NamedCommits> {
  const list: NamedCommit[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await questions.ask(`GET /repos/{owner}/{repo}/${kind}`, { owner, repo, per_page: PAGE, page });
    const entries = Array.isArray(answer?.data) ? (answer.data as readonly unknown[]) : [];
    for (const entry of entries) {
      const { name, commit } = (entry ?? {}) as { readonly name?: unknown; readonly commit?: { readonly sha?: unknown } };
      if (typeof name === 'string' && typeof commit?.sha === 'string') list.push({ name, sha: commit.sha.toLowerCase() });
    }
    if (entries.length < PAGE) return { list, complete: true };
  }
  return { list, complete: false };
}

/** Whether a commit is part of a branch's or tag's history. */
export async function isBehind(sha: string, name: string, owner: string, repo: string, questions: Questions): Promise<boolean> {
  const answer = await questions.ask('GET /repos/{owner}/{repo}/compare/{basehead}', { owner, repo, basehead: `${name}...${sha}`, per_page: 1 });
  const { status } = (answer?.data ?? {}) as { readonly status?: unknown };
  return status === 'behind' || status === 'identical';
}
