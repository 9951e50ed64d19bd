import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import type { DatabaseState, Scanner } from '../core/index.js';
import { createPrivateDirectory, removeDirectory } from '../io/process-directory.js';
import { DEFAULT_LIMITS } from '../io/process-runner.js';
import type { Runner } from '../io/process-runner.js';
import { compareTree, ensureOwnDirectory, hashTree, makeReadOnly, readText, removeReadOnly, replaceFile, toolFiles } from '../io/tool-files.js';
import type { Manifest } from '../io/tool-files.js';

/** What a database is looked up or fetched with. */
export interface DatabaseRequest {
  readonly scanner: Pick<Scanner, 'name' | 'database'>;
  /** Absolute path of the tool, which downloads its own database. */
  readonly executable: string;
  /** Absolute path of the tool cache. */
  readonly cache: string;
  /** Confines the download: the declared hosts, no workspace, no secret. */
  readonly runner: Runner;
  /** False: nothing is fetched. */
  readonly fetch: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

interface DatabaseRecord {
  readonly directory: string;
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number;
  readonly files: Manifest;
}

const HOUR_MS = 3_600_000;
/** Fetched anew when older: databases are published several times a day. */
const FRESH_MS = 24 * HOUR_MS;
/** Not used when older: what was found in the meantime would be missed without a word. */
const STALE_MS = 5 * 24 * HOUR_MS;
const FETCH_TIMEOUT_MS = 900_000;
const MAX_PROBLEM = 300;

/**
 * The vulnerability database of a tool: that of the cache when it is a day old at most and unchanged, otherwise fetched
 * by the tool itself, with the network to its declared hosts alone and an empty workspace. A database older than five days
 * or one that changed is never used. Never rejects.
 */
export async function prepareDatabase(request: DatabaseRequest): Promise<DatabaseState> {
  const { scanner, cache, now } = request;
  const folder = join(cache, 'databases', scanner.name);
  const problem = ensureOwnDirectory(cache) ?? ensureOwnDirectory(join(cache, 'databases')) ?? ensureOwnDirectory(folder);
  if (problem !== undefined) return { problem: `the database of ${scanner.name} can't be kept: ${problem}` };
  try {
    const place = join(folder, 'database.json');
    const record = readRecord(place);
    const changed = record === undefined ? undefined : await compareTree(join(folder, record.directory), record.files);
    const usable = record !== undefined && changed === undefined ? record : undefined;
    // One from the future was not fetched by us, or the clock is wrong; neither tells its age.
    const age = usable === undefined ? Infinity : now() - usable.fetchedAt;
    if (usable !== undefined && age >= 0 && age <= FRESH_MS) return ready(usable, folder, age);
    const failure = request.fetch ? await fetchDatabase(request, folder, place) : undefined;
    if (typeof failure === 'object') return ready(failure, folder, 0);
    if (usable !== undefined && age >= 0 && age <= STALE_MS) return ready(usable, folder, age, failure);
    const why = record === undefined ? 'is missing' : changed !== undefined ? `has changed since it was fetched (${changed})` : `was fetched ${describeAge(age)} ago and is too old`;
    return { problem: `the vulnerability database of ${scanner.name} ${why}; ${failure ?? 'nothing is fetched unless `tools.install` is `auto` and `tools.offline` is not set'}` };
  } catch (error) {
    return { problem: `the vulnerability database of ${scanner.name} can't be used: ${(error as Error).message}` };
  }
}

function ready(record: DatabaseRecord, folder: string, age: number, failure?: string): DatabaseState {
  const old = failure === undefined ? '' : `, since a newer one could not be had: ${failure}`;
  return { directory: join(folder, record.directory), note: `Its vulnerability database was fetched ${age < HOUR_MS ? 'less than an hour' : describeAge(age)} ago${old}.` };
}

/** The fetched database, or why there is none. */
async function fetchDatabase({ scanner, executable, runner, now, signal }: DatabaseRequest, folder: string, place: string): Promise<DatabaseRecord | string> {
  const { database } = scanner;
  if (database === undefined) return 'it has none to fetch';
  const name = `db-${randomUUID().slice(0, 8)}`;
  const directory = join(folder, name);
  const workspace = createPrivateDirectory();
  let kept = false;
  try {
    toolFiles.makeDirectory(directory);
    const { args, env } = database.command(directory);
    const result = await runner.run({
      tool: scanner.name,
      executable,
      args,
      ...(env === undefined ? {} : { env }),
      workspace,
      readable: [],
      fills: directory,
      capabilities: { network: database.hosts, secrets: [] },
      limits: { ...DEFAULT_LIMITS, timeoutMs: FETCH_TIMEOUT_MS },
      ...(signal === undefined ? {} : { signal }),
    });
    if (result.status === 'not-started') return `fetching it failed: ${result.error}`;
    const last = result.stderr.toString('utf8').trim().split('\n').at(-1)?.slice(0, MAX_PROBLEM) ?? '';
    if (result.status !== 'exited') return `fetching it failed: it ${result.status === 'killed' ? result.reason : `crashed (${result.signalName})`}`;
    if (result.exitCode !== 0) return `fetching it failed with exit code ${result.exitCode}: ${last}`;
    const files = await hashTree(directory);
    const entries = Object.entries(files);
    if (entries.length === 0) return `fetching it left nothing behind: ${last}`;
    const link = entries.find(([, entry]) => 'link' in entry);
    if (link !== undefined) return `what was fetched has a link, ${link[0]}, which no database has`;
    makeReadOnly(directory);
    const before = readRecord(place);
    const record: DatabaseRecord = { directory: name, fetchedAt: now(), files };
    replaceFile(place, JSON.stringify(record));
    kept = true;
    if (before !== undefined && before.directory !== name) removeReadOnly(join(folder, before.directory));
    return record;
  } finally {
    removeDirectory(workspace);
    if (!kept) removeReadOnly(directory);
  }
}

function readRecord(path: string): DatabaseRecord | undefined {
  try {
    const { directory, fetchedAt, files } = JSON.parse(readText(path) ?? '') as Partial<DatabaseRecord>;
    if (typeof directory !== 'string' || directory !== basename(directory) || directory.startsWith('.')) return undefined;
    return typeof fetchedAt === 'number' && typeof files === 'object' && files !== null ? { directory, fetchedAt, files } : undefined;
  } catch {
    return undefined;
  }
}

function describeAge(ms: number): string {
  const hours = Math.floor(ms / HOUR_MS);
  const [count, unit] = hours < 48 ? [hours, 'hour'] : [Math.floor(hours / 24), 'day'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
