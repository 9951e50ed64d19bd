import { runGit } from './git-process.js';

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

const MAX_OUTPUT_BYTES = 256_000_000;

/** Git as found on the given PATH, outside of the workspace; see {@link runGit}. */
export function systemGit(pathVariable: string): Git {
  return {
    async listFiles(root) {
      const args = ['ls-files', '-z', '-t', '--stage', '--cached', '--others', '--exclude-standard'];
      const result = await runGit(pathVariable, root, args, { maxBytes: MAX_OUTPUT_BYTES });
      return result.status === 'done' ? { status: 'listed', files: parseListing(result.stdout) } : result;
    },
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
