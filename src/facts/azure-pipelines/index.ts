import type { YamlNode } from '../../syntax/yaml-node.js';
import { problem, type ReadContext } from '../common/context.js';
import { readYamlDocuments } from '../common/yaml.js';
import type { Dialect, JobSource, PipelineFiles, PipelineReader, ReferenceSource, TriggerSource } from '../pipeline/index.js';
import { statePipeline } from '../pipeline/index.js';
import { type Callers, callersIn } from './callers.js';
import { scriptTemplates, valueTemplates } from './expressions.js';
import { conditionChain, isStep, type JobsAround, newTemplate, readJob, readJobs } from './jobs.js';
import { knownNames, secretMacros } from './names.js';
import { readParameters } from './parameters.js';
import { environmentName, PREDEFINED, TOKENS } from './predefined.js';
import { readResources, type Resources } from './resources.js';
import { type Entry, entriesOf, find, type Item, itemsOf, textIn, textsOf } from './tree.js';
import { hasTriggers, readTriggers, UNKNOWN_CALLER } from './triggers.js';
import { callersVariables, readVariables } from './variables.js';

/** Variables that make the agent write what it otherwise keeps to itself. */
const SWITCHES: ReadonlySet<string> = new Set(['System.Debug', 'system.debug', 'agent.diagnostic', 'Agent.Diagnostic']);

/**
 * Reads a pipeline or a template of Azure Pipelines.
 * https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/
 */
export const readAzurePipelines: PipelineReader = (context, files) => {
  const [root] = readYamlDocuments(context);
  if (root === undefined) return;
  if (root.kind !== 'mapping') {
    problem(context, 'azure-pipelines-structure', 'A pipeline must be a mapping with `stages`, `jobs`, `steps` or `extends`.', root.range);
    return;
  }
  statePipeline(context, describe(root, context, files));
};

function describe(root: YamlNode, context: ReadContext, files: PipelineFiles): Parameters<typeof statePipeline>[1] {
  const { path, text } = context.document;
  const top = entriesOf(root);
  const callers = callersIn(files);
  const template = isTemplate(path, top, callers);
  const own = readTriggers(top);
  const called = callers.of(path).length > 0;
  const triggers: readonly TriggerSource[] = !template ? own.triggers : called ? callers.triggers(path) : [UNKNOWN_CALLER];
  const calling = template ? callers.files(path) : [];
  const resources = readResources(find(top, 'resources'));
  const variables = readVariables(find(top, 'variables'), path, files);
  const outer = callersVariables(calling, files);
  const groups = [...new Set([...outer.groups, ...variables.groups])];
  const around: JobsAround = { path, files, triggers, resources: withCallers(resources, calling, files), groups, stated: new Set(), pool: find(top, 'pool'), under: [] };
  const references: ReferenceSource[] = [];
  const jobs = readTop(top, around, references);
  const given = [...outer.variables, ...variables.variables, ...stageVariables(top, around)];
  const first = top[0];
  return {
    dialect: dialectOf(root, text, calling, files, given.map(({ name }) => name)),
    whole: first?.key.range ?? root.range,
    places: own.places,
    value: { kind: template ? 'template' : 'workflow', reusableOnly: template },
    triggers,
    variables: given,
    inputs: readParameters(find(top, 'parameters'), (name) => (template ? (called ? callers.controls(path, name) : 'unknown') : 'operator')),
    references,
    jobs,
  };
}

/** A part of other pipelines: used by one, or without anything that starts it where templates are kept. */
function isTemplate(path: string, top: readonly Entry[], callers: Callers): boolean {
  if (find(top, 'trigger') !== undefined || find(top, 'pr') !== undefined || find(top, 'schedules') !== undefined) return false;
  if (callers.of(path).length > 0) return true;
  if (hasTriggers(top)) return false;
  if (/(?:^|\/)[^/]*templates?(?:\/|[-_.][^/]*$|$)/i.test(path)) return true;
  return find(top, 'parameters') !== undefined && find(top, 'pool') === undefined && !/(?:^|\/)\.?azure-?pipelines?[^/]*$/i.test(path);
}

function dialectOf(root: YamlNode, text: string, calling: readonly string[], files: PipelineFiles, variables: readonly string[]): Dialect {
  const known = knownNames([root, ...calling.flatMap((path) => files.documents(path).slice(0, 1))], variables);
  return {
    platform: 'azure',
    predefined: PREDEFINED,
    templates: (script) => scriptTemplates(script, known),
    references: (value) => valueTemplates(value, known),
    environmentName,
    secrets: new Set([...TOKENS, ...secretMacros(text)]),
    switches: SWITCHES,
  };
}

/** Templates can use what the pipelines that use them declare. */
function withCallers(resources: Resources, calling: readonly string[], files: PipelineFiles): Resources {
  if (calling.length === 0) return resources;
  const repositories = new Map(resources.repositories);
  const containers = new Map(resources.containers);
  for (const path of calling) {
    const outer = readResources(find(entriesOf(files.documents(path)[0]), 'resources'));
    // Where they stand is another file: what they name is stated there.
    for (const [alias, resource] of outer.repositories) if (!repositories.has(alias)) repositories.set(alias, { ...resource, elsewhere: true });
    for (const alias of outer.containers.keys()) if (!containers.has(alias)) containers.set(alias, undefined);
  }
  return { repositories, containers };
}

