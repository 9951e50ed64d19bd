import { join } from 'node:path';
import { ConfigurationError } from '../core/index.js';
import { filesBelow } from '../io/input-folder.js';
import { openInput } from '../io/input-file.js';
import { wholeText } from '../sarif/read-text.js';
import { MAX_PART_BYTES, MAX_SHARDS, parsePart, type PartFile, type ReadPart } from '../shard/index.js';

/** A part comes once; more files than that are somebody's mistake or worse, and one more shows it. */
const MAX_FILES = MAX_SHARDS * 4;
const NAME = /\.jsonl$/;

/** Every file of a folder that may be a part, read with the key that the machines share. */
export function readParts(folder: string, key: string | undefined): readonly PartFile[] {
  const parts: PartFile[] = [];
  for (const name of filesBelow(folder, MAX_FILES)) {
    if (!NAME.test(name)) continue;
    parts.push({ name, read: readPart(join(folder, name), name, key) });
  }
  return parts;
}

function readPart(path: string, name: string, key: string | undefined): ReadPart {
  try {
    const input = openInput(path, name);
    return input.size > MAX_PART_BYTES ? { problem: `is larger than ${MAX_PART_BYTES} bytes` } : parsePart(wholeText(input), key);
  } catch (error) {
    if (error instanceof ConfigurationError) return { problem: "can't be read as text" };
    throw error;
  }
}

/** How many machines the parts say there were; 1 where there is none to ask. What they say is checked against the digest of the plan. */
export function machinesOf(parts: readonly PartFile[]): number {
  for (const { read } of parts) if ('part' in read) return read.part.of;
  return 1;
}
