import { join, resolve } from 'node:path';
import type { Ports, ScanRequest } from './app.js';
import { readDurations, writeDurations } from './durations.js';
import { machinesOf, readParts } from './commands/parts-folder.js';
import { shardsOf } from './commands/plan.js';
import { parseShard, partName, readPlan } from './commands/shard.js';
import type { Sharding } from './config/sharding.js';
import { ConfigurationError, type Report } from './core/index.js';
import type { ActionsRunner } from './io/actions.js';
import type { Environment } from './io/environment.js';
import { writeReport } from './io/new-file.js';
import { partText, planText } from './shard/index.js';
import { mergeShards, planShards, scanShard, type Machines } from './sharding.js';

/** Where a step of a spread scan works. */
export interface ShardStep {
  readonly sharding: Sharding;
  readonly request: ScanRequest;
  readonly ports: Ports;
  readonly environment: Environment;
  /** The workspace of the job, to which paths of inputs are relative. */
  readonly workspace: string;
}

/** Mode `plan`: writes the plan, and the matrix into the output. */
export async function planStep({ sharding, request, ports, environment, workspace }: ShardStep, runner: ActionsRunner): Promise<void> {
  const { plan, matrix } = await planShards(request, ports, shardsOf(sharding.shards), readDurations(undefined, { directory: workspace, environment }));
  const file = join(environment.RUNNER_TEMP ?? workspace, 'bartizan-plan.json');
  writeReport(file, planText(plan), workspace);
  for (const { shard, scanners } of matrix.include) runner.info(`${shard}: ${scanners || 'nothing to do'}`);
  setOutputs(runner, { matrix: JSON.stringify(matrix), 'plan-file': file });
}

/** Mode `shard`: does one part and writes it. */
export async function shardStep({ sharding, request, ports, environment, workspace }: ShardStep, runner: ActionsRunner): Promise<void> {
  const { index, of } = parseShard(sharding.shard);
  const part = await scanShard({ ...request, shard: index, machines: machines(sharding, workspace, of) }, ports);
  if (part.of !== of) throw new ConfigurationError(`The shard ${sharding.shard} is none of the ${part.of} of the plan.`);
  const file = join(environment.RUNNER_TEMP ?? workspace, partName(part));
  writeReport(file, partText(part, environment.BARTIZAN_SHARD_KEY || undefined), workspace);
  setOutputs(runner, { 'part-file': file });
}

/** Mode `merge`: the report of all parts. */
export async function mergeStep({ sharding, request, ports, environment, workspace }: ShardStep): Promise<Report> {
  const files = readParts(resolve(workspace, sharding.parts), environment.BARTIZAN_SHARD_KEY || undefined);
  const { report, durations } = await mergeShards({ ...request, machines: machines(sharding, workspace, machinesOf(files)), files }, ports);
  writeDurations(durations, undefined, { directory: workspace, environment });
  return report;
}

function machines({ plan }: Sharding, workspace: string, count: number): Machines {
  return plan === '' ? { count } : { plan: readPlan(plan, { directory: workspace }) };
}

function setOutputs(runner: ActionsRunner, outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
}
