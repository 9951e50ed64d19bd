import type { SourceRange } from '../../core/index.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { type ReadContext, stemOf } from '../common/context.js';
import { contentAt, contentOf, itemsOf, scalarOf, scalarsOf, secondsOf, textOf, textsOf } from '../common/values.js';
import { readYamlDocuments } from '../common/yaml.js';
import type { Origin } from '../github/scope.js';
import { commandLine } from '../pipeline/command-line.js';
import { type Dialect, type InputSource, type JobSource, type PipelineReader, type ScriptSource, statePipeline, type StepSource, type TextSource, type TriggerSource } from '../pipeline/index.js';
import { containerSettings, environmentOf, hostPaths, isChartTemplate, type PodSettings, riskOf } from '../pipeline/kubernetes.js';
import { EVENT } from '../pipeline/cluster.js';
import { embeddedKey, pipelineTasks, runKey, scopeKey, type TektonIndex, tektonIndex } from './index-files.js';
import { annotationReferences, referenceOf } from './references.js';
import { annotationsOf, triggersOfRun } from './runs.js';
import { templatesOf } from './templates.js';

/*
 * Tekton: tasks of steps in containers, pipelines of tasks, runs of both, and templates of runs that events fill.
 * https://tekton.dev/docs/
 */

const DIALECT: Dialect = { platform: 'tekton', predefined: {}, templates: templatesOf, references: templatesOf };

/** States the facts of the Tekton objects of a file. */
export const readTekton: PipelineReader = (context, files) => {
  if (isChartTemplate(context.document.text)) return;
  const documents = readYamlDocuments(context);
  const index = tektonIndex(files, documents);
  for (const document of documents) readDocument(document, { context, index });
};

interface Reading {
  readonly context: ReadContext;
  readonly index: TektonIndex;
}

/** A document in the words of a pipeline. */
interface Described {
  readonly document: YamlNode;
  readonly kind: 'workflow' | 'template';
  readonly triggers: readonly TriggerSource[];
  readonly jobs: readonly JobSource[];
  readonly inputs?: readonly InputSource[];
}

const CALL: TriggerSource = { event: 'call', by: 'unknown', privileged: false };

function readDocument(document: YamlNode, reading: Reading): void {
  const spec = get(document, 'spec')?.value;
  const key = scopeKey(document);
  const { index } = reading;
  switch (textOf(document, 'kind')) {
    case 'Task':
    case 'ClusterTask':
      return describe({ document, kind: 'template', triggers: index.triggersOf(key) ?? [CALL], jobs: taskJobs(spec, { key, id: nameOf(document), label: labelOf(document), reading }), inputs: paramsOf(spec, key, index) }, reading);
    case 'StepAction':
      return describe({ document, kind: 'template', triggers: index.triggersOf(key) ?? [CALL], jobs: [actionJob(document, spec, key, reading)], inputs: paramsOf(spec, key, index) }, reading);
    case 'Pipeline':
      return describe({ document, kind: 'template', triggers: index.triggersOf(key) ?? [CALL], jobs: pipelineJobs(spec, key, reading), inputs: paramsOf(spec, key, index) }, reading);
    case 'PipelineRun':
    case 'TaskRun':
      return describe({ document, kind: 'workflow', triggers: triggersOfRun(annotationsOf(document)), jobs: runJobs(document, key, reading) }, reading);
    case 'TriggerTemplate': {
      const runs = itemsOf(get(spec, 'resourcetemplates')?.value);
      return describe({ document, kind: 'workflow', triggers: [EVENT], jobs: runs.flatMap((run) => runJobs(run, key, reading)), inputs: paramsOf(spec, key, index, 'tt.params') }, reading);
    }
    default:
      return undefined;
  }
}

function nameOf(document: YamlNode): string {
  const metadata = get(document, 'metadata')?.value;
  return textOf(metadata, 'name') || textOf(metadata, 'generateName').replace(/-$/, '');
}

function labelOf(document: YamlNode): SourceRange {
  const metadata = get(document, 'metadata')?.value;
  return contentAt(metadata, 'name') ?? contentAt(metadata, 'generateName') ?? contentAt(document, 'kind') ?? document.range;
}

function describe({ document, kind, triggers, jobs, inputs = [] }: Described, { context }: Reading): void {
  const spec = get(document, 'spec')?.value;
  const annotations = annotationsOf(document);
  statePipeline(context, {
    dialect: DIALECT,
    value: { kind, name: nameOf(document) || stemOf(context.document.path), named: true, reusableOnly: kind === 'template' },
    whole: labelOf(document),
    triggers,
    inputs,
    references: [...referenceOf(get(spec, 'pipelineRef')?.value, 'include'), ...referenceOf(get(spec, 'taskRef')?.value, 'include'), ...annotationReferences(annotations)],
    jobs,
  });
}

