import type { GitHub } from '../io/github.js';
import { GitHubError } from '../io/github.js';
import type { GitHubRun } from '../io/github-run.js';
import { adviceFor, explainRefusal } from './advice.js';
import { readOnlyToken, type UploadTarget } from './target.js';

/** GitHub takes 10 MB of gzip; source: "SARIF support for code scanning". */
export const UPLOAD_BYTES = 10_000_000;
/** Seconds between questions whether the file has been processed; after the last one we go on. */
const POLLS = [1, 2, 4, 8, 16, 32, 60, 60];

/** What became of the upload. */
export interface UploadResult {
  /**
   * `done`: processed. `pending`: taken, still being processed. `skipped`: not tried, with reason.
   * `forbidden`: the token or the repository's settings do not allow it. `failed`: everything else.
   */
  readonly status: 'done' | 'pending' | 'skipped' | 'forbidden' | 'failed';
  /** A sentence or two for a person. */
  readonly message: string;
}

/** What is uploaded. */
export interface UploadRequest {
  /** SARIF compressed with gzip; undefined when no scanner has finished, since GitHub takes an empty file for a clean scan. */
  readonly gzip: Uint8Array | undefined;
  readonly target: UploadTarget;
  readonly startedAt: number;
}

/** Uploads to code scanning and waits until it is processed; never rejects for what GitHub answers. */
export async function uploadSarif(request: UploadRequest, run: GitHubRun, github: GitHub, sleep: (seconds: number) => Promise<void>): Promise<UploadResult> {
  const { gzip, target } = request;
  if ('skip' in target) return { status: 'skipped', message: target.skip };
  if (gzip === undefined) return { status: 'skipped', message: 'Nothing was uploaded to code scanning: no scanner has finished, and alerts stay as they are.' };
  if (gzip.length > UPLOAD_BYTES) {
    return { status: 'failed', message: `Not uploaded: the SARIF file has ${Math.ceil(gzip.length / 1_000_000)} MB compressed, and GitHub takes 10. \`exclude\` what need not be reported.` };
  }
  const { owner, repo } = run;
  const explain = (error: unknown) => explainRefusal('The upload to code scanning failed', error, 'security-events: write', readOnlyToken(run));
  let id: unknown;
  try {
    const { data } = await github.request('POST /repos/{owner}/{repo}/code-scanning/sarifs', {
      owner,
      repo,
      commit_sha: target.sha,
      ref: target.ref,
      sarif: Buffer.from(gzip).toString('base64'),
      started_at: new Date(request.startedAt).toISOString(),
    });
    id = (data as { id?: unknown } | undefined)?.id;
  } catch (error) {
    const { message, forbidden } = explain(error);
    return { status: forbidden ? 'forbidden' : 'failed', message };
  }
  if (typeof id !== 'string') return { status: 'pending', message: 'Uploaded to code scanning; GitHub gave no number to ask after.' };
  return waitForProcessing(id, run, github, sleep);
}

async function waitForProcessing(id: string, { owner, repo, serverUrl }: GitHubRun, github: GitHub, sleep: (seconds: number) => Promise<void>): Promise<UploadResult> {
  for (const seconds of POLLS) {
    await sleep(seconds);
    try {
      const { data } = await github.request('GET /repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}', { owner, repo, sarif_id: id });
      const { processing_status: status, errors } = (data ?? {}) as { processing_status?: unknown; errors?: unknown };
      if (status === 'failed') return { status: 'failed', message: processingErrors(errors) };
      if (status === 'complete') return { status: 'done', message: `Uploaded to code scanning: ${serverUrl}/${owner}/${repo}/security/code-scanning` };
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      // Not known yet. Forks may upload but not ask: that is no failure.
      if (error.status !== 404) return { status: 'pending', message: `Uploaded to code scanning; whether it was processed can't be told: GitHub says "${error.message}".` };
    }
  }
  return { status: 'pending', message: 'Uploaded to code scanning; GitHub is still processing it.' };
}

function processingErrors(errors: unknown): string {
  const said = Array.isArray(errors) ? errors.filter((error): error is string => typeof error === 'string').slice(0, 10) : [];
  if (said.length === 0) return 'Code scanning has refused the upload and gives no reason. Please report this as a defect of Bartizan, with the SARIF file.';
  const advice = new Set(said.map(adviceFor).filter((text) => text !== undefined));
  return `Code scanning has refused the upload: ${said.map((text) => `"${text}"`).join(', ')}. ${[...advice].join(' ')}`.trimEnd();
}
