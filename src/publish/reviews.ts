import { GitHubError, type GitHub } from '../io/github.js';

const PAGE = 100;
const PAGES = 20;

/** Users, without `@`, in lower case, whose newest review approves the newest commit of a pull request. */
export async function approvingReviewers(github: GitHub, { owner, repo }: { readonly owner: string; readonly repo: string }, { number, headSha }: { readonly number: number; readonly headSha: string }): Promise<readonly string[]> {
  const approved = new Map<string, boolean>();
  for (let page = 1; page <= PAGES; page++) {
    const { data } = await github.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', { owner, repo, pull_number: number, per_page: PAGE, page });
    const reviews = Array.isArray(data) ? (data as readonly { user?: { login?: unknown } | null; state?: unknown; commit_id?: unknown }[]) : [];
    for (const { user, state, commit_id: commit } of reviews) {
      // In order of time; a comment takes no approval back.
      if (typeof user?.login !== 'string' || state === 'COMMENTED' || state === 'PENDING') continue;
      approved.set(user.login.toLowerCase(), state === 'APPROVED' && commit === headSha);
    }
    if (reviews.length < PAGE) break;
  }
  return [...approved].filter(([, yes]) => yes).map(([login]) => login);
}

/** Whether a user is an active member of a team such as `organisation/team`; false when the token may not know. */
export async function isTeamMember(github: GitHub, team: string, user: string): Promise<boolean> {
  const [org, slug] = team.split('/');
  try {
    const { data } = await github.request('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', { org, team_slug: slug, username: user });
    return (data as { state?: unknown } | null)?.state === 'active';
  } catch (error) {
    if (error instanceof GitHubError) return false;
    throw error;
  }
}
