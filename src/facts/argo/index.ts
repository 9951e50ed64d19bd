import type { SourceRange } from '../../core/index.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { at, get } from '../../syntax/yaml-query.js';
import { type ReadContext, stemOf } from '../common/context.js';
import { contentAt, contentOf, itemsOf, scalarOf, scalarsOf, textOf } from '../common/values.js';
import { readYamlDocuments } from '../common/yaml.js';
import type { Origin } from '../github/scope.js';
import { commandLine } from '../pipeline/command-line.js';
import { type Dialect, type InputSource, type JobSource, type PipelineReader, pinOfRef, type ReferenceSource, type ScriptSource, statePipeline, type StepSource, type TextSource, type TriggerSource } from '../pipeline/index.js';
import { containerSettings, environmentOf, hostPaths, isChartTemplate, type PodSettings, riskOf } from '../pipeline/kubernetes.js';
import { type ArgoIndex, argoIndex, callsOf, sensorWorkflows, workflowName, workflowSpec } from './index-files.js';
import { templatesOf } from './templates.js';

/*
 * Argo Workflows, and the sensors of Argo Events that start them.
 * https://argo-workflows.readthedocs.io/en/latest/fields/
 */

const DIALECT: Dialect = { platform: 'argo', predefined: {}, templates: templatesOf, references: templatesOf };

/** States the facts of the workflows of a file. */
export const readArgo: PipelineReader = (context, files) => {
  if (isChartTemplate(context.document.text)) return;
  const documents = readYamlDocuments(context);
  const index = argoIndex(files, documents);
  for (const document of documents) {
    const kind = textOf(document, 'kind');
    if (kind === 'Sensor') for (const { name, resource } of sensorWorkflows(document)) readWorkflow(resource, { context, index, name });
    else if (/^(?:Workflow|WorkflowTemplate|ClusterWorkflowTemplate|CronWorkflow)$/.test(kind)) readWorkflow(document, { context, index, name: workflowName(document) });
  }
};

interface Reading {
  readonly context: ReadContext;
  readonly index: ArgoIndex;
  /** By which the index knows the workflow. */
  readonly name: string;
}

function readWorkflow(document: YamlNode, reading: Reading): void {
  const { context, index } = reading;
  const spec = workflowSpec(document);
  const metadata = get(document, 'metadata')?.value;
  const template = textOf(document, 'kind').endsWith('Template');
  const whole = contentAt(metadata, 'name') ?? contentAt(metadata, 'generateName') ?? contentAt(document, 'kind') ?? document.range;
  const known = index.triggersOf(reading.name);
  const fallback: TriggerSource = template ? { event: 'call', by: 'unknown', privileged: false } : { event: 'submit', by: 'operator' };
  const templates = itemsOf(get(spec, 'templates')?.value);
  statePipeline(context, {
    dialect: DIALECT,
    value: { kind: template ? 'template' : 'workflow', name: workflowName(document) || stemOf(context.document.path), named: true, reusableOnly: template, concurrency: get(spec, 'synchronization') !== undefined || get(get(document, 'spec')?.value, 'concurrencyPolicy') !== undefined },
    whole,
    triggers: known.length > 0 ? known : [fallback],
    inputs: parametersOf(spec, reading),
    jobs: templates.flatMap((one) => jobOf(one, spec, reading)),
  });
}

function parametersOf(spec: YamlNode | undefined, { index, name }: Reading): InputSource[] {
  return itemsOf(at(spec, ['arguments', 'parameters'])).flatMap((parameter): InputSource[] => {
    const label = scalarOf(parameter, 'name');
    if (label === undefined) return [];
    const value = scalarOf(parameter, 'value') ?? scalarOf(parameter, 'default');
    const values = itemsOf(get(parameter, 'enum')?.value).flatMap((one) => (one.kind === 'scalar' ? [one.text] : []));
    const { controlledBy } = index.originOf(name, '', `workflow.parameters.${label.text}`);
    return [
      {
        value: { name: label.text, type: 'string', description: textOf(parameter, 'description'), values, restricted: values.length > 0, hasDefault: value !== undefined, required: value === undefined, default: value?.text ?? '', controlledBy },
        whole: contentOf(label),
        places: { default: value === undefined ? undefined : contentOf(value) },
        templates: values.length > 0 ? [`workflow.parameters.${label.text}`] : [],
      },
    ];
  });
}

