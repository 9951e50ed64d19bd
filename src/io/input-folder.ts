import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A deeper tree is none of reports. */
const MAX_DEPTH = 8;

/** Whether a path is a folder; undefined where it is none or can't be read. */
export function listFolder(path: string): readonly string[] | undefined {
  try {
    return readdirSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Regular files below a folder that the user names, by path relative to it with `/`, in the order of their names; links are
 * not followed. At most `limit`.
 */
export function* filesBelow(folder: string, limit: number): Generator<string> {
  const pending: { path: string; depth: number }[] = [{ path: '', depth: 0 }];
  let left = limit;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path, depth } = next;
    const entries = readdirSync(join(folder, path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const inside = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isFile()) {
        if (left-- <= 0) return;
        yield inside;
      }
    }
    if (depth === MAX_DEPTH) continue;
    for (const entry of entries.reverse()) if (entry.isDirectory()) pending.push({ path: path === '' ? entry.name : `${path}/${entry.name}`, depth: depth + 1 });
  }
}
