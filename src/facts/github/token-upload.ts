import type { InputValue, UsesValue } from '../schema.js';
import { isAtLeast } from './versions.js';

/** A folder relative to the workspace, without `./` and slashes at its ends; `''` is the workspace. */
export function normalFolder(path: string): string {
  return path
    .trim()
    .replace(/^\$\{\{\s{0,20}github\.workspace\s{0,20}\}\}|^\$\{?GITHUB_WORKSPACE\}?/, '.')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/**
 * Since 4.4 `actions/upload-artifact` leaves out hidden files, `.git` among them, unless it is told
 * otherwise; archives for pages always do. A commit without a version behind it is most likely a recent one.
 */
export function uploadsHiddenFiles(uses: UsesValue, inputs: Readonly<Record<string, InputValue>>): boolean {
  if (uses.name !== 'actions/upload-artifact') return false;
  if (Object.hasOwn(inputs, 'include-hidden-files')) return /^(?:true|yes|on|1)$/i.test(inputs['include-hidden-files']?.text.trim() ?? '');
  const known = uses.pin === 'tag' || isAtLeast(uses, 0, 0);
  return known && !isAtLeast(uses, 4, 4);
}

/** Whether paths of an upload include the `.git` of one of the folders. */
export function uploadsToken(paths: readonly string[], folders: readonly string[]): boolean {
  if (paths.some((path) => /^!(?:.*\/)?\.git(?:\/|$)/.test(path))) return false;
  const included = paths.filter((path) => !path.startsWith('!')).map((path) => normalFolder(path));
  return folders.some((folder) => included.some((path) => includesGit(path, folder)));
}

function includesGit(path: string, folder: string): boolean {
  const git = folder === '' ? '.git' : `${folder}/.git`;
  if (path === git || path.startsWith(`${git}/`)) return true;
  const parent = path.replace(/(?:\/?\*{1,2}){1,2}$/, '');
  if (parent !== path && !path.includes('**') && parent !== folder) return false;
  return parent === '' || parent === folder || folder.startsWith(`${parent}/`);
}
