import type { YamlNode } from '../../syntax/yaml-node.js';
import { at, get } from '../../syntax/yaml-query.js';
import { itemsOf, textOf } from '../common/values.js';
import { joinOrigins } from '../github/command-output.js';
import { LITERAL, type Origin } from '../github/scope.js';
import { EVENT, objectIndex } from '../pipeline/cluster.js';
import type { TriggerSource } from '../pipeline/index.js';
import { eventField, originOfName, templatesOf } from './templates.js';

/** Who fills the parameters of templates and workflows, by everything that the repository says. */
export interface ArgoIndex {
  /** What a name holds in a template of a workflow. */
  originOf(workflow: string, template: string, name: string): Origin;
  /** What starts a workflow, where a sensor or schedule of the repository does. */
  triggersOf(workflow: string): TriggerSource[];
}

interface Fill {
  readonly origin?: Origin;
  readonly text: string;
  readonly workflow: string;
  readonly template: string;
}

/** Chains of calls are followed this far. */
const MAX_DEPTH = 64;
const MAX_FILLS = 64;

/** The index of a repository, made once for its files. */
export const argoIndex = objectIndex('argoproj.io', buildIndex);

/** The name under which others know a workflow or template of workflows. */
export function workflowName(document: YamlNode): string {
  const metadata = get(document, 'metadata')?.value;
  return textOf(metadata, 'name') || textOf(metadata, 'generateName');
}

/** The specification of a workflow, that of a scheduled one included. */
export function workflowSpec(document: YamlNode): YamlNode | undefined {
  const spec = get(document, 'spec')?.value;
  return textOf(document, 'kind') === 'CronWorkflow' ? get(spec, 'workflowSpec')?.value : spec;
}

function buildIndex(documents: readonly YamlNode[]): ArgoIndex {
  const fills = new Map<string, Fill[]>();
  const triggers = new Map<string, TriggerSource[]>();
  const add = (key: string, fill: Fill): void => {
    const list = fills.get(key) ?? [];
    if (list.length < MAX_FILLS) list.push(fill);
    fills.set(key, list);
  };
  const start = (workflow: string, trigger: TriggerSource): void => void triggers.set(workflow, [...(triggers.get(workflow) ?? []), trigger]);
  for (const document of documents) {
    if (textOf(document, 'kind') === 'Sensor') gatherSensor(document, add, start);
    else gatherWorkflow(document, workflowName(document), add, start);
  }
  const resolving: Resolving = { fills, known: new Map() };
  return { originOf: (workflow, template, name) => resolve(resolving, workflow, template, name, 0), triggersOf: (workflow) => triggers.get(workflow) ?? [] };
}

type Add = (key: string, fill: Fill) => void;
type Start = (workflow: string, trigger: TriggerSource) => void;

function gatherWorkflow(document: YamlNode, name: string, add: Add, start: Start): void {
  const spec = workflowSpec(document);
  const kind = textOf(document, 'kind');
  if (kind === 'CronWorkflow') start(name, { event: 'schedule', by: 'trusted' });
  const used = textOf(get(spec, 'workflowTemplateRef')?.value, 'name');
  if (used !== '') passArguments(spec, (parameter) => `${used}/workflow/${parameter}`, name, '', add);
  const entry = textOf(spec, 'entrypoint');
  for (const parameter of itemsOf(at(spec, ['arguments', 'parameters']))) add(`${name}/input/${entry}/${textOf(parameter, 'name')}`, { text: `{{workflow.parameters.${textOf(parameter, 'name')}}}`, workflow: name, template: '' });
  for (const template of itemsOf(get(spec, 'templates')?.value)) {
    for (const call of callsOf(template)) {
      const reference = get(call, 'templateRef')?.value;
      const workflow = textOf(reference, 'name') || name;
      const target = textOf(reference, 'template') || textOf(call, 'template');
      if (target !== '') passArguments(call, (parameter) => `${workflow}/input/${target}/${parameter}`, name, textOf(template, 'name'), add);
    }
  }
}

/** Steps and tasks of a template, whatever lists they stand in. */
export function callsOf(template: YamlNode): YamlNode[] {
  const steps = itemsOf(get(template, 'steps')?.value).flatMap((group) => itemsOf(group));
  return [...steps, ...itemsOf(at(template, ['dag', 'tasks']))];
}

function passArguments(caller: YamlNode | undefined, key: (parameter: string) => string, workflow: string, template: string, add: Add): void {
  for (const parameter of itemsOf(at(caller, ['arguments', 'parameters']))) add(key(textOf(parameter, 'name')), { text: textOf(parameter, 'value'), workflow, template });
}

