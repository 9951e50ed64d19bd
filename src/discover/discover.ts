import type { Diagnostic, FileEntry, Inventory, Settings } from '../core/index.js';
import { systemClock } from '../io/clock.js';
import type { Clock } from '../io/clock.js';
import type { Files } from '../io/files.js';
import type { Git } from '../io/git.js';
import { HEAD_BYTES, isContentCandidate, pathParts, recogniseByContent, recogniseByPath } from './recognise.js';
import type { Recognition } from './recognise.js';
import { createSelector } from './select.js';
import { walk } from './walk.js';

/** What was found, and everything that could not be looked at. */
export interface Discovery {
  readonly inventory: Inventory;
  readonly diagnostics: readonly Diagnostic[];
}

/** Most files that are opened to see what they are; others are told by their path. */
export const MAX_CONTENT_CHECKS = 20_000;

interface Listed {
  readonly path: string;
  /** Undefined where the listing does not say. */
  readonly kind: 'file' | 'executable' | 'link' | 'special' | undefined;
}

/**
 * Finds the files of the workspace and recognises those that matter.
 *
 * Files come from git's index and its untracked, not ignored files where there is a repository, from a
 * walk otherwise. `include` and `exclude` of the settings apply to both. Every entry of the inventory is,
 * at this moment, a regular file in the workspace or a link to one; a link to a file that is
 * itself in the inventory with the same format is left out, so that nothing is reported twice.
 */
export async function discover(
  files: Files,
  settings: Pick<Settings, 'include' | 'exclude'>,
  git: Git,
  clock: Clock = systemClock,
): Promise<Discovery> {
  const diagnostics: Diagnostic[] = [];
  const { listed, source } = await list(files, git, clock, diagnostics);
  const selected = createSelector(settings.include, settings.exclude);
  const found: FileEntry[] = [];
  const links: FileEntry[] = [];
  let checks = 0;
  let unchecked = 0;
  for (const { path, kind } of listed) {
    const parts = pathParts(path);
    let recognition = recogniseByPath(parts);
    if (recognition === undefined) {
      const executable = kind === 'executable';
      if (kind === 'special' || kind === 'link' || !isContentCandidate(parts, executable) || !selected(path)) continue;
      if (checks >= MAX_CONTENT_CHECKS) {
        unchecked++;
        continue;
      }
      checks++;
      const head = files.head(path, HEAD_BYTES);
      recognition = head === undefined ? undefined : recogniseByContent(parts, executable, head);
      if (recognition === undefined) continue;
      found.push({ path, ...recognition });
      continue;
    }
    if (!selected(path)) continue;
    const usable = inspect(files, path, recognition, diagnostics);
    if (usable === 'file') found.push({ path, ...recognition });
    else if (usable === 'link') links.push({ path, ...recognition });
  }
  found.push(...independentLinks(files, links, found, diagnostics));
  found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  if (unchecked > 0) {
    diagnostics.push({
      level: 'warning',
      code: 'content-limit',
      message: `${unchecked} files that only their content could tell were not opened: the limit is ${MAX_CONTENT_CHECKS}. Narrow the scan with include and exclude.`,
    });
  }
  if (listed.length === 0) {
    diagnostics.push({ level: 'warning', code: 'empty-workspace', message: 'There is no file here: nothing was scanned. Check that the repository was checked out before this step.' });
  }
  return { inventory: { root: files.root, total: listed.length, files: found, source }, diagnostics };
}

async function list(
  files: Files,
  git: Git,
  clock: Clock,
  diagnostics: Diagnostic[],
): Promise<{ listed: readonly Listed[]; source: Inventory['source'] }> {
  const listing = await git.listFiles(files.root);
  if (listing.status === 'listed' && listing.files.length > 0) {
    return { listed: listing.files.map(({ path, mode }) => ({ path, kind: mode === 'unknown' ? undefined : mode })), source: 'git' };
  }
  // A folder that git ignores as a whole is listed as empty; who names it wants it scanned.
  if (listing.status === 'no-git') {
    diagnostics.push({ level: 'note', code: 'no-git', message: 'Git was not found on the PATH: files were found by walking the folders.' });
  } else if (listing.status === 'failed') {
    diagnostics.push({ level: 'warning', code: 'git-failed', message: `${listing.reason}. Files were found by walking the folders instead.` });
  }
  const walked = walk(files, clock);
  diagnostics.push(...walked.diagnostics);
  return { listed: walked.files, source: 'walk' };
}

/** Looks at a recognised path: whether it can be read as a file, is a link, or is to be left out with a message. */
function inspect(files: Files, path: string, { format }: Recognition, diagnostics: Diagnostic[]): 'file' | 'link' | undefined {
  if (path.includes('\uFFFD')) {
    diagnostics.push({ level: 'warning', code: 'path-not-utf8', path, message: `The name of this ${format} file is not UTF-8 text. It was not scanned: rename it.` });
    return undefined;
  }
  const kind = files.kind(path);
  if (kind === 'file' || kind === 'executable') return 'file';
  if (kind === 'link') return 'link';
  // Tracked but deleted in the working tree, or a folder in its place: there is nothing to scan.
  if (kind === 'special') {
    diagnostics.push({ level: 'warning', code: 'not-a-file', path, message: 'This is a named pipe, a socket or a device, not a file. It was not scanned.' });
  } else if (kind === 'outside') {
    diagnostics.push({ level: 'warning', code: 'outside-workspace', path, message: 'This file leads out of the workspace. It was not scanned.' });
  }
  return undefined;
}

function independentLinks(files: Files, links: readonly FileEntry[], found: readonly FileEntry[], diagnostics: Diagnostic[]): FileEntry[] {
  if (links.length === 0) return [];
  const formats = new Map(found.map((entry) => [entry.path, entry.format]));
  return links.filter(({ path, format }) => {
    const followed = files.followLink(path);
    if ('diagnostic' in followed) {
      diagnostics.push(followed.diagnostic);
      return false;
    }
    const kind = files.kind(followed.target);
    if (kind === 'special') diagnostics.push({ level: 'warning', code: 'not-a-file', path, message: 'This is a link to a named pipe, a socket or a device. It was not scanned.' });
    if (kind !== 'file' && kind !== 'executable') return false;
    if (formats.get(followed.target) === format) return false;
    formats.set(followed.target, format);
    return true;
  });
}
