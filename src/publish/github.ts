import type { GitHub } from '../io/github.js';
import type { GitHubRun } from '../io/github-run.js';
import { createCheckRun, type CheckRun } from './check-run.js';
import { writeComment } from './comment.js';
import { uploadSarif, type UploadRequest } from './upload.js';

/** What is to be shown on GitHub itself; what is undefined is not wanted. */
export interface GitHubPublication {
  readonly upload: (UploadRequest & { readonly required: boolean }) | undefined;
  readonly check: CheckRun | undefined;
  readonly comment: { readonly required: boolean; readonly worthwhile: boolean; /** Given what the upload had to say. */ readonly body: (notes: readonly string[]) => string } | undefined;
}

/** What became of it. */
export interface GitHubResult {
  /** Shown in the log only. */
  readonly notes: readonly string[];
  /** Not done as wanted; shown together as one warning. */
  readonly warnings: readonly string[];
  /** What was required and did not happen: the step fails. */
  readonly failures: readonly string[];
  /** There is a check run, so that annotations of the log would say everything twice. */
  readonly checked: boolean;
}

/**
 * Publishes to GitHub. What the token may not do, as in pull requests from forks, is a warning and never a failure,
 * unless it was asked for by `on`: findings are in the log, the annotations and the summary in any case.
 */
export async function publishToGitHub(
  { upload, check, comment }: GitHubPublication,
  run: GitHubRun,
  github: GitHub,
  sleep: (seconds: number) => Promise<void>,
): Promise<GitHubResult> {
  const notes: string[] = [];
  const warnings: string[] = [];
  const failures: string[] = [];
  let checked = false;
  if (upload !== undefined) {
    const { status, message } = await uploadSarif(upload, run, github, sleep);
    const refused = status === 'forbidden' || status === 'failed';
    (!refused ? notes : upload.required ? failures : warnings).push(message);
  }
  if (check !== undefined) {
    const refusal = await createCheckRun(check, run, github);
    checked = refusal === undefined;
    if (refusal !== undefined) warnings.push(refusal.message);
  }
  if (comment !== undefined) {
    const result = await writeComment(comment.body([...failures, ...warnings]), comment.worthwhile, run, github);
    if (result.status === 'refused') {
      (comment.required || !result.forbidden ? warnings : notes).push(result.message);
    } else if (result.status !== 'none') notes.push(`The comment on the pull request was ${result.status}.`);
  }
  return { notes, warnings, failures, checked };
}
