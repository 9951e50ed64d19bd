import { posix } from 'node:path';
import type { Applicability, FileEntry, Format, Inventory } from '../../core/index.js';

const MAX_PATH = 4_096;

/** How paths are given to tools: never taken for an option, whatever the file is called. */
export function toArgument(path: string): string {
  return `./${path}`;
}

/**
 * Answers with the workspace path of a path that a tool printed, or undefined when it is none of
 * the files that the tool was asked to read.
 */
export function requestedPaths(files: readonly FileEntry[]): (printed: string) => string | undefined {
  const known = new Set(files.map((file) => file.path));
  return (printed) => {
    let path = printed;
    while (path.startsWith('./')) path = path.slice(2);
    return known.has(path) ? path : undefined;
  };
}

/**
 * The same for tools that read the whole workspace: answers with the path relative to it, or undefined
 * when it lies outside or is no path.
 */
export function workspacePaths(root: string): (printed: string) => string | undefined {
  const base = root.endsWith('/') ? root : `${root}/`;
  return (printed) => {
    if (printed === '' || printed.length > MAX_PATH || printed.includes('\0')) return undefined;
    const local = printed.startsWith(base) ? printed.slice(base.length) : printed;
    const path = posix.normalize(local);
    return path.startsWith('/') || path === '.' || path === './' || path === '..' || path.startsWith('../') ? undefined : path;
  };
}

/** `requestedPaths` for tools that get the files by absolute paths, and print them so. */
export function requestedAbsolutePaths(root: string, files: readonly FileEntry[]): (printed: string) => string | undefined {
  const relative = workspacePaths(root);
  const requested = requestedPaths(files);
  return (printed) => {
    const path = relative(printed);
    return path === undefined ? undefined : requested(path);
  };
}

/** Applies where there are files of these formats; `noun` is the singular of what they are called. */
export function appliesTo(formats: readonly Format[], noun: string, plural = `${noun}s`): (inventory: Inventory) => Applicability {
  return (inventory) => {
    const files = inventory.files.filter((file) => formats.includes(file.format));
    if (files.length === 0) return { applies: false, reason: `no ${plural}` };
    return { applies: true, reason: files.length === 1 ? `1 ${noun}` : `${files.length} ${plural}`, files };
  };
}
