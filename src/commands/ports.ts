import type { Ports } from '../app.js';
import { openFiles } from '../io/files.js';
import { systemGit } from '../io/git.js';
import { shellParserAssets } from '../io/assets.js';
import { systemThreads } from '../io/threads.js';
import { findExecutable } from '../io/process-path.js';

/**
 * The outside world of a scan of a folder.
 * @throws ConfigurationError when it is no readable folder.
 */
export function systemPorts(directory: string, searchPath: string): Ports {
  const files = openFiles(directory);
  return {
    files,
    git: systemGit(searchPath),
    searchPath,
    find: (executable) => findExecutable(executable, searchPath, files.root),
    shellParser: shellParserAssets,
    threads: systemThreads(),
    now: () => Date.now(),
  };
}
