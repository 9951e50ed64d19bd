import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { blamesNetwork, ConfigurationError, plural } from '../core/index.js';
import type { DatabaseState, Diagnostic, FileEntry, Isolation, Rule, ScanCommand, ScanOutcome, Scanner, ScanRequest, ScanResult } from '../core/index.js';
import { createPrivateDirectory, removeDirectory } from '../io/process-directory.js';
import type { ExecutableLookup } from '../io/process-path.js';
import type { Runner, ToolLimits, ToolRequest } from '../io/process-runner.js';
import type { ProcessResult } from '../io/processes.js';
import { splitFiles } from './batches.js';
import { createBudget } from './budget.js';
import type { Budget, Claim } from './budget.js';
import { checkCanary } from './canary.js';
import type { CanaryCache } from './canary.js';
import { prepareCommand } from './command.js';
import { describeFailure } from './failure.js';
import { expectationOf, memoryBudget } from './expectation.js';
import { keyOfScan, type KeptScans } from './kept.js';
import type { Part } from './part.js';
import type { Plan, PlanEntry } from './plan.js';

/** What happens while scanners run, for progress on a terminal or a grouped log. */
export type RunEvent =
  | { readonly type: 'started'; readonly tool: string; readonly files: number }
  | { readonly type: 'finished'; readonly tool: string; readonly result: ScanResult };

