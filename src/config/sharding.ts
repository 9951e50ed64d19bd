import { ConfigurationError, nearestHint } from '../core/index.js';
import type { PublicationInput } from './publication.js';

const MODES = ['scan', 'plan', 'shard', 'merge'] as const;

/** What the Action does: a whole scan, or one step of a scan that is spread over machines. */
export interface Sharding {
  readonly mode: (typeof MODES)[number];
  /** Mode `plan`: the number of machines, or `auto`. */
  readonly shards: string;
  /** Mode `shard`: `K/N`. */
  readonly shard: string;
  /** Modes `shard` and `merge`: path of the plan; empty for none. */
  readonly plan: string;
  /** Mode `merge`: folder with the parts. */
  readonly parts: string;
}

/** Inputs of a spread scan; `action.yml` is checked against this table. */
export const SHARDING_INPUTS: readonly PublicationInput[] = [
  {
    name: 'mode',
    description: 'scan, or one step of a scan that is spread over machines: plan, shard or merge. The workflow scan.yml of this repository does all three.',
    default: '',
    otherwise: 'scan',
    choices: MODES,
  },
  { name: 'shards', description: 'Mode plan: number of machines, or auto for as many as are worth it.', default: '', otherwise: 'auto' },
  { name: 'shard', description: 'Mode shard: which part of how many, such as 2/4; an entry of the matrix.', default: '', otherwise: 'none' },
  { name: 'plan', description: 'Modes shard and merge: path of the plan file of mode plan.', default: '', otherwise: 'none' },
  { name: 'parts', description: 'Mode merge: folder with the part files of mode shard.', default: '', otherwise: 'none' },
  { name: 'cache', description: 'Absolute path of a folder with results of earlier runs, which actions/cache keeps from job to job; see docs/sharding.md.', default: '', otherwise: 'none' },
  { name: 'path', description: 'Folder to scan, relative to the workspace.', default: '', otherwise: 'the workspace' },
];

/**
 * What is to be done, from the inputs of the Action. `read` gives an input's text, empty when it was not given.
 * @throws ConfigurationError when a value is none of its choices, or one that the mode needs is missing.
 */
export function shardingFromInputs(read: (name: string) => string): Sharding {
  const text = (name: string): string => read(name).trim();
  const given = text('mode').toLowerCase() || 'scan';
  const mode = MODES.find((one) => one === given);
  if (mode === undefined) throw new ConfigurationError(`The input mode is ${JSON.stringify(given)}, but can be ${MODES.join(', ')}.${nearestHint(given, MODES)}`);
  const sharding = { mode, shards: text('shards') || 'auto', shard: text('shard'), plan: text('plan'), parts: text('parts') };
  const needed = mode === 'shard' ? 'shard' : mode === 'merge' ? 'parts' : undefined;
  if (needed !== undefined && sharding[needed] === '') throw new ConfigurationError(`With mode: ${mode} the input ${needed} must be given.`);
  return sharding;
}
