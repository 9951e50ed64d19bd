import type { GroovyCall, GroovyStatement } from '../../syntax/groovy/index.js';
import { minutesOf, sectionOf } from './agents.js';
import type { Draft, JobDraft, Place } from './build.js';
import { approval, both, whenChecks } from './conditions.js';
import { environmentVariables } from './credentials.js';
import { calledLibrary } from './libraries.js';
import { agentOf, readNode, readStatements } from './steps.js';
import { argumentOf, literalOf } from './values.js';

const GROUPS = new Set(['stages', 'parallel', 'matrix']);

/** Reads `pipeline { … }`: https://www.jenkins.io/doc/book/pipeline/syntax/ */
export function readDeclarative(call: GroovyCall, place: Place, draft: Draft): void {
  const statements = call.closure?.statements ?? [];
  for (const name of ['parameters', 'triggers']) {
    const section = sectionOf(statements, name);
    if (section !== undefined) readNode(section, place, unused(call), draft);
  }
  for (const one of sectionOf(statements, 'libraries')?.closure?.statements ?? []) {
    const reference = one.kind === 'expression' && one.node.kind === 'call' && one.node.name === 'lib' ? calledLibrary(one.node, draft.values) : undefined;
    if (reference !== undefined) draft.references.push(reference);
  }
  draft.variables.push(...environmentVariables(sectionOf(statements, 'environment')?.closure?.statements ?? [], draft.values));
  const limit = limitOf(statements);
  const own = agentOf(statements, draft);
  const job: JobDraft = {
    id: 'pipeline',
    whole: own === undefined ? call.nameRange : { start: own.call.nameRange.start, end: own.call.nameRange.end },
    agent: own?.agent ?? { labels: [], pod: [], none: false },
    minutes: limit === undefined ? -1 : minutesOf(limit),
    minutesRange: limit?.range,
    steps: [],
  };
  draft.jobs.push(job);
  readGroup(statements, place, job, draft);
  readPost(statements, place, job, draft);
}

function unused(call: GroovyCall): JobDraft {
  return { id: '', whole: call.nameRange, agent: { labels: [], pod: [], none: false }, minutes: -1, minutesRange: undefined, steps: [] };
}

function limitOf(statements: readonly GroovyStatement[]): GroovyCall | undefined {
  return sectionOf(sectionOf(statements, 'options')?.closure?.statements ?? [], 'timeout');
}

/** Stages, whether one after the other, side by side or for each value of a matrix. */
function readGroup(statements: readonly GroovyStatement[], place: Place, job: JobDraft, draft: Draft): void {
  if (place.depth > 100) return;
  for (const one of statements) {
    if (one.kind !== 'expression' || one.node.kind !== 'call') continue;
    const inner = one.node.closure?.statements ?? [];
    if (GROUPS.has(one.node.name)) {
      const owner = one.node.name === 'matrix' ? jobOf(one.node, inner, place, job, draft) : job;
      const variables = one.node.name === 'matrix' ? environmentVariables(sectionOf(inner, 'environment')?.closure?.statements ?? [], draft.values) : [];
      readGroup(inner, { ...place, depth: place.depth + 1, variables: [...place.variables, ...variables] }, owner, draft);
    } else if (one.node.name === 'stage') readStage(one.node, inner, place, job, draft);
  }
}

/** The job that the steps of a stage belong to: its own where it has an agent. */
function jobOf(call: GroovyCall, statements: readonly GroovyStatement[], place: Place, job: JobDraft, draft: Draft): JobDraft {
  const own = agentOf(statements, draft);
  if (own === undefined || own.agent.none) return job;
  const limit = limitOf(statements);
  const created: JobDraft = {
    id: literalOf(argumentOf(call, 'name', true)) || place.stage || call.name,
    whole: { start: call.nameRange.start, end: call.closure === undefined ? call.range.end : Math.max(call.nameRange.end, call.closure.range.start) },
    agent: own.agent,
    minutes: limit === undefined ? job.minutes : minutesOf(limit),
    minutesRange: limit?.range,
    steps: [],
  };
  draft.jobs.push(created);
  return created;
}

function readStage(call: GroovyCall, statements: readonly GroovyStatement[], outer: Place, job: JobDraft, draft: Draft): void {
  const stage = literalOf(argumentOf(call, 'name', true)) || outer.stage;
  const owner = jobOf(call, statements, { ...outer, stage }, job, draft);
  const limit = limitOf(statements);
  const when = sectionOf(statements, 'when');
  const asked = sectionOf(statements, 'input');
  let { checks } = outer;
  if (when !== undefined) checks = both(checks, whenChecks(when.closure?.statements ?? [], draft.source));
  if (asked !== undefined) {
    checks = both(checks, approval('input'));
    const parameters = sectionOf(asked.closure?.statements ?? [], 'parameters');
    if (parameters !== undefined) readNode(parameters, outer, owner, draft);
  }
  const variables = environmentVariables(sectionOf(statements, 'environment')?.closure?.statements ?? [], draft.values);
  const place: Place = { ...outer, stage, checks, depth: outer.depth + 1, minutes: limit === undefined ? outer.minutes : minutesOf(limit), variables: [...outer.variables, ...variables] };
  const steps = sectionOf(statements, 'steps');
  if (steps?.closure !== undefined) readStatements(steps.closure.statements, place, owner, draft);
  readGroup(statements.filter((one) => one.kind === 'expression' && one.node.kind === 'call' && GROUPS.has(one.node.name)), place, owner, draft);
  readPost(statements, place, owner, draft);
}

/** `post { always { … } }`: runs whatever was decided before, so the conditions of its stage do not hold. */
function readPost(statements: readonly GroovyStatement[], place: Place, job: JobDraft, draft: Draft): void {
  const post = sectionOf(statements, 'post');
  if (post?.closure !== undefined) for (const one of post.closure.statements) if (one.kind === 'expression' && one.node.kind === 'call' && one.node.closure !== undefined) readStatements(one.node.closure.statements, place, job, draft);
}
