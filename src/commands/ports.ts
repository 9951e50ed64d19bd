import type { Ports } from '../app.js';
import { VERSION } from '../version.js';
import type { CommandContext } from './index.js';
import { openFiles } from '../io/files.js';
import { systemGit } from '../io/git.js';
import { systemGitObjects } from '../io/git-objects.js';
import { shellParserAssets } from '../io/assets.js';
import { systemThreads } from '../io/threads.js';
import { findExecutable } from '../io/process-path.js';

/**
 * The outside world of a scan of a folder.
 * @param threads value of `BARTIZAN_THREADS`; what is no number is as good as none
 * @throws ConfigurationError when it is no readable folder.
 */
export function systemPorts(directory: string, searchPath: string, threads?: string): Ports {
  const files = openFiles(directory);
  return {
    files,
    git: systemGit(searchPath),
    objects: systemGitObjects(searchPath),
    searchPath,
    find: (executable) => findExecutable(executable, searchPath, files.root),
    shellParser: shellParserAssets,
    threads: systemThreads(),
    threadCount: threads !== undefined && /^\d{1,2}$/.test(threads) ? Number(threads) : undefined,
    now: () => Date.now(),
  };
}

/** GitHub with the token of the environment; undefined without one. */
export function onlineOf({ environment, err, token }: Pick<CommandContext, 'environment' | 'err' | 'token'>): Ports['online'] {
  const { GITHUB_API_URL: apiUrl = 'https://api.github.com' } = environment;
  if (token === undefined || token === '') return undefined;
  return async () => {
    const { connectGitHub } = await import('../io/github.js');
    return connectGitHub({ token, apiUrl, userAgent: `bartizan/${VERSION}`, onWait: (seconds) => void err.write(`GitHub limits the rate of requests; waiting ${seconds} s.\n`) });
  };
}
