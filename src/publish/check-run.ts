import type { Annotation, Verdict } from '../core/index.js';
import type { GitHub } from '../io/github.js';
import type { GitHubRun } from '../io/github-run.js';
import { explainRefusal, type Refusal } from './advice.js';
import { readOnlyToken } from './target.js';

/** GitHub takes so many annotations in one request; more are added by further ones. */
const BATCH = 50;
/** More at the lines help nobody, and each batch is a request. */
const MOST = 1000;
const NAME = 'Bartizan';
/** GitHub's limit for the summary of a check run, in characters. */
export const CHECK_SUMMARY_LENGTH = 65_535;

/** What a check run shows. */
export interface CheckRun {
  readonly verdict: Verdict['result'];
  /** One line. */
  readonly title: string;
  /** Markdown of at most {@link CHECK_SUMMARY_LENGTH} characters. */
  readonly summary: string;
  /** All of them; those without a file stay in the log. */
  readonly annotations: readonly Annotation[];
}

const CONCLUSION = { pass: 'success', fail: 'failure', error: 'failure' } as const;
const LEVEL = { error: 'failure', warning: 'warning', notice: 'notice' } as const;

/** Makes a check run with all annotations, at the pull request's own commit; undefined when it was made. */
export async function createCheckRun(check: CheckRun, run: GitHubRun, github: GitHub): Promise<Refusal | undefined> {
  const { owner, repo } = run;
  const annotations = check.annotations.filter(({ properties }) => properties.file !== undefined).slice(0, MOST).map(asGitHub);
  const output = (from: number) => ({ title: check.title.slice(0, 255), summary: check.summary.slice(0, CHECK_SUMMARY_LENGTH), annotations: annotations.slice(from, from + BATCH) });
  try {
    const { data } = await github.request('POST /repos/{owner}/{repo}/check-runs', {
      owner,
      repo,
      name: NAME,
      head_sha: run.pullRequest?.headSha ?? run.sha,
      external_id: run.id,
      details_url: run.url,
      status: 'completed',
      conclusion: CONCLUSION[check.verdict],
      output: output(0),
    });
    const id = (data as { id?: unknown } | undefined)?.id;
    for (let from = BATCH; from < annotations.length && typeof id === 'number'; from += BATCH) {
      // Annotations are appended: a batch that is sent twice would be shown twice.
      await github.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', { owner, repo, check_run_id: id, output: output(from) }, { once: true });
    }
    return undefined;
  } catch (error) {
    return explainRefusal('The check run could not be made', error, 'checks: write', readOnlyToken(run));
  }
}

/** Columns are taken on one line only. */
function asGitHub({ level, message, properties }: Annotation): Readonly<Record<string, string | number>> {
  const { file = '', line = 1, endLine = line, col, endColumn, title } = properties;
  const columns = line === endLine && col !== undefined && endColumn !== undefined;
  return {
    path: file,
    start_line: line,
    end_line: endLine,
    ...(columns && { start_column: col, end_column: endColumn }),
    annotation_level: LEVEL[level],
    title: title.slice(0, 255),
    message: message.slice(0, 16_000),
  };
}
