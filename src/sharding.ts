import { createHash } from 'node:crypto';
import { cacheNote, conclude, enabledPolicies, openResultCache, planScan, runExternal, type Ports, type ScanPlan, type ScanRequest } from './app.js';
import { ConfigurationError, type Report, type ScanResult } from './core/index.js';
import { policyRules } from './engine/index.js';
import { gitHeadReader } from './io/git-head.js';
import { keepTexts } from './io/texts.js';
import type { JudgedPart } from './judge-part.js';
import { countParts, judgeRange, mergeJudged, type JudgedRange } from './judge.js';
import { joinOnline, judgeOnline } from './judge-online.js';
import { checkedOut } from './publish/target.js';
import type { PlanEntry } from './run/plan.js';
import { warnOnce } from './run/schedule.js';
import {
  collectParts,
  combineTasks,
  expectedSeconds,
  layOut,
  matrixOf,
  MAX_SHARDS,
  parsePlan,
  planDigest,
  shardCount,
  type CollectedTask,
  type Durations,
  type Matrix,
  type Part,
  type PartFile,
  type ShardPlan,
  type Task,
  type TaskResult,
  type WorkItem,
} from './shard/index.js';
import { VERSION } from './version.js';

/** A plan file as it was handed over. */
export interface PlanSource {
  readonly name: string;
  readonly text: string;
}

/** Which machines there are: those of a plan, or so many that share the work by what is known without one. */
export type Machines = { readonly plan: PlanSource } | { readonly count: number };

/** A plan of a spread scan. */
export interface PlannedShards {
  readonly plan: ShardPlan;
  readonly matrix: Matrix;
}

/** One part of a spread scan. */
export interface ShardRequest extends ScanRequest {
  readonly machines: Machines;
  /** From 1. */
  readonly shard: number;
}

export interface MergeRequest extends ScanRequest {
  readonly machines: Machines;
  readonly files: readonly PartFile[];
}

/** A report of parts, and how long each scanner took. */
export interface MergedShards {
  readonly report: Report;
  /** Empty when something is missing: then nobody knows. */
  readonly durations: Durations;
}

/** Name of the result that says which parts could not be trusted. */
const SHARDS = 'shards';

/** An external scanner that takes less is not worth starting on several machines, each with its own check and installation. */
const LEAST_SECONDS = 30;

/**
 * Spreads a scan over machines.
 * @param count how many, or `auto` for as many as are worth it
 * @throws ConfigurationError when the configuration or a custom policy is wrong.
 */
export async function planShards(request: ScanRequest, ports: Ports, count: number | 'auto', durations: Durations): Promise<PlannedShards> {
  const scan = await planScan(request, ports);
  const items = workOf(scan, durations);
  const layout = layOut(items, count === 'auto' ? shardCount(items) : count);
  const plan = { layout, digest: planDigest(subjectOf(scan), layout) };
  return { plan, matrix: matrixOf(layout, new Map(items.map(({ scanner, units }) => [scanner, units]))) };
}

/**
 * Does what one machine of a spread scan has to do.
 * @throws ConfigurationError when the configuration is wrong, or the plan is one for something else.
 */
export async function scanShard(request: ShardRequest, ports: Ports): Promise<Part> {
  const scan = await planScan(request, ports);
  const { layout, digest } = shardPlan(scan, request.machines);
  const tasks = layout[request.shard - 1];
  if (tasks === undefined) throw new ConfigurationError(`There is no shard ${request.shard}: the plan has ${layout.length}.`);
  const own = tasks.filter(({ scanner }) => scanner === 'policies');
  const others = tasks.filter(({ scanner }) => scanner !== 'policies');
  const external = runTasks(scan, others, ports, request);
  // It is awaited below; one that fails earlier must not end the process as an unhandled rejection.
  external.catch(() => undefined);
  const judged: TaskResult[] = [];
  for (const task of own) judged.push(await judgeTask(scan, task, ports, request));
  const done = new Map([...judged, ...(await external)].map((result) => [result.task, result]));
  return { commit: commitOf(ports), plan: digest, shard: request.shard, of: layout.length, results: tasks.flatMap((task) => done.get(task) ?? []) };
}

/**
 * Puts the parts of a spread scan together: the report is the one that a single machine would have given. What is missing
 * or can't be trusted makes the scanners that it is about failed ones.
 * @throws ConfigurationError when the configuration is wrong, or the plan is one for something else.
 */
