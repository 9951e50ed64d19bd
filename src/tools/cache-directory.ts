import { isAbsolute, join } from 'node:path';
import type { Environment } from '../io/environment.js';

/** Absolute path of the tool cache: the runner's, or the user's own; undefined when the environment names neither. */
export function cacheDirectory({ RUNNER_TOOL_CACHE, XDG_CACHE_HOME, HOME, LOCALAPPDATA }: Environment): string | undefined {
  const usable = (path: string | undefined): path is string => path !== undefined && isAbsolute(path);
  if (usable(RUNNER_TOOL_CACHE)) return join(RUNNER_TOOL_CACHE, 'bartizan');
  if (usable(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'bartizan', 'tools');
  if (usable(HOME)) return join(HOME, '.cache', 'bartizan', 'tools');
  return usable(LOCALAPPDATA) ? join(LOCALAPPDATA, 'bartizan', 'tools') : undefined;
}
