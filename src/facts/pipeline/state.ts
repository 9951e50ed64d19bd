import { type ReadContext, state } from '../common/context.js';
import { type Declared, stateParameter } from '../common/parameters.js';
import { readReach } from '../github/reach.js';
import { emptyValue } from '../empty.js';
import type { ConditionValue, FactOf, FactValue, PermissionsValue, TriggerValue } from '../schema.js';
import { readCondition, stateCondition } from './conditions.js';
import { inFront } from './names.js';
import { stateImage, stateReference, usesValue } from './references.js';
import { outerScope, type PipelineScope, secretsIn, variableValue, withVariables } from './scope.js';
import type { JobSource, PipelineSource, StepSource, VariableSource } from './source.js';
import { freshState, readStep } from './steps.js';
import { stateText, stateVariable, type TextPlace } from './texts.js';

/** States all facts of a pipeline, in the order of its description. */
export function statePipeline(context: ReadContext, source: PipelineSource): FactOf<'pipeline'> {
  const { dialect, jobs } = source;
  const triggers = source.triggers.map(triggerValue);
  const value: FactValue<'pipeline'> = {
    ...emptyValue('pipeline'),
    kind: 'workflow',
    name: context.document.path.split('/').at(-1) as string,
    jobCount: jobs.length,
    usesOf: usedNames(source),
    ...source.value,
    platform: dialect.platform,
    triggers,
    inputs: {},
  };
  const pipeline = state(context, 'pipeline', value, source.whole, source.places);
  const parents = { pipeline };
  const inputs = new Map<string, Declared>();
  for (const input of source.inputs ?? []) {
    const declared = stateParameter(context, { ...input, value: { where: 'pipeline', delivery: 'text', ...input.value }, parents });
    for (const name of input.templates) inputs.set(name, declared);
    value.inputs[input.value.name] = { text: input.value.default ?? '', literal: true, contexts: [], secrets: [], controlledBy: declared.fact.value.controlledBy };
  }
  const outer: PipelineScope = { ...outerScope(dialect, triggers), inputs };
  const scope = withVariables(outer, source.variables ?? []);
  value.env = envOf(source.variables ?? [], scope);
  const place: TextPlace = { context, parents, scope, secretScope: 'pipeline' };
  for (const reference of source.references ?? []) stateReference(reference, place);
  for (const variable of source.variables ?? []) stateVariable(variable, place);
  const exposed: string[] = [];
  for (const job of jobs) {
    const fact = readJob(job, place);
    if (fact.value.reach.privileged && fact.value.reach.events.length > 0 && job.steps.some(({ script, uses }) => script !== undefined || uses !== undefined)) exposed.push(fact.value.id);
  }
  value.exposedJobs = exposed;
  return pipeline;
}

function triggerValue(source: PipelineSource['triggers'][number]): TriggerValue {
  return { by: 'collaborator', privileged: true, types: [], branches: [], tags: [], paths: [], workflows: [], implied: false, ...source };
}

function envOf(sources: readonly VariableSource[], scope: PipelineScope): FactValue<'pipeline'>['env'] {
  return Object.fromEntries(sources.map((source) => [source.name, variableValue(source, scope)]));
}

function usedNames(source: PipelineSource): string[] {
  const names = new Set<string>();
  for (const { value } of source.references ?? []) names.add(value.name ?? '');
  for (const { steps, references = [] } of source.jobs) {
    for (const { value } of references) names.add(value.name ?? '');
    for (const { uses } of steps) names.add(uses?.value.name ?? '');
  }
  names.delete('');
  return [...names];
}

function readJob(source: JobSource, outer: TextPlace): FactOf<'job'> {
  const { context } = outer;
  const triggers = source.events === undefined ? outer.scope.triggers : outer.scope.triggers.filter(({ event }) => source.events?.includes(event) === true);
  const known = source.values === undefined && outer.scope.carried.size === 0 ? outer.scope.variables : inFront(new Map([...outer.scope.carried, ...(source.values ?? [])]), outer.scope.variables);
  const scope = withVariables({ ...outer.scope, triggers, variables: known }, source.variables ?? []);
  const condition = guarded(readCondition(source.condition), source.protectedOnly === true, triggers);
  const permissions: PermissionsValue = { ...emptyValue('job').permissions, ...source.token };
  const secrets = [...new Set([...(source.value.secrets ?? []), ...secretsOfJob(source, scope)])];
  const environment = source.value.environment ?? '';
  const selfHosted = source.value.selfHosted ?? false;
  const reach = readReach({ triggers, conditions: [condition], permissions, secrets, environment, selfHosted });
  const value: FactValue<'job'> = {
    ...emptyValue('job'),
    name: source.value.id,
    stepCount: source.steps.length,
    ...source.value,
    permissions,
    condition,
    secrets,
    env: envOf(source.variables ?? [], scope),
    reach,
  };
  const job = state(context, 'job', value, source.whole, source.places, outer.parents);
  const place: TextPlace = { context, parents: { ...outer.parents, job }, scope, reach, secretScope: 'job' };
  stateCondition(source.condition, condition, 'job', place);
  if (source.image !== undefined) value.container = stateImage(source.image, place);
  value.services = Object.fromEntries((source.services ?? []).map((service) => [service.name, stateImage(service, place)]));
  for (const reference of source.references ?? []) stateReference(reference, place);
  for (const variable of source.variables ?? []) stateVariable(variable, place);
  for (const text of source.runner ?? []) stateText({ name: 'runner', text, sink: 'runner' }, place);
  for (const text of source.texts ?? []) stateText(text, place);
  const steps = freshState();
  const events = reach.events;
  source.steps.forEach((step, index) => readStep(step, index, { job: source, place, permissions, conditions: [condition], secrets, environment, selfHosted, events }, steps));
  value.stepContainers = Object.fromEntries(steps.containers);
  value.pushes ||= steps.pushes;
  value.deploys ||= steps.publishes.length > 0;
  if (value.uses.kind === '') value.uses = usesValue(source.value.uses ?? {});
  return job;
}

/** What runs on protected refs only is out of reach of outsiders. */
function guarded(condition: ConditionValue, protectedOnly: boolean, triggers: readonly TriggerValue[]): ConditionValue {
  if (!protectedOnly) return condition;
  const outsiders = triggers.filter(({ by }) => by === 'attacker').map(({ event }) => event);
  return { ...condition, guards: [...condition.guards, { kind: 'ref', text: 'protected refs only', sound: true }], guardedEvents: [...new Set([...condition.guardedEvents, ...outsiders])] };
}

function secretsOfJob(source: JobSource, scope: PipelineScope): string[] {
  const names = new Set<string>();
  const add = (text: string): void => {
    for (const name of secretsIn(text, scope)) names.add(name);
  };
  for (const { name, secret, value } of source.variables ?? []) {
    if (secret === true) names.add(name);
    else if (value !== undefined) add(value.text);
  }
  source.steps.forEach((step: StepSource) => {
    if (step.script !== undefined) add(step.script.text.text);
    for (const { text } of step.inputs ?? []) add(text.text);
    for (const { name, secret, value } of step.variables ?? []) {
      if (secret === true) names.add(name);
      else if (value !== undefined) add(value.text);
    }
  });
  return [...names];
}
