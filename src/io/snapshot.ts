import { decode, MAX_TEXT_BYTES, refusal, tooLarge, type DirectoryEntry, type Files } from './files.js';

/** What a snapshot holds of a path: its bytes, only its size where they were not fetched, or a link, which is not followed. */
export type SnapshotEntry = { readonly bytes: Uint8Array } | { readonly size: number } | { readonly link: true };

/**
 * Files in memory, such as those of a commit that is not checked out, behind the same interface as the workspace.
 * @param root shown as the root; nothing is read there
 */
export function snapshotFiles(root: string, entries: ReadonlyMap<string, SnapshotEntry>): Files {
  const folders = new Map<string, Map<string, DirectoryEntry>>();
  for (const [path, entry] of entries) {
    let kind: DirectoryEntry['kind'] = 'link' in entry ? 'link' : 'file';
    for (let rest = path; rest !== ''; kind = 'directory') {
      const slash = rest.lastIndexOf('/');
      const folder = slash === -1 ? '' : rest.slice(0, slash);
      const name = rest.slice(slash + 1);
      const names = folders.get(folder);
      if (names === undefined) folders.set(folder, new Map([[name, { name, kind }]]));
      else if (names.has(name)) break;
      else names.set(name, { name, kind });
      rest = folder;
    }
  }
  return {
    root,
    read(path, maxBytes = MAX_TEXT_BYTES) {
      const entry = entries.get(path);
      if (entry === undefined) return { ok: false, diagnostic: refusal(path, 'file-missing', 'does not exist in that commit') };
      if ('link' in entry) return { ok: false, diagnostic: refusal(path, 'link', 'is a link in that commit, which is not followed') };
      const size = 'size' in entry ? entry.size : entry.bytes.length;
      if ('size' in entry || size > maxBytes) return { ok: false, diagnostic: tooLarge(path, size, maxBytes) };
      return decode(path, Buffer.from(entry.bytes.buffer, entry.bytes.byteOffset, size));
    },
    head(path, bytes) {
      const entry = entries.get(path);
      return entry !== undefined && 'bytes' in entry ? Buffer.from(entry.bytes.slice(0, bytes)).toString('utf8') : undefined;
    },
    kind(path) {
      const entry = entries.get(path);
      if (entry !== undefined) return 'link' in entry ? 'link' : 'file';
      return folders.has(path) ? 'directory' : undefined;
    },
    followLink: (path) => ({ diagnostic: refusal(path, 'link', 'is a link in that commit, which is not followed') }),
    list: (directory, limit) => [...(folders.get(directory)?.values() ?? [])].slice(0, limit),
  };
}
