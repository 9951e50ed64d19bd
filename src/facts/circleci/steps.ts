import type { SourceRange } from '../../core/index.js';
import type { ShellOptions } from '../../syntax/shell/index.js';
import type { YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { contentAt, contentOf, entriesOf, itemsOf, scalarOf, scalarsOf, secondsOf, textOf } from '../common/values.js';
import type { StepSource, VariableSource } from '../pipeline/index.js';
import { emptyValue } from '../empty.js';
import { orbOf } from './orbs.js';

/** Steps of the platform itself. */
const OWN_STEPS = new Set(['checkout', 'setup_remote_docker', 'save_cache', 'restore_cache', 'persist_to_workspace', 'attach_workspace', 'store_artifacts', 'store_test_results', 'add_ssh_keys', 'run', 'deploy', 'when', 'unless']);

/** Where steps stand. */
export interface StepsPlace {
  readonly root: YamlNode;
  /** `shell` of the job or executor. */
  readonly shell: string;
  /** Text of the conditions around. */
  readonly condition: string;
  /** Names that calls of commands of the file are noted under. */
  readonly called: (command: string, given: YamlNode | undefined) => void;
}

const MAX_DEPTH = 20;

/** The steps of a list, those below `when` and `unless` with their condition. https://circleci.com/docs/reference/configuration-reference/#steps */
export function readSteps(node: YamlNode | undefined, place: StepsPlace, depth = 0): StepSource[] {
  if (depth > MAX_DEPTH) return [];
  return itemsOf(node).flatMap((item) => {
    if (item.kind === 'scalar') return readStep(item.text, item, undefined, place, depth);
    const [entry] = entriesOf(item);
    return entry === undefined ? [] : readStep(entry.name, entry.key, entry.value, place, depth);
  });
}

function readStep(name: string, key: YamlScalar, value: YamlNode | undefined, place: StepsPlace, depth: number): StepSource[] {
  const whole = contentOf(key);
  const base = { whole, ...(place.condition !== '' && { condition: { text: place.condition } }) };
  switch (name) {
    case 'run':
    case 'deploy':
      return value === undefined ? [] : readRun(value, whole, place);
    case 'when':
    case 'unless': {
      const condition = get(value, 'condition')?.value;
      const text = condition?.kind === 'scalar' ? condition.text : name;
      return readSteps(get(value, 'steps')?.value, { ...place, condition: [place.condition, `${name} ${text}`].filter((one) => one !== '').join(' && ').slice(0, 500) }, depth + 1);
    }
    case 'checkout':
      return [{ ...base, value: { name, checkout: { ...emptyValue('step').checkout, kind: 'own', path: textOf(value, 'path') } } }];
    case 'save_cache':
    case 'restore_cache': {
      const keyed = scalarOf(value, 'key') ?? scalarsOf(get(value, 'keys')?.value)[0];
      return [{ ...base, value: { name, cache: name === 'save_cache' ? 'save' : 'restore', cacheKey: keyed?.text ?? '' }, places: { cacheKey: keyed === undefined ? undefined : contentOf(keyed) }, ...(keyed !== undefined && { inputs: [{ name: 'key', text: keyed, sink: 'cache-key' as const }] }) }];
    }
    case 'store_artifacts':
      return [{ ...base, value: { name, uploadsArtifact: [textOf(value, 'path')] }, places: { uploadsArtifact: contentAt(value, 'path') } }];
    case 'add_ssh_keys':
      return [{ ...base, value: { name }, inputs: scalarsOf(get(value, 'fingerprints')?.value).map((text) => ({ name: 'fingerprints', text, sink: 'input' as const })) }];
    default:
      return OWN_STEPS.has(name) ? [{ ...base, value: { name } }] : readCommand(name, base, value, place);
  }
}

/** A command of the file or of an orb. */
function readCommand(name: string, base: { readonly whole: SourceRange }, value: YamlNode | undefined, place: StepsPlace): StepSource[] {
  const orb = orbOf(name, place.root);
  if (orb === undefined) place.called(name, value);
  const inputs = [...entriesOf(value)].flatMap(({ name: input, value: given }) => (given.kind === 'scalar' && given.value !== null ? [{ name: input, text: given, sink: 'input' as const }] : []));
  // The orb itself is stated where the file names its version.
  return [{ ...base, value: { name, ...(orb !== undefined && { uses: orb }) }, ...(orb !== undefined && { inputs }) }];
}

/** `run: make`, `run: { command: make, shell: … }` */
function readRun(value: YamlNode, whole: SourceRange, place: StepsPlace): StepSource[] {
  const command = value.kind === 'scalar' ? value : scalarOf(value, 'command');
  if (command === undefined || command.value === null) return [];
  const shell = textOf(value, 'shell') || place.shell;
  const when = textOf(value, 'when');
  const seconds = secondsOf(textOf(value, 'no_output_timeout'));
  const condition = [place.condition, when === '' || when === 'on_success' ? '' : when].filter((one) => one !== '').join(' && ');
  return [
    {
      whole,
      value: { name: textOf(value, 'name') || 'run', workingDirectory: textOf(value, 'working_directory'), timeoutMinutes: seconds < 0 ? -1 : Math.max(1, Math.round(seconds / 60)) },
      places: { name: contentAt(value, 'name'), timeoutMinutes: contentAt(value, 'no_output_timeout'), shell: contentAt(value, 'shell') },
      ...(condition !== '' && { condition: { text: condition } }),
      variables: environmentOf(get(value, 'environment')?.value),
      script: { text: command, ...interpreterOf(shell), environmentFiles: ['$BASH_ENV', '${BASH_ENV}', '"$BASH_ENV"'] },
    },
  ];
}

/** `/bin/bash -eo pipefail` when none is written. https://circleci.com/docs/reference/configuration-reference/#default-shell-options */
function interpreterOf(shell: string): { readonly shell: string; readonly initial?: Partial<ShellOptions> } {
  if (shell === '') return { shell: 'bash', initial: { errexit: true, pipefail: true } };
  const [program = '', ...options] = shell.trim().split(/\s+/);
  const letters = options.filter((one) => /^-[a-z]+$/.test(one)).join('');
  const name = program.replace(/^.*[\\/]/, '').replace(/\.exe$/i, '').toLowerCase();
  return { shell: name, initial: { errexit: letters.includes('e'), nounset: letters.includes('u'), xtrace: letters.includes('x'), pipefail: options.includes('pipefail') } };
}

/** Variables of a mapping, or of a list of mappings. Values are taken as they are. */
export function environmentOf(node: YamlNode | undefined): VariableSource[] {
  const maps = node?.kind === 'sequence' ? itemsOf(node) : node === undefined ? [] : [node];
  return maps.flatMap((map) => [...entriesOf(map)].flatMap(({ name, value }): VariableSource[] => (value.kind === 'scalar' && value.value !== null ? [{ name, value, expands: false }] : [])));
}
