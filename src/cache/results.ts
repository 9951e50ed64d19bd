import { createHash } from 'node:crypto';
import { appendCacheFile, pruneCache, readCacheFile, touchCacheFile, writeCacheFile } from '../io/cache-file.js';

/** Results that are a function of what their key is a digest of: plain data, kept between runs. */
export interface ResultCache<T> {
  /** Undefined when there is none, or when it is not what was kept. */
  get(key: string): T | undefined;
  put(key: string, result: T): void;
  /** Keeps what this run has added, and without what it has not used once that is most. Gives why the cache could not be read or written, in half a sentence. */
  close(): string | undefined;
  /** Number of entries that were read; 0: nothing can be found. */
  readonly size: number;
}

/** One repository's results, in bytes. */
const MAX_BYTES = 64 << 20;
/** Results that a run has not used stay, for the next branch, until they are more than it has used and this. */
const MIN_UNUSED_BYTES = 8 << 20;
/** Repositories whose results are kept. */
const MAX_FILES = 32;
const HEADER = 'bartizan results 1';
/** Our files, and what is left of one that was not finished. */
const FILES = /^[0-9a-f]{32}\.results(?:\.\d+\.tmp)?$/;
const DIGEST = /^[0-9a-f]{64}$/;

/**
 * Opens the results of one repository in a directory that is this user's alone. A file has one line for each result: its key,
 * a digest of key and content, and the content as JSON. A line that is not as it was written is no result.
 * @param repository tells repositories apart
 */
export function openResults<T>(directory: string, repository: string): ResultCache<T> {
  const name = `${digest(repository).slice(0, 32)}.results`;
  const read = readCacheFile(directory, name, MAX_BYTES);
  let problem = read !== undefined && 'problem' in read ? read.problem : undefined;
  const lines = new Map<string, string>();
  const used = new Map<string, string>();
  const added: string[] = [];
  if (read !== undefined && 'text' in read) {
    const [header, ...rest] = read.text.split('\n');
    if (header === HEADER && rest.at(-1) === '') {
      for (const line of rest) if (line !== '') lines.set(line.slice(0, 64), line);
    } else problem = `${name} is of another version or was damaged`;
  }
  const before = lines.size;
  return {
    size: before,
    get(key) {
      const line = lines.get(key);
      if (line === undefined) return undefined;
      const content = line.slice(130);
      if (line[64] !== ' ' || line[129] !== ' ' || line.slice(65, 129) !== digest(key + content)) {
        lines.delete(key);
        problem ??= `${name} was damaged`;
        return undefined;
      }
      try {
        const result = JSON.parse(content) as T;
        used.set(key, line);
        return result;
      } catch {
        return undefined;
      }
    },
    put(key, result) {
      if (!DIGEST.test(key)) return;
      const content = JSON.stringify(result);
      const line = `${key} ${digest(key + content)} ${content}`;
      used.set(key, line);
      added.push(line);
    },
    close() {
      const unused = length(lines.values()) - length(used.values()) + length(added);
      const whole = problem !== undefined || before === 0 || unused > length(used.values()) + MIN_UNUSED_BYTES || length(lines.values()) + length(added) > MAX_BYTES;
      if (added.length === 0 && !whole) {
        if (before > 0) touchCacheFile(directory, name);
        return problem;
      }
      if (used.size === 0 && problem === undefined) return problem;
      const failure = whole ? writeCacheFile(directory, name, bounded(used.values())) : appendCacheFile(directory, name, added.map((line) => `${line}\n`).join(''));
      problem ??= failure;
      if (failure === undefined && whole) pruneCache(directory, FILES, MAX_FILES);
      return problem;
    },
  };
}

/** In UTF-16 code units: near enough to bytes. */
function length(lines: Iterable<string>): number {
  let sum = 0;
  for (const line of lines) sum += line.length + 1;
  return sum;
}

function* bounded(lines: Iterable<string>): Generator<string> {
  let bytes = HEADER.length + 1;
  yield `${HEADER}\n`;
  for (const line of lines) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > MAX_BYTES) return;
    yield `${line}\n`;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
