import type { SourceRange } from '../../core/index.js';
import type { GroovyCall } from '../../syntax/groovy/index.js';
import type { LocatedText } from '../../syntax/located-text.js';
import type { ImageSource, InputSource, JobSource, ReferenceSource, StepSource, TriggerSource, VariableSource } from '../pipeline/index.js';
import type { Agent } from './agents.js';
import type { Checks } from './conditions.js';
import type { Values } from './values.js';

/** What holds at a place of the file. */
export interface Place {
  readonly checks: Checks;
  readonly variables: readonly VariableSource[];
  readonly minutes: number;
  readonly stage: string;
  /** A failure here does not fail the build. */
  readonly ignores: boolean;
  readonly pod: Agent['pod'];
  readonly depth: number;
}

/** One allocation of a machine: `node { … }`, or the stages of a declarative pipeline that share an agent. */
export interface JobDraft {
  readonly id: string;
  readonly whole: SourceRange;
  readonly agent: Agent;
  minutes: number;
  readonly minutesRange: SourceRange | undefined;
  readonly steps: StepSource[];
}

/** What is gathered of a file. */
export interface Draft {
  readonly values: Values;
  readonly source: string;
  readonly jobs: JobDraft[];
  readonly inputs: InputSource[];
  readonly triggers: TriggerSource[];
  readonly references: ReferenceSource[];
  readonly variables: VariableSource[];
  /** Names that requests of webhooks fill, and whether anyone can send them. */
  readonly received: Map<string, boolean>;
  /** Places of properties of the pipeline. */
  readonly places: { triggers?: SourceRange };
  /** Variables whose facts are stated with an earlier step. */
  readonly stated: Set<VariableSource>;
}

/** The place of a call, but no more than its first line. */
export function firstLine(call: GroovyCall, source: string): SourceRange {
  const { start, end } = call.range;
  const line = source.indexOf('\n', start);
  return { start, end: line === -1 ? end : Math.min(end, source[line - 1] === '\r' ? line - 1 : line) };
}

/** Adds a step with what holds at its place. */
export function addStep(draft: Draft, job: JobDraft, place: Place, call: GroovyCall, step: Omit<StepSource, 'whole'>): void {
  const variables = place.variables.map((one) => {
    if (draft.stated.has(one)) return { ...one, elsewhere: true };
    draft.stated.add(one);
    return one;
  });
  const { checks } = place;
  job.steps.push({
    ...step,
    value: { name: place.stage, timeoutMinutes: place.minutes, continueOnError: place.ignores, ...step.value },
    whole: firstLine(call, draft.source),
    variables,
    ...(checks.text !== '' && { condition: checks }),
  });
}

/** The description of a job. */
export function jobSource(job: JobDraft, values: NonNullable<JobSource['values']>, secrets: readonly string[]): JobSource {
  const { agent, steps } = job;
  const limits = steps.map(({ value }) => value.timeoutMinutes ?? -1);
  const inside = limits.length > 0 && limits.every((one) => one >= 0) ? Math.max(...limits) : -1;
  const labels: readonly LocatedText[] = agent.labels;
  return {
    value: { id: job.id, runner: labels.map(({ text }) => text), timeoutMinutes: job.minutes >= 0 ? job.minutes : inside, secrets: [...secrets] },
    whole: job.whole,
    places: { id: job.whole, 'container.options': agent.options, 'container.volumes': agent.options, timeoutMinutes: job.minutesRange, runner: labels[0]?.range },
    ...(agent.image !== undefined && { image: agent.image }),
    services: agent.pod.map((one): ImageSource & { readonly name: string } => one),
    runner: labels,
    values,
    steps,
  };
}
