import type { Files } from './files.js';

/** Texts of files, read once where there is room to keep them: several stages want the same ones. */
export interface Texts {
  /** Text of a file, or undefined when it can't be read. */
  read(path: string): string | undefined;
  /** Those that are at hand, by path. */
  readonly kept: ReadonlyMap<string, string>;
}

/** UTF-16 code units that are kept; what is beyond is read again. */
const MAX_KEPT = 16_000_000;
/** The last ones that were read beyond that: code frames and fingerprints ask for one file many times. */
const MAX_RECENT = 64;

/** Keeps the texts of a workspace as they are asked for. */
export function keepTexts(files: Pick<Files, 'read'>): Texts {
  const kept = new Map<string, string>();
  const recent = new Map<string, string | undefined>();
  let size = 0;
  return {
    kept,
    read(path) {
      const known = kept.get(path);
      if (known !== undefined) return known;
      if (recent.has(path)) return recent.get(path);
      const result = files.read(path);
      const text = result.ok ? result.text : undefined;
      if (text !== undefined && size + text.length <= MAX_KEPT) {
        size += text.length;
        kept.set(path, text);
      } else {
        if (recent.size >= MAX_RECENT) recent.clear();
        recent.set(path, text);
      }
      return text;
    },
  };
}
