import { resolve } from 'node:path';
import { writePieces } from '../io/output-file.js';
import { plural } from '../core/index.js';
import { MAX_SHARDS, planText } from '../shard/index.js';
import { planShards } from '../sharding.js';
import { readDurations } from '../durations.js';
import { UsageError } from './errors.js';
import type { CommandContext } from './index.js';
import { systemPorts } from './ports.js';
import { requestOf } from './scan.js';

export interface PlanFlags {
  readonly shards: string;
  readonly output?: string;
  readonly durations?: string;
  readonly config?: string;
  readonly base?: string;
}

/** `plan [path]`: prints a job matrix and writes the plan where that is asked for. */
export async function planCommand(path: string, flags: PlanFlags, context: CommandContext): Promise<void> {
  const root = resolve(context.directory, path);
  const ports = { ...systemPorts(root, context.environment.PATH ?? ''), environment: context.environment };
  const { plan, matrix } = await planShards(requestOf(flags, root, context, context.args), ports, shardsOf(flags.shards), readDurations(flags.durations, context));
  if (flags.output !== undefined) writePieces(resolve(context.directory, flags.output), [planText(plan)]);
  await context.out.write(`${JSON.stringify(matrix)}\n`);
  await context.err.write(`${plural(matrix.include.length, 'shard')}; plan ${plan.digest.slice(0, 12)}\n`);
}

/**
 * The value of `--shards`.
 * @throws UsageError
 */
export function shardsOf(text: string): number | 'auto' {
  if (text === 'auto') return 'auto';
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MAX_SHARDS) throw new UsageError(`The number of shards is \`auto\` or 1 to ${MAX_SHARDS}, not \`${text}\`.`);
  return count;
}
