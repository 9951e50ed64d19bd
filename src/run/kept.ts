import { createHash } from 'node:crypto';
import type { FileEntry, Scanner } from '../core/index.js';
import { fileDigest, readStart } from '../io/process-files.js';
import type { Part } from './part.js';

/** What a scanner gave in an earlier run: plain data. */
export interface KeptScan {
  readonly parts: readonly Part[];
  readonly version?: string | undefined;
}

/** Results of scanners that are a function of what they read. */
export interface KeptScans {
  get(key: string): KeptScan | undefined;
  put(key: string, scan: KeptScan): void;
  /** Digest of this program, whose adapters read what tools print. */
  readonly program: string;
  /** SHA-256 of a workspace file as it is; undefined when it can't be told. */
  readonly digest: (path: string) => string | undefined;
}

/** A scan that may be known. */
export interface KnownBy {
  readonly scanner: Scanner;
  readonly files: readonly FileEntry[];
  readonly options: Readonly<Record<string, unknown>>;
  /** Absolute path of the program. */
  readonly executable: string;
  /** Of all files of a verified tool. */
  readonly toolDigest: string | undefined;
}

/**
 * SHA-256 of everything that decides what a scanner reports; undefined when that can't be said: the adapter does not
 * declare it, a file is no text, or the program is a script, whose digest says nothing about what it loads.
 */
export async function keyOfScan({ scanner, files, options, executable, toolDigest }: KnownBy, { program, digest }: KeptScans): Promise<string | undefined> {
  if (scanner.pure !== true || scanner.database !== undefined || scanner.capabilities.network.length > 0 || scanner.capabilities.secrets.length > 0) return undefined;
  if (toolDigest === undefined && readStart(executable, 2)?.toString('latin1') === '#!') return undefined;
  const tool = toolDigest ?? (await fileDigest(executable));
  if (tool === undefined) return undefined;
  const hash = createHash('sha256').update(JSON.stringify([program, scanner.name, tool, options]));
  for (const { path, format } of files) {
    const text = digest(path);
    if (text === undefined) return undefined;
    hash.update(JSON.stringify([path, format, text]));
  }
  return hash.digest('hex');
}
