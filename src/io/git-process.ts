import { findExecutable } from './process-path.js';
import { runProcess } from './processes.js';

/** How a call of git ended. Never thrown. */
export type GitResult =
  | { readonly status: 'done'; readonly stdout: Buffer }
  /** Git is not on the PATH, or only inside the workspace, from where it is not started. */
  | { readonly status: 'no-git' }
  | { readonly status: 'no-repository' }
  /** One sentence without its full stop. */
  | { readonly status: 'failed'; readonly reason: string };

const TIMEOUT_MS = 60_000;

/**
 * A repository's own `.git/config` is hostile: it may have been written by an earlier step that ran
 * foreign code. Each option here takes away something that it could start or reach:
 * `core.fsmonitor` and `core.hooksPath` run programs; `core.excludesFile` and `core.attributesFile`
 * read any path, even a pipe that never ends; `core.worktree` can't widen what is listed, since git
 * lists below its working directory only. Only plumbing is called, which runs no filter, textconv or
 * external diff; transports are off, so that missing objects stay missing instead of being fetched.
 */
const CONFIGURATION = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.excludesFile=/dev/null',
  'core.attributesFile=/dev/null',
  'core.sshCommand=false',
  'core.pager=cat',
  'credential.helper=',
  'protocol.allow=never',
  'submodule.recurse=false',
  // Checkouts often belong to another user than the one who scans them; what git fears there is taken away above.
  'safe.directory=*',
];

/**
 * Calls git as found on the given PATH outside of `root`, which is its working directory. It gets an environment of its
 * own: no `GIT_…` variable, no token and no configuration of the user.
 * @param args the subcommand and its arguments
 */
export async function runGit(pathVariable: string, root: string, args: readonly string[], { maxBytes, stdin }: { readonly maxBytes: number; readonly stdin?: string }): Promise<GitResult> {
  const lookup = findExecutable('git', pathVariable, root);
  if (!lookup.found) return { status: 'no-git' };
  const name = `git ${args[0] ?? ''}`;
  const result = await runProcess({
    executable: lookup.path,
    args: ['--no-pager', '--no-optional-locks', '--literal-pathspecs', ...CONFIGURATION.flatMap((option) => ['-c', option]), ...args],
    env: environment(pathVariable),
    cwd: root,
    timeoutMs: TIMEOUT_MS,
    maxStdoutBytes: maxBytes,
    maxStderrBytes: 8_000,
    ...(stdin !== undefined && { stdin }),
  });
  if (result.status === 'exited' && result.exitCode === 0) return { status: 'done', stdout: result.stdout };
  if (result.status === 'exited') {
    const message = result.stderr.toString('utf8');
    if (/not a git repository/i.test(message)) return { status: 'no-repository' };
    return { status: 'failed', reason: `${name} ended with exit code ${result.exitCode}: ${firstLine(message)}` };
  }
  if (result.status === 'killed') return { status: 'failed', reason: `${name} was stopped: ${result.reason}` };
  return { status: 'failed', reason: 'git could not be run' };
}

function environment(pathVariable: string): Record<string, string> {
  return {
    PATH: pathVariable,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  };
}

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.slice(0, 300).replace(/\.$/, '');
}
