import type { Annotation, Verdict } from '../core/index.js';
import type { ActionsRunner } from '../io/actions.js';
import type { GitHubResult } from './github.js';

/** Everything that a finished scan shows in a job of GitHub Actions, rendered. */
export interface ActionsPublication {
  readonly verdict: Verdict;
  /** The report for the log, a line each. */
  readonly log: readonly string[];
  /** Most severe first, within GitHub's limits. */
  readonly annotations: readonly Annotation[];
  /** What the limits leave out, in a sentence. */
  readonly hidden: string | undefined;
  /** Markdown, below the limit of a job summary; given sentences about what could not be published. */
  readonly summary: (notes: readonly string[]) => string;
  /** The failed step in one paragraph. */
  readonly paragraph: string;
  /** By name of the output. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Nothing was to be published to GitHub itself. */
export const UNPUBLISHED: GitHubResult = { notes: [], warnings: [], failures: [], checked: false };

/**
 * Writes log, annotations, summary and outputs, and fails the step when the verdict says so. `github` publishes to
 * GitHub itself, after the log says what matters and before the summary says what became of it.
 */
export async function publishToActions(publication: ActionsPublication, runner: ActionsRunner, github: () => Promise<GitHubResult>): Promise<void> {
  const { verdict, log, annotations, hidden, summary, paragraph, outputs } = publication;
  if (verdict.exitCode === 0) runner.info(paragraph);
  // Said first: what a person opens the log for.
  else runner.fail(paragraph);
  runner.group('Findings and scanners', log);
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
  const { notes, warnings, failures, checked } = await guarded(github);
  for (const note of notes) runner.info(note);
  if (!checked) {
    for (const annotation of annotations) runner.annotate(annotation);
    if (hidden !== undefined) runner.info(hidden);
  }
  if (warnings.length > 0) runner.warn(warnings.join('\n'));
  if (failures.length > 0) runner.fail(failures.join('\n'));
  if (!(await runner.summary(summary([...failures, ...warnings])))) runner.info('This runner takes no job summary.');
}

/** A defect in publishing must not take the findings away. */
async function guarded(github: () => Promise<GitHubResult>): Promise<GitHubResult> {
  try {
    return await github();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...UNPUBLISHED, warnings: [`Publishing to GitHub ended early: ${message}`] };
  }
}