/** Declared parameters. What they hold here is in the `values` of jobs. */
function paramsOf(spec: YamlNode | undefined, key: string, index: TektonIndex, root = 'params'): InputSource[] {
  return itemsOf(get(spec, 'params')?.value).flatMap((param): InputSource[] => {
    const name = scalarOf(param, 'name');
    if (name === undefined) return [];
    const values = textsOf(get(param, 'enum')?.value);
    const fallback = scalarOf(param, 'default');
    const { controlledBy } = index.originOf(key, `${root}.${name.text}`);
    return [
      {
        value: { name: name.text, type: textOf(param, 'type') || 'string', description: textOf(param, 'description'), values, restricted: values.length > 0, hasDefault: get(param, 'default') !== undefined, required: get(param, 'default') === undefined, default: fallback?.text ?? '', controlledBy },
        whole: contentOf(name),
        places: { default: fallback === undefined ? undefined : contentOf(fallback), type: contentAt(param, 'type') },
        // A closed list keeps other values out, whoever fills it.
        templates: values.length > 0 ? [`${root}.${name.text}`] : [],
      },
    ];
  });
}

/** What the names in the texts of a node hold. */
function valuesOf(node: YamlNode | undefined, key: string, { context, index }: Reading): ReadonlyMap<string, Origin> {
  const values = new Map<string, Origin>();
  if (node === undefined) return values;
  for (const { names } of templatesOf(context.document.text.slice(node.range.start, node.range.end))) {
    for (const name of names) if (!values.has(name.toLowerCase())) values.set(name.toLowerCase(), index.originOf(key, name));
  }
  return values;
}

interface TaskPlace {
  readonly key: string;
  readonly id: string;
  readonly label: SourceRange;
  readonly reading: Reading;
  /** Of the run: the account and the settings of the pod. */
  readonly account?: { readonly text: string; readonly range: SourceRange } | undefined;
  readonly pod?: YamlNode | undefined;
  readonly timeout?: YamlNode | undefined;
  readonly needs?: readonly string[];
  readonly approved?: boolean;
}

/** A task's specification as a job. */
function taskJobs(spec: YamlNode | undefined, place: TaskPlace): JobSource[] {
  if (spec === undefined) return [];
  const { key, id, label, reading, account, timeout } = place;
  const template = get(spec, 'stepTemplate')?.value;
  const pod: PodSettings = { volumes: hostPaths(spec, place.pod), security: [get(template, 'securityContext')?.value, get(place.pod, 'securityContext')?.value] };
  const steps = itemsOf(get(spec, 'steps')?.value);
  const sidecars = itemsOf(get(spec, 'sidecars')?.value);
  const risk = [...steps, ...sidecars].map((step) => riskOf(step, pod)).find((range) => range !== undefined);
  const seconds = timeout?.kind === 'scalar' ? secondsOfDuration(timeout.text) : -1;
  return [
    {
      value: { id, timeoutMinutes: seconds < 0 ? -1 : Math.ceil(seconds / 60), serviceAccount: account?.text ?? '', needs: [...(place.needs ?? [])] },
      whole: label,
      places: { id: label, stepContainers: risk, services: risk, serviceAccount: account?.range, timeoutMinutes: timeout === undefined ? undefined : contentOf(timeout) },
      values: valuesOf(spec, key, reading),
      variables: environmentOf(template),
      services: sidecars.flatMap((sidecar) => {
        const image = scalarOf(sidecar, 'image');
        return image === undefined ? [] : [{ name: textOf(sidecar, 'name'), text: image, where: 'service' as const, container: containerSettings(sidecar, pod, false) }];
      }),
      ...(place.approved === true && { condition: APPROVED }),
      steps: steps.map((step, at) => stepOf(step, at, pod, template)),
    },
  ];
}

/** Pull requests of strangers wait for a member: https://pipelinesascode.com/docs/guide/running/ */
const APPROVED: NonNullable<JobSource['condition']> = { guards: [{ kind: 'label', text: '`/ok-to-test` of a member', sound: true }] };

function stepOf(node: YamlNode, index: number, pod: PodSettings, template: YamlNode | undefined): StepSource {
  const image = scalarOf(node, 'image') ?? scalarOf(template, 'image');
  const name = scalarOf(node, 'name') ?? image;
  const script = scriptOf(node);
  const action = get(node, 'ref')?.value;
  const [reference] = referenceOf(action, 'step');
  const seconds = secondsOfDuration(textOf(node, 'timeout'));
  return {
    value: { id: textOf(node, 'name') || `step ${index + 1}`, name: textOf(node, 'name'), workingDirectory: textOf(node, 'workingDir'), continueOnError: textOf(node, 'onError') === 'continue', timeoutMinutes: seconds < 0 ? -1 : Math.ceil(seconds / 60) },
    whole: name === undefined ? node.range : contentOf(name),
    places: { run: contentAt(node, 'script') === undefined ? get(node, 'args')?.key.range : get(node, 'script')?.key.range, continueOnError: contentAt(node, 'onError'), uses: contentAt(node, 'image') },
    variables: environmentOf(node),
    inputs: script === undefined ? argumentsOf(node) : [],
    ...(reference !== undefined && { uses: reference }),
    ...(image !== undefined && { image: { text: image, where: 'container', container: containerSettings(node, pod, false) } }),
    ...(script !== undefined && { script }),
  };
}

