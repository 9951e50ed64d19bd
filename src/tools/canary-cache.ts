import { join } from 'node:path';
import { ensureOwnDirectory, readText, replaceFile } from '../io/tool-files.js';

/** Which programs have found their canary, by keys that change with the program and its confinement. */
export interface CanaryCache {
  has(key: string): boolean;
  add(key: string): void;
}

/** The oldest go first: a machine has a few dozen scanners. */
const MAX_KEYS = 500;
const KEY = /^[\w.+:-]{1,400}$/;

/**
 * A cache in a file of the tool cache. What can't be read or written is as good as none: then every scanner shows again
 * that it finds something.
 */
export function openCanaryCache(cache: string): CanaryCache {
  const path = join(cache, 'canaries.json');
  const keys = new Set(ensureOwnDirectory(cache) === undefined ? read(path) : []);
  return {
    has: (key) => keys.has(key),
    add: (key) => {
      if (!KEY.test(key)) return;
      keys.add(key);
      try {
        if (ensureOwnDirectory(cache) === undefined) replaceFile(path, JSON.stringify([...keys].slice(-MAX_KEYS)));
      } catch {
        // A full disk costs a second start the next time, nothing else.
      }
    },
  };
}

function read(path: string): string[] {
  try {
    const keys: unknown = JSON.parse(readText(path) ?? '[]');
    return Array.isArray(keys) ? keys.filter((key): key is string => typeof key === 'string' && KEY.test(key)).slice(-MAX_KEYS) : [];
  } catch {
    return [];
  }
}