export async function mergeShards(request: MergeRequest, ports: Ports): Promise<MergedShards> {
  const startedAt = ports.now();
  const scan = await planScan(request, ports);
  const plan = shardPlan(scan, request.machines);
  const { tasks, refused } = collectParts(request.files, { plan, commit: commitOf(ports) });
  const of = (scanner: string): CollectedTask[] => tasks.filter(({ task }) => task.scanner === scanner).sort((a, b) => a.task.start - b.task.start);
  const covered = new Map(workOf(scan, new Map()).map((item) => [item.scanner, covers(of(item.scanner), item.units)]));
  const external = scan.scanners.map((entry): ScanResult => {
    const tool = { name: entry.scanner.name, informationUri: entry.scanner.informationUri };
    if (entry.decision === 'skip') return { tool, rules: [], outcome: { status: 'skipped', reason: entry.reason }, diagnostics: [], startedAt, endedAt: startedAt };
    return covered.get(tool.name) === true ? combineTasks(tool, of(tool.name)) : failed(tool, 'the plan leaves out some of its files');
  });
  // Asked once, and not by every machine.
  const [own, ...apart] = joinOnline(mergePolicies(scan, of('policies'), covered.get('policies') !== false, startedAt), await judgeOnline(scan, ports, request.signal));
  const all = [...apart, ...warnOnce(external), ...(refused.length === 0 ? [] : [failed({ name: SHARDS }, refused.join('; '))])];
  // The time is that of this machine: suppressions expire by it, and parts may say anything.
  const run = { source: keepTexts(ports.files).read, startedAt, endedAt: ports.now(), reproduce: request.reproduce };
  const report = await conclude(scan, own, all, request, ports, run);
  return { report, durations: refused.length > 0 ? new Map() : measured(tasks) };
}

/** What can be done apart: the policies by parts of files, scanners by files where their adapters allow it. */
function workOf(scan: ScanPlan, durations: Durations): WorkItem[] {
  const item = (scanner: string, units: number, splittable: boolean): WorkItem => ({ scanner, units, leastSeconds: scanner === 'policies' ? 0 : LEAST_SECONDS, seconds: expectedSeconds(scanner, units, splittable, durations) });
  const external = scan.scanners.filter(({ decision }) => decision === 'run').map(({ scanner, files }) => item(scanner.name, scanner.splittable ? Math.max(1, files.length) : 1, scanner.splittable));
  return enabledPolicies(scan).length === 0 ? external : [item('policies', Math.max(1, countParts(scan.inventory)), true), ...external];
}

/** Everything that decides what the machines do and find, but for the contents of files, which the commit stands for. */
function subjectOf({ settings, policies, inventory, scanners }: ScanPlan): string {
  const { include, exclude, only, skip, external, sandbox, policies: options, scanners: own } = settings;
  const hash = createHash('sha256').update(JSON.stringify([VERSION, { include, exclude, only, skip, external, sandbox, options, own }]));
  for (const { definition } of policies) hash.update(`\n${JSON.stringify(definition)}`);
  for (const { path, format } of inventory.files) hash.update(`\n${JSON.stringify([path, format])}`);
  for (const { scanner, decision, files } of scanners) hash.update(`\n${JSON.stringify([scanner.name, decision, files.length])}`);
  return hash.digest('hex');
}

function shardPlan(scan: ScanPlan, machines: Machines): ShardPlan {
  const subject = subjectOf(scan);
  if ('plan' in machines) return parsePlan(machines.plan.text, machines.plan.name, subject);
  if (machines.count < 1 || machines.count > MAX_SHARDS) throw new ConfigurationError(`There can be 1 to ${MAX_SHARDS} shards, not ${machines.count}.`);
  const layout = layOut(workOf(scan, new Map()), machines.count);
  return { layout, digest: planDigest(subject, layout) };
}

/** A plan may come from anywhere: whether it leaves something out is seen here, not there. */
function covers(tasks: readonly CollectedTask[], units: number): boolean {
  let next = 0;
  for (const { task } of tasks) {
    if (task.start !== next || task.end <= task.start) return false;
    next = task.end;
  }
  return next === units;
}