/** https://argoproj.github.io/argo-events/sensors/triggers/argo-workflow/ */
function gatherSensor(document: YamlNode, add: Add, start: Start): void {
  for (const trigger of itemsOf(at(document, ['spec', 'triggers']))) {
    const template = get(trigger, 'template')?.value;
    for (const kind of ['argoWorkflow', 'k8s']) {
      const settings = get(template, kind)?.value;
      const resource = at(settings, ['source', 'resource']);
      if (resource === undefined) continue;
      const name = sensorKey(document, template);
      start(name, EVENT);
      const used = textOf(at(resource, ['spec', 'workflowTemplateRef']), 'name');
      if (used !== '') start(used, EVENT);
      const parameters = itemsOf(at(resource, ['spec', 'arguments', 'parameters']));
      for (const one of itemsOf(get(settings, 'parameters')?.value)) {
        const index = /^spec\.arguments\.parameters\.(\d{1,4})\.value$/.exec(textOf(one, 'dest'))?.[1];
        const source = get(one, 'src')?.value;
        const path = textOf(source, 'dataKey') || textOf(source, 'dataTemplate') || textOf(source, 'contextKey');
        const parameter = index === undefined ? undefined : parameters[Number(index)];
        if (parameter === undefined || path === '') continue;
        const fill: Fill = { origin: eventField(path), text: '', workflow: name, template: '' };
        add(`${name}/workflow/${textOf(parameter, 'name')}`, fill);
        if (used !== '') add(`${used}/workflow/${textOf(parameter, 'name')}`, fill);
      }
      gatherWorkflow(resource, name, add, start);
    }
  }
}

/** The name of a workflow that stands in a sensor. */
export function sensorKey(document: YamlNode, template: YamlNode | undefined): string {
  return `sensor ${workflowName(document)} ${textOf(template, 'name')}`;
}

/** Resources of workflows that a sensor creates, with the names that the index knows them by. */
export function sensorWorkflows(document: YamlNode): { readonly name: string; readonly resource: YamlNode }[] {
  return itemsOf(at(document, ['spec', 'triggers'])).flatMap((trigger) => {
    const template = get(trigger, 'template')?.value;
    return ['argoWorkflow', 'k8s'].flatMap((kind) => {
      const resource = at(template, [kind, 'source', 'resource']);
      return resource === undefined || !/^(?:Cron)?Workflow$/.test(textOf(resource, 'kind')) ? [] : [{ name: sensorKey(document, template), resource }];
    });
  });
}

interface Resolving {
  readonly fills: ReadonlyMap<string, Fill[]>;
  /** What was resolved, by parameter: each is resolved once, so that the time is that of the calls there are. */
  readonly known: Map<string, Origin>;
}

function resolve(resolving: Resolving, workflow: string, template: string, name: string, depth: number): Origin {
  const parameter = /^(inputs|workflow)\.parameters\.(.+)$/.exec(name);
  if (parameter === null || depth > MAX_DEPTH) return originOfName(name);
  const [, kind, path = ''] = parameter;
  const key = kind === 'workflow' ? `${workflow}/workflow/${path}` : `${workflow}/input/${template}/${path}`;
  const before = resolving.known.get(key);
  if (before !== undefined) return before;
  // A template that calls itself with its own parameter adds nothing.
  resolving.known.set(key, LITERAL);
  const origin = resolveFills(resolving, resolving.fills.get(key), kind === 'workflow', name, depth);
  resolving.known.set(key, origin);
  return origin;
}

function resolveFills(resolving: Resolving, known: readonly Fill[] | undefined, ofWorkflow: boolean, name: string, depth: number): Origin {
  // Parameters of a workflow are asked for when someone submits it.
  const unknown: Origin = { context: name, contexts: [name], source: 'input', type: 'string', controlledBy: ofWorkflow ? 'operator' : 'unknown', events: [] };
  if (known === undefined) return unknown;
  let origin = LITERAL;
  let fixed = true;
  for (const fill of known) {
    if (fill.origin !== undefined) origin = joinOrigins(origin, fill.origin);
    const uses = templatesOf(fill.text);
    if (uses.length > 0 || fill.origin !== undefined) fixed = false;
    for (const use of uses) for (const inner of use.names) origin = joinOrigins(origin, resolve(resolving, fill.workflow, fill.template, inner, depth + 1));
  }
  if (origin.contexts.length === 0) return fixed && !ofWorkflow ? { ...unknown, controlledBy: 'trusted' } : unknown;
  return { ...origin, contexts: [...new Set([name, ...origin.contexts])].slice(0, 16) };
}
