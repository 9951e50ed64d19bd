import type { CommittedFile, GitObjects } from './git-objects.js';
import { GitHubError, type GitHub } from './github.js';
import { isPlainPath, type Files } from './files.js';
import { snapshotFiles, type SnapshotEntry } from './snapshot.js';

/** A commit whose files can be read without being checked out. */
export interface Revision {
  /** Its full id. */
  readonly commit: string;
  /** Local objects, or GitHub's interface. */
  readonly via: 'git' | 'github';
  /**
   * The files at or below some paths. What the commit does not have is absent.
   * @throws RevisionError when they can't be read: what is missing then is never taken for absent.
   */
  load(paths: readonly string[]): Promise<Files>;
}

/** A commit, or a part of it, can't be read. The message is one sentence without its full stop. */
export class RevisionError extends Error {
  override readonly name = 'RevisionError';
}

/** Files of a commit that are loaded at once, and their bytes; one with more bytes is not loaded and says so when read. */
const MAX_FILES = 5_000;
const MAX_FILE_BYTES = 21_000_000;
const MAX_BYTES = 64_000_000;

/** A commit of the local repository. */
export function localRevision(git: GitObjects, root: string, commit: string): Revision {
  return {
    commit,
    via: 'git',
    async load(paths) {
      const plain = paths.filter(isPlainPath);
      if (plain.length === 0) return snapshotFiles(root, new Map());
      const listed = await git.list(root, commit, plain);
      if (!listed.ok) throw new RevisionError(listed.reason);
      return snapshotFiles(root, await contents(git, root, listed.value));
    },
  };
}

async function contents(git: GitObjects, root: string, files: readonly CommittedFile[]): Promise<ReadonlyMap<string, SnapshotEntry>> {
  if (files.length > MAX_FILES) throw new RevisionError(`it has more than ${MAX_FILES} files there`);
  const small = files.filter(({ kind, size }) => kind !== 'link' && size <= MAX_FILE_BYTES);
  if (small.reduce((sum, { size }) => sum + size, 0) > MAX_BYTES) throw new RevisionError(`its files have more than ${MAX_BYTES / 1_000_000} MB together`);
  const read = await git.read(root, small.map(({ object }) => object), MAX_BYTES);
  if (!read.ok) throw new RevisionError(read.reason);
  return new Map(
    files.map(({ path, kind, object, size }): [string, SnapshotEntry] => {
      const bytes = read.value.get(object);
      return [path, kind === 'link' ? { link: true } : bytes === undefined ? { size } : { bytes }];
    }),
  );
}

/** Requests that reading one set of paths may take. */
const MAX_REQUESTS = 300;

/** Where a commit lies on GitHub. */
export interface GitHubCommit {
  readonly owner: string;
  readonly repo: string;
  readonly commit: string;
  /** Folder of the repository that paths are relative to, with a slash at its end; empty at the top. */
  readonly prefix: string;
}

/**
 * A commit that GitHub has. A path that GitHub does not know counts as absent only because it has shown the commit itself:
 * a token that may not read gets the same answer.
 * @throws RevisionError when GitHub does not show the commit.
 */
export async function gitHubRevision(github: GitHub, { owner, repo, commit, prefix }: GitHubCommit, root: string): Promise<Revision> {
  const { data } = await asked(() => github.request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', { owner, repo, commit_sha: commit }));
  if (text(data, 'sha')?.toLowerCase() !== commit.toLowerCase()) throw new RevisionError('GitHub answered with another commit');
  return {
    commit,
    via: 'github',
    async load(paths) {
      const entries = new Map<string, SnapshotEntry>();
      const pending = paths.filter(isPlainPath);
      let requests = 0;
      let bytes = 0;
      for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
        if (++requests > MAX_REQUESTS || entries.size > MAX_FILES) throw new RevisionError('there are too many files to read through GitHub');
        const found = await content(github, { owner, repo, ref: commit, path: prefix + path });
        if (found === undefined) continue;
        if (Array.isArray(found)) {
          // GitHub shows no more than this of a folder, without a word.
          if (found.length >= 1_000) throw new RevisionError(`the folder ${path} has too many files to read through GitHub`);
          for (const entry of found) if (isName(text(entry, 'name'))) pending.push(`${path}/${text(entry, 'name') ?? ''}`);
          continue;
        }
        const entry = await toEntry(github, found, { owner, repo });
        bytes += 'bytes' in entry ? entry.bytes.length : 0;
        if (bytes > MAX_BYTES) throw new RevisionError(`the files have more than ${MAX_BYTES / 1_000_000} MB together`);
        entries.set(path, entry);
      }
      return snapshotFiles(root, entries);
    },
  };
}

/** What GitHub has at a path; undefined for nothing. */
async function content(github: GitHub, parameters: { owner: string; repo: string; ref: string; path: string }): Promise<unknown> {
  try {
    const { data } = await github.request('GET /repos/{owner}/{repo}/contents/{path}', parameters);
    if (data === null || typeof data !== 'object') throw new RevisionError('GitHub gave an answer that is none');
    return data;
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return undefined;
    throw asRevisionError(error);
  }
}

async function toEntry(github: GitHub, found: unknown, repository: { owner: string; repo: string }): Promise<SnapshotEntry> {
  const type = text(found, 'type');
  if (type === 'symlink') return { link: true };
  const size = (found as { size?: unknown }).size;
  if (type !== 'file' || typeof size !== 'number') throw new RevisionError('GitHub gave an answer that is no file');
  if (size > MAX_FILE_BYTES) return { size };
  // More than 1 MB is not in the answer itself.
  const sha = text(found, 'sha') ?? '';
  const blob = text(found, 'encoding') === 'base64' ? found : (await asked(() => github.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { ...repository, file_sha: sha }))).data;
  const bytes = Buffer.from(text(blob, 'content') ?? '', 'base64');
  if (text(blob, 'encoding') !== 'base64' || bytes.length !== size) throw new RevisionError('GitHub gave a part of a file only');
  return { bytes };
}

async function asked<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw asRevisionError(error);
  }
}

function asRevisionError(error: unknown): unknown {
  if (!(error instanceof GitHubError)) return error;
  return new RevisionError(`GitHub says "${error.message.trim().slice(0, 300)}"${error.status === 0 ? '' : ` (${error.status})`}`);
}

function isName(name: string | undefined): name is string {
  return name !== undefined && isPlainPath(name) && !name.includes('/');
}

function text(value: unknown, key: string): string | undefined {
  const found = value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === 'string' ? found : undefined;
}
