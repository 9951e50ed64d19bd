import type { GroovyStatement } from '../../syntax/groovy/index.js';
import { parseGroovy } from '../../syntax/groovy/index.js';
import { problem, stemOf } from '../common/context.js';
import type { Origin } from '../github/scope.js';
import { type PipelineReader, statePipeline, type TriggerSource } from '../pipeline/index.js';
import { type Draft, type JobDraft, jobSource, type Place } from './build.js';
import { NO_CHECKS } from './conditions.js';
import { readDeclarative } from './declarative.js';
import { annotatedLibraries } from './libraries.js';
import { readStatements } from './steps.js';
import { valuesOf } from './values.js';
import { buildsChanges, CHANGE, JENKINS, WEBHOOK } from './variables.js';

/*
 * Jenkins: pipelines in Groovy, declarative (`pipeline { … }`) and scripted (`node { … }`).
 * https://www.jenkins.io/doc/book/pipeline/syntax/
 */

const START: Place = { checks: NO_CHECKS, variables: [], minutes: -1, stage: '', ignores: false, pod: [], depth: 0 };

/** States the facts of a Jenkinsfile. */
export const readJenkinsfile: PipelineReader = (context) => {
  const { path, text } = context.document;
  const { statements, problem: wrong } = parseGroovy(text);
  if (wrong !== undefined) problem(context, wrong.code, `This file is not read to its end: ${wrong.message}. What could be read is judged.`, wrong.range);
  const draft: Draft = { values: valuesOf(text, statements), source: text, jobs: [], inputs: [], triggers: [], references: [], variables: [], received: new Map(), places: {}, stated: new Set() };
  const whole = wholeOf(statements);
  const loose: JobDraft = { id: stemOf(path) || 'Jenkinsfile', whole, agent: { labels: [], pod: [], none: false }, minutes: -1, minutesRange: undefined, steps: [] };
  for (const one of statements) {
    if (one.kind === 'annotation') {
      if (one.name === 'Library') draft.references.push(...annotatedLibraries(one.args, draft.values));
    } else if (one.kind === 'function') {
      // A library's `def call() { pipeline { … } }`.
      for (const inner of one.body) readTop(inner, loose, draft, one.name);
    } else readTop(one, loose, draft, '');
  }
  // Functions of the file run in the job that calls them; where there are several, the first stands for them.
  const [first] = draft.jobs;
  if (first === undefined) {
    if (loose.steps.length > 0) draft.jobs.push(loose);
  } else first.steps.push(...loose.steps);
  if (draft.jobs.length === 0 && draft.references.length === 0 && draft.inputs.length === 0) return;
  const values = valueTable(draft);
  const secrets = draft.variables.flatMap(({ name, secret, elsewhere }) => (secret === true && elsewhere !== true ? [name] : []));
  statePipeline(context, {
    dialect: JENKINS,
    value: { name: path.split('/').at(-1) as string, named: false },
    whole,
    places: draft.places,
    triggers: triggersOf(text, draft),
    variables: draft.variables,
    inputs: draft.inputs,
    references: draft.references,
    jobs: draft.jobs.filter(({ steps, agent }) => steps.length > 0 || agent.image !== undefined || agent.pod.length > 0).map((job) => jobSource(job, values, secrets)),
  });
};

function readTop(one: GroovyStatement, loose: JobDraft, draft: Draft, stage: string): void {
  if (one.kind === 'expression' && one.node.kind === 'call' && one.node.name === 'pipeline') readDeclarative(one.node, START, draft);
  else readStatements([one], { ...START, stage }, loose, draft);
}

/** What stands for the whole file: the first word of what it does. */
function wholeOf(statements: readonly GroovyStatement[]): { start: number; end: number } {
  const main = statements.find((one) => one.kind === 'expression' && one.node.kind === 'call' && (one.node.name === 'pipeline' || one.node.name === 'node')) ?? statements[0];
  if (main === undefined) return { start: 0, end: 0 };
  return main.kind === 'expression' && main.node.kind === 'call' ? main.node.nameRange : { start: main.range.start, end: main.range.start };
}

/**
 * What starts builds stands in the settings of the job. A file that does something of its own for pull requests is built
 * for them; those of forks run with the credentials of the job, by the defaults of the branch sources for GitHub and GitLab.
 */
function triggersOf(text: string, { triggers, inputs }: Draft): TriggerSource[] {
  const found: TriggerSource[] = [{ event: 'push', by: 'collaborator', privileged: true }];
  if (buildsChanges(text)) found.push({ event: CHANGE, by: 'attacker', privileged: true });
  if (inputs.length > 0) found.push({ event: 'manual', by: 'operator', privileged: true });
  return [...found, ...triggers];
}

/** What names hold that nobody declares as a variable: parameters in the environment, fields of requests, answers of people. */
function valueTable({ inputs, received }: Draft): Map<string, Origin> {
  const table = new Map<string, Origin>();
  const add = (name: string, type: Origin['type'], controlledBy: Origin['controlledBy'], events: readonly string[] = []): void => {
    table.set(name.toLowerCase(), { context: name, contexts: [name], source: events.length > 0 ? 'event' : 'input', type, controlledBy, events });
  };
  add('input()', 'string', 'operator');
  for (const { value } of inputs) add(value.name, value.type === 'boolean' ? 'boolean' : (value.values ?? []).length > 0 ? 'choice' : 'string', 'operator');
  for (const [name, open] of received) {
    if (open) add(name, 'string', 'attacker', [WEBHOOK]);
    else add(name, 'string', 'collaborator');
  }
  return table;
}
