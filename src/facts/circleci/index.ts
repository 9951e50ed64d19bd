import type { YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { contentAt, contentOf, entriesOf, isTrue, itemsOf, pairAt, scalarOf, textOf } from '../common/values.js';
import { readYamlDocuments } from '../common/yaml.js';
import { payloadFieldType } from '../github/payload-fields.js';
import { LITERAL, type Origin } from '../github/scope.js';
import { type ImageSource, type JobSource, type PipelineReader, statePipeline, type StepSource, type TriggerSource } from '../pipeline/index.js';
import { orbOf, orbReferences } from './orbs.js';
import { type OriginOf, parameterOrigins, pipelineInputs } from './parameters.js';
import { environmentOf, readSteps, type StepsPlace } from './steps.js';
import { CIRCLECI, CIRCLECI_2_0, FORK, payloadNames } from './values.js';
import { type Call, commonCondition, readWorkflows } from './workflows.js';

/*
 * CircleCI: `.circleci/config.yml`, version 2 and 2.1, continuations and inline orbs.
 * https://circleci.com/docs/reference/configuration-reference/
 */

type Given = { readonly given: YamlNode | undefined; readonly originOf: OriginOf };

/** What is known of a file while its jobs are read. */
interface File {
  readonly root: YamlNode;
  readonly calls: readonly Call[];
  /** The same by the job that they name. */
  readonly callsOf: ReadonlyMap<string, readonly Call[]>;
  readonly shared: ReadonlyMap<string, Origin>;
  /** Calls of the commands of the file, by name. */
  readonly commands: Map<string, Given[]>;
  /** Executors whose images are stated with an earlier job. */
  readonly executors: Set<string>;
}

/** States the facts of a configuration file. */
export const readCircleci: PipelineReader = (context) => {
  const [root] = readYamlDocuments(context);
  if (root?.kind !== 'mapping') return;
  const { text } = context.document;
  const inputs = pipelineInputs(root);
  const shared = sharedOrigins(text, inputs);
  const calls = readWorkflows(root);
  const file: File = { root, calls, callsOf: byJob(calls), shared, commands: new Map(), executors: new Set() };
  const jobs = [...jobSources(root, file), ...orbJobs(file), ...inlineOrbs(root, file)];
  const [first] = root.pairs;
  statePipeline(context, {
    dialect: /^2(?:\.0)?$/.test(textOf(root, 'version')) ? CIRCLECI_2_0 : CIRCLECI,
    value: { named: false, kind: jobs.length === 0 ? 'template' : 'workflow' },
    whole: pairAt(root, 'version') ?? first?.key.range ?? { start: root.range.start, end: root.range.start },
    triggers: triggersOf(root, inputs.length > 0),
    inputs,
    references: orbReferences(root),
    jobs: [...jobs, ...commandSources(root, file)],
  });
};

function byJob(calls: readonly Call[]): ReadonlyMap<string, readonly Call[]> {
  const found = new Map<string, Call[]>();
  for (const call of calls) {
    const known = found.get(call.job);
    if (known === undefined) found.set(call.job, [call]);
    else known.push(call);
  }
  return found;
}

/** Pull requests of forks are built once that is switched on, and get secrets once that is switched on too. */
function triggersOf(root: YamlNode, inputs: boolean): TriggerSource[] {
  const triggers: TriggerSource[] = [
    { event: 'push', by: 'collaborator', privileged: true },
    { event: FORK, by: 'attacker', privileged: false },
  ];
  if (inputs) triggers.push({ event: 'api', by: 'operator', privileged: true });
  const scheduled = [...entriesOf(get(root, 'workflows')?.value)].some(({ value }) => itemsOf(get(value, 'triggers')?.value).some((one) => get(one, 'schedule') !== undefined));
  if (scheduled) triggers.push({ event: 'schedule', by: 'trusted', privileged: true });
  return triggers;
}

/** What names hold everywhere in the file: parameters of the pipeline and fields of events. */
function sharedOrigins(text: string, inputs: ReturnType<typeof pipelineInputs>): ReadonlyMap<string, Origin> {
  const table = new Map<string, Origin>();
  for (const name of payloadNames(text)) {
    const parts = name.split('.');
    const type = payloadFieldType(parts.at(-1) ?? '', parts.at(-2) ?? '') || 'string';
    table.set(name.toLowerCase(), { context: name, contexts: [name], source: 'event', type, controlledBy: 'attacker', events: [FORK] });
  }
  for (const { value, templates } of inputs) {
    const [name = ''] = templates;
    const type: Origin['type'] = value.type === 'boolean' ? 'boolean' : value.type === 'integer' ? 'number' : (value.values ?? []).length > 0 ? 'choice' : 'string';
    table.set(name.toLowerCase(), { context: name, contexts: [name], source: 'input', type, controlledBy: 'operator', events: [] });
  }
  return table;
}

function originIn(table: ReadonlyMap<string, Origin>): OriginOf {
  return (name) => {
    const known = table.get(name.toLowerCase());
    if (known !== undefined) return known;
    const predefined = CIRCLECI.predefined[name];
    if (predefined === undefined) return LITERAL;
    const { events, type, otherwise = 'collaborator' } = predefined;
    return { context: name, contexts: [name], source: 'event', type, controlledBy: events.length > 0 ? 'attacker' : otherwise, events };
  };
}

function jobSources(holder: YamlNode, file: File): JobSource[] {
  return [...entriesOf(get(holder, 'jobs')?.value)].map(({ name, key, value }) => {
    const calls = file.callsOf.get(name) ?? [];
    const originOf = originIn(file.shared);
    const values = new Map([...file.shared, ...parameterOrigins(get(value, 'parameters')?.value, calls.map(({ given }) => ({ given, originOf })))]);
    return jobSource(name, contentOf(key), value, calls, values, file);
  });
}

function jobSource(id: string, whole: JobSource['whole'], node: YamlNode, calls: readonly Call[], values: ReadonlyMap<string, Origin>, file: File): JobSource {
  const { executor, machine } = executorOf(node, file);
  const resource = scalarOf(node, 'resource_class') ?? scalarOf(executor, 'resource_class');
  const [first, ...others] = machine;
  const approvals = calls.length > 0 && calls.every((call) => call.approvals.length > 0) ? (calls[0]?.approvals ?? []) : [];
  const condition = commonCondition(calls);
  const place = stepsPlace(textOf(node, 'shell') || textOf(executor, 'shell'), values, file);
  const around = calls.flatMap(({ given }): [StepSource[], StepSource[]][] => [[readSteps(get(given, 'pre-steps')?.value, place), readSteps(get(given, 'post-steps')?.value, place)]]);
  return {
    value: {
      id,
      name: id,
      runner: resource === undefined ? [] : [resource.text],
      selfHosted: resource !== undefined && /^[\w.-]+\/[\w.-]+$/.test(resource.text),
      environment: approvals.join(', '),
      needs: [...new Set(calls.flatMap(({ requires }) => requires))],
      secrets: [...new Set(calls.flatMap(({ contexts }) => contexts.map((context) => `context ${context}`)))],
    },
    whole,
    places: { id: whole, runner: resource === undefined ? undefined : contentOf(resource), selfHosted: resource === undefined ? undefined : contentOf(resource), steps: pairAt(node, 'steps'), container: contentAt(node, 'docker') },
    ...(condition !== undefined && { condition }),
    ...(first !== undefined && { image: first }),
    services: others.map((one, index) => ({ ...one, where: 'service' as const, name: String(index + 1) })),
    ...(resource !== undefined && { runner: [resource] }),
    variables: [...environmentOf(get(executor, 'environment')?.value), ...environmentOf(get(node, 'environment')?.value)],
    values,
    steps: [...around.flatMap(([before]) => before), ...readSteps(get(node, 'steps')?.value, place), ...around.flatMap(([, after]) => after)],
  };
}

function stepsPlace(shell: string, values: ReadonlyMap<string, Origin>, file: File): StepsPlace {
  const originOf = originIn(values);
  const called: StepsPlace['called'] = (command, given) => {
    const known = file.commands.get(command);
    if (known === undefined) file.commands.set(command, [{ given, originOf }]);
    else if (known.length < 200) known.push({ given, originOf });
  };
  return { root: file.root, shell, condition: '', called };
}

/** The executor that a job names, and its containers where no earlier job has stated them. */
function executorOf(node: YamlNode, { root, executors }: File): { readonly executor: YamlNode | undefined; readonly machine: readonly ImageSource[] } {
  const written = get(node, 'executor')?.value;
  const name = written?.kind === 'scalar' ? written.text : textOf(written, 'name');
  const executor = name === '' ? undefined : get(get(root, 'executors')?.value, name)?.value;
  const own = imagesOf(get(node, 'docker')?.value);
  if (executor === undefined || executors.has(name)) return { executor, machine: own };
  executors.add(name);
  return { executor, machine: [...own, ...imagesOf(get(executor, 'docker')?.value)] };
}

/** https://circleci.com/docs/reference/configuration-reference/#docker */
function imagesOf(docker: YamlNode | undefined): ImageSource[] {
  return itemsOf(docker).flatMap((item): ImageSource[] => {
    const image = scalarOf(item, 'image');
    if (image === undefined) return [];
    const password = scalarOf(get(item, 'auth')?.value, 'password') ?? scalarOf(get(item, 'aws_auth')?.value, 'aws_secret_access_key');
    // `$X` is taken from the project's variables or a context.
    const written = password !== undefined && password.text !== '' && !/^\$|<</.test(password.text);
    return [{ text: image, where: 'container', ...(written && { password }), container: { privileged: isTrue(get(item, 'privileged')?.value) } }];
  });
}

/** Jobs that orbs bring: what the file hands to them. */
function orbJobs({ root, calls }: File): JobSource[] {
  return calls.flatMap((call): JobSource[] => {
    const uses = orbOf(call.job, root);
    if (uses === undefined) return [];
    const whole = contentOf(call.node as Parameters<typeof contentOf>[0]);
    return [
      {
        value: { id: call.name, name: call.name, uses, needs: [...call.requires], environment: call.approvals.join(', '), secrets: call.contexts.map((context) => `context ${context}`) },
        whole,
        places: { id: whole },
        ...(call.condition !== undefined && { condition: call.condition }),
        texts: [...entriesOf(call.given)].flatMap(({ name, value }) => (value.kind === 'scalar' && value.value !== null && !['name', 'context', 'type'].includes(name) ? [{ name, text: value, sink: 'input' as const }] : [])),
        steps: [],
      },
    ];
  });
}

/** Orbs that are written in the file have jobs and commands of their own. */
function inlineOrbs(root: YamlNode, file: File): JobSource[] {
  return [...entriesOf(get(root, 'orbs')?.value)].flatMap(({ name, value }) => {
    if (value.kind !== 'mapping') return [];
    const calls = file.calls.filter(({ job }) => job.startsWith(`${name}/`)).map((call) => ({ ...call, job: call.job.slice(name.length + 1) }));
    const inner: File = { ...file, root: value, calls, callsOf: byJob(calls), commands: new Map([...file.commands].flatMap(([command, given]) => (command.startsWith(`${name}/`) ? [[command.slice(name.length + 1), given] as const] : []))), executors: new Set() };
    return [...jobSources(value, inner), ...commandSources(value, inner)];
  });
}

/** Commands of the file: each is described once, with the values of all its callers. */
function commandSources(holder: YamlNode, file: File): JobSource[] {
  const commands = [...entriesOf(get(holder, 'commands')?.value)];
  const valuesOf = (name: string, node: YamlNode): ReadonlyMap<string, Origin> => new Map([...file.shared, ...parameterOrigins(get(node, 'parameters')?.value, file.commands.get(name) ?? [])]);
  // Commands call each other: a first round notes with what.
  for (const { name, value } of commands) readSteps(get(value, 'steps')?.value, stepsPlace('', valuesOf(name, value), file));
  return commands.map(({ name, key, value }) => {
    const values = valuesOf(name, value);
    const whole = contentOf(key);
    return { value: { id: name, name }, whole, places: { id: whole }, values, steps: readSteps(get(value, 'steps')?.value, stepsPlace('', values, file)) };
  });
}