/** Arguments of a program that the image chooses. */
function argumentsOf(node: YamlNode): TextSource[] {
  return scalarsOf(get(node, 'args')?.value).map((text) => ({ name: 'args', text, sink: 'input' }));
}

function scriptOf(node: YamlNode): ScriptSource | undefined {
  const script = scalarOf(node, 'script');
  // Without a first line of its own it runs with `set -e` in `sh`.
  if (script !== undefined && script.text !== '') return { text: script, shell: script.text.startsWith('#!') ? '' : 'sh', initial: { errexit: !script.text.startsWith('#!') } };
  const command = scalarsOf(get(node, 'command')?.value);
  return command.length === 0 ? undefined : commandLine([...command, ...scalarsOf(get(node, 'args')?.value)]);
}

function actionJob(document: YamlNode, spec: YamlNode | undefined, key: string, reading: Reading): JobSource {
  const label = labelOf(document);
  const id = nameOf(document);
  return { value: { id }, whole: label, places: { id: label }, values: valuesOf(spec, key, reading), steps: spec === undefined ? [] : [stepOf(spec, 0, { volumes: new Map(), security: [] }, undefined)] };
}

/** Tasks of a pipeline: those that stand in it with their steps, others as calls. */
function pipelineJobs(spec: YamlNode | undefined, key: string, reading: Reading, run: Partial<TaskPlace> = {}): JobSource[] {
  return pipelineTasks(spec).flatMap((task): JobSource[] => {
    const name = scalarOf(task, 'name');
    const label = name === undefined ? task.range : contentOf(name);
    const id = name?.text ?? '';
    const embedded = get(task, 'taskSpec')?.value;
    const needs = textsOf(get(task, 'runAfter')?.value);
    const timeout = get(task, 'timeout')?.value;
    if (embedded !== undefined) return taskJobs(embedded, { ...run, key: embeddedKey(key, task), id, label, reading, needs, ...(timeout !== undefined && { timeout }) });
    const reference = get(task, 'taskRef')?.value;
    const params: TextSource[] = itemsOf(get(task, 'params')?.value).flatMap((param) => scalarsOf(get(param, 'value')?.value).map((text): TextSource => ({ name: textOf(param, 'name'), text, sink: 'input' })));
    return [{ value: { id, needs, serviceAccount: run.account?.text ?? '' }, whole: label, places: { id: label }, values: valuesOf(task, key, reading), references: referenceOf(reference, 'job'), texts: params, ...(run.approved === true && { condition: APPROVED }), steps: [] }];
  });
}

/** What a run, or the template of one, embeds. */
function runJobs(document: YamlNode, outer: string, reading: Reading): JobSource[] {
  const spec = get(document, 'spec')?.value;
  const key = runKey(outer, document);
  const runTemplate = get(spec, 'taskRunTemplate')?.value;
  const account = scalarOf(runTemplate, 'serviceAccountName') ?? scalarOf(spec, 'serviceAccountName');
  const timeouts = get(spec, 'timeouts')?.value;
  const place: Partial<TaskPlace> = {
    account: account === undefined ? undefined : { text: account.text, range: contentOf(account) },
    pod: get(runTemplate, 'podTemplate')?.value ?? get(spec, 'podTemplate')?.value,
    timeout: get(timeouts, 'tasks')?.value ?? get(timeouts, 'pipeline')?.value ?? get(spec, 'timeout')?.value,
    approved: triggersOfRun(annotationsOf(document)).some(({ event }) => event === 'pull_request'),
  };
  const pipeline = get(spec, 'pipelineSpec')?.value;
  if (pipeline !== undefined) return pipelineJobs(pipeline, key, reading, place);
  const task = get(spec, 'taskSpec')?.value;
  const label = labelOf(document);
  const id = nameOf(document);
  if (task !== undefined) return taskJobs(task, { ...place, key, id, label, reading });
  const texts: TextSource[] = itemsOf(get(spec, 'params')?.value).flatMap((param) => scalarsOf(get(param, 'value')?.value).map((text): TextSource => ({ name: textOf(param, 'name'), text, sink: 'input' })));
  return [{ value: { id, serviceAccount: account?.text ?? '' }, whole: label, places: { id: label, serviceAccount: place.account?.range }, values: valuesOf(spec, outer, reading), texts, ...(place.approved === true && { condition: APPROVED }), steps: [] }];
}

/** Seconds of `1h30m`, as Go writes durations; -1 when it is none. */
function secondsOfDuration(text: string): number {
  const parts = [...text.matchAll(/(\d{1,9})(?:\.\d{1,9})?(h|m|s)/g)];
  if (parts.length === 0) return secondsOf(text);
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unit === 'h' ? 3_600 : unit === 'm' ? 60 : 1), 0);
}

