import { join } from 'node:path';
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
/** Installed packages: large, and no step writes credentials into one. */
const SKIPPED_FOLDER = 'node_modules';

/** Files to blank inside the sandbox, and whether the whole workspace was looked through. */
export interface HiddenFiles {
  /** Absolute real paths inside the workspace, regular files. */
  readonly paths: readonly string[];
  readonly complete: boolean;
}

/**
 * Finds the files with credentials of the job in a workspace. `isPublic` says of a path relative to
 * it that its content is exactly what the repository holds, so that hiding it would only blind a
 * scanner for secrets; it is never asked about git's own configuration.
 */
export function findHiddenFiles(workspace: string, isPublic: (path: string) => boolean = () => false): HiddenFiles {
  const found = new Set<string>();
  let entries = 0;
  const add = (path: string): void => {
    const real = realPath(path);
    // What lies outside is not in the sandbox; what is no file can't be mounted over.
    if (real !== undefined && contains(workspace, real) && pathKind(real) === 'file') found.add(real);
  };
  const addUnlessPublic = (relative: string): void => {
    if (!isPublic(relative)) add(join(workspace, relative));
  };

  for (const path of CREDENTIAL_PATHS) if (pathKind(join(workspace, path)) !== 'missing') addUnlessPublic(path);
  const walk = (relative: string, depth: number): void => {
    for (const { name, kind } of listDirectory(join(workspace, relative))) {
      if (++entries > MAX_ENTRIES) return;
      const path = relative === '' ? name : `${relative}/${name}`;
      if (name === '.git') addRepository(join(workspace, path), kind, add);
      else if (kind === 'directory') {
        if (depth < MAX_DEPTH && name !== SKIPPED_FOLDER) walk(path, depth + 1);
      } else if (CREDENTIAL_NAMES.has(name) || CREDENTIAL_PATTERN.test(name)) addUnlessPublic(path);
    }
  };
  walk('', 0);
  return { paths: [...found].sort(), complete: entries <= MAX_ENTRIES };
}

/** Git's configuration of a repository, its worktrees and its submodules, `git` being its `.git`. */
function addRepository(git: string, kind: PathKind, add: (path: string) => void): void {
  if (kind !== 'directory' && kind !== 'link') return;
  for (const name of GIT_CONFIG_NAMES) add(join(git, name));
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
