import { isObject, own, type JsonObject } from './read-values.js';

/** Path of a finding that is about no file: the repository as a whole. */
export const NO_FILE = '.';

/** Chains of base URIs are followed this far; they may be circles. */
const MAX_BASES = 16;

/** Names that tools give to the top of the repository. */
const ROOT_IDS = /^%?(?:SRCROOT|PROJECTROOT|PROJECT_ROOT|ROOTPATH|ROOT|REPOROOT|REPO_ROOT|EXECUTIONROOT|SOURCEROOT|WORKDIR|PWD)%?$/i;

/** What URIs of one run are resolved with. */
export interface UriContext {
  /** `run.originalUriBaseIds`. */
  readonly bases: JsonObject;
  /** Absolute paths that are the top of the workspace, with `/` as separator and without one at the end. */
  readonly roots: readonly string[];
}

/**
 * The path in the workspace that a URI of a log means, whatever tools write there: relative and absolute URIs and
 * paths, with or without percent-encoding, `file:` of POSIX and Windows, `..`, names of images, web addresses.
 * What lies outside of the workspace gives its path without the leading `/`, a web address that without its scheme.
 */
export function workspacePath(uri: string, baseId: string | undefined, context: UriContext): string {
  let bases = KNOWN.get(context);
  if (bases === undefined) KNOWN.set(context, (bases = new Map()));
  let paths = bases.get(baseId);
  if (paths === undefined) bases.set(baseId, (paths = new Map()));
  const known = paths.get(uri);
  if (known !== undefined) return known;
  // Hostile logs have a name for every result.
  if (paths.size >= MAX_KNOWN) paths.clear();
  const path = resolvedPath(uri, baseId, context);
  paths.set(uri, path);
  return path;
}

/** Paths by URI and base of each run: many results are in one file, and one text for all of them is found again faster. */
const KNOWN = new WeakMap<UriContext, Map<string | undefined, Map<string, string>>>();
const MAX_KNOWN = 50_000;

function resolvedPath(uri: string, baseId: string | undefined, context: UriContext): string {
  let whole = uri;
  for (let id = baseId, steps = 0; id !== undefined && !isAbsolute(whole) && steps < MAX_BASES; steps++) {
    // An undefined base, and the top of the repository itself, are the workspace.
    const base = own(context.bases, id);
    if (!isObject(base)) break;
    const written = own(base, 'uri');
    const next = own(base, 'uriBaseId');
    if (typeof written === 'string' && written !== '') whole = `${written.replace(/[/\\]*$/, '/')}${whole}`;
    id = typeof next === 'string' ? next : undefined;
  }
  return relativeTo(context.roots, plainPath(whole));
}

/** Absolute paths that a run says are the top of its workspace: working directories and bases of known names. */
export function rootsOf(bases: JsonObject, workingDirectories: readonly string[], workspace: string | undefined): readonly string[] {
  const roots = new Set<string>();
  const add = (uri: string): void => {
    const path = plainPath(uri).replace(/\/+$/, '');
    if (isAbsolutePath(path) && path.length > 1) roots.add(path);
  };
  if (workspace !== undefined) add(workspace);
  for (const [id, base] of Object.entries(bases)) {
    if (ROOT_IDS.test(id) && isObject(base) && typeof base['uri'] === 'string') add(base['uri']);
  }
  for (const directory of workingDirectories) add(directory);
  // The innermost first, so that the longest prefix is taken away.
  return [...roots].sort((a, b) => b.length - a.length);
}

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]+):/;

function isAbsolute(uri: string): boolean {
  return SCHEME.test(uri) || isAbsolutePath(uri);
}

function isAbsolutePath(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path);
}

/** The path of a URI or of a path that a tool wrote instead of one. */
function plainPath(uri: string): string {
  const scheme = SCHEME.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) return decode(uri).replaceAll('\\', '/');
  if (scheme === 'file') {
    // file:///a, file://localhost/a, file:/a, file://C:/a, file:a
    const rest = decode(uri.slice('file:'.length)).replaceAll('\\', '/').replace(/^\/\/localhost(?=\/)/i, '').replace(/^\/+(?=[A-Za-z]:\/)/, '');
    return rest.replace(/^\/{2,}/, '/');
  }
  // A web address: host and path. The tag of an image is no scheme: `registry:5000/x`, `nginx:1.27`.
  const web = /^[a-z][a-z0-9+.-]*:\/\/([^?#]*)/i.exec(uri)?.[1];
  return decode(web ?? uri);
}

/** Percent-decoded where that is possible: a name may hold a bare `%`. */
function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function relativeTo(roots: readonly string[], path: string): string {
  const root = isAbsolutePath(path) ? roots.find((prefix) => path === prefix || path.startsWith(`${prefix}/`)) : undefined;
  const segments: string[] = [];
  for (const segment of (root === undefined ? path : path.slice(root.length)).split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else segments.pop();
  }
  return segments.length === 0 ? NO_FILE : segments.join('/');
}