async function runTasks(scan: ScanPlan, tasks: readonly Task[], ports: Ports, request: ScanRequest): Promise<TaskResult[]> {
  if (tasks.length === 0) return [];
  const entries = tasks.map(({ scanner, start, end }): PlanEntry => {
    const entry = scan.scanners.find((one) => one.scanner.name === scanner && one.decision === 'run');
    if (entry === undefined) throw new ConfigurationError(`The plan asks for ${scanner}, which does not run here.`);
    return entry.scanner.splittable ? { ...entry, files: entry.files.slice(start, end) } : entry;
  });
  const results = await runExternal({ ...scan, scanners: entries }, ports, request, keepTexts(ports.files).read, { partOfMore: true });
  return tasks.flatMap((task, index) => {
    const result = results[index];
    return result === undefined ? [] : [{ task, startedAt: result.startedAt, endedAt: result.endedAt, result }];
  });
}

/** Never rejects: a defect of ours must not take the other scanners' findings away. */
async function judgeTask(scan: ScanPlan, task: Task, ports: Ports, request: ScanRequest): Promise<TaskResult> {
  const startedAt = ports.now();
  try {
    const cache = await openResultCache<JudgedPart>(ports, request, ports.files.root);
    const range = await judgeRange({ inventory: scan.inventory, policies: enabledPolicies(scan), settings: scan.settings, signal: request.signal }, { ...ports, cache }, task);
    const unused = cache?.close();
    const judged = unused === undefined ? range : { ...range, lost: [...range.lost, cacheNote(unused)] };
    return { task, startedAt, endedAt: ports.now(), judged };
  } catch (error) {
    return { task, startedAt, endedAt: ports.now(), error: `internal error: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function mergePolicies(scan: ScanPlan, tasks: readonly CollectedTask[], complete: boolean, now: number): ScanResult {
  const tool = { name: 'policies', version: VERSION };
  const policies = enabledPolicies(scan);
  const times = tasks.flatMap((task) => ('found' in task ? [task.found] : []));
  const base = { tool, startedAt: Math.min(now, ...times.map(({ startedAt }) => startedAt)), endedAt: Math.max(0, ...times.map(({ endedAt }) => endedAt)) };
  if (policies.length === 0) return { ...base, outcome: { status: 'skipped', reason: 'no policy is selected' }, diagnostics: [...scan.diagnostics], rules: [] };
  const ranges = tasks.flatMap((task): JudgedRange[] => ('found' in task && 'judged' in task.found ? [task.found.judged] : []));
  const { findings, diagnostics, incomplete } = mergeJudged(ranges, { policies, settings: scan.settings });
  const problems = [
    ...(complete ? [] : ['the plan leaves out some of its files']),
    ...new Set(tasks.flatMap((task) => ('missing' in task ? [task.missing] : 'error' in task.found ? [task.found.error] : []))),
    ...(incomplete === undefined ? [] : [incomplete]),
  ];
  return {
    ...base,
    outcome: problems.length === 0 ? { status: 'completed', findings } : { status: 'failed', error: problems.join('; '), partial: findings },
    diagnostics: [...scan.diagnostics, ...diagnostics],
    rules: policyRules(policies),
  };
}

function failed(tool: ScanResult['tool'], error: string): ScanResult {
  return { tool, rules: [], outcome: { status: 'failed', error, partial: [] }, diagnostics: [], startedAt: 0, endedAt: 0 };
}

/** How long each scanner took in all; nothing when one of its tasks is missing. */
function measured(tasks: readonly CollectedTask[]): Durations {
  const durations = new Map<string, { seconds: number; units: number }>();
  for (const task of tasks) {
    if (!('found' in task)) return new Map();
    // What was taken over from an earlier run was not started, and says nothing about how long it takes.
    if ('result' in task.found && task.found.result.isolation === undefined) continue;
    const { startedAt, endedAt } = task.found;
    const { scanner, start, end } = task.task;
    const before = durations.get(scanner) ?? { seconds: 0, units: 0 };
    durations.set(scanner, { seconds: before.seconds + Math.max(0, endedAt - startedAt) / 1000, units: before.units + end - start });
  }
  return durations;
}

/** The commit in the workspace; empty where it can't be told. */
function commitOf({ files }: Pick<Ports, 'files'>): string {
  return checkedOut(gitHeadReader(files.root)).sha?.toLowerCase() ?? '';
}