function valuesOf(node: YamlNode, template: string, { context, index, name: workflow }: Reading): ReadonlyMap<string, Origin> {
  const values = new Map<string, Origin>();
  for (const { names } of templatesOf(context.document.text.slice(node.range.start, node.range.end))) {
    for (const name of names) if (!values.has(name.toLowerCase())) values.set(name.toLowerCase(), index.originOf(workflow, template, name));
  }
  return values;
}

/** Containers of a template: its own, its script, and those of a set. */
function containersOf(template: YamlNode): { readonly node: YamlNode; readonly key: YamlNode }[] {
  const single = ['container', 'script'].flatMap((key) => {
    const pair = get(template, key);
    return pair === undefined ? [] : [{ node: pair.value, key: pair.key }];
  });
  return [...single, ...itemsOf(at(template, ['containerSet', 'containers'])).map((node) => ({ node, key: scalarOf(node, 'name') ?? node }))];
}

function jobOf(template: YamlNode, spec: YamlNode | undefined, reading: Reading): JobSource[] {
  const label = scalarOf(template, 'name');
  const name = label?.text ?? '';
  const whole = label === undefined ? template.range : contentOf(label);
  const account = scalarOf(template, 'serviceAccountName') ?? scalarOf(spec, 'serviceAccountName');
  const deadline = scalarOf(template, 'activeDeadlineSeconds') ?? scalarOf(spec, 'activeDeadlineSeconds');
  const pod: PodSettings = { volumes: hostPaths(template, spec), security: [get(template, 'securityContext')?.value, get(spec, 'securityContext')?.value] };
  const containers = containersOf(template);
  const sidecars = [...itemsOf(get(template, 'sidecars')?.value), ...itemsOf(get(template, 'initContainers')?.value)];
  const risk = [...containers.map(({ node }) => node), ...sidecars].map((node) => riskOf(node, pod)).find((range) => range !== undefined);
  const seconds = deadline !== undefined && /^\d{1,9}$/.test(deadline.text) ? Number(deadline.text) : -1;
  const http = get(template, 'http')?.value;
  return [
    {
      value: { id: name, serviceAccount: account?.text ?? '', timeoutMinutes: seconds < 0 ? (deadline === undefined ? -1 : 0) : Math.ceil(seconds / 60), needs: [] },
      whole,
      places: { id: whole, stepContainers: risk, services: risk, serviceAccount: account === undefined ? undefined : contentOf(account), timeoutMinutes: deadline === undefined ? undefined : contentOf(deadline) },
      values: valuesOf(template, name, reading),
      services: sidecars.flatMap((sidecar) => {
        const image = scalarOf(sidecar, 'image');
        return image === undefined ? [] : [{ name: textOf(sidecar, 'name'), text: image, where: 'service' as const, container: containerSettings(sidecar, pod, true) }];
      }),
      references: artifactsOf(template),
      texts: [...callTexts(template), ...httpTexts(http), ...resourceTexts(template), ...patchTexts(template, spec)],
      steps: containers.map(({ node, key }) => stepOf(node, key, pod, whole)),
    },
  ];
}

function stepOf(node: YamlNode, key: YamlNode, pod: PodSettings, whole: SourceRange): StepSource {
  const image = scalarOf(node, 'image');
  const script = scriptOf(node);
  const id = textOf(node, 'name') || (key.kind === 'scalar' ? key.text : '');
  return {
    value: { id, name: id, workingDirectory: textOf(node, 'workingDir') },
    whole: key.kind === 'scalar' ? contentOf(key) : whole,
    places: { run: get(node, 'source')?.key.range ?? get(node, 'args')?.key.range, uses: contentAt(node, 'image') },
    variables: environmentOf(node),
    inputs: script === undefined ? scalarsOf(get(node, 'args')?.value).map((text): TextSource => ({ name: 'args', text, sink: 'input' })) : [],
    ...(image !== undefined && { image: { text: image, where: 'container', container: containerSettings(node, pod, true) } }),
    ...(script !== undefined && { script }),
  };
}

