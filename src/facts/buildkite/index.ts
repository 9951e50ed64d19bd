import type { SourceRange } from '../../core/index.js';
import { joinTexts } from '../../syntax/located-text.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { get, walk } from '../../syntax/yaml-query.js';
import { stemOf } from '../common/context.js';
import { contentAt, contentOf, entriesOf, isFalse, isTrue, itemsOf, pairAt, scalarOf, scalarsOf, textOf, textsOf } from '../common/values.js';
import { readYamlDocuments } from '../common/yaml.js';
import { type Dialect, type InputSource, type JobSource, type PipelineReader, statePipeline, type TextSource, type TriggerSource, type VariableSource } from '../pipeline/index.js';
import { givesMachineAway } from '../pipeline/mounts.js';
import { variablesOf } from '../pipeline/pairs.js';
import { imageOf, type Plugin, pluginSecrets, pluginsOf, pluginVariables } from './plugins.js';
import { INTERPOLATION, PREDEFINED } from './variables.js';

/*
 * Buildkite: steps that `buildkite-agent pipeline upload` reads from a file, replacing variables as it does.
 * https://buildkite.com/docs/pipelines/configure/step-types
 */

const DIALECT: Dialect = { platform: 'buildkite', predefined: PREDEFINED, templates: INTERPOLATION.templates, references: INTERPOLATION.templates };

/** States the facts of a pipeline file. */
export const readBuildkite: PipelineReader = (context) => {
  const { path, text } = context.document;
  for (const root of readYamlDocuments(context)) {
    const steps = stepsOf(root.kind === 'sequence' ? root : get(root, 'steps')?.value);
    if (steps.length === 0) continue;
    const inputs = steps.flatMap(({ node }) => fieldsOf(node));
    const jobs = steps.flatMap((step, index) => jobOf(step, index, root, text));
    const [first] = steps;
    statePipeline(context, {
      dialect: DIALECT,
      value: { name: stemOf(path), named: false },
      whole: pairAt(root, 'steps') ?? (first === undefined ? root.range : contentOf(first.node)),
      triggers: triggersOf(root),
      variables: [...variablesOf(get(root, 'env')?.value), ...secretsOf(root)],
      inputs,
      jobs,
    });
  }
};

interface Step {
  readonly node: YamlNode;
  /** Conditions of the groups that it lies in. */
  readonly outer: readonly string[];
}

/** Steps with those of groups. Nested groups do not exist. */
function stepsOf(node: YamlNode | undefined): Step[] {
  return itemsOf(node).flatMap((item): Step[] => {
    if (get(item, 'group') === undefined || get(item, 'steps') === undefined) return [{ node: item, outer: [] }];
    const condition = textOf(item, 'if');
    return itemsOf(get(item, 'steps')?.value).map((inner) => ({ node: inner, outer: condition === '' ? [] : [condition] }));
  });
}

/**
 * What starts builds stands in the settings of the pipeline. A file that asks for the pull request of a build is run
 * for pull requests, with the secrets that it asks for; those of forks are built once that is switched on.
 */
function triggersOf(root: YamlNode): TriggerSource[] {
  let pulls = false;
  let secrets = false;
  walk(root, (node) => {
    if (node.kind === 'scalar') pulls ||= /build\.pull_request|BUILDKITE_PULL_REQUEST/.test(node.text);
    else secrets ||= get(node, 'secrets') !== undefined;
    return !(pulls && secrets);
  });
  const build: TriggerSource = { event: 'build', by: 'unknown', privileged: false };
  return pulls ? [build, { event: 'pull_request', by: 'attacker', privileged: secrets }] : [build];
}

/** `secrets: [NAME]` and `secrets: {VARIABLE: name}`: https://buildkite.com/docs/pipelines/security/secrets/buildkite-secrets */
function secretsOf(node: YamlNode): VariableSource[] {
  const secrets = get(node, 'secrets')?.value;
  if (secrets?.kind === 'mapping') return [...entriesOf(secrets)].map(({ name, key }) => ({ name, secret: true, range: contentOf(key) }));
  return scalarsOf(secrets).map((scalar) => ({ name: scalar.text, secret: true, range: contentOf(scalar) }));
}

/** What a block or input step asks for: kept as meta-data, which scripts have to fetch. */
function fieldsOf(node: YamlNode): InputSource[] {
  return itemsOf(get(node, 'fields')?.value).flatMap((field): InputSource[] => {
    const key = scalarOf(field, 'key');
    if (key === undefined) return [];
    const options = itemsOf(get(field, 'options')?.value).map((option) => textOf(option, 'value'));
    const value = {
      name: key.text,
      type: options.length > 0 ? 'select' : 'text',
      description: textOf(field, 'hint'),
      required: !isFalse(get(field, 'required')?.value),
      hasDefault: get(field, 'default') !== undefined,
      default: textOf(field, 'default'),
      pattern: textOf(field, 'format'),
      values: options,
      restricted: options.length > 0,
    };
    return [{ value: { ...value, controlledBy: 'operator' }, whole: contentOf(key), places: { pattern: contentAt(field, 'format'), default: contentAt(field, 'default') }, templates: [] }];
  });
}

