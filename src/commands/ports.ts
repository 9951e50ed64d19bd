import type { Ports } from '../app.js';
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
