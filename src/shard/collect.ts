import { findingsOf, plural } from '../core/index.js';
import type { Task } from './layout.js';
import type { Part, ReadPart, TaskResult } from './part.js';
import type { ShardPlan } from './plan-file.js';

/** A file that should be a part. */
export interface PartFile {
  /** For messages. */
  readonly name: string;
  readonly read: ReadPart;
}

/** What a spread scan has to have done, as the machine that puts it together knows on its own. */
export interface Expected {
  readonly plan: ShardPlan;
  /** The commit in this workspace; empty where there is none. */
  readonly commit: string;
}

/** What came of a task, or why nobody knows. */
export type CollectedTask = { readonly task: Task } & ({ readonly found: TaskResult } | { readonly missing: string });

export interface Collected {
  /** Every task of the plan once. */
  readonly tasks: readonly CollectedTask[];
  /** Files that count for nothing, each with its reason: one sentence without full stop. */
  readonly refused: readonly string[];
}

/** Refused files that are named with each missing part. */
const NAMED = 3;

/**
 * Takes from parts what the plan asks for, each task from the one part that may have it. A part of another commit or plan,
 * one that came twice and one that holds anything but its own tasks count for nothing.
 */
export function collectParts(files: readonly PartFile[], { plan, commit }: Expected): Collected {
  const refused: string[] = [];
  const byShard = new Map<number, { name: string; part: Part }[]>();
  for (const { name, read } of files) {
    const problem = 'problem' in read ? read.problem : foreign(read.part, plan, commit);
    if (problem !== undefined) refused.push(`${name} ${problem}`);
    else if ('part' in read) {
      const same = byShard.get(read.part.shard);
      if (same === undefined) byShard.set(read.part.shard, [{ name, part: read.part }]);
      else same.push({ name, part: read.part });
    }
  }
  const usable = new Map<number, Part>();
  for (const [shard, [first, ...others]] of byShard) {
    if (first === undefined) continue;
    if (others.length > 0) refused.push(`shard ${shard} of ${plan.layout.length} came ${others.length + 1} times (${[first, ...others].map(({ name }) => name).slice(0, NAMED).join(', ')})`);
    else usable.set(shard, first.part);
  }
  const why = refused.length === 0 ? '' : `: ${refused.slice(0, NAMED).join('; ')}${refused.length > NAMED ? `; and ${plural(refused.length - NAMED, 'more file')}` : ''}`;
  const tasks = plan.layout.flatMap((shard, index) => {
    const part = usable.get(index + 1);
    return shard.map((task, position): CollectedTask => {
      const found = part?.results[position];
      return found === undefined ? { task, missing: `shard ${index + 1} of ${plan.layout.length} is missing${why}` } : { task, found };
    });
  });
  return { tasks, refused };
}

/** Why a part is none of this scan: half a sentence that begins with a verb. */
function foreign(part: Part, { digest, layout }: ShardPlan, commit: string): string | undefined {
  if (part.commit !== commit) return `is of commit ${short(part.commit)}, not ${short(commit)}`;
  if (part.plan !== digest) return 'was made by another plan: other files, settings, policies, shards or version of Bartizan';
  const tasks = layout[part.shard - 1];
  if (tasks === undefined || part.of !== layout.length) return `is shard ${part.shard} of ${part.of}, not one of ${layout.length}`;
  const asked = tasks.length === part.results.length && tasks.every((task, index) => answers(part.results[index], task));
  return asked ? undefined : `does not hold what shard ${part.shard} of ${part.of} was asked for`;
}

function answers(result: TaskResult | undefined, { scanner, start, end }: Task): boolean {
  if (result === undefined || result.task.scanner !== scanner || result.task.start !== start || result.task.end !== end) return false;
  if ('error' in result) return true;
  if ('judged' in result) return scanner === 'policies' && result.judged.parts.every(({ evaluated }) => evaluated.findings.every(({ tool }) => tool === scanner));
  return scanner !== 'policies' && result.result.tool.name === scanner && findingsOf(result.result).every(({ tool }) => tool === scanner);
}

function short(commit: string): string {
  return commit === '' ? 'none' : commit.slice(0, 12);
}
