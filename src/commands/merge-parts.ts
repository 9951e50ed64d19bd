import { resolve } from 'node:path';
import { mergeShards, type Machines } from '../sharding.js';
import { writeDurations } from '../durations.js';
import { UsageError } from './errors.js';
import type { CommandContext } from './index.js';
import { machinesOf, readParts } from './parts-folder.js';
import { systemPorts } from './ports.js';
import { requestOf, writeScan, type ScanFlags } from './scan.js';
import { readPlan } from './shard.js';

/** Flags of `merge` for the parts of a spread scan. */
export interface MergePartsFlags extends Pick<ScanFlags, 'format' | 'output' | 'all' | 'color' | 'config' | 'base'> {
  readonly plan?: string;
  readonly durations?: string;
  /** Absolute path of the workspace. */
  readonly root: string;
}

/** Arguments of `merge` that `scan` has not, with how many values each takes. */
const OWN_FLAGS = new Map([['--plan', 1], ['--durations', 1], ['--root', 1]]);

/** `merge <folder>`: puts the parts of a spread scan together, writes the report and gives the exit code of its verdict. */
export async function mergeParts(folder: string, flags: MergePartsFlags, context: CommandContext): Promise<number> {
  const { environment, directory } = context;
  const ports = { ...systemPorts(flags.root, environment.PATH ?? ''), environment };
  const files = readParts(resolve(directory, folder), environment.BARTIZAN_SHARD_KEY || undefined);
  if (files.length === 0 && flags.plan === undefined) throw new UsageError(`There is no part (*.jsonl) in ${folder}. \`bartizan scan --shard\` writes them.`);
  const machines: Machines = flags.plan === undefined ? { count: machinesOf(files) } : { plan: readPlan(flags.plan, context) };
  const { report, durations } = await mergeShards({ ...requestOf(flags, flags.root, context, scanArguments(folder, flags, context)), machines, files }, ports);
  writeDurations(durations, flags.durations, context);
  await writeScan(report, { ...flags }, context);
  return report.verdict.exitCode;
}

/** What a single machine would have been asked. */
function scanArguments(folder: string, { root }: MergePartsFlags, { args, directory }: CommandContext): string[] {
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] as string;
    const own = OWN_FLAGS.get(argument);
    if (own !== undefined) i += own;
    else if (argument !== 'merge' && argument !== folder && ![...OWN_FLAGS.keys()].some((name) => argument.startsWith(`${name}=`))) rest.push(argument);
  }
  return ['scan', root === directory ? '.' : root, ...rest];
}
