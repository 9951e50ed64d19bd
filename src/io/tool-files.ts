import { createHash } from 'node:crypto';
import { chmodSync, constants, createReadStream, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** What an installed directory holds, by path relative to it with `/`: digest of a file, or target of a link. */
export type Manifest = Readonly<Record<string, { readonly sha256: string; readonly executable: boolean } | { readonly link: string }>>;

const WRITABLE_BY_OTHERS = 0o022;
const ANY_EXECUTE = 0o111;
/** Hashing is bound by memory and processor, not by waiting: a few at a time are enough. */
const AT_ONCE = 8;
const SMALL_BYTES = 1_048_576;

/**
 * Makes a directory (mode 0700) whose contents nobody else can change. Gives why it is not used: it belongs to
 * someone else, others may write to it, or it can't be made.
 */
export function ensureOwnDirectory(path: string): string | undefined {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const stats = lstatSync(path);
    if (!stats.isDirectory()) return `${path} is no directory`;
    if (process.platform === 'win32') return undefined;
    if (stats.uid !== process.getuid?.()) return `${path} belongs to another user`;
    if ((stats.mode & WRITABLE_BY_OTHERS) !== 0) return `others may write to ${path}`;
    return undefined;
  } catch (error) {
    return `${path} can't be made: ${(error as Error).message}`;
  }
}

/** Every file and link below a directory with its digest. Throws for what is neither, and what the file system says. */
export async function hashTree(directory: string): Promise<Manifest> {
  const files: { path: string; executable: boolean }[] = [];
  const result: Record<string, Manifest[string]> = {};
  const walk = (relative: string): void => {
    for (const entry of readdirSync(join(directory, relative), { withFileTypes: true })) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      const absolute = join(directory, path);
      if (entry.isDirectory()) walk(path);
      else if (entry.isSymbolicLink()) result[path] = { link: readlinkSync(absolute) };
      else if (entry.isFile()) files.push({ path, executable: (lstatSync(absolute).mode & ANY_EXECUTE) !== 0 });
      else throw new Error(`${path} is neither file, directory nor link`);
    }
  };
  walk('');
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let file = files[next++]; file !== undefined; file = files[next++]) {
      result[file.path] = { sha256: await hashFile(join(directory, file.path)), executable: file.executable };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return Object.fromEntries(Object.entries(result).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** SHA-256 of a file in hexadecimal; follows no link. Rejects with what the file system says. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  // Thousands of small files make up a Python environment: a stream for each would take longer than its hash.
  const stats = lstatSync(path);
  if (stats.isFile() && stats.size <= SMALL_BYTES) return hash.update(readFileSync(path)).digest('hex');
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  for await (const chunk of createReadStream(path, { fd: file, highWaterMark: 1_048_576 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The first difference between a directory and its manifest, in words; undefined when there is none. */
export async function compareTree(directory: string, manifest: Manifest): Promise<string | undefined> {
  let actual: Manifest;
  try {
    actual = await hashTree(directory);
  } catch (error) {
    return `it can't be read: ${(error as Error).message}`;
  }
  for (const [path, wanted] of Object.entries(manifest)) {
    const found = actual[path];
    if (found === undefined) return `${path} is missing`;
    if ('link' in wanted ? !('link' in found) || found.link !== wanted.link : !('sha256' in found) || found.sha256 !== wanted.sha256 || found.executable !== wanted.executable) return `${path} has changed`;
  }
  const added = Object.keys(actual).find((path) => !Object.hasOwn(manifest, path));
  return added === undefined ? undefined : `${added} was added`;
}

/** Takes the right to write from everything in a directory and from itself. Follows no links. */
export function makeReadOnly(directory: string): void {
  if (process.platform === 'win32') return;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) makeReadOnly(path);
    else if (entry.isFile()) chmodSync(path, (lstatSync(path).mode & ANY_EXECUTE) === 0 ? 0o444 : 0o555);
  }
  chmodSync(directory, 0o555);
}

/** Removes a directory that was made read-only; what can't be removed is left. Follows no links. */
export function removeReadOnly(directory: string): void {
  try {
    if (process.platform !== 'win32') makeWritable(directory);
    rmSync(directory, { recursive: true, force: true });
  } catch {
    // It is not in any manifest, so nobody uses it.
  }
}

function makeWritable(directory: string): void {
  if (!lstatSync(directory).isDirectory()) return;
  chmodSync(directory, 0o700);
  for (const entry of readdirSync(directory, { withFileTypes: true })) if (entry.isDirectory()) makeWritable(join(directory, entry.name));
}

/** Puts a text in the place of a file as a whole, so that nobody ever reads half of it. Throws what the file system says. */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.${process.hrtime.bigint()}`;
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The text of a file, or undefined when there is none. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** What the installing of a tool does to files of its own directory. Every function throws what the file system says. */
export const toolFiles = {
  makeDirectory: (path: string): void => void mkdirSync(path, { recursive: true, mode: 0o700 }),
  write: (path: string, text: string): void => writeFileSync(path, text, { mode: 0o600, flag: 'wx' }),
  rewrite: (path: string, text: string): void => writeFileSync(path, text),
  makeExecutable: (path: string): void => chmodSync(path, 0o555),
  move: (from: string, to: string): void => renameSync(from, to),
  remove: (path: string): void => rmSync(path, { force: true }),
  exists: (path: string): boolean => existsSync(path),
  names: (path: string): string[] => (existsSync(path) ? readdirSync(path) : []),
  modifiedAt: (path: string): number => lstatSync(path).mtimeMs,
} as const;
