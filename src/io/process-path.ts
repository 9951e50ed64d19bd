import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join, relative, sep } from 'node:path';

/** Where a program was found on the PATH, or why not. */
export type ExecutableLookup =
  | {
      readonly found: true;
      readonly path: string;
      /** Of all its files, where they have been verified. */
      readonly digest?: string;
    }
  /** Inside the workspace, where a pull request could have planted it. */
  | {
      readonly found: false;
      readonly refused?: string;
      /** Why there is none and what to do, in place of the usual sentence. */
      readonly missing?: string;
      /** It should be there and can't be trusted or had: whoever needs it has failed. */
      readonly problem?: string;
    };

/**
 * Directories of a PATH that may be searched: absolute ones outside the workspace. Relative and
 * empty entries mean the working directory, which is the workspace.
 */
export function trustedDirectories(pathVariable: string, workspace: string): string[] {
  const root = resolveLinks(workspace) ?? workspace;
  const result: string[] = [];
  for (const entry of pathVariable.split(delimiter)) {
    if (!isAbsolute(entry)) continue;
    const real = resolveLinks(entry);
    if (real !== undefined && !contains(root, real) && !result.includes(entry)) result.push(entry);
  }
  return result;
}

/**
 * Looks a program up on a PATH as `execvp` does, except that nothing inside the workspace is
 * taken, neither by its own path nor through a link. Shims of pyenv and its kin are answered with
 * the program itself: a shim chooses by a file in the working directory, which a pull request can write.
 */
export function findExecutable(name: string, pathVariable: string, workspace: string): ExecutableLookup {
  if (name !== basename(name) || name === '') return { found: false };
  const root = resolveLinks(workspace) ?? workspace;
  let refused: string | undefined;
  for (const entry of pathVariable.split(delimiter)) {
    if (!isAbsolute(entry)) continue;
    for (const fileName of process.platform === 'win32' ? [`${name}.exe`] : [name]) {
      const path = join(entry, fileName);
      const real = executable(path);
      if (real === undefined) continue;
      if (contains(root, real) || contains(root, resolveLinks(entry) ?? entry)) {
        refused ??= path;
        continue;
      }
      const target = resolveShim(path, fileName);
      if (target !== undefined) return { found: true, path: target };
    }
  }
  return refused === undefined ? { found: false } : { found: false, refused };
}

/** True when `path` is `directory` or lies in it. Both absolute and free of links. */
export function contains(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * `<root>/shims/<name>` of pyenv, rbenv or nodenv becomes `<root>/versions/<global version>/bin/<name>`;
 * undefined when no global version has the program; any other path is returned as it is.
 */
function resolveShim(path: string, name: string): string | undefined {
  const directory = dirname(path);
  const versions = join(dirname(directory), 'versions');
  if (basename(directory) !== 'shims' || resolveLinks(versions) === undefined) return path;
  let globals: string[];
  try {
    globals = readFileSync(join(dirname(directory), 'version'), 'utf8').split(/\s+/);
  } catch {
    return undefined;
  }
  for (const version of globals) {
    if (version === '' || version !== basename(version) || version === '..') continue;
    const candidate = join(versions, version, 'bin', name);
    if (executable(candidate) !== undefined) return candidate;
  }
  return undefined;
}

/** The real path of a regular file that this process may execute. */
function executable(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    accessSync(path, constants.X_OK);
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function resolveLinks(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
