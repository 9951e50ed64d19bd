import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  opendirSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import type { Dirent, Stats } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isUtf8 } from 'node:buffer';
import { ConfigurationError } from '../core/index.js';
import type { Diagnostic } from '../core/index.js';

/** Largest text file that is read, in bytes. */
export const MAX_TEXT_BYTES = 5_000_000;

/** Text of a file, or the one reason why there is none. */
export type ReadResult =
  | {
      readonly ok: true;
      /**
       * Without a byte order mark: offset 0 is the first character after it, as editors and GitHub
       * count columns. A position in the raw file is one code unit (three bytes) further on.
       */
      readonly text: string;
      readonly byteOrderMark: boolean;
    }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** What a path is, links not followed; `outside` when its folder is a link that leaves the workspace. */
export type EntryKind = 'file' | 'executable' | 'directory' | 'link' | 'special' | 'outside';

/** One name in a directory. */
export interface DirectoryEntry {
  readonly name: string;
  /** `file` says nothing about being executable here: that would take one more call a file. */
  readonly kind: Exclude<EntryKind, 'executable' | 'outside'>;
}

/**
 * The workspace's files, read only. Paths are relative to `root` with `/` as separator.
 * Nothing outside of `root` and nothing inside a `.git` folder is ever read, whatever links say;
 * FIFOs, sockets and devices are refused without waiting on them. No method throws.
 */
export interface Files {
  /** Absolute path of the workspace, free of links. */
  readonly root: string;
  /** The whole text of a regular file; a link is followed when its target lies in the workspace. */
  read(path: string, maxBytes?: number): ReadResult;
  /** The first bytes of a regular file, decoded leniently; undefined when it can't be read. */
  head(path: string, bytes: number): string | undefined;
  /** What a path is, or undefined when there is nothing. */
  kind(path: string): EntryKind | undefined;
  /** Where a link leads inside the workspace, relative to it, or why it is refused. */
  followLink(path: string): { readonly target: string } | { readonly diagnostic: Diagnostic };
  /** Names in a directory in the order of the file system, at most `limit` of them; a link to one is refused. */
  list(directory: string, limit: number): DirectoryEntry[] | Diagnostic;
}

/**
 * Opens a workspace.
 * @throws ConfigurationError when `directory` is not an existing, readable directory.
 */
export function openFiles(directory: string): Files {
  const root = workspaceRoot(directory);
  const folders = new Map<string, Folder>();

  function folderOf(path: string): Folder {
    let folder = folders.get(path);
    if (folder === undefined) folders.set(path, (folder = lookAt(root, path)));
    return folder;
  }

  /** Absolute path of a name whose directory is free of links, or undefined when it leaves the workspace. */
  function locate(path: string): string | undefined {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    // A repository has many names in few folders: all but the name is looked at once.
    const folder = folderOf(path.slice(0, Math.max(slash, 0)));
    if (slash === 0 || folder === 'closed' || !isPlainName(name)) return undefined;
    return folder.missing || !GIT_FOLDER.test(name) ? folder.prefix + name : undefined;
  }

  function followLink(path: string): { target: string } | { diagnostic: Diagnostic } {
    let real: string;
    try {
      real = realpathSync.native(join(root, path));
    } catch (error) {
      const loops = errorCode(error) === 'ELOOP';
      return {
        diagnostic: loops
          ? refusal(path, 'link-loop', 'is a link that leads back to itself')
          : refusal(path, 'link-dangling', 'is a link whose target does not exist'),
      };
    }
    if (!isPlainPath(path) || !isOpenTo(root, real)) {
      return { diagnostic: refusal(path, 'outside-workspace', 'leads out of the workspace') };
    }
    return { target: toSlashes(relative(root, real)) };
  }

  /** Opens a regular file without following a last link and without waiting for a writer. */
  function open(path: string): { fd: number; size: number } | Diagnostic {
    let absolute = locate(path);
    if (absolute === undefined) return refusal(path, 'outside-workspace', 'leads out of the workspace');
    let fd: number;
    try {
      fd = openNoFollow(absolute);
    } catch (error) {
      if (!isLink(absolute)) return openFailure(path, error);
      const followed = followLink(path);
      if ('diagnostic' in followed) return followed.diagnostic;
      absolute = join(root, followed.target);
      try {
        fd = openNoFollow(absolute);
      } catch (second) {
        return openFailure(path, second);
      }
    }
    try {
      const stats = fstatSync(fd);
      const problem = stats.isFile() ? swapped(fd, absolute, path) : refusal(path, 'not-a-file', `is ${describe(stats)}, not a file`);
      if (problem === undefined) return { fd, size: stats.size };
      closeSync(fd);
      return problem;
    } catch (error) {
      closeSync(fd);
      return openFailure(path, error);
    }
  }

  return {
    root,
    read(path, maxBytes = MAX_TEXT_BYTES) {
      const opened = open(path);
      if ('code' in opened) return { ok: false, diagnostic: opened };
      try {
        if (opened.size > maxBytes) return { ok: false, diagnostic: tooLarge(path, opened.size, maxBytes) };
        // One byte more than it claims, so that a file that has grown meanwhile is noticed.
        const bytes = readUpTo(opened.fd, Math.min(maxBytes, opened.size) + 1);
        if (bytes.length > maxBytes) return { ok: false, diagnostic: tooLarge(path, bytes.length, maxBytes) };
        if (bytes.length <= opened.size) return decode(path, bytes);
        const rest = readUpTo(opened.fd, maxBytes + 1 - bytes.length);
        const all = Buffer.concat([bytes, rest]);
        return all.length > maxBytes ? { ok: false, diagnostic: tooLarge(path, all.length, maxBytes) } : decode(path, all);
      } catch (error) {
        return { ok: false, diagnostic: openFailure(path, error) };
      } finally {
        closeSync(opened.fd);
      }
    },
    head(path, bytes) {
      const opened = open(path);
      if ('code' in opened) return undefined;
      try {
        return readUpTo(opened.fd, Math.min(bytes, opened.size)).toString('utf8');
      } catch {
        return undefined;
      } finally {
        closeSync(opened.fd);
      }
    },
    kind(path) {
      const absolute = locate(path);
      if (absolute === undefined) return 'outside';
      try {
        return kindOf(lstatSync(absolute));
      } catch {
        return undefined;
      }
    },
    followLink,
    list(directoryPath, limit) {
      const absolute = directoryPath === '' ? root : locate(directoryPath);
      if (absolute === undefined || realPath(absolute) !== absolute) return refusal(directoryPath, 'outside-workspace', 'leads out of the workspace');
      return listDirectory(absolute, directoryPath, limit);
    },
  };
}

