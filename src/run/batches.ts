import type { FileEntry } from '../core/index.js';

/** Linux allows 2 MiB for arguments and environment together, macOS 1 MiB; Windows 32 KiB of characters. */
const MAX_ARGUMENT_BYTES = process.platform === 'win32' ? 24_000 : 512_000;
/** Each argument also costs a pointer, its terminator and the `./` in front. */
const ARGUMENT_OVERHEAD = 16;

/** Splits files so that the paths of each part fit into one argument list. Never empty. */
export function splitFiles(files: readonly FileEntry[], maxBytes: number = MAX_ARGUMENT_BYTES): FileEntry[][] {
  const batches: FileEntry[][] = [[]];
  let size = 0;
  for (const file of files) {
    const bytes = Buffer.byteLength(file.path) + ARGUMENT_OVERHEAD;
    let batch = batches[batches.length - 1] as FileEntry[];
    if (size + bytes > maxBytes && batch.length > 0) {
      batch = [];
      batches.push(batch);
      size = 0;
    }
    batch.push(file);
    size += bytes;
  }
  return batches;
}
