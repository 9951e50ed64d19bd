import type { SourceRange } from '../../core/index.js';
import type { YamlMapping, YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { problem } from '../common/context.js';
import { contentAt, contentOf, entriesOf, itemsOf, scalarOf, textOf, textsOf } from '../common/values.js';
import { readYamlDocuments } from '../common/yaml.js';
import { type InputSource, type JobSource, type PipelineReader, pinOfRef, type ReferenceSource, statePipeline, type TriggerSource, type VariableSource } from '../pipeline/index.js';
import { BITBUCKET } from './predefined.js';
import { minutes, readStep, type StepAround } from './step.js';

/**
 * Reads a `bitbucket-pipelines.yml`.
 * https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/
 */
export const readBitbucket: PipelineReader = (context) => {
  const [root] = readYamlDocuments(context);
  if (root === undefined) return;
  if (root.kind !== 'mapping') {
    problem(context, 'bitbucket-structure', 'The file must be a mapping with `pipelines`.', root.range);
    return;
  }
  const file = readFile(root);
  const pipelines = get(root, 'pipelines') ?? get(root, 'definitions') ?? root.pairs[0];
  statePipeline(context, {
    dialect: BITBUCKET,
    whole: pipelines?.key.range ?? root.range,
    places: file.places,
    value: { kind: 'workflow' },
    triggers: file.triggers,
    inputs: file.inputs,
    references: file.references,
    jobs: file.jobs,
  });
};

interface FileDraft {
  readonly triggers: TriggerSource[];
  readonly places: Record<string, SourceRange>;
  readonly inputs: InputSource[];
  readonly references: ReferenceSource[];
  readonly jobs: JobSource[];
}

type FileAround = Omit<StepAround, 'event' | 'variables' | 'deployment'>;

/** Who starts the pipelines of a section; runs have the secrets of the repository in all of them. */
const SECTIONS: Readonly<Record<string, TriggerSource['by']>> = { default: 'collaborator', branches: 'collaborator', tags: 'collaborator', bookmarks: 'collaborator', 'pull-requests': 'collaborator', custom: 'operator' };

function readFile(root: YamlMapping): FileDraft {
  const file: FileDraft = { triggers: [], places: {}, inputs: [], references: [], jobs: [] };
  const definitions = get(root, 'definitions')?.value;
  const services = new Map<string, YamlNode>();
  for (const { name, value } of entriesOf(get(definitions, 'services')?.value)) services.set(name, value);
  const around: FileAround = { image: get(root, 'image')?.value, services, stated: new Set(), maxTime: minutes(textOf(get(root, 'options')?.value, 'max-time')) };
  for (const { name, key, value } of entriesOf(get(root, 'pipelines')?.value)) {
    const by = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined;
    if (by === undefined) continue;
    file.places[`triggers.${file.triggers.length}`] = key.range;
    const patterns = name === 'branches' || name === 'tags' ? [...entriesOf(value)].map((entry) => entry.name) : [];
    file.triggers.push({ event: name, by, privileged: true, ...(name === 'branches' && { branches: patterns }), ...(name === 'tags' && { tags: patterns }) });
    if (name === 'default') readPipeline('default', name, value, around, file);
    else for (const entry of entriesOf(value)) readPipeline(entry.name, name, entry.value, around, file);
  }
  // Pipelines that other repositories import.
  const shared = [...entriesOf(get(definitions, 'pipelines')?.value)];
  if (shared.length > 0) file.triggers.push({ event: 'import', by: 'collaborator', privileged: true });
  for (const entry of shared) readPipeline(entry.name, 'import', entry.value, around, file);
  return file;
}

/** One pipeline: a list of steps, stages, parallel steps and variables, or the import of another repository's. */
function readPipeline(name: string, event: string, node: YamlNode, around: FileAround, file: FileDraft): void {
  const imported = scalarOf(node, 'import');
  if (imported !== undefined) {
    file.references.push(importReference(imported.text.trim(), contentOf(imported)));
    return;
  }
  const variables: VariableSource[] = [];
  for (const item of itemsOf(node)) for (const variable of itemsOf(get(item, 'variables')?.value)) addVariable(variable, variables, file.inputs);
  const inside: StepAround = { ...around, event, variables, deployment: '' };
  for (const item of itemsOf(node)) readItem(item, name, inside, file.jobs, 0);
}

/** Groups in groups that are followed; the platform allows none. */
const MAX_DEPTH = 5;

function readItem(item: YamlNode, name: string, around: StepAround, jobs: JobSource[], depth: number): void {
  if (item.kind !== 'mapping' || depth > MAX_DEPTH) return;
  for (const { name: kind, key, value } of entriesOf(item)) {
    if (kind === 'step' && value.kind === 'mapping') jobs.push(readStep(value, key.range, textOf(value, 'name') || `${name} ${jobs.length + 1}`, around));
    else if (kind === 'parallel') for (const inner of itemsOf(value.kind === 'mapping' ? get(value, 'steps')?.value : value)) readItem(inner, name, around, jobs, depth + 1);
    else if (kind === 'stage') {
      const inside = { ...around, deployment: textOf(value, 'deployment') || around.deployment };
      for (const inner of itemsOf(get(value, 'steps')?.value)) readItem(inner, name, inside, jobs, depth + 1);
    }
  }
}

/** A variable that whoever starts a custom pipeline fills: an entry of `variables`, with `default` and `allowed-values`. */
function addVariable(node: YamlNode, variables: VariableSource[], inputs: InputSource[]): void {
  const name = scalarOf(node, 'name');
  if (name === undefined || name.text.trim() === '') return;
  const allowed = get(node, 'allowed-values')?.value;
  const fallback = scalarOf(node, 'default');
  const place = contentOf(name);
  // What it holds is no text of the file.
  variables.push({ name: name.text.trim(), value: name, expands: false, elsewhere: true, controlledBy: allowed === undefined ? 'operator' : 'trusted' });
  inputs.push({
    value: {
      name: name.text.trim(),
      type: 'string',
      description: textOf(node, 'description'),
      required: fallback === undefined,
      hasDefault: fallback !== undefined,
      default: fallback?.text ?? '',
      values: textsOf(allowed),
      restricted: allowed !== undefined,
      delivery: 'environment',
      controlledBy: 'operator',
    },
    whole: place,
    places: { default: contentAt(node, 'default'), values: contentAt(node, 'allowed-values') },
    templates: [],
  });
}

/** `repository:ref:pipeline`. https://support.atlassian.com/bitbucket-cloud/docs/share-pipelines-configurations/ */
function importReference(text: string, whole: SourceRange): ReferenceSource {
  const [repository = '', ref = '', pipeline = ''] = text.split(':');
  return { value: { text, kind: 'include', name: repository.toLowerCase(), repository: repository.toLowerCase(), path: pipeline, ref, pin: pinOfRef(ref) }, where: 'include', whole };
}
