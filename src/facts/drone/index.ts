import { joinTexts } from '../../syntax/located-text.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { type ReadContext, stemOf } from '../common/context.js';
import { contentAt, contentOf, entriesOf, pairAt, scalarOf, scalarsOf, textOf, textsOf } from '../common/values.js';
import { readYamlDocuments } from '../common/yaml.js';
import { commandLine } from '../pipeline/command-line.js';
import { type Dialect, type ImageSource, type JobSource, type PipelineReader, type ScriptSource, statePipeline, type StepSource } from '../pipeline/index.js';
import { containerOf, hostVolumes, riskOf } from './containers.js';
import { conditionOf, type Platform, triggersOf } from './events.js';
import { environmentOf, listedSecrets, publishedByPlugin, secretSettings, settingsOf } from './plugins.js';
import { PREDEFINED, SUBSTITUTION } from './variables.js';

/*
 * Drone and Woodpecker, which came from it: pipelines of steps in containers.
 * https://docs.drone.io/pipeline/overview/, https://woodpecker-ci.org/docs/usage/workflow-syntax
 */

const dialect = (platform: Platform): Dialect => ({ platform, predefined: PREDEFINED, templates: SUBSTITUTION.templates, references: SUBSTITUTION.templates });
const DRONE = dialect('drone');
const WOODPECKER = dialect('woodpecker');

/** States the facts of a `.drone.yml`: each document of kind `pipeline` is one. */
export const readDrone: PipelineReader = (context) => {
  for (const root of readYamlDocuments(context)) if (/^(?:pipeline)?$/.test(textOf(root, 'kind'))) readPipeline(root, DRONE, context);
};

/** States the facts of a workflow of Woodpecker. */
export const readWoodpecker: PipelineReader = (context) => {
  for (const root of readYamlDocuments(context)) readPipeline(root, WOODPECKER, context);
};

interface Written {
  readonly name: string;
  readonly node: YamlNode;
  /** What names it. */
  readonly label: YamlNode;
}

/** Steps as a list, or as a mapping from names as older versions write them. */
function writtenSteps(node: YamlNode | undefined): Written[] {
  if (node?.kind === 'sequence') return node.items.map(({ value }) => ({ name: textOf(value, 'name'), node: value, label: scalarOf(value, 'name') ?? scalarOf(value, 'image') ?? value }));
  return [...entriesOf(node)].flatMap(({ name, key, value }) => (value.kind === 'mapping' ? [{ name, node: value, label: key }] : []));
}

function readPipeline(root: YamlNode, { platform }: Dialect, context: ReadContext): void {
  if (root.kind !== 'mapping') return;
  const own = platform === 'drone' ? DRONE : WOODPECKER;
  const key = platform === 'drone' ? 'trigger' : 'when';
  const when = get(root, key)?.value;
  const steps = writtenSteps(get(root, 'steps')?.value ?? get(root, 'pipeline')?.value);
  const services = writtenSteps(get(root, 'services')?.value);
  const clones = writtenSteps(get(root, 'clone')?.value).filter(({ node }) => scalarOf(node, 'image') !== undefined);
  if (steps.length + services.length === 0) return;
  const volumes = hostVolumes(root);
  const name = textOf(root, 'name') || stemOf(context.document.path);
  const label = scalarOf(root, 'name') ?? steps[0]?.label ?? root.pairs[0]?.key ?? root;
  const type = textOf(root, 'type');
  const labels = get(root, platform === 'drone' ? 'node' : 'labels')?.value;
  // The runners for `exec` and `ssh`, and Woodpecker's local backend, run commands on a machine that stays.
  const selfHosted = type === 'exec' || type === 'ssh' || textOf(labels, 'backend') === 'local';
  const risk = [...steps, ...services].map(({ node }) => riskOf(node, volumes)).find((range) => range !== undefined);
  const runner = [type, ...[...entriesOf(labels)].map(({ name: one, value }) => (value.kind === 'scalar' ? `${one}=${value.text}` : one))].filter((text) => text !== '');
  const job: JobSource = {
    value: { id: name, name, runner, selfHosted, needs: textsOf(get(root, 'depends_on')?.value) },
    whole: contentOf(label),
    places: { runner: contentAt(root, 'type') ?? contentAt(labels, 'backend'), stepContainers: risk, services: risk, needs: contentAt(root, 'depends_on') },
    services: services.flatMap((service) => imageOf(service, 'service', volumes)),
    variables: environmentOf(get(root, 'environment')?.value),
    steps: [...clones.map((clone) => stepOf(clone, own, volumes)), ...steps.map((step) => stepOf(step, own, volumes))],
  };
  statePipeline(context, {
    dialect: own,
    value: { name, named: textOf(root, 'name') !== '', concurrency: get(root, 'concurrency') !== undefined },
    whole: contentOf(label),
    places: { triggers: pairAt(root, key), name: contentAt(root, 'name'), concurrency: contentAt(root, 'concurrency') },
    triggers: triggersOf(when, platform as Platform),
    jobs: [job],
  });
}

function imageOf({ name, node }: Written, where: ImageSource['where'], volumes: ReadonlyMap<string, string>): (ImageSource & { readonly name: string })[] {
  const text = scalarOf(node, 'image');
  return text === undefined ? [] : [{ name, text, where, container: containerOf(node, volumes) }];
}

function stepOf(written: Written, { platform }: Dialect, volumes: ReadonlyMap<string, string>): StepSource {
  const { name, node, label } = written;
  const settings = get(node, 'settings')?.value;
  const when = get(node, 'when')?.value;
  const image = scalarOf(node, 'image')?.text ?? '';
  const script = scriptOf(node, image);
  const [container] = imageOf(written, script === undefined ? 'step' : 'container', volumes);
  const condition = conditionOf(when, platform as Platform);
  return {
    value: { id: name, name, continueOnError: textOf(node, 'failure') === 'ignore', publishes: script === undefined ? publishedByPlugin(image) : '' },
    whole: contentOf(label),
    places: { run: pairAt(node, 'commands'), continueOnError: contentAt(node, 'failure'), uses: contentAt(node, 'image'), condition: when === undefined ? undefined : contentOf(when), inputs: pairAt(node, 'settings') },
    variables: [...environmentOf(get(node, 'environment')?.value), ...listedSecrets(get(node, 'secrets')?.value), ...secretSettings(settings)],
    inputs: settingsOf(settings),
    ...(condition !== undefined && { condition }),
    ...(container !== undefined && { image: container }),
    ...(script !== undefined && { script }),
  };
}

function scriptOf(node: YamlNode, image: string): ScriptSource | undefined {
  const commands = scalarsOf(get(node, 'commands')?.value).filter(({ value }) => value !== null);
  if (commands.length === 0) {
    const line = commandLine([...scalarsOf(get(node, 'entrypoint')?.value), ...scalarsOf(get(node, 'command')?.value)]);
    return line === undefined ? undefined : { ...line, ...SUBSTITUTION.script(line.text) };
  }
  const windows = /windows|servercore|nanoserver|powershell/i.test(image);
  return { ...SUBSTITUTION.script(joinTexts(commands, '\n')), shell: windows ? 'pwsh' : 'sh', initial: { errexit: true } };
}
