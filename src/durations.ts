import { join, resolve } from 'node:path';
import { ensureOwnDirectory, readText, replaceFile } from './io/tool-files.js';
import { durationsText, parseDurations, type Durations } from './shard/index.js';
import { cacheDirectory } from './tools/index.js';
import type { Environment } from './io/environment.js';

const FILE = 'durations.json';

/** `directory`: what the name of a file is relative to. */
interface Place {
  readonly directory: string;
  readonly environment: Environment;
}

/** How long scanners took in an earlier run, from the file that is named or the tool cache; nothing where there is none. */
export function readDurations(file: string | undefined, { directory, environment }: Place): Durations {
  if (file !== undefined) return parseDurations(readText(resolve(directory, file)));
  const cache = cacheDirectory(environment);
  return parseDurations(cache === undefined || ensureOwnDirectory(cache) !== undefined ? undefined : readText(join(cache, FILE)));
}

/** Keeps them for the next plan. What can't be written is left: the next plan is balanced by what is known then. */
export function writeDurations(durations: Durations, file: string | undefined, { directory, environment }: Place): void {
  if (durations.size === 0) return;
  const cache = cacheDirectory(environment);
  const path = file !== undefined ? resolve(directory, file) : cache === undefined || ensureOwnDirectory(cache) !== undefined ? undefined : join(cache, FILE);
  if (path === undefined) return;
  try {
    replaceFile(path, durationsText(new Map([...parseDurations(readText(path)), ...durations])));
  } catch {
    // A full disk or a read-only folder changes nothing of this run.
  }
}
