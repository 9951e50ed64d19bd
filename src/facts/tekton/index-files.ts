import type { YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { itemsOf, textOf } from '../common/values.js';
import { joinOrigins } from '../github/command-output.js';
import { LITERAL, type Origin } from '../github/scope.js';
import { EVENT, objectIndex } from '../pipeline/cluster.js';
import type { TriggerSource } from '../pipeline/index.js';
import { annotationsOf, triggersOfRun } from './runs.js';
import { originOfName, templatesOf } from './templates.js';

/** A value that something gives to a parameter, and the scope in which its own names are read. */
interface Fill {
  readonly text: string;
  readonly scope: string;
}

/** A place whose parameters have names of their own: a task, a pipeline, a template of triggers. */
interface Scope {
  readonly fills: Map<string, Fill[]>;
  /** Around an embedded specification: its parameters are known inside too. */
  readonly parent?: string;
  readonly declared: Set<string>;
  readonly callers: Set<string>;
  readonly triggers: TriggerSource[];
}

/** Who fills the parameters of tasks and pipelines, by everything that the repository says. */
export interface TektonIndex {
  /** What a name of a template holds in a scope. */
  originOf(scope: string, name: string): Origin;
  /** What starts the runs that get to a scope; undefined where no run of the repository does. */
  triggersOf(scope: string): TriggerSource[] | undefined;
}

/** Chains of parameters are followed this far. */
const MAX_DEPTH = 64;
const MAX_FILLS = 64;

/** The index of a repository, made once for its files. */
export const tektonIndex = objectIndex('tekton.dev', buildIndex);

function buildIndex(documents: readonly YamlNode[]): TektonIndex {
  const scopes = new Map<string, Scope>();
  const scope = (key: string, parent?: string): Scope => {
    let known = scopes.get(key);
    if (known === undefined) scopes.set(key, (known = { fills: new Map(), declared: new Set(), callers: new Set(), triggers: [], ...(parent !== undefined && { parent }) }));
    return known;
  };
  const gathering: Gathering = { scope, bindings: new Map(), links: [] };
  for (const document of documents) gather(document, gathering);
  linkTriggers(gathering);
  const resolving: Resolving = { scopes, known: new Map() };
  return { originOf: (key, name) => resolve(resolving, key, name, 0), triggersOf: (key) => triggersOf(scopes, key) };
}

interface Gathering {
  scope(key: string, parent?: string): Scope;
  /** Parameters of `TriggerBinding`s by their name. */
  readonly bindings: Map<string, YamlNode>;
  /** Listeners and triggers: which bindings fill which template. */
  readonly links: { readonly bindings: YamlNode | undefined; readonly template: string }[];
}

function nameOf(document: YamlNode): string {
  const metadata = get(document, 'metadata')?.value;
  return textOf(metadata, 'name') || textOf(metadata, 'generateName');
}

/** The key of a document's scope. */
export function scopeKey(document: YamlNode): string {
  const kind = textOf(document, 'kind');
  return `${kind === 'ClusterTask' ? 'Task' : kind}/${nameOf(document)}`;
}

function gather(document: YamlNode, gathering: Gathering): void {
  const spec = get(document, 'spec')?.value;
  const key = scopeKey(document);
  switch (textOf(document, 'kind')) {
    case 'Task':
    case 'ClusterTask':
    case 'StepAction':
      gatherTask(spec, key, gathering);
      break;
    case 'Pipeline':
      gatherPipeline(spec, key, gathering);
      break;
    case 'PipelineRun':
    case 'TaskRun':
      gathering.scope(key).triggers.push(...triggersOfRun(annotationsOf(document)));
      gatherRun(document, key, gathering);
      break;
    case 'TriggerTemplate':
      declare(spec, gathering.scope(key));
      gathering.scope(key).triggers.push(EVENT);
      for (const resource of itemsOf(get(spec, 'resourcetemplates')?.value)) gatherRun(resource, key, gathering);
      break;
    case 'TriggerBinding':
    case 'ClusterTriggerBinding':
      if (spec !== undefined) gathering.bindings.set(nameOf(document), spec);
      break;
    case 'EventListener':
      for (const trigger of itemsOf(get(spec, 'triggers')?.value)) gatherTrigger(trigger, gathering);
      break;
    case 'Trigger':
      gatherTrigger(spec, gathering);
      break;
  }
}

function gatherTrigger(trigger: YamlNode | undefined, { links }: Gathering): void {
  const template = get(trigger, 'template')?.value;
  links.push({ bindings: get(trigger, 'bindings')?.value, template: textOf(template, 'ref') || textOf(template, 'name') });
}

function declare(spec: YamlNode | undefined, scope: Scope): void {
  for (const param of itemsOf(get(spec, 'params')?.value)) scope.declared.add(textOf(param, 'name'));
}

function fill(target: Scope, params: YamlNode | undefined, from: string): void {
  for (const param of itemsOf(params)) {
    const value = get(param, 'value')?.value;
    const name = textOf(param, 'name');
    const fills = target.fills.get(name) ?? [];
    for (const item of itemsOf(value)) if (item.kind === 'scalar' && fills.length < MAX_FILLS) fills.push({ text: item.text, scope: from });
    target.fills.set(name, fills);
  }
  target.callers.add(from);
}

function gatherTask(spec: YamlNode | undefined, key: string, gathering: Gathering): void {
  declare(spec, gathering.scope(key));
  for (const step of itemsOf(get(spec, 'steps')?.value)) {
    const action = textOf(get(step, 'ref')?.value, 'name');
    if (action !== '') fill(gathering.scope(`StepAction/${action}`), get(step, 'params')?.value, key);
  }
}

/** Tasks of a pipeline, the last ones included. */
export function pipelineTasks(spec: YamlNode | undefined): YamlNode[] {
  return [...itemsOf(get(spec, 'tasks')?.value), ...itemsOf(get(spec, 'finally')?.value)];
}

/** The key of a task that stands inside a pipeline. */
export function embeddedKey(pipeline: string, task: YamlNode): string {
  return `${pipeline}/${textOf(task, 'name')}`;
}

function gatherPipeline(spec: YamlNode | undefined, key: string, gathering: Gathering): void {
  declare(spec, gathering.scope(key));
  for (const task of pipelineTasks(spec)) {
    const name = textOf(get(task, 'taskRef')?.value, 'name');
    const params = get(task, 'params')?.value;
    if (name !== '') fill(gathering.scope(`Task/${name}`), params, key);
    const embedded = get(task, 'taskSpec')?.value;
    if (embedded === undefined) continue;
    const inner = embeddedKey(key, task);
    fill(gathering.scope(inner, key), params, key);
    gatherTask(embedded, inner, gathering);
  }
}

/** A run, or the template of one in `outer`, whose names its texts use. */
function gatherRun(document: YamlNode, outer: string, gathering: Gathering): void {
  const spec = get(document, 'spec')?.value;
  const params = get(spec, 'params')?.value;
  const pipeline = textOf(get(spec, 'pipelineRef')?.value, 'name');
  if (pipeline !== '') fill(gathering.scope(`Pipeline/${pipeline}`), params, outer);
  const task = textOf(get(spec, 'taskRef')?.value, 'name');
  if (task !== '') fill(gathering.scope(`Task/${task}`), params, outer);
  const key = runKey(outer, document);
  const inner = get(spec, 'pipelineSpec')?.value;
  if (inner === undefined && get(spec, 'taskSpec') === undefined) return;
  fill(gathering.scope(key, outer), params, outer);
  if (inner !== undefined) gatherPipeline(inner, key, gathering);
  else gatherTask(get(spec, 'taskSpec')?.value, key, gathering);
}

/** The key of what a run embeds. */
export function runKey(outer: string, document: YamlNode): string {
  return `${outer}>${scopeKey(document)}`;
}

function linkTriggers({ scope, bindings, links }: Gathering): void {
  for (const { bindings: list, template } of links) {
    if (template === '') continue;
    const target = scope(`TriggerTemplate/${template}`);
    for (const binding of itemsOf(list)) {
      const spec = bindings.get(textOf(binding, 'ref'));
      if (spec !== undefined) fill(target, get(spec, 'params')?.value, 'event');
      const value = textOf(binding, 'value');
      const name = textOf(binding, 'name');
      if (name !== '' && value !== '') target.fills.set(name, [...(target.fills.get(name) ?? []), { text: value, scope: 'event' }]);
    }
  }
  // Where no listener is in the repository, a binding fills what has the name of its parameter.
  for (const spec of bindings.values()) {
    for (const param of itemsOf(get(spec, 'params')?.value)) scope('bindings').fills.set(textOf(param, 'name'), [{ text: textOf(param, 'value'), scope: 'event' }]);
  }
}

interface Resolving {
  readonly scopes: ReadonlyMap<string, Scope>;
  /** What was resolved, by scope and name: each is resolved once, so that the time is that of the calls there are. */
  readonly known: Map<string, Origin>;
}

function resolve(resolving: Resolving, key: string, name: string, depth: number): Origin {
  const parameter = /^(tt\.params|params)\.(.+)$/.exec(name);
  if (parameter === null || depth > MAX_DEPTH) return originOfName(name);
  const both = `${key}\n${name}`;
  const before = resolving.known.get(both);
  if (before !== undefined) return before;
  // What fills a parameter with itself adds nothing.
  resolving.known.set(both, LITERAL);
  const origin = resolveParameter(resolving, key, name, parameter[1] === 'tt.params', parameter[2] as string, depth);
  resolving.known.set(both, origin);
  return origin;
}

function resolveParameter(resolving: Resolving, key: string, name: string, ofTemplate: boolean, path: string, depth: number): Origin {
  const { scopes } = resolving;
  const scope = scopes.get(key);
  const candidates = [path, path.split('.', 1)[0] as string];
  const own = candidates.find((one) => scope?.fills.has(one) === true);
  const declared = candidates.some((one) => scope?.declared.has(one) === true);
  if (own === undefined && !declared && scope?.parent !== undefined) return resolve(resolving, scope.parent, name, depth + 1);
  const fills = (own === undefined ? undefined : scope?.fills.get(own)) ?? (ofTemplate ? scopes.get('bindings')?.fills.get(path) : undefined);
  const unknown: Origin = { context: name, contexts: [name], source: 'input', type: 'string', controlledBy: 'unknown', events: [] };
  if (fills === undefined) return unknown;
  let origin = LITERAL;
  for (const one of fills) for (const use of templatesOf(one.text)) for (const inner of use.names) origin = joinOrigins(origin, resolve(resolving, one.scope, inner, depth + 1));
  // A parameter that only gets texts of the file can be given others by whoever starts a run by hand.
  if (origin.contexts.length === 0) return { ...unknown, controlledBy: 'operator' };
  return { ...origin, contexts: [...new Set([name, ...origin.contexts])].slice(0, 16) };
}

function triggersOf(scopes: ReadonlyMap<string, Scope>, key: string): TriggerSource[] | undefined {
  const found = new Map<string, TriggerSource>();
  const seen = new Set<string>();
  const queue = [key];
  for (let at = 0; at < queue.length && at < 1_000; at++) {
    const name = queue[at] as string;
    if (seen.has(name)) continue;
    seen.add(name);
    const scope = scopes.get(name);
    for (const trigger of scope?.triggers ?? []) found.set(trigger.event, trigger);
    if (scope?.parent !== undefined) queue.push(scope.parent);
    queue.push(...(scope?.callers ?? []));
  }
  return found.size === 0 ? undefined : [...found.values()];
}
