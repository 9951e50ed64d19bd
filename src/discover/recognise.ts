import type { FileEntry } from '../core/index.js';
import { BY_CONTENT, BY_PATH } from './formats.js';
import type { PathParts } from './formats.js';

/** What a file was recognised as and why. */
export type Recognition = Pick<FileEntry, 'format' | 'reason'>;

/** How many bytes of a file the content rules see. */
export const HEAD_BYTES = 16_384;

/** Splits a path once for all rules. */
export function pathParts(path: string): PathParts {
  const slash = path.lastIndexOf('/');
  const name = slash === -1 ? path : path.slice(slash + 1);
  const dot = name.lastIndexOf('.');
  return { path, directory: slash === -1 ? '' : path.slice(0, slash), name, extension: dot <= 0 ? '' : name.slice(dot + 1).toLowerCase() };
}

/** Recognises a file by its path alone. */
export function recogniseByPath(parts: PathParts): Recognition | undefined {
  for (const rule of BY_PATH) {
    const reason = rule.matches(parts);
    if (reason !== undefined) return { format: rule.format, reason };
  }
  return undefined;
}

/** True when a look into the file could tell what it is. No file is opened for this. */
export function isContentCandidate(parts: PathParts, executable: boolean): boolean {
  return BY_CONTENT.some((rule) => rule.candidate(parts, executable));
}

/** Recognises a file by the first `HEAD_BYTES` bytes of its text. */
export function recogniseByContent(parts: PathParts, executable: boolean, head: string): Recognition | undefined {
  for (const rule of BY_CONTENT) {
    if (!rule.candidate(parts, executable)) continue;
    const reason = rule.matches(head, parts);
    if (reason !== undefined) return { format: rule.format, reason };
  }
  return undefined;
}
