import type { ActionsRunner, RunnerAnnotation } from '../io/actions.js';
import type { Verdict } from '../core/index.js';

/** Everything that a finished scan shows in a job of GitHub Actions, rendered. */
export interface ActionsPublication {
  readonly verdict: Verdict;
  /** The report for the log, a line each. */
  readonly log: readonly string[];
  /** Most severe first, within GitHub's limits. */
  readonly annotations: readonly RunnerAnnotation[];
  /** What the limits leave out, in a sentence. */
  readonly hidden: string | undefined;
  /** Markdown, below the limit of a job summary. */
  readonly summary: string;
  /** The failed step in one paragraph. */
  readonly paragraph: string;
  /** By name of the output. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Writes log, annotations, summary and outputs, and fails the step when the verdict says so. */
export async function publishToActions(publication: ActionsPublication, runner: ActionsRunner): Promise<void> {
  const { verdict, log, annotations, hidden, summary, paragraph, outputs } = publication;
  if (verdict.exitCode === 0) runner.info(paragraph);
  // Said first: what a person opens the log for.
  else runner.fail(paragraph);
  runner.group('Findings and scanners', log);
  for (const annotation of annotations) runner.annotate(annotation);
  if (hidden !== undefined) runner.info(hidden);
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
  if (!(await runner.summary(summary))) runner.info('This runner takes no job summary.');
}
