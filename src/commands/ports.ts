import type { Ports } from '../app.js';
import { VERSION } from '../version.js';
import type { CommandContext } from './index.js';
import type { GitHub } from '../io/github.js';
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

type GitHubContext = Pick<CommandContext, 'environment' | 'err'>;

/** GitHub with a token; an empty one asks for what is public, seldom. */
export async function githubWith(token: string, { environment, err }: GitHubContext): Promise<GitHub> {
  const { GITHUB_API_URL: apiUrl = 'https://api.github.com' } = environment;
  const { connectGitHub } = await import('../io/github.js');
  return connectGitHub({ token, apiUrl, userAgent: `bartizan/${VERSION}`, onWait: (seconds) => void err.write(`GitHub limits the rate of requests; waiting ${seconds} s.\n`) });
}

/** GitHub with the token of the environment; undefined without one. */
export function onlineOf({ token, ...context }: GitHubContext & Pick<CommandContext, 'token'>): Ports['online'] {
  return token === undefined || token === '' ? undefined : () => githubWith(token, context);
}
