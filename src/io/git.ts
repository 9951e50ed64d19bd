import { findExecutable } from './process-path.js';
import { runProcess } from './processes.js';

/** A path that git lists, relative to the workspace with `/` as separator. */
export interface ListedFile {
  readonly path: string;
  /** `unknown` for files that git does not track. */
  readonly mode: 'file' | 'executable' | 'link' | 'unknown';
}

/** What git says about the workspace, or why it says nothing. */
export type GitListing =
  | { readonly status: 'listed'; readonly files: readonly ListedFile[] }
  /** Git is not on the PATH, or only inside the workspace, from where it is not started. */
  | { readonly status: 'no-git' }
  | { readonly status: 'no-repository' }
  /** One sentence without its full stop. */
  | { readonly status: 'failed'; readonly reason: string };

export interface Git {
  /** Files that git tracks and those that are new and not ignored; submodules are left out. Never rejects. */
  listFiles(root: string): Promise<GitListing>;
}

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 256_000_000;

/**
 * A repository's own `.git/config` is hostile: it may have been written by an earlier step that ran
 * foreign code. Each option here takes away something that it could start or reach:
 * `core.fsmonitor` and `core.hooksPath` run programs; `core.excludesFile` and `core.attributesFile`
 * read any path, even a pipe that never ends; `core.worktree` can't widen what is listed, since git
 * lists below its working directory only. `ls-files` reads no objects and no contents, so filters,
 * alternates and lazy fetching have no part in it; transports are off in the environment all the same.
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
 * Git as found on the given PATH, outside of the workspace.
 * It gets an environment of its own: no `GIT_…` variable, no token and no configuration of the user.
 */
export function systemGit(pathVariable: string): Git {
  return {
    async listFiles(root) {
      const lookup = findExecutable('git', pathVariable, root);
      if (!lookup.found) return { status: 'no-git' };
      const result = await runProcess({
        executable: lookup.path,
        args: [
          '--no-pager',
          '--no-optional-locks',
          ...CONFIGURATION.flatMap((option) => ['-c', option]),
          'ls-files',
          '-z',
          '-t',
          '--stage',
          '--cached',
          '--others',
          '--exclude-standard',
        ],
        env: environment(pathVariable),
        cwd: root,
        timeoutMs: TIMEOUT_MS,
        maxStdoutBytes: MAX_OUTPUT_BYTES,
        maxStderrBytes: 8_000,
      });
      if (result.status === 'exited' && result.exitCode === 0) return { status: 'listed', files: parseListing(result.stdout) };
      if (result.status === 'exited') {
        const message = result.stderr.toString('utf8');
        if (/not a git repository/i.test(message)) return { status: 'no-repository' };
        return { status: 'failed', reason: `git ls-files ended with exit code ${result.exitCode}: ${firstLine(message)}` };
      }
      if (result.status === 'killed') return { status: 'failed', reason: `git ls-files was stopped: ${result.reason}` };
      return { status: 'failed', reason: 'git could not be run' };
    },
  };
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

/**
 * Reads `ls-files -z -t --stage`: `H 100644 <object> <stage>\t<path>` for what is tracked (`S` when a
 * sparse checkout leaves it out, `M` when unmerged), `? <path>` for the rest, each ended by NUL.
 */
function parseListing(output: Buffer): ListedFile[] {
  const files: ListedFile[] = [];
  let previous = '';
  for (let start = 0; start < output.length; ) {
    let end = output.indexOf(0, start);
    if (end === -1) end = output.length;
    const entry = output.toString('utf8', start, end);
    start = end + 1;
    const tag = entry[0];
    if (tag === '?') {
      const path = entry.slice(2);
      // A folder is named as a whole where it is a repository of its own.
      if (!path.endsWith('/')) files.push({ path, mode: 'unknown' });
      continue;
    }
    const tab = entry.indexOf('\t');
    if (tab === -1 || tag === 'S') continue;
    const path = entry.slice(tab + 1);
    const mode = MODES[entry.slice(2, 8)];
    // An unmerged path has one entry for each stage.
    if (mode === undefined || path === previous) continue;
    previous = path;
    files.push({ path, mode });
  }
  return files;
}

/** Modes of git's index; `160000`, a submodule, is left out on purpose. */
const MODES: Readonly<Record<string, ListedFile['mode']>> = { '100644': 'file', '100755': 'executable', '120000': 'link' };

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.slice(0, 300).replace(/\.$/, '');
}
