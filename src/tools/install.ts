import { createHash, randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { Environment } from '../io/environment.js';
import { compareTree, ensureOwnDirectory, hashTree, makeReadOnly, readText, removeReadOnly, replaceFile, toolFiles } from '../io/tool-files.js';
import type { Manifest } from '../io/tool-files.js';
import { InstallError } from './install-error.js';
import { installGo } from './install-go.js';
import { installNpm } from './install-npm.js';
import { installPython } from './install-python.js';
import { installRelease } from './install-release.js';
import type { Lock, LockedTool, Platform, Way } from './lock.js';

/** What installing needs to know of the machine and the settings. */
export interface InstallContext {
  readonly lock: Lock;
  /** Absolute path of the tool cache. */
  readonly cache: string;
  readonly platform: Platform | undefined;
  /** Prefix of release paths; `RELEASE_HOST` or a mirror. */
  readonly releaseHost: string;
  /** Directories in which Python, Go, Node and npm are looked for: none of the workspace. */
  readonly searchPath: readonly string[];
  readonly environment: Environment;
  readonly signal?: AbortSignal;
  /** Before another try of a download; for tests. */
  readonly pauseMs?: number;
}

/** A tool in the cache. */
export interface InstalledTool {
  readonly name: string;
  readonly version: string;
  readonly kind: Way['kind'];
  /** Absolute path. */
  readonly executable: string;
  /** Of all its files. */
  readonly digest: string;
}

interface InstallRecord {
  /** Digest of the entry of the lock that it was installed by. */
  readonly lock: string;
  /** Name of its directory beside this record. */
  readonly directory: string;
  /** Relative to the directory. */
  readonly executable: string;
  readonly files: Manifest;
}

/**
 * Installs a tool by the first of its ways that this machine can go. Another way is tried when a program is missing or
 * the network fails; never when a checksum differs. Throws `InstallError` with what was tried.
 */
export async function installTool(tool: LockedTool, context: InstallContext): Promise<InstalledTool> {
  const problem = ensureOwnDirectory(context.cache) ?? ensureOwnDirectory(join(context.cache, tool.name));
  if (problem !== undefined) throw new InstallError(`The tool cache can't be used: ${problem}.`, false);
  const tried: string[] = [];
  let anotherWay = true;
  for (const way of tool.ways) {
    try {
      return await installBy(way, tool, context);
    } catch (error) {
      if (!(error instanceof InstallError)) throw error;
      tried.push(error.message);
      anotherWay = error.anotherWay;
      if (!anotherWay || context.signal?.aborted === true) break;
    }
  }
  throw new InstallError(tried.join(' '), anotherWay);
}

async function installBy(way: Way, tool: LockedTool, context: InstallContext): Promise<InstalledTool> {
  const place = placeOf(way, tool, context.cache);
  const name = `${basename(place, '.json')}-${randomUUID().slice(0, 8)}`;
  // Where it stays: Python's environments can't be moved.
  const directory = join(dirname(place), name);
  try {
    toolFiles.makeDirectory(directory);
    const executable = await startInstall(way, tool.name, directory, context);
    makeReadOnly(directory);
    const files = await hashTree(directory);
    const before = readRecord(place);
    const record: InstallRecord = { lock: digestOf(way), directory: name, executable, files };
    replaceFile(place, JSON.stringify(record));
    if (before !== undefined && before.directory !== name) removeReadOnly(join(dirname(place), before.directory));
    return { name: tool.name, version: way.version, kind: way.kind, executable: join(directory, executable), digest: digestOf(files) };
  } catch (error) {
    removeReadOnly(directory);
    if (error instanceof InstallError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InstallError(`${tool.name} could not be installed: ${code === 'ENOSPC' ? 'the disk is full' : message}.`, false);
  }
}

function startInstall(way: Way, name: string, directory: string, context: InstallContext): Promise<string> {
  switch (way.kind) {
    case 'release':
      return installRelease(way, name, directory, context);
    case 'python':
      return installPython(way, name, directory, context);
    case 'npm':
      return installNpm(way, name, directory, context);
    case 'go':
      return installGo(way, name, directory, context);
  }
}

/** A tool of the cache, every file of it compared with what was installed; or why it is not used. */
export type Found = { readonly status: 'ready'; readonly tool: InstalledTool } | { readonly status: 'missing' } | { readonly status: 'changed'; readonly problem: string };

/** Looks a tool up in the cache by its ways and verifies all of it. */
export async function findInstalled(tool: LockedTool, context: Pick<InstallContext, 'cache'>): Promise<Found> {
  for (const way of tool.ways) {
    const place = placeOf(way, tool, context.cache);
    const record = readRecord(place);
    if (record === undefined || record.lock !== digestOf(way)) continue;
    const problem = ensureOwnDirectory(dirname(place)) ?? (await compareTree(join(dirname(place), record.directory), record.files));
    if (problem !== undefined) return { status: 'changed', problem };
    const executable = join(dirname(place), record.directory, record.executable);
    return { status: 'ready', tool: { name: tool.name, version: way.version, kind: way.kind, executable, digest: digestOf(record.files) } };
  }
  return { status: 'missing' };
}

/** The record of an installation: its name changes with everything that the lock says about it. */
function placeOf(way: Way, tool: LockedTool, cache: string): string {
  return join(cache, tool.name, `${way.version}-${digestOf(way).slice(0, 12)}.json`);
}

function readRecord(path: string): InstallRecord | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    const record = JSON.parse(text) as Partial<InstallRecord>;
    const { lock, directory, executable, files } = record;
    if (typeof lock !== 'string' || typeof directory !== 'string' || typeof executable !== 'string' || typeof files !== 'object') return undefined;
    // A record can't point out of its own place.
    if (directory !== basename(directory) || directory.startsWith('.') || !Object.hasOwn(files, executable)) return undefined;
    return { lock, directory, executable, files };
  } catch {
    return undefined;
  }
}

function digestOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
