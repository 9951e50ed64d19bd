import { isAbsolute, join } from 'node:path';
import type { Environment } from '../io/environment.js';

/**
 * Absolute path of the folder with results of earlier runs, or undefined for none: the one that `BARTIZAN_CACHE` names, or
 * the user's own. In a job of GitHub Actions only the named one, since runners start empty.
 */
export function resultsDirectory({ BARTIZAN_CACHE, GITHUB_ACTIONS, XDG_CACHE_HOME, HOME, LOCALAPPDATA }: Environment): string | undefined {
  const usable = (path: string | undefined): path is string => path !== undefined && isAbsolute(path);
  if (usable(BARTIZAN_CACHE)) return BARTIZAN_CACHE;
  if (GITHUB_ACTIONS === 'true') return undefined;
  if (usable(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'bartizan', 'results');
  if (usable(HOME)) return join(HOME, '.cache', 'bartizan', 'results');
  return usable(LOCALAPPDATA) ? join(LOCALAPPDATA, 'bartizan', 'results') : undefined;
}
