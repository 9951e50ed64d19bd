import { createHash } from 'node:crypto';
import type { GitHub } from '../io/github.js';
import { GitHubError } from '../io/github.js';
import type { GitHubRun } from '../io/github-run.js';
import { explainRefusal, type Refusal } from './advice.js';
import { readOnlyToken } from './target.js';

/** GitHub's limit for a comment, in characters. */
export const COMMENT_LENGTH = 65_536;
const PAGE = 100;
/** Pages of comments that are looked through for ours. */
const PAGES = 50;

/** Starts our comment and tells it from that of another job; invisible in the rendered page. */
export function commentMarker(job: string): string {
  return `<!-- bartizan ${createHash('sha256').update(job).digest('hex').slice(0, 16)} -->`;
}

/** What became of the comment; `none` when there is no pull request or nothing to say. */
export type CommentResult = { readonly status: 'none' | 'created' | 'edited' } | ({ readonly status: 'refused' } & Refusal);

/**
 * Writes the one comment of this job on the pull request, or edits the one that is there. A new one is only made when
 * `worthwhile`; one that is there is always brought up to date. `body` is Markdown below the limit less the marker.
 */
export async function writeComment(body: string, worthwhile: boolean, run: GitHubRun, github: GitHub): Promise<CommentResult> {
  if (run.pullRequest === undefined) return { status: 'none' };
  const marker = commentMarker(run.job);
  const text = `${marker}\n${body}`.slice(0, COMMENT_LENGTH);
  const { owner, repo } = run;
  try {
    const existing = await findComment(marker, run, github);
    if (existing !== undefined) {
      if (existing.body !== text) await github.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { owner, repo, comment_id: existing.id, body: text });
      return { status: 'edited' };
    }
    if (!worthwhile) return { status: 'none' };
    await createOnce(text, marker, run, github);
    return { status: 'created' };
  } catch (error) {
    return { status: 'refused', ...explainRefusal('The comment on the pull request could not be written', error, 'pull-requests: write', readOnlyToken(run)) };
  }
}

/** An answer that is lost may belong to a comment that was made: ours is looked for before it is made again. */
async function createOnce(body: string, marker: string, run: GitHubRun, github: GitHub): Promise<void> {
  const { owner, repo, pullRequest } = run;
  const create = (): Promise<unknown> =>
    github.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { owner, repo, issue_number: pullRequest?.number, body }, { once: true });
  try {
    await create();
  } catch (error) {
    if (!(error instanceof GitHubError) || (error.status > 0 && error.status < 500)) throw error;
    if ((await findComment(marker, run, github)) === undefined) await create();
  }
}

interface OwnComment {
  readonly id: number;
  readonly body: string;
}

/**
 * Anyone can write a comment that starts with our marker. Only one that the token's own identity wrote is edited:
 * a bot's, as the token of a job is one, or that of the user whose token it is.
 */
async function findComment(marker: string, run: GitHubRun, github: GitHub): Promise<OwnComment | undefined> {
  const { owner, repo, pullRequest } = run;
  let viewer: number | undefined | null = null;
  for (let page = 1; page <= PAGES; page++) {
    const { data } = await github.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      owner,
      repo,
      issue_number: pullRequest?.number,
      per_page: PAGE,
      page,
    });
    const comments = Array.isArray(data) ? (data as { id?: unknown; body?: unknown; user?: { id?: unknown; type?: unknown } | null }[]) : [];
    for (const { id, body, user } of comments) {
      if (typeof id !== 'number' || typeof body !== 'string' || !body.startsWith(marker)) continue;
      if (user?.type === 'Bot') return { id, body };
      if (viewer === null) viewer = await viewerId(github);
      if (viewer !== undefined && user?.id === viewer) return { id, body };
    }
    if (comments.length < PAGE) break;
  }
  return undefined;
}

/** The user whose token it is; undefined for the token of a job, which may not ask. */
async function viewerId(github: GitHub): Promise<number | undefined> {
  try {
    const { data } = await github.request('GET /user', {});
    const id = (data as { id?: unknown } | undefined)?.id;
    return typeof id === 'number' ? id : undefined;
  } catch (error) {
    if (error instanceof GitHubError) return undefined;
    throw error;
  }
}
