import type { ToolSettings } from '../core/index.js';
import type { Environment } from '../io/environment.js';
import { contains, trustedDirectories } from '../io/process-path.js';
import type { ExecutableLookup } from '../io/process-path.js';
import { cacheDirectory } from './cache-directory.js';
import { InstallError } from './install-error.js';
import { findInstalled, installTool } from './install.js';
import type { InstallContext, InstalledTool } from './install.js';
import { loadLock, platformOf, RELEASE_HOST } from './lock.js';
import type { Lock, LockedTool } from './lock.js';

/** What the tools of a scan are found or installed with. */
export interface ToolboxRequest {
  /** Names of the programs that the scan would start. */
  readonly executables: readonly string[];
  readonly settings: ToolSettings;
  readonly environment: Environment;
  /** The PATH that programs are looked up on. */
  readonly searchPath: string;
  /** Absolute path: nothing of it is used. */
  readonly workspace: string;
  /** Looks a program up on the PATH. */
  readonly onPath: (executable: string) => ExecutableLookup;
  readonly signal?: AbortSignal;
  /** Instead of the lock that comes with this version; for tests. */
  readonly lock?: Lock;
  /** Instead of the place that the environment names; for tests. */
  readonly cache?: string;
  readonly pauseMs?: number;
}

/**
 * Verifies the tools of a scan that are installed, installs what is missing where the settings say so, and gives the
 * look-up of programs for the scan: an installed tool goes before the PATH. Never rejects. A tool that has changed since it
 * was installed, or whose download was not what the lock says, is never replaced by what is on the PATH.
 */
export async function prepareTools(request: ToolboxRequest): Promise<(executable: string) => ExecutableLookup> {
  const { onPath, settings, environment, searchPath, workspace, signal, pauseMs } = request;
  const cache = request.cache ?? cacheDirectory(environment);
  if (cache === undefined || contains(workspace, cache)) return onPath;
  const context: InstallContext = {
    lock: request.lock ?? (await loadLock()),
    cache,
    platform: platformOf(process.platform, process.arch),
    releaseHost: settings.mirror ?? RELEASE_HOST,
    searchPath: trustedDirectories(searchPath, workspace),
    environment,
    ...(signal === undefined ? {} : { signal }),
    ...(pauseMs === undefined ? {} : { pauseMs }),
  };
  const lookups = new Map<string, ExecutableLookup>();
  await Promise.all(
    [...new Set(request.executables)].map(async (name) => {
      const tool = context.lock.tools.get(name);
      if (tool !== undefined) lookups.set(name, await prepare(tool, context, settings, () => onPath(name)));
    }),
  );
  return (executable) => lookups.get(executable) ?? onPath(executable);
}

function usable({ executable, digest }: InstalledTool): ExecutableLookup {
  return { found: true, path: executable, digest };
}

async function prepare(tool: LockedTool, context: InstallContext, { install, offline }: ToolSettings, onPath: () => ExecutableLookup): Promise<ExecutableLookup> {
  try {
    const found = await findInstalled(tool, context);
    if (found.status === 'ready') return usable(found.tool);
    const changed = found.status === 'changed' ? `the installed ${tool.name} is not what was installed (${found.problem})` : undefined;
    if (install === 'auto' && !offline) return usable(await installTool(tool, context));
    if (changed !== undefined) return { found: false, problem: `${changed}; \`bartizan tools install ${tool.name}\` installs it anew` };
    const lookup = onPath();
    if (lookup.found || lookup.refused !== undefined) return lookup;
    return { found: false, missing: `\`${tool.name}\` is not installed${offline ? ', and `tools.offline` is set' : ''}: \`bartizan tools install ${tool.name}\` installs the locked version` };
  } catch (error) {
    const lookup = error instanceof InstallError && error.anotherWay ? onPath() : undefined;
    return lookup?.found === true ? lookup : { found: false, problem: (error as Error).message };
  }
}
