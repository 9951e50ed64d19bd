import type { YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import type { ReadContext } from '../common/context.js';
import { contentAt, contentOf, entriesOf, textOf, textsOf } from '../common/values.js';
import { readYamlDocuments } from '../common/yaml.js';
import type { InputSource, JobSource, PipelineFiles, TriggerSource } from '../pipeline/index.js';
import { statePipeline } from '../pipeline/index.js';
import { GITLAB, MERGE_REQUEST } from './dialect.js';
import { handedInputs, includeGraph, type IncludeGraph, includesOf, referenceOf } from './includes.js';
import { describeJob, type FileScope, REPEATED_TEXT, variablesIn } from './job.js';
import { configurationOf, defaultOf, entriesOfFile, type Entry, extendedNodes, type Part } from './resolve.js';
import { runsByRules, type Source, SOURCES } from './rules.js';

/*
 * GitLab CI/CD. https://docs.gitlab.com/ci/yaml/
 *
 * A file is read with those that it shares a configuration with: what a job extends or refers to may stand in another
 * file, and states its facts there, where it is written.
 */

/** States the facts of a configuration file, or of a file that others include. */
export function readGitlab(context: ReadContext, files: PipelineFiles): void {
  const { path } = context.document;
  const documents = readYamlDocuments(context);
  const root = bodyOf(documents);
  if (root?.kind !== 'mapping') return;
  const graph = includeGraph(files);
  const parts: Part[] = [{ path, root }];
  for (const other of graph.members(path)) {
    const body = other === path ? undefined : bodyOf(files.documents(other));
    if (body !== undefined) parts.push({ path: other, root: body });
  }
  const configuration = configurationOf(parts);
  const workflow = parts.map((part) => get(get(part.root, 'workflow')?.value, 'rules')?.value).find((rules) => rules !== undefined);
  const runs = runsByRules(workflow, new Set(SOURCES));
  const events: ReadonlySet<Source> = workflow === undefined || runs.events.size === 0 ? new Set(SOURCES) : runs.events;
  const file: FileScope = { path, configuration, events, workflow: workflow !== undefined, stated: new Set(), budget: REPEATED_TEXT };
  const jobs = jobsOf({ path, root }, file);
  const spec = documents.length > 1 ? get(documents[0], 'spec')?.value : undefined;
  const included = graph.includers(path).length > 0;
  const [first] = jobs;
  statePipeline(context, {
    dialect: GITLAB,
    value: {
      kind: included || spec !== undefined || !/(?:^|\/)\.gitlab-ci\.ya?ml$/.test(path) ? 'template' : 'workflow',
      name: textOf(get(root, 'workflow')?.value, 'name') || (path.split('/').at(-1) as string),
      reusableOnly: included,
      jobCount: jobs.filter(({ value }) => !value.id.startsWith('.')).length,
    },
    whole: first?.whole ?? { start: root.range.start, end: root.range.start },
    places: { name: contentAt(get(root, 'workflow')?.value, 'name'), triggers: contentAt(root, 'workflow'), env: get(root, 'variables')?.key.range },
    triggers: triggersOf(events),
    inputs: inputsOf(spec, path, graph, context.document.text),
    variables: variablesIn(get(root, 'variables')?.value),
    references: includesOf(root).flatMap(referenceOf),
    jobs,
  });
}

/** A file with a `spec` header has its jobs in the second document. */
function bodyOf(documents: readonly YamlNode[]): YamlNode | undefined {
  const [first, second] = documents;
  return second !== undefined && get(first, 'spec') !== undefined ? second : first;
}

function triggersOf(events: ReadonlySet<Source>): TriggerSource[] {
  return [...events].map((event): TriggerSource => {
    // Pipelines of forks run in the fork, with its runners and variables, unless a member starts them here.
    if (event === MERGE_REQUEST) return { event, by: 'attacker', privileged: false };
    return { event, by: event === 'push' || event === 'chat' ? 'collaborator' : event === 'web' || event === 'api' || event === 'trigger' ? 'operator' : 'trusted', privileged: true };
  });
}

/** Jobs of a file; hidden ones only where nothing of the file extends them, since they are read there. */
function jobsOf(part: Part, file: FileScope): JobSource[] {
  const entries = entriesOfFile(part);
  const used = new Set<YamlNode>();
  const visible: Entry[] = [];
  const hidden: Entry[] = [];
  for (const entry of entries) (entry.name.startsWith('.') ? hidden : visible).push(entry);
  for (const entry of visible) for (const node of extendedNodes(entry, file.configuration)) used.add(node);
  const jobs = [...visible, ...hidden.filter(({ node }) => !used.has(node))].map((entry) => describeJob(entry, file));
  if (jobs.length > 0) return jobs;
  // Nothing but defaults, for the jobs of other files.
  const own = get(part.root, 'default');
  return own === undefined || own.key.kind !== 'scalar' || defaultOf('image', file.configuration) === undefined && defaultOf('before_script', file.configuration) === undefined ? [] : [describeJob({ name: 'default', key: own.key, node: own.value, path: part.path }, file)];
}

/** Declared inputs. https://docs.gitlab.com/ci/inputs/ */
function inputsOf(spec: YamlNode | undefined, path: string, graph: IncludeGraph, text: string): InputSource[] {
  const handed = handedInputs(graph, path);
  const known = graph.includers(path).length > 0;
  return [...entriesOf(get(spec, 'inputs')?.value)].map(({ name, key, value }): InputSource => {
    const texts = handed.get(name) ?? [];
    const expands = text.includes('expand_vars');
    // Variables in a handed text are pasted with their values by `expand_vars` alone; else the shell expands them.
    const outsider = expands && texts.some((one) => OUTSIDERS.test(one));
    return {
      value: {
        name,
        type: textOf(value, 'type') || 'string',
        description: textOf(value, 'description'),
        required: get(value, 'default') === undefined,
        hasDefault: get(value, 'default') !== undefined,
        default: textOf(value, 'default'),
        pattern: textOf(value, 'regex').replace(/^\/|\/[a-z]*$/g, ''),
        values: textsOf(get(value, 'options')?.value),
        controlledBy: outsider ? 'attacker' : known ? (texts.some((one) => one.includes('$')) && expands ? 'unknown' : 'trusted') : path.endsWith('.gitlab-ci.yml') && !path.includes('templates/') ? 'operator' : 'unknown',
      },
      whole: contentOf(key),
      places: { type: contentAt(value, 'type'), default: contentAt(value, 'default'), pattern: contentAt(value, 'regex') },
      templates: [`inputs.${name}`],
    };
  });
}

/** Variables that an outsider writes, in the text of an input. */
const OUTSIDERS = new RegExp(`\\$\\{?(?:${Object.entries(GITLAB.predefined).filter(([, { events, type }]) => events.includes(MERGE_REQUEST) && type === 'string').map(([name]) => name).join('|')})\\b`);
