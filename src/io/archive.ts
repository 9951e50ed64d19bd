import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';

export type ArchiveKind = 'tar.gz' | 'zip';

/** What is taken out of an archive. */
export interface ExtractRequest {
  /** Absolute path. */
  readonly archive: string;
  readonly kind: ArchiveKind;
  /** Name of the one regular file that is wanted, with `/`. */
  readonly member: string;
  /** Absolute path of the file to write, which must not exist. */
  readonly to: string;
  readonly limits?: Partial<ExtractLimits>;
}

export interface ExtractLimits {
  /** Of all that the archive holds, unpacked. */
  readonly totalBytes: number;
  readonly entries: number;
}

/** The archive is damaged, or holds what no release of a tool holds. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/** The largest released scanner unpacks to about 250 MB. */
const LIMITS: ExtractLimits = { totalBytes: 2 ** 30, entries: 20_000 };

/**
 * Takes one file out of an archive. An archive with a link, a device, an absolute name or `..` anywhere in it is refused
 * as a whole, wherever the wanted file lies: nothing that we install looks like that. Throws `ArchiveError`; a file that
 * was begun is the caller's to remove.
 */
export async function extractMember(request: ExtractRequest): Promise<void> {
  const limits = { ...LIMITS, ...request.limits };
  try {
    if (!(await (request.kind === 'zip' ? fromZip : fromTar)(request, limits))) throw new ArchiveError(`it has no file \`${request.member}\``);
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') throw new ArchiveError('the disk is full');
    throw new ArchiveError(`it can't be unpacked: ${message}`);
  }
}

async function fromTar({ archive, member, to }: ExtractRequest, limits: ExtractLimits): Promise<boolean> {
  const { Parser } = await import('tar');
  let failure: Error | undefined;
  let entries = 0;
  let found: Promise<void> | undefined;
  const parser = new Parser({ strict: true, gzip: false });
  parser.on('entry', (entry: TarEntry) => {
    const problem = ++entries > limits.entries ? tooMany(limits) : unsafe(entry.path) ?? (entry.type === 'File' || entry.type === 'Directory' ? undefined : `\`${entry.path}\` is a ${entry.type}`);
    if (problem !== undefined) failure ??= new ArchiveError(problem);
    if (failure !== undefined || withoutDot(entry.path) !== member || entry.type !== 'File' || found !== undefined) {
      if (found !== undefined && withoutDot(entry.path) === member) failure ??= new ArchiveError(`it has two files \`${member}\``);
      entry.resume();
      return;
    }
    const output = createWriteStream(to, { flags: 'wx', mode: 0o600 });
    found = once(output, 'close').then(() => undefined);
    output.on('error', (error) => {
      failure ??= error;
    });
    entry.pipe(output as unknown as Parameters<TarEntry['pipe']>[0]);
  });
  parser.on('error', (error: Error) => {
    failure ??= error;
  });
  const end = new Promise<void>((resolve) => {
    parser.on('end', resolve);
  });
  await pipeline(createReadStream(archive), createGunzip(), counting(limits.totalBytes), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      if (failure !== undefined) throw failure;
      if (!parser.write(chunk) && failure === undefined) await Promise.race([once(parser, 'drain'), once(parser, 'error')]);
    }
  });
  parser.end();
  if (failure === undefined) await end;
  if (failure !== undefined) throw failure;
  await found;
  if (failure !== undefined) throw failure as Error;
  return found !== undefined;
}

/** What is used of `tar`'s entries, which are streams of its own kind. */
interface TarEntry {
  readonly path: string;
  readonly type: string;
  resume(): void;
  pipe(destination: NodeJS.WritableStream): unknown;
}

/** High half of the external attributes is the file's mode where the archive was made on a Unix system. */
const UNIX = 3;
const FILE_TYPE = 0o170_000;
const REGULAR_FILE = 0o100_000;
const DIRECTORY = 0o040_000;

async function fromZip({ archive, member, to }: ExtractRequest, limits: ExtractLimits): Promise<boolean> {
  const { openPromise } = await import('yauzl');
  const zip: ZipFile = await openPromise(archive, { strictFileNames: true, validateEntrySizes: true });
  let found: Entry | undefined;
  let total = 0;
  let entries = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName;
      total += entry.uncompressedSize;
      const type = entry.versionMadeBy >>> 8 === UNIX ? (entry.externalFileAttributes >>> 16) & FILE_TYPE : 0;
      const problem =
        ++entries > limits.entries ? tooMany(limits) : total > limits.totalBytes ? tooLarge(limits.totalBytes) : unsafe(name) ?? (type === 0 || type === REGULAR_FILE || type === DIRECTORY ? undefined : `\`${name}\` is no regular file`);
      if (problem !== undefined) throw new ArchiveError(problem);
      if (name !== member) continue;
      if (found !== undefined) throw new ArchiveError(`it has two files \`${member}\``);
      found = entry;
    }
    if (found === undefined) return false;
    const content: Readable = await zip.openReadStreamPromise(found);
    await pipeline(content, counting(limits.totalBytes), createWriteStream(to, { flags: 'wx', mode: 0o600 }));
    return true;
  } finally {
    zip.close();
  }
}

/** Passes bytes on until there are more than `limit`, however small they were packed. */
function counting(limit: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > limit ? new ArchiveError(tooLarge(limit)) : null, chunk);
    },
  });
}

function withoutDot(name: string): string {
  return name.startsWith('./') ? name.slice(2) : name;
}

function unsafe(name: string): string | undefined {
  if (name.startsWith('/') || name.includes('\\') || /^[a-z]:/i.test(name)) return `\`${name}\` is an absolute name`;
  return name.split('/').includes('..') ? `\`${name}\` leaves the archive` : undefined;
}

function tooMany({ entries }: ExtractLimits): string {
  return `it has more than ${entries} entries`;
}

function tooLarge(bytes: number): string {
  return `it unpacks to more than ${bytes} bytes`;
}
