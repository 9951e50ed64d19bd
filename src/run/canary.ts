import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { Canary, FileEntry, Finding, Scanner } from '../core/index.js';
import { createPrivateDirectory, removeDirectory, writePrivateTree } from '../io/process-directory.js';
import { fileDigest, readStart } from '../io/process-files.js';
import type { Runner, ToolRequest } from '../io/process-runner.js';
import { prepareCommand } from './command.js';
import { describeFailure } from './failure.js';

/** Remembers which programs have found their canary, by a key that changes with the program. */
export interface CanaryCache {
  has(key: string): boolean;
  add(key: string): void;
}

/**
 * Lets a scanner look at a known weakness of ours under the same confinement as the workspace.
 * `digest`: of all files of the tool, where they were verified. `database`: absolute path of the tool's own, for which each
 * has a directory of its own. Answers with what is wrong when it does not find it, with undefined when it does or has none.
 */
export async function checkCanary(
  scanner: Scanner,
  base: Omit<ToolRequest, 'args'>,
  runner: Runner,
  { cache, digest, database }: { readonly cache?: CanaryCache | undefined; readonly digest?: string | undefined; readonly database?: string | undefined } = {},
): Promise<string | undefined> {
  const { canary } = scanner;
  if (canary === undefined || 'impossible' in canary) return undefined;
  const key = cache === undefined ? undefined : await cacheKey(scanner, canary, base.executable, runner, digest, database);
  if (key !== undefined && cache?.has(key) === true) return undefined;
  const directory = createPrivateDirectory();
  try {
    const problem = await runCanary(scanner, canary, directory, base, runner, database);
    if (problem === undefined && key !== undefined) cache?.add(key);
    return problem;
  } finally {
    removeDirectory(directory);
  }
}

async function runCanary(scanner: Scanner, canary: Canary, directory: string, base: Omit<ToolRequest, 'args'>, runner: Runner, fetched: string | undefined): Promise<string | undefined> {
  const root = join(directory, 'workspace');
  const files: FileEntry[] = Object.entries(canary.files).map(([path, { format }]) => ({ path, format, reason: 'canary' }));
  writePrivateTree(root, { ...canary.around, ...Object.fromEntries(Object.entries(canary.files).map(([path, { text }]) => [path, text])) });
  const ownDatabase = join(directory, 'database');
  if (canary.database !== undefined) writePrivateTree(ownDatabase, canary.database);
  const database = canary.database === undefined ? fetched : ownDatabase;
  const request = {
    root,
    files,
    options: canary.options ?? {},
    configDirectory: join(directory, 'config'),
    outputDirectory: join(directory, 'output'),
    source: (path: string) => canary.files[path]?.text,
    ...(database !== undefined && { database }),
  };
  const command = scanner.command(request);
  const readable = [directory, ...(database === undefined || database === ownDatabase ? [] : [database])];
  const result = await runner.run({ ...base, workspace: root, readable, ...prepareCommand(command, request) });
  if (result.status !== 'exited' || !command.completedCodes.includes(result.exitCode)) {
    return `could not check a test file: it ${describeFailure(result)}`;
  }
  let found: readonly Finding[];
  try {
    const output = { stdout: result.stdout.toString('utf8'), stderr: result.stderr.toString('utf8'), exitCode: result.exitCode };
    found = scanner.parse(output, request).findings;
  } catch (error) {
    return `could not check a test file: it ${describeFailure(result, (error as Error).message)}`;
  }
  if (found.some(({ ruleId }) => canary.ruleId === undefined || ruleId === canary.ruleId)) return undefined;
  return `did not find the known weakness of a test file (${canary.ruleId ?? Object.keys(canary.files).join(', ')}), so its silence means nothing: it is broken or was tampered with`;
}

/**
 * Changes with the program, its canary, its database and its confinement. `digest` is that of all files of a verified tool; without it only a
 * native program has a key, since the digest of a script says nothing about what it loads.
 */
async function cacheKey(scanner: Scanner, canary: Canary, executable: string, { isolation }: Runner, digest: string | undefined, database: string | undefined): Promise<string | undefined> {
  if (digest === undefined && readStart(executable, 2)?.toString('latin1') === '#!') return undefined;
  const program = digest ?? (await fileDigest(executable));
  if (program === undefined) return undefined;
  const asked = createHash('sha256').update(JSON.stringify(canary)).digest('hex');
  return [scanner.name, program, asked, isolation.level, isolation.mechanism, isolation.version ?? '', ...(database === undefined ? [] : [basename(database)])].join(':');
}