/** The jobs of a file at whichever level they begin, and the templates in between. */
function readTop(top: readonly Entry[], around: JobsAround, references: ReferenceSource[]): JobSource[] {
  const extended = find(top, 'extends');
  const handed = extended === undefined ? [] : readHanded([{ value: extended.value, under: extended.under }], around, references, 0);
  if (extended !== undefined) addTemplates([{ value: extended.value, under: [] }], around, references);
  addTemplates(itemsOf(find(top, 'variables')?.value), around, references);
  const stages = all(top, 'stages');
  if (stages.length > 0) return [...handed, ...readStages(stages, around, references)];
  const jobs = all(top, 'jobs');
  if (jobs.length > 0) {
    addTemplates(jobs, around, references);
    return [...handed, ...readJobs(jobs, around), ...readHanded(jobs, around, references, 0)];
  }
  const steps = find(top, 'steps');
  if (steps === undefined) return handed;
  return [...handed, readJob({ value: steps.value, under: [] }, top, steps, { name: '', condition: '', needs: [], conditions: [] }, around)];
}

const MAX_HANDED = 5;

/**
 * Stages, jobs and steps that templates are given as parameters, to put among their own: whole pipelines are written so
 * below `extends`. They are read as they stand.
 */
function readHanded(items: readonly Item[], around: JobsAround, references: ReferenceSource[], depth: number): JobSource[] {
  if (depth > MAX_HANDED) return [];
  return items.flatMap(({ value, under }) => {
    const entries = entriesOf(value, under);
    if (find(entries, 'template') === undefined) return [];
    return entriesOf(find(entries, 'parameters')?.value, under).flatMap((parameter) => {
      const given = itemsOf(parameter.value, parameter.under);
      const has = (name: string): boolean => given.some((item) => find(entriesOf(item.value), name) !== undefined);
      if (has('stage')) return readStages(given, { ...around, under: [...around.under, ...parameter.under] }, references);
      if (has('job') || has('deployment')) {
        addTemplates(given, around, references);
        return [...readJobs(given, around), ...readHanded(given, around, references, depth + 1)];
      }
      if (given.some(isStep)) {
        return [readJob({ value: parameter.value, under: [] }, [{ ...parameter, name: 'steps' }], { ...parameter, name: 'steps' }, { name: parameter.name, condition: '', needs: [], conditions: [...around.under, ...parameter.under] }, around)];
      }
      // Stages and jobs that are templates themselves.
      addTemplates(given, around, references);
      return readHanded(given, around, references, depth + 1);
    });
  });
}

/** Items of every entry of a name: expressions can give several. */
function all(entries: readonly Entry[], name: string): Item[] {
  return entries.filter((entry) => entry.name.toLowerCase() === name).flatMap(({ value, under }) => itemsOf(value, under));
}

function addTemplates(items: readonly Item[], around: JobsAround, references: ReferenceSource[]): void {
  for (const item of items) {
    const reference = newTemplate(item, around);
    if (reference !== undefined) references.push(reference);
  }
}

function readStages(items: readonly Item[], around: JobsAround, references: ReferenceSource[]): JobSource[] {
  addTemplates(items, around, references);
  let before = '';
  const stages = items.map((item) => {
    const entries = entriesOf(item.value);
    const name = textIn(entries, 'stage');
    const waits = find(entries, 'dependsOn');
    const condition = textIn(entries, 'condition');
    // Stages run one after the other unless they say otherwise.
    const needs = waits === undefined ? (before === '' ? [] : [before]) : textsOf(waits.value);
    if (name !== '') before = name;
    return { entries, name, condition, needs, own: [...item.under, condition].filter((text) => text !== '') };
  });
  const chain = conditionChain(stages);
  return stages.flatMap(({ entries, name, own }) => {
    const jobs = all(entries, 'jobs');
    addTemplates(jobs, around, references);
    addTemplates(itemsOf(find(entries, 'variables')?.value), around, references);
    const { groups } = readVariables(find(entries, 'variables'), around.path, around.files);
    const inside: JobsAround = { ...around, groups: [...around.groups, ...groups], pool: find(entries, 'pool') ?? around.pool, under: [...around.under, ...(name === '' ? own : chain(name))] };
    return [...readJobs(jobs, inside), ...readHanded(jobs, inside, references, 0)];
  }).concat(readHanded(items, around, references, 0));
}

/** Variables of stages, taken as those of the whole: names that several stages give different values are rare. */
function stageVariables(top: readonly Entry[], around: JobsAround): ReturnType<typeof readVariables>['variables'] {
  return all(top, 'stages').flatMap(({ value }) => readVariables(find(entriesOf(value), 'variables'), around.path, around.files).variables);
}
