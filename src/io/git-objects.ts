import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { runGit, type GitResult } from './git-process.js';

/** A value, or in one sentence without its full stop why there is none. */
export type GitAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** A file of a commit. */
export interface CommittedFile {
  /** Relative to the folder that was asked for, with `/` as separator. */
  readonly path: string;
  readonly kind: 'file' | 'executable' | 'link';
  /** Id of its content. */
  readonly object: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Commits of the repository that a folder lies in, read from its object store: nothing is checked out, so no hook, filter
 * or attribute has a part in it, and nothing is fetched. No method rejects.
 */
export interface GitObjects {
  /** Where a folder lies in its repository, with a slash at the end; empty at the top and outside of repositories. */
  prefix(root: string): string;
  /** Full id of the commit that a revision names, when it is here. */
  commit(root: string, revision: string): Promise<GitAnswer<string>>;
  /** The best common ancestor of two commits that are here; a failure when they have none or history is cut off. */
  mergeBase(root: string, a: string, b: string): Promise<GitAnswer<string>>;
  /** Files of a commit below `root`; only those at or below `paths` when given. Submodules are left out. */
  list(root: string, commit: string, paths?: readonly string[]): Promise<GitAnswer<readonly CommittedFile[]>>;
  /** Contents by object id. A failure when one is missing or all together have more than `maxBytes`. */
  read(root: string, objects: readonly string[], maxBytes: number): Promise<GitAnswer<ReadonlyMap<string, Buffer>>>;
  /** Former paths by the new ones of files that the checked-out commit has under another name than `commit`. */
  renames(root: string, commit: string): Promise<GitAnswer<ReadonlyMap<string, string>>>;
}

const MAX_LIST_BYTES = 64_000_000;
const MAX_RENAME_BYTES = 8_000_000;
/** Files that git compares with each other to find renamed ones. */
const RENAME_LIMIT = 1_000;
const OBJECT_ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Objects as the git on the given PATH reads them. */
export function systemGitObjects(pathVariable: string): GitObjects {
  return {
    prefix: prefixOf,
    async commit(root, revision) {
      if (revision === '' || revision.length > 1_000 || revision.includes('\0')) return { ok: false, reason: 'it is no name of a commit' };
      const result = await runGit(pathVariable, root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`], { maxBytes: 1_000 });
      const id = answer(result).trim();
      if (OBJECT_ID.test(id)) return { ok: true, value: id };
      return { ok: false, reason: result.status === 'failed' || result.status === 'done' ? 'the checkout does not have this commit' : reasonOf(result) };
    },
    async mergeBase(root, a, b) {
      if (!OBJECT_ID.test(a) || !OBJECT_ID.test(b)) return { ok: false, reason: 'it is no commit' };
      const result = await runGit(pathVariable, root, ['merge-base', a, b], { maxBytes: 1_000 });
      const id = answer(result).trim();
      if (OBJECT_ID.test(id)) return { ok: true, value: id };
      return { ok: false, reason: result.status === 'no-git' || result.status === 'no-repository' ? reasonOf(result) : 'the two commits have no ancestor in common in this checkout' };
    },
    async list(root, commit, paths = []) {
      if (!OBJECT_ID.test(commit)) return { ok: false, reason: 'it is no commit' };
      const prefix = prefixOf(root);
      const wanted = paths.length > 0 ? paths.map((path) => prefix + path) : prefix === '' ? [] : [prefix];
      const result = await runGit(pathVariable, root, ['ls-tree', '-r', '-z', '--long', '--full-tree', commit, '--', ...wanted], { maxBytes: MAX_LIST_BYTES });
      if (result.status !== 'done') return { ok: false, reason: reasonOf(result) };
      const files = parseTree(result.stdout, prefix);
      const missing = files.find(({ size }) => !Number.isSafeInteger(size));
      if (missing !== undefined) return { ok: false, reason: `the checkout does not have the content of ${missing.path}` };
      return { ok: true, value: files };
    },
    async read(root, objects, maxBytes) {
      const wanted = [...new Set(objects)];
      if (wanted.length === 0) return { ok: true, value: new Map() };
      if (!wanted.every((object) => OBJECT_ID.test(object))) return { ok: false, reason: 'it is no object' };
      // A header line each: id, type, size.
      const result = await runGit(pathVariable, root, ['cat-file', '--batch'], { maxBytes: maxBytes + wanted.length * 100, stdin: `${wanted.join('\n')}\n` });
      if (result.status !== 'done') return { ok: false, reason: reasonOf(result) };
      return parseBatch(result.stdout, wanted);
    },
    async renames(root, commit) {
      if (!OBJECT_ID.test(commit)) return { ok: false, reason: 'it is no commit' };
      const args = ['diff-tree', '-r', '-z', '-M', `-l${RENAME_LIMIT}`, '--no-ext-diff', '--no-textconv', '--no-commit-id', '--diff-filter=R', '--name-status', commit, 'HEAD'];
      const result = await runGit(pathVariable, root, args, { maxBytes: MAX_RENAME_BYTES });
      if (result.status !== 'done') return { ok: false, reason: reasonOf(result) };
      return { ok: true, value: parseRenames(result.stdout, prefixOf(root)) };
    },
  };
}

function answer(result: GitResult): string {
  return result.status === 'done' ? result.stdout.toString('latin1') : '';
}

function reasonOf(result: Exclude<GitResult, { status: 'done' }>): string {
  if (result.status === 'failed') return result.reason;
  return result.status === 'no-git' ? 'git was not found on the PATH' : 'the folder is no git repository';
}

/**
 * Where a folder lies in its repository, with a slash at the end; empty at the top. Found without git, since
 * `core.worktree` of the repository's own configuration could name another folder.
 */
function prefixOf(root: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder === root ? '' : `${relative(folder, root).split(sep).join('/')}/`;
    if (dirname(folder) === folder) return '';
  }
}

const KINDS: Readonly<Record<string, CommittedFile['kind']>> = { '100644': 'file', '100664': 'file', '100755': 'executable', '120000': 'link' };

/** Reads `ls-tree -z --long`: `100644 blob <object>    <size>\t<path>`, each ended by NUL; the size is no number where the content is missing. */
function parseTree(output: Buffer, prefix: string): CommittedFile[] {
  const files: CommittedFile[] = [];
  for (const entry of output.toString('utf8').split('\0')) {
    const tab = entry.indexOf('\t');
    const [mode, , object, size] = entry.slice(0, tab).split(/ +/);
    const kind = KINDS[mode ?? ''];
    const path = entry.slice(tab + 1);
    if (tab === -1 || kind === undefined || object === undefined || !path.startsWith(prefix)) continue;
    files.push({ path: path.slice(prefix.length), kind, object, size: Number(size) });
  }
  return files;
}

/** Reads `cat-file --batch`: `<object> blob <size>\n<content>\n`, or `<object> missing\n`. */
function parseBatch(output: Buffer, wanted: readonly string[]): GitAnswer<ReadonlyMap<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  let at = 0;
  for (const object of wanted) {
    const end = output.indexOf(10, at);
    const [id, type, size] = output.toString('latin1', at, end === -1 ? at : end).split(' ');
    if (id !== object || type !== 'blob') return { ok: false, reason: `the checkout does not have the object ${object}` };
    const start = end + 1;
    contents.set(object, output.subarray(start, start + Number(size)));
    at = start + Number(size) + 1;
  }
  return { ok: true, value: contents };
}

/** Reads `--name-status -z`: `R087`, the former and the new path, each ended by NUL. */
function parseRenames(output: Buffer, prefix: string): ReadonlyMap<string, string> {
  const renames = new Map<string, string>();
  const parts = output.toString('utf8').split('\0');
  for (let index = 0; index + 2 < parts.length; index += 3) {
    const [, from = '', to = ''] = parts.slice(index, index + 3);
    if (from.startsWith(prefix) && to.startsWith(prefix)) renames.set(to.slice(prefix.length), from.slice(prefix.length));
  }
  return renames;
}
