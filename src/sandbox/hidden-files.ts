import { join, sep } from 'node:path';
import { listDirectory, pathKind, realPath } from '../io/process-files.js';
import type { PathKind } from '../io/process-files.js';
import { contains } from '../io/process-path.js';

/** Credentials that steps leave in the workspace, by name; below the workspace's root wherever they lie. */
const CREDENTIAL_NAMES = new Set(['.git-credentials', '.netrc', '_netrc', '.npmrc', '.yarnrc.yml', '.pypirc', '.dockercfg', '.vault-token', '.terraformrc']);
/** In these folders of the workspace's root. */
const CREDENTIAL_PATHS = ['.docker/config.json', '.aws/credentials', '.aws/config', '.config/gcloud/application_default_credentials.json', '.config/gh/hosts.yml', '.kube/config', '.azure/accessTokens.json', '.azure/msal_token_cache.json', '.gem/credentials', '.cargo/credentials.toml', '.cargo/credentials', '.m2/settings.xml', '.gradle/gradle.properties'];
/** `google-github-actions/auth` writes this into the workspace. */
const CREDENTIAL_PATTERN = /^gha-creds-[^/]*\.json$/;
/** `actions/checkout` writes its token here. */
const GIT_CONFIG_NAMES = new Set(['config', 'config.worktree']);

/** How deep repositories are looked for: checkouts of a workflow lie at the top or a few folders below. */
const MAX_DEPTH = 3;
const MAX_ENTRIES = 300_000;
/**
 * Each is a mount, and bubblewrap looks at all mounts for each: 2,000 of them take longer than a probe may. A pull request that
 * brings more must not make the sandbox fail, so the level is lowered instead.
 */
const MAX_HIDDEN = 300;
/** Installed packages: large, and no step writes credentials into one. */
const SKIPPED_FOLDER = 'node_modules';

/** Files to blank inside the sandbox, and whether the whole workspace was looked through. */
export interface HiddenFiles {
  /** Absolute real paths inside the workspace: regular files, and sockets and pipes, behind which some process may be. */
  readonly paths: readonly string[];
  /** Why not everything is hidden. */
  readonly incomplete?: string;
}

/**
 * Finds the files with credentials of the job in a workspace. `isPublic` says of a path relative to
 * it that its content is exactly what the repository holds, so that hiding it would only blind a
 * scanner for secrets; it is never asked about git's own configuration.
 */
export function findHiddenFiles(workspace: string, isPublic: (path: string) => boolean = () => false): HiddenFiles {
  const found = new Set<string>();
  /** Of git's own, which no commit can bring: none of them is left out for others. */
  const certain = new Set<string>();
  let entries = 0;
  const add = (path: string, into: Set<string> = found): void => {
    const real = realPath(path);
    // What lies outside is not in the sandbox; what is no file can't be mounted over.
    const kind = real === undefined ? 'missing' : pathKind(real);
    if (real !== undefined && contains(workspace, real) && (kind === 'file' || kind === 'other')) into.add(real);
  };
  const addUnlessPublic = (relative: string): void => {
    if (!isPublic(relative)) add(join(workspace, relative));
  };

  for (const path of CREDENTIAL_PATHS) if (pathKind(join(workspace, path)) !== 'missing') addUnlessPublic(path);
  const walk = (relative: string, depth: number): void => {
    for (const { name, kind } of listDirectory(join(workspace, relative))) {
      if (++entries > MAX_ENTRIES) return;
      const path = relative === '' ? name : `${relative}/${name}`;
      if (name === '.git') addRepository(join(workspace, path), kind, (own) => add(own, certain));
      else if (kind === 'directory') {
        if (depth < MAX_DEPTH && name !== SKIPPED_FOLDER) walk(path, depth + 1);
      } else if (kind === 'other') add(join(workspace, path));
      else if (CREDENTIAL_NAMES.has(name) || CREDENTIAL_PATTERN.test(name)) addUnlessPublic(path);
    }
  };
  walk('', 0);
  const paths = [...new Set([...certain, ...[...found].sort(byDepth)])];
  if (paths.length > MAX_HIDDEN) return { paths: paths.slice(0, MAX_HIDDEN).sort(), incomplete: `the workspace has ${paths.length} files with names of credentials, too many to hide` };
  return { paths: paths.sort(), ...(entries > MAX_ENTRIES && { incomplete: 'the workspace has too many files to look for credentials in all of it' }) };
}

/** Those at the top first: steps write there. */
function byDepth(a: string, b: string): number {
  return a.split(sep).length - b.split(sep).length || (a < b ? -1 : 1);
}

/** Git's configuration of a repository, its worktrees and its submodules, `git` being its `.git`. */
function addRepository(git: string, kind: PathKind, add: (path: string) => void): void {
  if (kind !== 'directory' && kind !== 'link') return;
  for (const { name, kind: inside } of listDirectory(git)) if (inside === 'other' || GIT_CONFIG_NAMES.has(name)) add(join(git, name));
  for (const { name } of listDirectory(join(git, 'worktrees'))) add(join(git, 'worktrees', name, 'config.worktree'));
  addModules(join(git, 'modules'), 0, add);
}

function addModules(directory: string, depth: number, add: (path: string) => void): void {
  for (const { name, kind } of listDirectory(directory)) {
    if (kind === 'file' && GIT_CONFIG_NAMES.has(name)) add(join(directory, name));
    // A submodule's name may have slashes; below a module lie its own modules.
    else if (kind === 'directory' && depth < 8 && !['objects', 'refs', 'logs', 'hooks', 'info'].includes(name)) {
      addModules(join(directory, name), depth + 1, add);
    }
  }
}