/** Everything that running needs from outside. */
export interface RunOptions {
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly runner: Runner;
  /** Looks a program up outside the workspace. */
  readonly find: (executable: string) => ExecutableLookup;
  /** Text of a workspace file, or undefined when it can't be read. */
  readonly source: (path: string) => string | undefined;
  readonly limits: ToolLimits;
  /** Which programs need not show again that they find something. */
  readonly canaryCache?: CanaryCache;
  /** Directory with a tool's vulnerability database, fetched before the scan; a tool that has one fails without it. */
  readonly databases?: (scanner: Scanner, executable: string) => Promise<DatabaseState>;
  /** What scanners have found in the same files before. */
  readonly kept?: KeptScans;
  /** How many processes run at a time; the number of cores when not given. */
  readonly cores?: number;
  /** Bytes that all of them together are expected to use at most; most of what is free when not given. */
  readonly memory?: number;
  /** Seconds that a scanner is expected to take for so many files; the longest is started first. */
  readonly expected?: (scanner: Scanner, files: number) => number;
  /** True: other machines run the rest of the scanners, and {@link warnOnce} comes with what puts them together. */
  readonly partOfMore?: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Runs all planned scanners at once within the budget of cores and memory, the longest first. Every entry of the plan gives one
 * result, in the plan's order, as completed, skipped or failed; never rejects.
 */
export async function runScanners(plan: Plan, options: RunOptions): Promise<ScanResult[]> {
  const budget = createBudget(options.cores ?? availableParallelism(), options.memory ?? memoryBudget());
  const results = await Promise.all(plan.map((entry) => runEntry(entry, options, budget)));
  return options.partOfMore === true ? results : [...warnOnce(results)];
}

/** Says with the first scanner that was started below the full sandbox why, and what to do about it. */
export function warnOnce(results: readonly ScanResult[]): readonly ScanResult[] {
  const first = results.findIndex(({ isolation }) => isolation !== undefined && isolation.level !== 'full' && isolation.reason !== undefined);
  const result = results[first];
  if (result?.isolation === undefined) return results;
  const { level, reason, remedy } = result.isolation;
  const warning: Diagnostic = {
    level: 'warning',
    code: 'sandbox-below-full',
    message: `The sandbox of the external scanners is ${level}, not full: ${reason}.${remedy === undefined ? '' : ` ${remedy}`}`,
  };
  return results.with(first, { ...result, diagnostics: [...result.diagnostics, warning] });
}

async function runEntry(entry: PlanEntry, options: RunOptions, budget: Budget): Promise<ScanResult> {
  const now = options.now ?? Date.now;
  const { name, informationUri } = entry.scanner;
  let startedAt = now();
  const conclude = (work: Work): ScanResult => {
    const { outcome, rules = [], diagnostics = [], version, exitCode, isolation } = work;
    const result: ScanResult = {
      tool: { name, informationUri, ...(version === undefined ? {} : { version }) },
      rules,
      outcome,
      diagnostics,
      startedAt,
      endedAt: now(),
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(isolation === undefined ? {} : { isolation }),
    };
    options.onEvent?.({ type: 'finished', tool: name, result });
    return result;
  };
  if (entry.decision === 'skip') return conclude(skipped(entry.reason));
  const lookup = options.find(entry.scanner.executable);
  if (!lookup.found) {
    if (lookup.problem !== undefined) return conclude({ outcome: { status: 'failed', error: lookup.problem, partial: [] } });
    return conclude(skipped(lookup.missing ?? notFound(entry.scanner.executable, lookup.refused)));
  }

  let directory: string | undefined;
  try {
    directory = createPrivateDirectory();
    // Its time begins when it is started, not when it begins to wait.
    const onStart = (): void => {
      startedAt = now();
      options.onEvent?.({ type: 'started', tool: name, files: entry.files.length });
    };
    return conclude(await scan(entry, lookup, directory, options, budget, onStart));
  } catch (error) {
    // An adapter throws for wrong options; whatever it throws, that scanner has failed and the others go on.
    const message = error instanceof ConfigurationError ? error.message : `internal error: ${(error as Error).message}`;
    return conclude({ outcome: { status: 'failed', error: message, partial: [] } });
  } finally {
    if (directory !== undefined) removeDirectory(directory);
  }
}

interface Work {
  readonly outcome: ScanOutcome;
  readonly rules?: readonly Rule[];
  readonly diagnostics?: readonly Diagnostic[];
  readonly version?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly isolation?: Isolation;
}

type Program = Extract<ExecutableLookup, { found: true }>;

/** Takes over what the same program has found in the same files, or scans. */
async function scan(entry: PlanEntry, lookup: Program, directory: string, options: RunOptions, budget: Budget, onStart: () => void): Promise<Work> {
  const { kept } = options;
  const keyOf = async (): Promise<string | undefined> =>
    kept === undefined ? undefined : keyOfScan({ scanner: entry.scanner, files: entry.files, options: entry.options, executable: lookup.path, toolDigest: lookup.digest }, kept);
  const key = await keyOf();
  const known = key === undefined ? undefined : kept?.get(key);
  if (known !== undefined) {
    const work = merge(known.parts, entry);
    const note: Diagnostic = { level: 'note', code: 'kept-result', message: `Its result of an earlier run was taken over: program, options and the ${plural(entry.files.length, 'file')} are the same.` };
    return { ...work, diagnostics: [...(work.diagnostics ?? []), note], version: known.version };
  }
  const { parts, ...work } = await scanNow(entry, lookup, directory, options, budget, onStart);
  // Files may have changed while they were scanned.
  if (key !== undefined && work.outcome.status === 'completed' && (await keyOf()) === key) kept?.put(key, { parts, version: work.version });
  return work;
}

async function scanNow(entry: PlanEntry, { path: executable, digest }: Program, directory: string, options: RunOptions, budget: Budget, onStart: () => void): Promise<Work & { readonly parts: readonly Part[] }> {
  const { scanner } = entry;
  const base: Omit<ToolRequest, 'args'> = {
    tool: scanner.name,
    executable,
    workspace: options.root,
    readable: [directory],
    capabilities: scanner.capabilities,
    limits: options.limits,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const database = scanner.database === undefined ? undefined : await options.databases?.(scanner, executable);
  if (database !== undefined && 'problem' in database) return { parts: [], outcome: { status: 'failed', error: database.problem, partial: [] } };
  const batches = scanner.splittable ? splitFiles(entry.files) : [entry.files];
  const claimOf = (files: number): Claim => expectationOf(scanner, options.expected?.(scanner, files));
  let announced = false;
  const announce = (): void => {
    if (!announced) onStart();
    announced = true;
  };
  const scans = batches.map((files, index) =>
    scanBatch(entry, files, join(directory, String(index)), withDatabase(base, database), options, database?.directory, (task) =>
      budget.run(claimOf(files.length), () => {
        announce();
        return task();
      }),
    ),
  );
  // Both beside the scan and behind all scans in the queue, so that nothing waits for them.
  const beside = { ...claimOf(1), seconds: 0 };
  const canaryRun = budget.run(beside, () => checkCanary(scanner, base, options.runner, { cache: options.canaryCache, digest, database: database?.directory }));
  const versionRun = budget.run(beside, () => options.runner.run({ ...base, args: scanner.version.args }));
  const parts = await Promise.all(scans);
  const work = merge(parts, entry);
  const problem = await canaryRun;
  return {
    parts,
    ...work,
    diagnostics: database === undefined ? (work.diagnostics ?? []) : [...(work.diagnostics ?? []), { level: 'note', code: 'database-age', message: database.note }],
    outcome: judge(work.outcome, problem),
    version: readVersion(await versionRun, scanner.version.parse),
    isolation: { ...options.runner.isolation, ...(scanner.capabilities.network.length > 0 && { network: scanner.capabilities.network }) },
  };
}

function withDatabase(base: Omit<ToolRequest, 'args'>, database: { readonly directory: string } | undefined): Omit<ToolRequest, 'args'> {
  return database === undefined ? base : { ...base, readable: [...base.readable, database.directory] };
}

/** A scanner that finds nothing where there is something has failed, whatever else it found. */
function judge(outcome: ScanOutcome, canaryProblem: string | undefined): ScanOutcome {
  if (canaryProblem === undefined || outcome.status !== 'completed') return outcome;
  return { status: 'failed', error: canaryProblem, partial: outcome.findings };
}

async function scanBatch(
  entry: PlanEntry,
  files: readonly FileEntry[],
  directory: string,
  base: Omit<ToolRequest, 'args'>,
  options: RunOptions,
  database: string | undefined,
  scheduled: (task: () => Promise<ProcessResult>) => Promise<ProcessResult>,
): Promise<Part> {
  const { root, source, signal } = options;
  const { scanner } = entry;
  const attempt = async (number: number): Promise<Part> => {
    const place = `${directory}-${number}`;
    const request = { root, files, options: entry.options, configDirectory: place, outputDirectory: `${place}-output`, source, ...(database !== undefined && { database }) };
    const command = scanner.command(request);
    return readPart(scanner, request, command, await scheduled(() => options.runner.run({ ...base, ...prepareCommand(command, request) })));
  };
  const part = await attempt(1);
  // Nothing else that fails would end differently the second time.
  const again = part.error !== undefined && scanner.capabilities.network.length > 0 && signal?.aborted !== true && blamesNetwork(part.error);
  return again ? attempt(2) : part;
}

function readPart(scanner: Scanner, request: ScanRequest, command: ScanCommand, result: ProcessResult): Part {
  const failed = (error: string): Part => ({
    error,
    ...(result.status === 'exited' ? { exitCode: result.exitCode } : {}),
    rules: [],
    findings: [],
    diagnostics: [],
  });
  if (result.status !== 'exited') return failed(describeFailure(result));
  const { exitCode } = result;
  if (!command.completedCodes.includes(exitCode)) return failed(describeFailure(result));
  try {
    const output = { stdout: decode(result.stdout), stderr: decode(result.stderr), exitCode };
    const { rules, findings, diagnostics } = scanner.parse(output, request);
    return { exitCode, rules, findings, diagnostics };
  } catch (error) {
    return failed(describeFailure(result, (error as Error).message));
  }
}

/** One work of several processes of the same scanner: failed when one of them has failed. */
function merge(parts: readonly Part[], entry: PlanEntry): Work {
  const findings = parts.flatMap((part) => part.findings).filter((finding) => entry.wantsRule(finding.ruleId));
  const used = new Set(findings.map((finding) => finding.ruleId));
  const rules = new Map<string, Rule>();
  for (const rule of parts.flatMap((part) => part.rules)) {
    if (used.has(rule.id) && !rules.has(rule.id)) rules.set(rule.id, rule);
  }
  const failure = parts.find((part) => part.error !== undefined);
  const exitCodes = parts.map((part) => part.exitCode).filter((code) => code !== undefined);
  return {
    outcome:
      failure?.error === undefined
        ? { status: 'completed', findings }
        : { status: 'failed', error: failure.error, partial: findings },
    rules: [...rules.values()],
    diagnostics: parts.flatMap((part) => part.diagnostics),
    exitCode: failure === undefined ? exitCodes.reduce((a, b) => Math.max(a, b), 0) : failure.exitCode,
  };
}

function readVersion(result: ProcessResult, parse: (stdout: string) => string | undefined): string | undefined {
  if (result.status !== 'exited' || result.exitCode !== 0) return undefined;
  const version = parse(decode(result.stdout));
  // It goes into reports: nothing but what a version can be.
  return version !== undefined && /^[\w.+-]{1,64}$/.test(version) ? version : undefined;
}

function skipped(reason: string): Work {
  return { outcome: { status: 'skipped', reason } };
}

function notFound(executable: string, refused: string | undefined): string {
  return refused === undefined
    ? `\`${executable}\` is not installed (not found on the PATH)`
    : `\`${executable}\` was found inside the workspace only (${refused}), and nothing from there is executed`;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes);
}
