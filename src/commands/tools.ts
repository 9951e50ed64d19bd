import { nearestHint } from '../core/index.js';
import { findExecutable, trustedDirectories } from '../io/process-path.js';
import { oneLine } from '../report/escape.js';
import { cacheDirectory, describeWay, findInstalled, InstallError, installTool, loadLock, platformOf, RELEASE_HOST } from '../tools/index.js';
import type { InstallContext, Lock, LockedTool } from '../tools/index.js';
import type { CommandContext } from './index.js';
import { UsageError } from './errors.js';
import type { ToolAction, ToolOptions } from './tool-actions.js';

/** A tool is missing, has changed, or could not be installed. */
const FAILED = 2;

/** `tools <action> [names…]`: gives 0, or 2 when something is not as it should be. */
export async function toolsCommand(action: ToolAction, names: readonly string[], options: ToolOptions, context: CommandContext): Promise<number> {
  const lock = await loadLock();
  const tools = selected(names, lock);
  if (action === 'install' && names.length === 0) throw new UsageError(`Name the tools to install, for example \`bartizan tools install gitleaks\`. There are ${[...lock.tools.keys()].join(', ')}.`);
  const cache = cacheDirectory(context.environment);
  if (cache === undefined && action !== 'lock') throw new UsageError('There is no place for tools: set HOME, XDG_CACHE_HOME or RUNNER_TOOL_CACHE.');
  const setup: InstallContext = {
    lock,
    cache: cache ?? '',
    platform: platformOf(process.platform, process.arch),
    releaseHost: mirror(options.mirror) ?? RELEASE_HOST,
    searchPath: trustedDirectories(context.environment.PATH ?? '', context.directory),
    environment: context.environment,
  };
  if (action === 'lock') {
    await context.out.write(`${JSON.stringify({ tools: Object.fromEntries(tools.map(({ name, ways }) => [name, ways])), denied: Object.fromEntries(lock.denied) }, null, 2)}\n`);
    return 0;
  }
  let code = 0;
  for (const tool of tools) {
    const { text, ok } = action === 'list' ? await listed(tool, setup, context) : action === 'verify' ? await verified(tool, setup) : await installed(tool, setup, options.offline === true);
    if (text !== '') await context.out.write(`${oneLine(text, 2_000)}\n`);
    if (!ok) code = FAILED;
  }
  return code;
}

interface Line {
  readonly text: string;
  readonly ok: boolean;
}

const NAME_WIDTH = 12;

async function listed(tool: LockedTool, setup: InstallContext, { environment, directory }: CommandContext): Promise<Line> {
  const found = await findInstalled(tool, setup);
  const lookup = findExecutable(tool.name, environment.PATH ?? '', directory);
  const state =
    found.status === 'ready' ? `installed ${found.tool.version} (${found.tool.kind}), verified` : found.status === 'changed' ? `CHANGED: ${found.problem}` : lookup.found ? `on the PATH, unverified: ${lookup.path}` : 'not installed';
  const ways = tool.ways.map((way) => `${way.version} ${describeWay(way, setup.platform)}`).join('; else ');
  return { text: `${tool.name.padEnd(NAME_WIDTH)}  ${state}; locked: ${ways}`, ok: true };
}

/** Tools that are not installed are none of its business. */
async function verified(tool: LockedTool, setup: InstallContext): Promise<Line> {
  const found = await findInstalled(tool, setup);
  if (found.status === 'missing') return { text: '', ok: true };
  return found.status === 'ready' ? { text: `${tool.name} ${found.tool.version}: unchanged, sha256 of all files ${found.tool.digest}`, ok: true } : { text: `${tool.name}: CHANGED: ${found.problem}`, ok: false };
}

async function installed(tool: LockedTool, setup: InstallContext, offline: boolean): Promise<Line> {
  const found = await findInstalled(tool, setup);
  if (found.status === 'ready') return { text: `${tool.name} ${found.tool.version}: is installed, verified`, ok: true };
  if (offline) return { text: `${tool.name}: missing, and nothing is fetched with --offline`, ok: false };
  try {
    const { version, kind, executable } = await installTool(tool, setup);
    return { text: `${tool.name} ${version}: installed (${kind}): ${executable}`, ok: true };
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    return { text: `${tool.name}: ${error.message}`, ok: false };
  }
}

function selected(names: readonly string[], lock: Lock): LockedTool[] {
  if (names.length === 0) return [...lock.tools.values()];
  return names.map((name) => {
    const tool = lock.tools.get(name);
    if (tool === undefined) throw new UsageError(`There is no tool \`${name}\` in the lock.${nearestHint(name, [...lock.tools.keys()])}`);
    return tool;
  });
}

function mirror(text: string | undefined): string | undefined {
  if (text !== undefined && !(URL.canParse(text) && new URL(text).protocol === 'https:')) throw new UsageError(`--mirror must be a URL that begins with https://, not \`${text}\`.`);
  return text;
}
