import { resolve } from 'node:path';
import { plural } from '../core/index.js';
import { openInput } from '../io/input-file.js';
import { writePieces } from '../io/output-file.js';
import { wholeText } from '../sarif/read-text.js';
import { MAX_PLAN_BYTES, partText, type Part } from '../shard/index.js';
import { scanShard, type Machines, type PlanSource } from '../sharding.js';
import { cancellation } from './cancellation.js';
import { UsageError } from './errors.js';
import type { CommandContext } from './index.js';
import { systemPorts } from './ports.js';
import { progressLine } from './progress.js';
import { requestOf, type ScanFlags } from './scan.js';

/** `scan --shard K/N`: does one part of a spread scan and writes it. Gives 0: the verdict is that of `merge`. */
export async function shardCommand(path: string, flags: ScanFlags, shard: string, context: CommandContext): Promise<number> {
  const root = resolve(context.directory, path);
  const ports = { ...systemPorts(root, context.environment.PATH ?? '', context.environment.BARTIZAN_THREADS), environment: context.environment };
  const { index, of } = parseShard(shard);
  const cancel = cancellation();
  const progress = progressLine(context, true);
  try {
    const machines: Machines = flags.plan === undefined ? { count: of } : { plan: readPlan(flags.plan, context) };
    const part = await scanShard({ ...requestOf(flags, root, context, context.args), machines, shard: index, signal: cancel.signal, onEvent: progress.onEvent }, ports);
    if (part.of !== of) throw new UsageError(`--shard ${shard} is none of the ${plural(part.of, 'shard')} of the plan.`);
    progress.clear();
    const output = flags.output ?? partName(part);
    writePieces(resolve(context.directory, output), [partText(part, context.environment.BARTIZAN_SHARD_KEY || undefined)]);
    await context.out.write(`wrote ${output}: shard ${part.shard} of ${part.of}, ${part.results.map(({ task }) => task.scanner).join(', ') || 'nothing to do'}\n`);
    return 0;
  } finally {
    progress.clear();
    cancel.dispose();
  }
}

/** `bartizan-part-2-of-4.jsonl` */
export function partName({ shard, of }: Pick<Part, 'shard' | 'of'>): string {
  return `bartizan-part-${shard}-of-${of}.jsonl`;
}

/**
 * `2/4`
 * @throws UsageError
 */
export function parseShard(text: string): { readonly index: number; readonly of: number } {
  const match = /^(\d{1,3})\/(\d{1,3})$/.exec(text.trim());
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || index < 1 || index > of) throw new UsageError(`--shard is written K/N, such as 2/4, with K from 1 to N; not \`${text}\`.`);
  return { index, of };
}

/** Reads a plan file that the user names. */
export function readPlan(file: string, { directory }: Pick<CommandContext, 'directory'>): PlanSource {
  const input = openInput(resolve(directory, file), file);
  if (input.size > MAX_PLAN_BYTES) throw new UsageError(`${file} is larger than ${MAX_PLAN_BYTES} bytes: it is no plan.`);
  return { name: file, text: wholeText(input) };
}