function scriptOf(node: YamlNode): ScriptSource | undefined {
  const command = scalarsOf(get(node, 'command')?.value);
  const source = scalarOf(node, 'source');
  if (source !== undefined) {
    // The source is a file that the command is given.
    const shell = command[0]?.text.replace(/^.*\//, '') ?? '';
    const letters = command.slice(1).map(({ text }) => text).join('');
    return { text: source, shell, initial: { errexit: /-[a-z]*e/.test(letters), xtrace: /-[a-z]*x/.test(letters), nounset: /-[a-z]*u/.test(letters) } };
  }
  return command.length === 0 ? undefined : commandLine([...command, ...scalarsOf(get(node, 'args')?.value)]);
}

/** Arguments handed to other templates. */
function callTexts(template: YamlNode): TextSource[] {
  return callsOf(template).flatMap((call) =>
    itemsOf(at(call, ['arguments', 'parameters'])).flatMap((parameter): TextSource[] => {
      const text = scalarOf(parameter, 'value');
      return text === undefined ? [] : [{ name: textOf(parameter, 'name'), text, sink: 'input' }];
    }),
  );
}

/** https://argo-workflows.readthedocs.io/en/latest/http-template/: who chooses the host chooses who is asked. */
function httpTexts(http: YamlNode | undefined): TextSource[] {
  const url = scalarOf(http, 'url');
  if (url === undefined) return [];
  const host = /^\s{0,10}[a-z]{1,10}:\/\/[^/]{0,300}/i.exec(url.text)?.[0] ?? url.text;
  return [{ name: 'url', text: url, sink: /\{\{/.test(host) ? 'url' : 'input' }];
}

/** Manifests that a template applies to the cluster. */
function resourceTexts(template: YamlNode): TextSource[] {
  const manifest = scalarOf(get(template, 'resource')?.value, 'manifest');
  return manifest === undefined ? [] : [{ name: 'manifest', text: manifest, sink: 'code-input' }];
}

/** What is merged into the pod's own description: whoever fills it chooses its image, rights and mounts. */
function patchTexts(...owners: readonly (YamlNode | undefined)[]): TextSource[] {
  return owners.flatMap((owner): TextSource[] => {
    const patch = scalarOf(owner, 'podSpecPatch');
    return patch === undefined ? [] : [{ name: 'podSpecPatch', text: patch, sink: 'code-input' }];
  });
}

/** Files that a template fetches from repositories and addresses. */
function artifactsOf(template: YamlNode): ReferenceSource[] {
  return itemsOf(at(template, ['inputs', 'artifacts'])).flatMap((artifact): ReferenceSource[] => {
    const git = get(artifact, 'git')?.value;
    const repository = scalarOf(git, 'repo');
    if (repository !== undefined) {
      const revision = scalarOf(git, 'revision');
      const ref = revision?.text ?? '';
      const path = repository.text.replace(/^[a-z+]{1,10}:\/\/[^/]{1,200}\/|^[^:]{1,100}:/i, '').replace(/\.git$/, '').toLowerCase();
      const [owner = '', name = ''] = path.split('/');
      return [{ value: { text: repository.text, kind: 'include', name: path, owner, repository: name, ref, pin: templatesOf(ref).length > 0 ? '' : pinOfRef(ref) }, where: 'step', whole: contentOf(repository), places: { ref: contentOf(revision ?? repository) } }];
    }
    const url = scalarOf(get(artifact, 'http')?.value, 'url');
    if (url === undefined || templatesOf(url.text).length > 0) return [];
    return [{ value: { text: url.text, kind: 'include', name: url.text.toLowerCase().slice(0, 300), pin: /\/[\da-f]{40}\//.test(url.text) ? 'digest' : 'none' }, where: 'step', whole: contentOf(url) }];
  });
}