function jobOf({ node, outer }: Step, index: number, root: YamlNode, source: string): JobSource[] {
  if (node.kind !== 'mapping') return [];
  const commands = scalarsOf(get(node, 'command')?.value ?? get(node, 'commands')?.value).filter(({ value }) => value !== null);
  const plugins = pluginsOf(get(node, 'plugins')?.value, source);
  const trigger = scalarOf(node, 'trigger');
  if (commands.length === 0 && plugins.length === 0 && trigger === undefined) return [];
  const label = scalarOf(node, 'label') ?? scalarOf(node, 'name') ?? scalarOf(node, 'key') ?? trigger ?? commands[0] ?? plugins[0];
  const id = textOf(node, 'key') || textOf(node, 'id') || textOf(node, 'label') || textOf(node, 'name') || `step ${index + 1}`;
  const whole = label === undefined ? node.range : 'reference' in label ? label.reference.whole : contentOf(label);
  const agents = get(node, 'agents')?.value ?? get(root, 'agents')?.value;
  const text = [textOf(node, 'if'), ...outer].filter((one) => one !== '').join(' && ');
  const image = imageOf(plugins);
  const softFail = mayFail(get(node, 'soft_fail')?.value);
  const hosted = scalarOf(node, 'image');
  return [
    {
      value: {
        id,
        name: textOf(node, 'label') || id,
        runner: agentsOf(agents),
        needs: textsOf(get(node, 'depends_on')?.value),
        timeoutMinutes: minutesOf(textOf(node, 'timeout_in_minutes')),
        continueOnError: softFail,
        ...(trigger !== undefined && { uses: { text: trigger.text, kind: 'workflow', name: trigger.text.toLowerCase(), owner: '', repository: trigger.text.toLowerCase(), path: '', ref: '', pin: '', comment: '' } }),
      },
      whole,
      places: { id: whole, runner: agents === undefined ? undefined : contentOf(agents), timeoutMinutes: contentAt(node, 'timeout_in_minutes'), continueOnError: pairAt(node, 'soft_fail'), condition: contentAt(node, 'if'), stepContainers: riskOf(plugins) },
      ...(hosted !== undefined && { image: { text: hosted, where: 'container' } }),
      ...(text !== '' && { condition: conditionOf(text) }),
      runner: [...scalarsOf(agents), ...[...entriesOf(agents)].flatMap(({ value }) => (value.kind === 'scalar' ? [value] : []))],
      texts: triggerTexts(node, trigger !== undefined),
      steps:
        trigger !== undefined
          ? []
          : [
              {
                value: { id, name: textOf(node, 'label'), continueOnError: softFail },
                whole: commands[0] === undefined ? whole : (pairAt(node, 'command') ?? pairAt(node, 'commands') ?? whole),
                places: { continueOnError: pairAt(node, 'soft_fail'), uses: plugins[0]?.reference.whole },
                variables: [...variablesOf(get(node, 'env')?.value), ...secretsOf(node), ...pluginSecrets(plugins), ...pluginVariables(plugins)],
                ...(image !== undefined && { image }),
                ...(commands.length > 0 && { script: { ...INTERPOLATION.script(joinTexts(commands, '\n')), shell: 'bash', initial: { errexit: true } } }),
              },
            ],
      references: plugins.map(({ reference }) => reference),
    },
  ];
}

/** https://buildkite.com/docs/pipelines/configure/conditionals */
function conditionOf(text: string): NonNullable<JobSource['condition']> {
  const noForks = /(?:!\s{0,5}build\.pull_request\.repository\.fork|build\.pull_request\.repository\.fork\s{0,5}(?:==\s{0,5}false|!=\s{0,5}true))/.test(text) && !text.includes('||');
  const noPulls = /build\.pull_request\.id\s{0,5}==\s{0,5}null/.test(text) && !text.includes('||');
  return {
    text,
    ...(noPulls && { events: ['build'] }),
    ...(noForks && { guards: [{ kind: 'fork', text, sound: true }], guardedEvents: ['pull_request'] }),
  };
}

/** `true`, or any status in a list of those that do not fail the build. */
function mayFail(node: YamlNode | undefined): boolean {
  return node?.kind === 'sequence' ? itemsOf(node).some((item) => textOf(item, 'exit_status') === '*') : isTrue(node);
}

function agentsOf(agents: YamlNode | undefined): string[] {
  if (agents?.kind === 'mapping') return [...entriesOf(agents)].map(({ name, value }) => `${name}=${value.kind === 'scalar' ? value.text : ''}`);
  return textsOf(agents);
}

function triggerTexts(node: YamlNode, triggers: boolean): TextSource[] {
  const label = scalarOf(node, 'label');
  const texts: TextSource[] = label === undefined ? [] : [{ name: 'label', text: label, sink: 'name' }];
  if (!triggers) return texts;
  const build = get(node, 'build')?.value;
  for (const { name, value } of entriesOf(get(build, 'env')?.value)) if (value.kind === 'scalar') texts.push({ name, text: value, sink: 'env', handover: 'call' });
  const branch = scalarOf(build, 'branch');
  if (branch !== undefined) texts.push({ name: 'branch', text: branch, sink: 'input' });
  return texts;
}

function riskOf(plugins: readonly Plugin[]): SourceRange | undefined {
  for (const { name, settings } of plugins) {
    if (!/\/(?:docker|kubernetes|podman)$/.test(name)) continue;
    if (/^true$/i.test(textOf(settings, 'privileged'))) return pairAt(settings, 'privileged');
    const mount = scalarsOf(get(settings, 'volumes')?.value).find(({ text }) => givesMachineAway(text));
    if (mount !== undefined) return contentOf(mount);
  }
  return undefined;
}

function minutesOf(text: string): number {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : -1;
}
