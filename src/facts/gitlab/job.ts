import type { SourceRange } from '../../core/index.js';
import { joinTexts } from '../../syntax/located-text.js';
import type { YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { contentOf, entriesOf, isTrue, itemsOf, scalarOf, scalarsOf, textOf, textsOf } from '../common/values.js';
import type { ImageSource, JobSource, ReferenceSource, StepSource, VariableSource } from '../pipeline/index.js';
import { includesOf, referenceOf } from './includes.js';
import { commandsOf, type Configuration, type Entry, layersOf, type Located, mergedOf, valueOf } from './resolve.js';
import { conditionOf, runsByRefs, runsByRules, type Runs, type Source } from './rules.js';

/** What holds for all jobs of a file. */
export interface FileScope {
  readonly path: string;
  readonly configuration: Configuration;
  /** Kinds of pipelines by `workflow`. */
  readonly events: ReadonlySet<Source>;
  /** `workflow` has rules. */
  readonly workflow: boolean;
  /** Commands that some job before has stated. */
  readonly stated: Set<YamlScalar>;
  /** Characters of commands that may be stated again, since every job reads what it shares with others in its own circumstances. */
  budget: number;
}

/** Enough for every pipeline that people write; the default script of a thousand jobs costs no more than this. */
export const REPEATED_TEXT = 400_000;

/** Describes a job, or a hidden job that nothing of its file extends. Only what stands in the file itself has places. */
export function describeJob(entry: Entry, file: FileScope): JobSource {
  const { configuration, path } = file;
  const layers = layersOf(entry, configuration);
  const value = (keyword: string): Located | undefined => valueOf(layers, keyword, configuration);
  const here = (one: Located | undefined): YamlNode | undefined => (one?.path === path ? one.node : undefined);
  const place = (one: Located | undefined): SourceRange | undefined => (one?.path === path ? contentOf(one.node) : undefined);
  const environment = value('environment');
  const name = environment === undefined ? '' : environment.node.kind === 'scalar' ? environment.node.text : textOf(environment.node, 'name');
  const runs = runsOf(layers, file);
  const timeout = value('timeout');
  const tags = value('tags');
  const tokens = mergedOf(layers, 'id_tokens', configuration);
  const trigger = value('trigger');
  const triggered = trigger === undefined ? undefined : triggeredBy(trigger.node);
  const image = here(value('image'));
  const allowed = value('allow_failure')?.node;
  const cache = here(value('cache'));
  const artifacts = here(value('artifacts'));
  const events = runs.events.size === 0 ? ['never'] : [...runs.events];
  const services = itemsOf(here(value('services'))).flatMap(serviceOf);
  const daemon = services.find(({ container }) => container?.privileged === true);
  return {
    whole: entry.key.range,
    places: { environment: place(environment), timeoutMinutes: place(timeout), runner: place(tags), condition: place(value('rules')) ?? place(value('only')), container: place(value('image')), 'container.image': place(value('image')), continueOnError: place(value('allow_failure')), uses: place(trigger), permissions: place(value('id_tokens')), secretsInherit: triggered?.forwards, needs: place(value('needs')), services: daemon === undefined ? place(value('services')) : contentOf(daemon.text as YamlScalar) },
    value: {
      id: entry.name,
      name: entry.name,
      runner: tags === undefined ? [] : textsOf(tags.node),
      environment: name,
      needs: needsOf(value('needs')?.node),
      timeoutMinutes: timeout === undefined ? -1 : minutesOf(scalarOf(timeout.node, '')?.text ?? (timeout.node.kind === 'scalar' ? timeout.node.text : '')),
      continueOnError: allowed !== undefined && (isTrue(allowed) || allowed.kind === 'mapping'),
      deploys: name !== '' && !/^(?:stop|prepare|verify|access)$/.test(environment === undefined ? '' : textOf(environment.node, 'action')),
      secretsInherit: triggered?.forwards !== undefined,
    },
    events,
    condition: { ...conditionOf(runs, file.workflow), events },
    protectedOnly: runs.protectedOnly,
    token: identityToken(tokens, value('id_tokens')),
    ...(image !== undefined && imageOf(image) !== undefined && { image: { text: imageOf(image) as YamlScalar, where: 'container' as const, container: { options: textOf(get(image, 'docker')?.value, 'user') } } }),
    services,
    runner: scalarsOf(here(tags)),
    variables: variablesOf(layers, file),
    references: triggered?.references ?? [],
    steps: stepsOf(layers, file, { cache, artifacts }),
  };
}

/** Identity tokens, written at the job or taken from the defaults. https://docs.gitlab.com/ci/yaml/#id_tokens */
function identityToken(own: readonly Located[], found: Located | undefined): NonNullable<JobSource['token']> {
  return { oidc: found !== undefined, declared: own.length > 0, inherited: own.length === 0 && found !== undefined };
}

function runsOf(layers: readonly Located[], file: FileScope): Runs {
  const { configuration, events, workflow } = file;
  const rules = valueOf(layers, 'rules', configuration);
  if (rules !== undefined) {
    const expanded = commandsOrItems(rules, configuration);
    return runsByRules(expanded, events);
  }
  return runsByRefs(valueOf(layers, 'only', configuration)?.node, valueOf(layers, 'except', configuration)?.node, events, workflow);
}

/** Rules may be lists in lists and references. */
function commandsOrItems(rules: Located, configuration: Configuration): YamlNode {
  const items: YamlNode[] = [];
  const visit = (one: Located, depth: number): void => {
    if (depth > 5 || items.length > 500) return;
    for (const node of itemsOf(one.node)) {
      if (node.tag === '!reference' && node.kind === 'sequence') {
        const [job = '', keyword = ''] = textsOf(node);
        const found = configuration.find(job, one.path);
        const pair = get(found?.node, keyword);
        if (found !== undefined && pair !== undefined) visit({ node: pair.value, path: found.path }, depth + 1);
      } else if (node.kind === 'sequence') visit({ node, path: one.path }, depth + 1);
      else items.push(node);
    }
  };
  visit(rules, 0);
  return { kind: 'sequence', range: rules.node.range, items: items.map((value) => ({ value })) };
}

function needsOf(node: YamlNode | undefined): string[] {
  return itemsOf(node).map((item) => (item.kind === 'scalar' ? item.text : textOf(item, 'job'))).filter((name) => name !== '');
}

/** Minutes of `1h 30m`, `90 minutes`, `3 hours 30 minutes`; -1 when it is written otherwise. */
export function minutesOf(text: string): number {
  let minutes = 0;
  let found = false;
  for (const [, amount, unit = ''] of text.matchAll(/(\d{1,6})\s{0,3}(weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)?(?![a-z])/gi)) {
    found = true;
    const letter = unit.charAt(0).toLowerCase();
    minutes += Number(amount) * (letter === 'w' ? 10_080 : letter === 'd' ? 1_440 : letter === 'h' ? 60 : letter === 'm' ? 1 : 1 / 60);
  }
  return found ? Math.ceil(minutes) : -1;
}

/** The image of `image:` or of a service: a text, or a mapping with a name. */
function imageOf(node: YamlNode): YamlScalar | undefined {
  const image = node.kind === 'scalar' ? node : scalarOf(node, 'name');
  return image === undefined || image.value === null ? undefined : image;
}

function serviceOf(node: YamlNode): (ImageSource & { name: string })[] {
  const text = imageOf(node);
  if (text === undefined) return [];
  // A Docker daemon as a service works on privileged runners only. https://docs.gitlab.com/ci/docker/using_docker_build/
  const privileged = /(?:^|[/_-])docker(?::[\w.-]{0,60})?dind|:dind\b|-dind\b/.test(text.text);
  return [{ name: textOf(node, 'alias') || text.text, text, where: 'service', container: { privileged, ...(privileged && { options: 'docker daemon' }) } }];
}

/** Variables of a job: its own, those that it extends, and its secrets and identity tokens. */
function variablesOf(layers: readonly Located[], { path, configuration }: FileScope): VariableSource[] {
  const sources: VariableSource[] = [];
  const seen = new Set<string>();
  for (const { node, path: at } of mergedOf(layers, 'variables', configuration)) {
    for (const source of variablesIn(node)) {
      if (seen.has(source.name)) continue;
      seen.add(source.name);
      if (at === path) sources.push(source);
    }
  }
  const secrets = mergedOf(layers, 'secrets', configuration);
  const tokens = mergedOf(layers, 'id_tokens', configuration);
  const inherited = tokens.length === 0 ? valueOf(layers, 'id_tokens', configuration) : undefined;
  for (const { node, path: at } of [...secrets, ...tokens, ...(inherited === undefined ? [] : [inherited])]) {
    for (const { name, key } of entriesOf(node)) if (at === path && !seen.has(name)) sources.push({ name, range: key.range, secret: true });
  }
  return sources;
}

/** Entries of `variables:`. One with a description is asked for when someone starts a pipeline by hand. */
export function variablesIn(node: YamlNode | undefined): VariableSource[] {
  return [...entriesOf(node)].flatMap(({ name, value }): VariableSource[] => {
    if (value.kind === 'scalar') return [{ name, value }];
    const text = scalarOf(value, 'value') ?? scalarOf(value, 'description');
    if (text === undefined) return [];
    const asked = get(value, 'description') !== undefined && get(value, 'options') === undefined;
    const own = scalarOf(value, 'value');
    return [{ name, ...(own === undefined ? { range: contentOf(text) } : { value: own }), expands: textOf(value, 'expand') !== 'false', ...(asked && { controlledBy: 'operator' as const }) }];
  });
}

const PHASES = ['before_script', 'script', 'after_script'] as const;

/** Whether commands are to be stated: they are new, or there is room to state them again. */
function isStated(commands: readonly YamlScalar[], file: FileScope): boolean {
  const fresh = commands.some((command) => !file.stated.has(command));
  for (const command of commands) file.stated.add(command);
  if (fresh) return true;
  file.budget -= commands.reduce((sum, { text }) => sum + text.length + 50, 0);
  return file.budget > 0;
}

function stepsOf(layers: readonly Located[], file: FileScope, { cache, artifacts }: { cache: YamlNode | undefined; artifacts: YamlNode | undefined }): StepSource[] {
  const { path, configuration } = file;
  const steps: StepSource[] = [];
  const windows = textsOf(valueOf(layers, 'tags', configuration)?.node).some((tag) => /windows/i.test(tag));
  const dotenv = artifacts === undefined ? [] : textsOf(get(get(artifacts, 'reports')?.value, 'dotenv')?.value);
  for (const phase of PHASES) {
    const commands = commandsOf(valueOf(layers, phase, configuration), configuration).filter((command) => command.path === path);
    const [first] = commands;
    if (first === undefined || !isStated(commands.map(({ scalar }) => scalar), file)) continue;
    const text = joinTexts(commands.map(({ scalar }) => scalar), '\n');
    const shell = windows ? 'pwsh' : 'bash';
    steps.push({
      whole: contentOf(first.scalar),
      places: { run: contentOf(first.scalar) },
      value: { id: phase, name: phase },
      script: {
        text,
        shell,
        // https://docs.gitlab.com/runner/shells/ : `set -eo pipefail`
        initial: { errexit: true, pipefail: true },
        environmentFiles: phase === 'after_script' ? [] : dotenv,
      },
    });
  }
  const last = steps.findIndex(({ value }) => value.id === 'script');
  if (last >= 0) {
    const step = steps[last] as StepSource;
    const paths = artifacts === undefined ? [] : textsOf(get(artifacts, 'paths')?.value);
    const [use] = itemsOf(cache);
    const policy = use === undefined ? '' : textOf(use, 'policy');
    const key = use === undefined ? undefined : get(use, 'key')?.value;
    // Caches of protected and of other refs are apart unless the file says otherwise.
    const caches = use !== undefined && use.kind === 'mapping' && isTrue(get(use, 'unprotect')?.value);
    steps[last] = {
      ...step,
      places: { ...step.places, uploadsArtifact: artifacts === undefined ? undefined : contentOf(artifacts), cache: cache === undefined ? undefined : contentOf(cache), cacheKey: key === undefined ? undefined : contentOf(key) },
      value: { ...step.value, uploadsArtifact: paths, ...(caches && { cache: policy === 'pull' ? 'restore' : policy === 'push' ? 'save' : 'both', cacheKey: key?.kind === 'scalar' ? key.text : 'files' }) },
      ...(key?.kind === 'scalar' && { inputs: [{ name: 'key', text: key, sink: 'cache-key' as const }] }),
    };
  }
  return steps;
}

/** What a `trigger` job starts. https://docs.gitlab.com/ci/yaml/#trigger */
function triggeredBy(node: YamlNode): { references: ReferenceSource[]; forwards: SourceRange | undefined } {
  const project = node.kind === 'scalar' ? node : scalarOf(node, 'project');
  const forward = get(get(node, 'forward')?.value, 'pipeline_variables');
  const references = includesOf(node).flatMap(referenceOf).map((reference) => ({ ...reference, where: 'job' as const }));
  if (project !== undefined) {
    const name = project.text.toLowerCase();
    // A downstream pipeline runs as it is in its own project: there is nothing to pin.
    references.push({ value: { text: project.text, kind: 'local', name, owner: name.slice(0, Math.max(0, name.lastIndexOf('/'))) }, where: 'job', whole: contentOf(project) });
  }
  return { references, forwards: forward !== undefined && isTrue(forward.value) ? forward.key.range : undefined };
}
