import type { SourceRange } from '../../core/index.js';
import type { LocatedText } from '../../syntax/located-text.js';
import { contentOf } from '../common/values.js';
import type { ImageSource, JobSource, PipelineFiles, ReferenceSource, StepSource, TriggerSource } from '../pipeline/index.js';
import { readCondition } from './conditions.js';
import { readContainer, type Resources, templateReference } from './resources.js';
import { firstLine, minutes, readStep, type StepsAround } from './steps.js';
import { deploys, isConnection } from './tasks.js';
import { type Entry, entriesOf, find, isTrueIn, type Item, itemsOf, scalarIn, textIn, textsOf } from './tree.js';
import { matrixVariables, readVariables } from './variables.js';

/** What jobs take from what is around them. */
export interface JobsAround {
  readonly path: string;
  readonly files: PipelineFiles;
  readonly triggers: readonly TriggerSource[];
  readonly resources: Resources;
  /** Groups of variables that all jobs can read. */
  readonly groups: readonly string[];
  /** Container resources and places of templates that are stated. */
  readonly stated: Set<string>;
  readonly pool: Entry | undefined;
  /** Conditions that hold in a stage. */
  readonly under: readonly string[];
}

/** Jobs and stages that others wait for, by lower-case name: their conditions hold for those too. */
export type Chain = (name: string) => readonly string[];

const MAX_WAITING = 100;

/**
 * The conditions of things that wait for each other. One without a condition of its own, or that asks for
 * `succeeded()`, is skipped when one that it waits for was.
 */
