import { joinTexts, partOf } from '../../syntax/located-text.js';
import type { YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import type { ReadContext } from '../common/context.js';
import { contentOf, entriesOf, isTrue, itemsOf, scalarOf, scalarsOf, textOf } from '../common/values.js';
import { readYamlDocuments } from '../common/yaml.js';
import { pinOfRef, statePipeline } from '../pipeline/index.js';
import type { JobSource, ReferenceSource, StepSource, TextSource, VariableSource } from '../pipeline/index.js';
import { PULL_REQUEST, TRAVIS } from './dialect.js';

/* Travis CI. https://docs.travis-ci.com/user/job-lifecycle/, https://config.travis-ci.com/ref/ */

const PHASES = ['before_install', 'install', 'before_script', 'script', 'before_cache', 'after_success', 'after_failure', 'before_deploy', 'after_deploy', 'after_script'] as const;
/** Phases whose failure fails the build. */
const STRICT = new Set(['before_install', 'install', 'before_script', 'before_deploy']);

/** States the facts of a `.travis.yml`. */
export function readTravis(context: ReadContext): void {
  const [root] = readYamlDocuments(context);
  if (root?.kind !== 'mapping') return;
  const listed = jobNodes(root);
  const allowed = allowedToFail(root);
  const jobs = listed.length === 0 ? [describeJob('default', root, root, allowed)] : listed.map((node, index) => describeJob(textOf(node, 'name') || textOf(node, 'stage') || `job ${index + 1}`, node, root, allowed));
  const requests = !/\btype\s{0,5}(?:!=\s{0,5}pull_request|=\s{0,5}(?:push|api|cron))/.test(textOf(root, 'if'));
  const [first] = root.pairs;
  const notifications = get(root, 'notifications');
  statePipeline(context, {
    dialect: TRAVIS,
    value: { name: '.travis.yml', concurrency: true },
    whole: first === undefined ? { start: root.range.start, end: root.range.start } : first.key.range,
    places: { triggers: get(root, 'if')?.key.range, env: get(root, 'env')?.key.range },
    triggers: [
      { event: 'push', by: 'collaborator', privileged: true },
      // Builds of forks get no encrypted variables.
      ...(requests ? [{ event: PULL_REQUEST, by: 'attacker' as const, privileged: false }] : []),
      { event: 'api', by: 'operator', privileged: true },
      { event: 'cron', by: 'trusted', privileged: true },
    ],
    variables: [...variablesOf(envOf(root, 'global') ?? get(root, 'env')?.value), ...(notifications === undefined ? [] : secretsBelow(notifications.value))],
    references: importsOf(root),
    jobs,
  });
}

function jobNodes(root: YamlNode): YamlNode[] {
  const jobs = get(root, 'jobs')?.value ?? get(root, 'matrix')?.value;
  const include = jobs?.kind === 'sequence' ? jobs : get(jobs, 'include')?.value;
  return itemsOf(include).filter((node) => node.kind === 'mapping');
}

/** Attributes of jobs whose failure is no failure. https://docs.travis-ci.com/user/build-matrix/#rows-that-are-allowed-to-fail */
function allowedToFail(root: YamlNode): readonly YamlNode[] {
  const jobs = get(root, 'jobs')?.value ?? get(root, 'matrix')?.value;
  return itemsOf(get(jobs, 'allow_failures')?.value).filter((node) => node.kind === 'mapping' && node.pairs.length > 0);
}

/** Whether every attribute that an entry names is that of the job, or of all jobs. */
function isAllowed(entry: YamlNode, job: YamlNode, root: YamlNode): boolean {
  return [...entriesOf(entry)].every(({ name, value }) => {
    const own = get(job, name)?.value ?? get(root, name)?.value;
    return own !== undefined && value.kind === 'scalar' && own.kind === 'scalar' && own.text === value.text;
  });
}

function envOf(node: YamlNode, part: string): YamlNode | undefined {
  const env = get(node, 'env')?.value;
  return env?.kind === 'mapping' ? get(env, part)?.value : undefined;
}

/** Variables of `env`: a text of assignments, a mapping, or a list of either; `secure:` is a secret. */
function variablesOf(node: YamlNode | undefined, depth = 0): VariableSource[] {
  if (node === undefined || depth > 3) return [];
  if (node.kind === 'sequence') return itemsOf(node).flatMap((item) => variablesOf(item, depth + 1));
  if (node.kind === 'scalar') return assignments(node);
  return [...entriesOf(node)].flatMap(({ name, key, value }): VariableSource[] => {
    if (name === 'secure') return [{ name: 'secure', range: key.range, secret: true }];
    if (name === 'global' || name === 'jobs' || name === 'matrix') return variablesOf(value, depth + 1);
    if (value.kind === 'scalar') return [{ name, value }];
    return get(value, 'secure') === undefined ? [] : [{ name, range: key.range, secret: true }];
  });
}

const ASSIGNMENT = /([A-Za-z_]\w{0,100})=("[^"]{0,2000}"|'[^']{0,2000}'|[^\s"']{0,2000})/g;

/** `A=1 B="two"`: the assignments of one entry. */
function assignments(scalar: YamlScalar): VariableSource[] {
  return [...scalar.text.matchAll(ASSIGNMENT)].map((match) => {
    const written = match[2] as string;
    const quoted = /^["']/.test(written) ? 1 : 0;
    const start = match.index + (match[1] as string).length + 1 + quoted;
    return { name: match[1] as string, value: partOf(scalar, { start, end: start + written.length - 2 * quoted }) };
  });
}

/** Secrets written as `secure:` below a node. */
function secretsBelow(node: YamlNode, depth = 0): VariableSource[] {
  if (depth > 6) return [];
  if (node.kind === 'sequence') return itemsOf(node).flatMap((item) => secretsBelow(item, depth + 1));
  return [...entriesOf(node)].flatMap(({ name, key, value }) => (name === 'secure' ? [{ name: 'secure', range: key.range, secret: true }] : secretsBelow(value, depth + 1)));
}

/** A job: what it says itself, else what the file says for all. */
function describeJob(id: string, node: YamlNode, root: YamlNode, allowed: readonly YamlNode[]): JobSource {
  const value = (keyword: string): YamlNode | undefined => get(node, keyword)?.value ?? get(root, keyword)?.value;
  const condition = scalarOf(node === root ? undefined : node, 'if') ?? scalarOf(root, 'if');
  const events = condition === undefined ? undefined : eventsOf(condition.text);
  const deploys = itemsOf(value('deploy')).filter((deploy) => deploy.kind === 'mapping' || deploy.kind === 'scalar');
  const [first] = node.kind === 'mapping' ? node.pairs : [];
  const steps = PHASES.flatMap((phase) => scriptSteps(phase, value(phase)));
  const env = node === root ? (envOf(root, 'jobs') ?? envOf(root, 'matrix')) : get(node, 'env')?.value;
  const failing = allowed.find((entry) => isAllowed(entry, node, root));
  const docker = scalarsOf(value('services')).some(({ text }) => text === 'docker');
  return {
    whole: node === root ? (get(root, 'script') ?? get(root, 'language') ?? first)?.key.range ?? { start: root.range.start, end: root.range.start } : (first?.key.range ?? node.range),
    places: { condition: condition === undefined ? undefined : contentOf(condition), env: env === undefined ? undefined : contentOf(env), continueOnError: failing === undefined ? undefined : contentOf(failing) },
    value: { id, name: id, runner: [textOf(root, 'os') || 'linux', ...(docker ? ['docker'] : [])], continueOnError: failing !== undefined, deploys: deploys.length > 0 },
    ...(events !== undefined && { events, condition: { text: condition?.text ?? '', events } }),
    variables: variablesOf(env),
    steps: [...steps, ...deploys.map(deployStep)],
  };
}

/** Events of a condition such as `type = push AND branch = main`; undefined when it says nothing of them. */
function eventsOf(text: string): string[] | undefined {
  if (/\bOR\b|\|\|/i.test(text)) return undefined;
  if (/\btype\s{0,5}!=\s{0,5}pull_request|\bfork\s{0,5}=\s{0,5}false/.test(text)) return ['push', 'api', 'cron'];
  const found = /\btype\s{0,5}=\s{0,5}(push|pull_request|api|cron)\b/.exec(text)?.[1];
  if (found !== undefined) return [found];
  const list = /\btype\s{1,5}IN\s{0,5}\(([\w\s,]{1,100})\)/i.exec(text)?.[1];
  if (list !== undefined) return list.split(',').map((event) => event.trim());
  return /\btag\s{1,5}(?:IS\s{1,5}present|=~)/i.test(text) ? ['push'] : undefined;
}

function scriptSteps(phase: string, node: YamlNode | undefined): StepSource[] {
  const commands = scalarsOf(node).filter(({ value, text }) => value !== null && value !== false && text !== 'skip' && text !== 'true');
  const [first] = commands;
  if (first === undefined) return [];
  return [
    {
      whole: contentOf(first),
      places: { run: contentOf(first) },
      value: { id: phase, name: phase, continueOnError: !STRICT.has(phase) && phase !== 'script' },
      // Every command of `script` runs whatever those before it gave; the phases before it stop at the first failure.
      script: { text: joinTexts(commands, '\n'), shell: 'bash', initial: { errexit: STRICT.has(phase) } },
    },
  ];
}

const PUBLISHES: Readonly<Record<string, string>> = { npm: 'npm', pypi: 'pypi', releases: 'release', rubygems: 'rubygems', cargo: 'crates', heroku: 'deploy', s3: 'deploy', pages: 'deploy', script: '' };

/** One provider of `deploy:`. https://docs.travis-ci.com/user/deployment-v2/ */
function deployStep(node: YamlNode): StepSource {
  const provider = node.kind === 'scalar' ? node : scalarOf(node, 'provider');
  const name = provider?.text ?? '';
  const script = name === 'script' ? scalarOf(node, 'script') : undefined;
  const inputs: TextSource[] = [];
  const variables: VariableSource[] = [];
  for (const { name: input, key, value } of entriesOf(node)) {
    if (input === 'on' || input === 'script' || input === 'provider') continue;
    if (value.kind === 'scalar') inputs.push({ name: input, text: value, sink: 'input' });
    else if (get(value, 'secure') !== undefined) variables.push({ name: input, range: key.range, secret: true });
  }
  return {
    whole: provider === undefined ? node.range : contentOf(provider),
    places: Object.fromEntries(inputs.map(({ name: input, text }) => [`inputs.${input.toLowerCase()}`, text.range])),
    value: { id: 'deploy', name: `deploy ${name}`, publishes: PUBLISHES[name] ?? '', ...(isTrue(get(node, 'allow_failure')?.value) && { continueOnError: true }) },
    inputs,
    variables,
    ...(script !== undefined && { script: { text: script, shell: 'bash' } }),
  };
}

/** Configuration of other repositories or of this one. https://docs.travis-ci.com/user/build-config-imports/ */
function importsOf(root: YamlNode): ReferenceSource[] {
  return itemsOf(get(root, 'import')?.value).flatMap((node): ReferenceSource[] => {
    const source = node.kind === 'scalar' ? node : scalarOf(node, 'source');
    if (source === undefined) return [];
    const match = /^([\w.-]{1,100})\/([\w.-]{1,100}):([^@]{1,500})(?:@(.{1,200}))?$/.exec(source.text);
    const whole = contentOf(source);
    if (match === null) return [{ value: { text: source.text, kind: 'local', name: source.text.toLowerCase(), path: source.text }, where: 'include', whole }];
    const [, owner = '', repository = '', path = '', ref = ''] = match;
    return [{ value: { text: source.text, kind: 'include', name: `${owner}/${repository}`.toLowerCase(), owner: owner.toLowerCase(), repository: repository.toLowerCase(), path, ref, pin: pinOfRef(ref) }, where: 'include', whole }];
  });
}