/** Opens without waiting for a writer; throws on a last link. */
function openNoFollow(absolute: string): number {
  // Windows has neither flag: no pipes in its file system, but links.
  if (constants.O_NOFOLLOW === undefined && isLink(absolute)) throw new Error('is a link');
  return openSync(absolute, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
}

function workspaceRoot(directory: string): string {
  const absolute = resolve(directory);
  let real: string;
  try {
    real = realpathSync.native(absolute);
    if (!statSync(real).isDirectory()) {
      throw new ConfigurationError(`${directory} is a file, not a directory. Give the directory of the repository to scan.`);
    }
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const code = errorCode(error);
    const what = code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : code === 'EACCES' ? 'may not be read' : `can't be opened (${code})`;
    throw new ConfigurationError(`${directory} ${what}. Give the directory of the repository to scan.`);
  }
  return real;
}

/** What is known of a folder as long as the workspace is open; `closed`: nothing in it is ever read. */
type Folder = 'closed' | { readonly missing: boolean; /** Absolute, free of links, with a separator at its end. */ readonly prefix: string };

/** @param path empty for the root */
function lookAt(root: string, path: string): Folder {
  if (path !== '' && !isPlainPath(path)) return 'closed';
  const absolute = path === '' ? root : join(root, path);
  const real = path === '' ? root : realPath(absolute);
  if (real !== undefined && real !== root && !isOpenTo(root, real)) return 'closed';
  const folder = real ?? absolute;
  return { missing: real === undefined, prefix: folder.endsWith(sep) ? folder : folder + sep };
}

const GIT_FOLDER = /^\.git$/i;

function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('\0') && !(sep === '\\' && (name.includes('\\') || isAbsolute(name)));
}

/** A relative path without `..`, empty parts or NUL: the only kind that is ever joined to the root. */
export function isPlainPath(path: string): boolean {
  if (path === '' || path.includes('\0') || isAbsolute(path)) return false;
  for (const part of path.split(sep === '\\' ? /[\\/]/ : '/')) {
    if (part === '' || part === '.' || part === '..') return false;
  }
  return true;
}

/** In the workspace and not in a `.git` folder, whose configuration can hold credentials. */
function isOpenTo(root: string, real: string): boolean {
  const prefix = root.endsWith(sep) ? root : root + sep;
  if (!real.startsWith(prefix)) return false;
  return !/(?:^|[\\/])\.git(?:[\\/]|$)/i.test(real.slice(prefix.length));
}

/**
 * On Linux the kernel tells which file a descriptor is: a directory that was swapped for a link
 * between check and use is noticed before anything is read.
 */
function swapped(fd: number, expected: string, path: string): Diagnostic | undefined {
  if (process.platform !== 'linux') return undefined;
  let actual: string;
  try {
    actual = readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined; // no /proc: the checks before opening stand alone
  }
  return actual === expected ? undefined : refusal(path, 'file-changed', 'was moved or replaced while it was being opened');
}

