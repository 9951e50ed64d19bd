import type { FileEntry } from '../../core/index.js';

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