export function conditionChain(items: readonly { readonly name: string; readonly own: readonly string[]; readonly needs: readonly string[]; readonly condition: string }[]): Chain {
  const byName = new Map(items.map((item) => [item.name.toLowerCase(), item]));
  return (name) => {
    const texts: string[] = [];
    const seen = new Set<string>();
    const queue = [name.toLowerCase()];
    for (let at = 0; at < queue.length && at < MAX_WAITING; at++) {
      const item = byName.get(queue[at] as string);
      if (item === undefined || seen.has(item.name)) continue;
      seen.add(item.name);
      texts.push(...item.own);
      if (item.condition === '' || (/\bsucceeded\s*\(/i.test(item.condition) && !/\balways\s*\(/i.test(item.condition))) queue.push(...item.needs.map((need) => need.toLowerCase()));
    }
    return texts;
  };
}

/** Reads a list of jobs. */
export function readJobs(items: readonly Item[], around: JobsAround): JobSource[] {
  const read = items.map((item) => {
    const entries = entriesOf(item.value);
    const name = textIn(entries, 'job') || textIn(entries, 'deployment');
    const condition = textIn(entries, 'condition');
    return { item, entries, name, condition, own: [...item.under, condition].filter((text) => text !== ''), needs: textsOf(find(entries, 'dependsOn')?.value) };
  });
  const chain = conditionChain(read);
  return read.flatMap(({ item, entries, name, condition, own, needs }) => {
    const entry = find(entries, 'job') ?? find(entries, 'deployment');
    if (entry === undefined) return [];
    const conditions = [...around.under, ...(name === '' ? own : chain(name))];
    return [readJob(item, entries, entry, { name, condition, needs, conditions }, around)];
  });
}

interface JobSays {
  readonly name: string;
  readonly condition: string;
  readonly needs: readonly string[];
  readonly conditions: readonly string[];
}

/** Reads one job; for a pipeline of steps alone the top of the file is one. */
export function readJob({ under }: Item, entries: readonly Entry[], entry: Entry, { name, condition: text, needs, conditions }: JobSays, around: JobsAround): JobSource {
  const condition = readCondition(text, conditions, around.triggers);
  const pool = readPool(find(entries, 'pool') ?? around.pool);
  const { variables, groups } = readVariables(entry.name === 'steps' ? undefined : find(entries, 'variables'), around.path, around.files);
  const steps: StepsAround = { triggers: around.triggers, resources: around.resources, windows: pool.windows, persisted: false };
  const references: ReferenceSource[] = [];
  const read: StepSource[] = [];
  const connections = new Set<string>();
  let deploying = entry.name.toLowerCase() === 'deployment';
  for (const item of stepsOf(entries)) {
    const reference = newTemplate(item, around);
    if (reference !== undefined) references.push(reference);
    const step = readStep({ ...item, under: item.under.slice(under.length) }, steps);
    if (step === undefined) continue;
    read.push(step);
    for (const { name: input, text: value } of step.inputs ?? []) if (isConnection(input.toLowerCase()) && value.text.trim() !== '') connections.add(`service connection ${value.text.trim().slice(0, 100)}`);
    if (deploys(step.uses?.value.name ?? '')) deploying = true;
  }
  const environment = readEnvironment(find(entries, 'environment'));
  const image = readImage(find(entries, 'container'), around, 'container');
  const secrets = [...[...around.groups, ...groups].map((group) => `variable group ${group}`), ...connections];
  const places: Record<string, SourceRange | undefined> = { steps: find(entries, 'steps')?.key.range, environment: environment.place, runner: pool.place, selfHosted: pool.place };
  for (const [property, key] of [['condition', 'condition'], ['timeoutMinutes', 'timeoutInMinutes'], ['needs', 'dependsOn'], ['continueOnError', 'continueOnError'], ['name', 'displayName'], ['container', 'container'], ['services', 'services']] as const) {
    const one = find(entries, key);
    if (one !== undefined) places[property] = one.value.kind === 'scalar' ? contentOf(one.value) : one.key.range;
  }
  for (const property of ['options', 'volumes'] as const) {
    const one = find(entriesOf(find(entries, 'container')?.value), property);
    if (one !== undefined) places[`container.${property}`] = one.value.kind === 'scalar' ? contentOf(one.value) : one.key.range;
  }
  return {
    whole: entry.name === 'steps' ? entry.key.range : firstLine(entry),
    places,
    value: {
      id: name || 'Job',
      name: textIn(entries, 'displayName') || name || 'Job',
      runner: pool.labels,
      selfHosted: pool.selfHosted,
      environment: environment.name,
      needs: [...needs],
      timeoutMinutes: minutes(textIn(entries, 'timeoutInMinutes')),
      continueOnError: isTrueIn(entries, 'continueOnError'),
      secrets,
      deploys: deploying,
    },
    ...(condition !== undefined && { condition }),
    ...(image !== undefined && { image }),
    services: entriesOf(find(entries, 'services')?.value).flatMap((service) => {
      const one = readImage(service, around, 'service');
      return one === undefined ? [] : [{ ...one, name: service.name }];
    }),
    runner: pool.texts,
    variables: [...variables, ...matrixVariables(find(entries, 'strategy'))],
    references,
    texts: image?.container?.options === undefined || image.container.options === '' ? [] : optionTexts(find(entries, 'container')),
    steps: read,
  };
}

function optionTexts(container: Entry | undefined): NonNullable<JobSource['texts']> {
  const text = scalarIn(entriesOf(container?.value), 'options');
  return text === undefined ? [] : [{ name: 'options', text, sink: 'argument', handover: 'argument' }];
}

const HOOKS = ['preDeploy', 'deploy', 'routeTraffic', 'postRouteTraffic'];

/** The steps of a job, those of the hooks of a deployment included. */
function stepsOf(entries: readonly Entry[]): Item[] {
  const items = (owner: readonly Entry[]): Item[] => owner.filter(({ name }) => name.toLowerCase() === 'steps').flatMap(({ value, under }) => itemsOf(value, under)).flatMap((item) => [item, ...handedSteps(item)]);
  const found = items(entries);
  for (const { value } of entriesOf(find(entries, 'strategy')?.value)) {
    const hooks = entriesOf(value);
    for (const name of HOOKS) found.push(...items(entriesOf(find(hooks, name)?.value)));
    for (const { value: hook } of entriesOf(find(hooks, 'on')?.value)) found.push(...items(entriesOf(hook)));
  }
  return found;
}

/** Steps that a template is given to put among its own. */
function handedSteps({ value, under }: Item): Item[] {
  const entries = entriesOf(value);
  if (find(entries, 'template') === undefined) return [];
  return entriesOf(find(entries, 'parameters')?.value, under).flatMap((parameter) => itemsOf(parameter.value, parameter.under)).filter(isStep);
}

const STEPS = ['script', 'bash', 'pwsh', 'powershell', 'task', 'checkout', 'publish', 'download'];

/** Whether an item of a list that a template is given is a step. */
export function isStep({ value }: Item): boolean {
  const entries = entriesOf(value);
  return STEPS.some((name) => find(entries, name) !== undefined);
}

/** The template that an item uses, once for each place: several of one repository are fixed by one ref. */
export function newTemplate(item: Item, { resources, stated }: JobsAround): ReferenceSource | undefined {
  const reference = templateOf(item, resources);
  const key = `@${reference?.whole.start}`;
  if (reference === undefined || stated.has(key)) return undefined;
  stated.add(key);
  return reference;
}

/** The template that an item uses: of another repository where it is declared, or one of this repository. */
function templateOf({ value }: Item, resources: Resources): ReferenceSource | undefined {
  const scalar = scalarIn(entriesOf(value), 'template');
  if (scalar === undefined) return undefined;
  const text = scalar.text.trim();
  const at = text.lastIndexOf('@');
  const alias = at < 0 ? '' : text.slice(at + 1).toLowerCase();
  const resource = resources.repositories.get(alias);
  if (resource !== undefined) return resource.elsewhere === true ? undefined : templateReference(resource, text.slice(0, at));
  if (alias !== '' && alias !== 'self') return undefined;
  return { value: { text, kind: 'local', name: text.toLowerCase(), path: at < 0 ? text : text.slice(0, at), pin: '' }, where: 'include', whole: contentOf(scalar), trusted: true };
}

interface Pool {
  readonly labels: string[];
  readonly texts: readonly LocatedText[];
  readonly selfHosted: boolean;
  readonly windows: boolean;
  readonly place: SourceRange | undefined;
}

/** Pools of the platform: its own, and those of old images. */
const HOSTED = /^(?:azure pipelines|hosted\b.*|server)$/i;

/** https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/pool */
function readPool(entry: Entry | undefined): Pool {
  if (entry === undefined) return { labels: [], texts: [], selfHosted: false, windows: false, place: undefined };
  const entries = entriesOf(entry.value);
  const image = scalarIn(entries, 'vmImage');
  const name = entry.value.kind === 'scalar' ? entry.value : scalarIn(entries, 'name');
  const named = name?.text.trim() ?? '';
  const texts = [name, image].filter((one) => one !== undefined);
  const labels = texts.map(({ text }) => text.trim());
  return {
    labels,
    texts,
    selfHosted: named !== '' && image === undefined && !HOSTED.test(named) && !named.includes('$'),
    windows: labels.some((label) => /windows|^vs\d{4}|^win/i.test(label)) || textsOf(find(entries, 'demands')?.value).some((demand) => /Windows/.test(demand)),
    place: texts[0] === undefined ? entry.key.range : contentOf(texts[0]),
  };
}

function readEnvironment(entry: Entry | undefined): { name: string; place: SourceRange | undefined } {
  if (entry === undefined) return { name: '', place: undefined };
  if (entry.value.kind === 'scalar') return { name: entry.value.text.trim(), place: contentOf(entry.value) };
  const name = scalarIn(entriesOf(entry.value), 'name');
  return { name: name?.text.trim() ?? '', place: name === undefined ? entry.key.range : contentOf(name) };
}

/** An image, or a container resource, whose image is stated for the first job that uses it. */
function readImage(entry: Entry | undefined, around: JobsAround, where: ImageSource['where']): ImageSource | undefined {
  if (entry === undefined) return undefined;
  if (entry.value.kind !== 'scalar') return readContainer(entriesOf(entry.value), where);
  const alias = entry.value.text.trim().toLowerCase();
  if (alias === '' || around.stated.has(alias)) return undefined;
  const resource = around.resources.containers.get(alias);
  if (resource === undefined) return around.resources.containers.has(alias) ? undefined : { text: entry.value, where };
  around.stated.add(alias);
  return { ...resource, where };
}