function readUpTo(fd: number, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size);
  let length = 0;
  while (length < size) {
    const count = readSync(fd, buffer, length, size - length, null);
    if (count === 0) break;
    length += count;
  }
  return buffer.subarray(0, length);
}

/** Bytes as text, or why they are none. */
export function decode(path: string, bytes: Buffer): ReadResult {
  if (!isUtf8(bytes)) {
    const { line, column } = firstInvalid(bytes);
    return {
      ok: false,
      diagnostic: {
        ...refusal(path, 'not-utf8', `is not UTF-8 text: line ${line} has a byte that can't be decoded`),
        region: { startLine: line, startColumn: column, endLine: line, endColumn: column + 1 },
      },
    };
  }
  const zero = bytes.indexOf(0);
  if (zero !== -1) {
    const { line, column } = positionOf(bytes, zero);
    return {
      ok: false,
      diagnostic: {
        ...refusal(path, 'binary-file', `is binary: line ${line} has a NUL byte`),
        region: { startLine: line, startColumn: column, endLine: line, endColumn: column + 1 },
      },
    };
  }
  const byteOrderMark = bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { ok: true, text: bytes.toString('utf8', byteOrderMark ? 3 : 0), byteOrderMark };
}

/** Position of the first byte that is not UTF-8: decoded leniently it becomes a U+FFFD that is not in the file. */
function firstInvalid(bytes: Buffer): { line: number; column: number } {
  const text = bytes.toString('utf8');
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf(REPLACEMENT); at !== -1; at = text.indexOf(REPLACEMENT, from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    if (bytes.compare(REPLACEMENT_BYTES, 0, 3, offset, Math.min(offset + 3, bytes.length)) !== 0) break;
    offset += 3;
    from = at + 1;
  }
  return positionOf(bytes, offset);
}

const REPLACEMENT = '\uFFFD';
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT);

function positionOf(bytes: Buffer, offset: number): { line: number; column: number } {
  const before = bytes.toString('utf8', 0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let i = before.indexOf('\n'); i !== -1; i = before.indexOf('\n', i + 1)) line++;
  return { line, column: before.length - lineStart + 1 };
}

function listDirectory(absolute: string, path: string, limit: number): DirectoryEntry[] | Diagnostic {
  const entries: DirectoryEntry[] = [];
  try {
    const directory = opendirSync(absolute, { bufferSize: 256 });
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
        if (entries.length >= limit) break;
        entries.push({ name: entry.name, kind: kindOfEntry(entry, absolute) });
      }
    } finally {
      directory.closeSync();
    }
  } catch (error) {
    return openFailure(path === '' ? '.' : path, error);
  }
  return entries;
}

function kindOfEntry(entry: Dirent, directory: string): DirectoryEntry['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isFIFO() || entry.isSocket() || entry.isBlockDevice() || entry.isCharacterDevice()) return 'special';
  // Some file systems give no type with a name.
  try {
    const kind = kindOf(lstatSync(join(directory, entry.name)));
    return kind === 'executable' ? 'file' : kind;
  } catch {
    return 'special';
  }
}

function kindOf(stats: Stats): Exclude<EntryKind, 'outside'> {
  if (stats.isFile()) return (stats.mode & 0o111) === 0 ? 'file' : 'executable';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'special';
}

function describe(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

function isLink(absolute: string): boolean {
  try {
    return lstatSync(absolute).isSymbolicLink();
  } catch {
    return false;
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

/** What says that a file was left out. */
export function refusal(path: string, code: string, what: string): Diagnostic {
  return { level: 'warning', code, path, message: `This file ${what}. It was not scanned.` };
}

/** Says that a file was left out for its size. */
export function tooLarge(path: string, size: number, limit: number): Diagnostic {
  return refusal(path, 'file-too-large', `has ${megabytes(size)} MB, more than the limit of ${megabytes(limit)} MB`);
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0).replace(/\.0$/, '');
}

function openFailure(path: string, error: unknown): Diagnostic {
  const code = errorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return refusal(path, 'file-missing', 'is gone: it was listed, but is no longer there');
  if (code === 'EACCES' || code === 'EPERM') return refusal(path, 'file-unreadable', 'may not be read: permission denied');
  if (code === 'ENXIO') return refusal(path, 'not-a-file', 'is a socket or a device, not a file');
  if (code === 'ELOOP') return refusal(path, 'link-loop', 'is a link that leads back to itself');
  if (code === 'EISDIR') return refusal(path, 'not-a-file', 'is a directory, not a file');
  return refusal(path, 'file-unreadable', `can't be read (${code})`);
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}

function toSlashes(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}
