import type { SourceRange } from '../../core/index.js';
import { joinTexts, type LocatedText } from '../../syntax/located-text.js';
import type { YamlMapping, YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { contentAt, contentOf, entriesOf, itemsOf, pairAt, scalarOf, textOf, textsOf } from '../common/values.js';
import { parseImage } from '../github/uses.js';
import { type ImageSource, type JobSource, pinOfRef, type ReferenceSource, type StepSource, type TextSource, type VariableSource } from '../pipeline/index.js';
import { emptyValue } from '../empty.js';
import type { FactValue } from '../schema.js';

/** What steps take from the file and from where they stand. */
export interface StepAround {
  /** Name of the section: `default`, `pull-requests`, … */
  readonly event: string;
  /** Image of the whole file; stated for the first step that has none of its own. */
  readonly image: YamlNode | undefined;
  readonly services: ReadonlyMap<string, YamlNode>;
  /** Images of the file and of services that a step has stated. */
  readonly stated: Set<YamlNode>;
  /** Time limit of all steps in minutes, -1 for none. */
  readonly maxTime: number;
  /** Variables that whoever starts the pipeline fills. */
  readonly variables: readonly VariableSource[];
  /** Deployment environment of the stage around it. */
  readonly deployment: string;
}

const NAMES = { name: 'name', environment: 'deployment', timeoutMinutes: 'max-time', runner: 'runs-on', selfHosted: 'runs-on', services: 'services', steps: 'script', permissions: 'oidc', 'permissions.oidc': 'oidc', condition: 'condition' } as const;

/** Reads a `step:`, which has a machine, a container and a clone of its own: a job, in the terms of other platforms. */
export function readStep(node: YamlMapping, key: SourceRange, id: string, around: StepAround): JobSource {
  const places: Record<string, SourceRange | undefined> = {};
  for (const [property, name] of Object.entries(NAMES)) places[property] = contentAt(node, name);
  const script = get(node, 'script');
  places['steps'] = script?.key.range;
  const image = ownImage(get(node, 'image')?.value, around);
  const runner = itemsOf(get(node, 'runs-on')?.value).filter((one) => one.kind === 'scalar');
  const oidc = textOf(node, 'oidc') === 'true';
  const maxTime = minutes(textOf(node, 'max-time'));
  const steps = [...scriptSteps(script?.value, node), ...scriptSteps(get(node, 'after-script')?.value, undefined)];
  return {
    whole: contentAt(node, 'name') ?? key,
    places,
    events: [around.event],
    value: {
      id,
      name: textOf(node, 'name') || id,
      runner: runner.map(({ text }) => text.trim()),
      // Other machines than one's own are not asked for by labels.
      selfHosted: runner.length > 0,
      environment: textOf(node, 'deployment') || around.deployment,
      timeoutMinutes: maxTime === -1 ? around.maxTime : maxTime,
    },
    token: { oidc, ...(oidc && { declared: true }) },
    ...(image !== undefined && { image }),
    services: servicesOf(node, around),
    variables: around.variables,
    steps,
  };
}

/** A number of minutes; -1 where none is written. */
export function minutes(text: string): number {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : -1;
}

function ownImage(own: YamlNode | undefined, around: StepAround): ImageSource | undefined {
  const node = own ?? around.image;
  if (node === undefined || around.stated.has(node)) return undefined;
  around.stated.add(node);
  return imageOf(node, 'container');
}

/** An image, as a text or a mapping with `name` and who may fetch it. */
function imageOf(node: YamlNode, where: ImageSource['where']): ImageSource | undefined {
  const text = node.kind === 'scalar' ? node : scalarOf(node, 'name');
  if (text === undefined || text.text.trim() === '') return undefined;
  const password = scalarOf(node, 'password');
  return { text, where, ...(password !== undefined && { password }) };
}

function servicesOf(node: YamlMapping, around: StepAround): NonNullable<JobSource['services']> {
  return textsOf(get(node, 'services')?.value).flatMap((name) => {
    const service = around.services.get(name);
    const image = service === undefined ? undefined : get(service, 'image')?.value;
    if (image === undefined || around.stated.has(image)) return [];
    around.stated.add(image);
    const source = imageOf(image, 'service');
    return source === undefined ? [] : [{ ...source, name }];
  });
}

/** The commands of a script, and the pipes between them: a shell runs what stands together. */
function scriptSteps(script: YamlNode | undefined, owner: YamlMapping | undefined): StepSource[] {
  const steps: StepSource[] = [];
  let commands: YamlScalar[] = [];
  const flush = (): void => {
    if (commands.length > 0) steps.push(commandStep(commands));
    commands = [];
  };
  for (const item of itemsOf(script)) {
    if (item.kind === 'scalar') {
      if (item.text.trim() !== '') commands.push(item);
      continue;
    }
    const pipe = scalarOf(item, 'pipe');
    if (pipe === undefined) continue;
    flush();
    steps.push(pipeStep(item, pipe));
  }
  flush();
  const [first] = steps;
  if (owner !== undefined && first !== undefined) steps[0] = { ...first, value: { ...first.value, ...transfers(owner) }, places: { ...first.places, cache: pairAt(owner, 'caches'), uploadsArtifact: pairAt(owner, 'artifacts') } };
  return steps;
}

function commandStep(commands: readonly YamlScalar[]): StepSource {
  const text: LocatedText = joinTexts(commands, '\n');
  const [first] = commands as [YamlScalar, ...YamlScalar[]];
  const length = first.text.includes('\n') ? first.text.indexOf('\n') : first.text.length;
  return {
    whole: first.sourceRange({ start: 0, end: length }),
    places: { run: text.range },
    value: {},
    script: { text, shell: 'bash', initial: { errexit: true } },
  };
}

/** Caches and artifacts of a step. */
function transfers(node: YamlMapping): Partial<FactValue<'step'>> {
  const artifacts = get(node, 'artifacts')?.value;
  const paths = artifacts?.kind === 'mapping' ? textsOf(get(artifacts, 'paths')?.value) : textsOf(artifacts);
  const caches = textsOf(get(node, 'caches')?.value);
  return { ...(caches.length > 0 && { cache: 'both' as const, cacheKey: caches.join(', ') }), uploadsArtifact: paths };
}

/** Variables of pipes that are commands. https://bitbucket.org/product/features/pipelines/integrations */
const COMMANDS = new Set(['COMMAND', 'COMMANDS', 'SCRIPT', 'EXTRA_ARGS', 'ARGS']);
/** Whose pipes come with the platform. */
const OWNERS = new Set(['atlassian', 'bitbucketpipelines']);

function pipeStep(item: YamlNode, pipe: YamlScalar): StepSource {
  const variables = get(item, 'variables')?.value;
  const inputs: TextSource[] = [];
  const places: Record<string, SourceRange | undefined> = { uses: contentOf(pipe), name: contentAt(item, 'name') };
  for (const { name, value } of entriesOf(variables)) {
    if (value.kind !== 'scalar') continue;
    places[`inputs.${name.toLowerCase()}`] = contentOf(value);
    inputs.push({ name, text: value, sink: COMMANDS.has(name) ? 'command-input' : 'input' });
  }
  return { whole: contentOf(pipe), places, value: { name: textOf(item, 'name'), publishes: publishedBy(pipe.text) }, uses: pipeReference(pipe), inputs };
}

function publishedBy(pipe: string): string {
  if (/\/(?:npm-publish)\b/.test(pipe)) return 'npm';
  if (/\/pypi-publish\b/.test(pipe)) return 'pypi';
  return /\/(?:aws-ecr-push-image|docker-push)\b/.test(pipe) ? 'container' : '';
}

/** `owner/repository:version`, or `docker://image:tag`. https://support.atlassian.com/bitbucket-cloud/docs/use-pipes-in-bitbucket-pipelines/ */
function pipeReference(pipe: YamlScalar): ReferenceSource {
  const text = pipe.text.trim();
  const whole = contentOf(pipe);
  if (text.startsWith('docker://')) {
    const { value } = parseImage(pipe.text, pipe.text.indexOf('docker://') + 'docker://'.length, pipe.text.length, 'docker');
    return { value, where: 'step', whole };
  }
  const colon = text.lastIndexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const ref = colon < 0 ? '' : text.slice(colon + 1);
  const slash = name.indexOf('/');
  const owner = slash < 0 ? '' : name.slice(0, slash).toLowerCase();
  const lead = pipe.text.indexOf(text);
  return {
    value: { ...emptyValue('step').uses, text, kind: 'plugin', name: name.toLowerCase(), owner, repository: name.slice(slash + 1).toLowerCase(), ref, pin: ref.includes('$') ? '' : pinOfRef(ref) },
    where: 'step',
    whole,
    trusted: OWNERS.has(owner),
    places: { name: pipe.sourceRange({ start: lead, end: lead + name.length }), ref: colon < 0 ? undefined : pipe.sourceRange({ start: lead + colon + 1, end: lead + text.length }) },
  };
}
