import { LineIndex, type Finding, type ScanResult, type Suppression } from '../core/index.js';

/** A finding that a comment silences which the base does not have. */
export interface NewlySuppressed {
  readonly finding: Finding;
  readonly suppression: Suppression;
}

/** Lines of a finding that are compared. */
const BLOCK_LINES = 20;
/** Lines between a comment and the finding that it is about. */
const REACH = 30;
/** Places of one text that are looked at, in a file that repeats itself. */
const TRIES = 100;

/**
 * Suppressed findings whose comment is new: the base has not the same comment beside the same code in this file. Code that
 * changes below an old comment is no longer what was decided about, and a comment that is copied with its code is new as
 * often as the base does not have it. White space does not count.
 *
 * @param base text of the base by present path, under its former name where the file was renamed; undefined where there is none
 */
export function newlySuppressed(results: readonly ScanResult[], source: (path: string) => string | undefined, base: (path: string) => string | undefined): readonly NewlySuppressed[] {
  const files = new Map<string, ComparedFile>();
  const of = (path: string): ComparedFile => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const file: ComparedFile = { head: compactLines(source(path) ?? ''), base: indexed(base(path)), seen: new Map() };
    files.set(path, file);
    return file;
  };
  return results.flatMap(({ suppressed = [] }) =>
    suppressed.flatMap((finding) => {
      const { suppression } = finding;
      if (suppression?.kind !== 'inSource' || isKnown(finding, suppression, of(suppression.place.path))) return [];
      return [{ finding, suppression }];
    }),
  );
}

interface ComparedFile {
  readonly head: readonly string[];
  readonly base: IndexedLines | undefined;
  /** By comment and code, the lines of the comments that were found in the base, and how many the base has. */
  readonly seen: Map<string, { readonly count: number; readonly lines: Set<number> }>;
}

interface IndexedLines {
  readonly lines: readonly string[];
  readonly places: ReadonlyMap<string, readonly number[]>;
}

function isKnown({ locations: [{ path, region }] }: Finding, { place }: Suppression, { head, base, seen }: ComparedFile): boolean {
  if (base === undefined || place.path !== path) return false;
  const line = place.region?.startLine ?? 1;
  const comment = head[line - 1] ?? '';
  // A finding about a whole file is silenced in its first line.
  if (region === undefined) return comment !== '' && base.lines[0] === comment;
  const block = head.slice(region.startLine - 1, Math.min(region.endLine, region.startLine + BLOCK_LINES - 1));
  const key = `${comment}\n${block.join('\n')}`;
  let counted = seen.get(key);
  if (counted === undefined) {
    counted = { count: occurrences(comment, block, base), lines: new Set() };
    seen.set(key, counted);
  }
  if (counted.lines.has(line)) return true;
  if (counted.lines.size >= counted.count) return false;
  counted.lines.add(line);
  return true;
}

/** How often a text has a comment with a block of code near it. */
function occurrences(comment: string, block: readonly string[], { lines, places }: IndexedLines): number {
  if (comment === '') return 0;
  let count = 0;
  for (const at of (places.get(comment) ?? []).slice(0, TRIES)) {
    const first = Math.max(0, at - REACH - block.length);
    for (let start = first; start <= at + REACH; start++) {
      if (!block.every((text, index) => lines[start + index] === text)) continue;
      count++;
      break;
    }
  }
  return count;
}

function indexed(text: string | undefined): IndexedLines | undefined {
  if (text === undefined) return undefined;
  const lines = compactLines(text);
  const places = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    const there = places.get(line);
    if (there === undefined) places.set(line, [index]);
    else there.push(index);
  }
  return { lines, places };
}

function compactLines(text: string): readonly string[] {
  const index = new LineIndex(text);
  return Array.from({ length: index.lineCount }, (_, line) => index.line(line + 1).replace(/\s+/g, ''));
}

/** Results in which some suppressed findings count after all. */
export function countAgain(results: readonly ScanResult[], findings: ReadonlySet<Finding>): readonly ScanResult[] {
  if (findings.size === 0) return results;
  return results.map((result) => {
    const { outcome, suppressed = [] } = result;
    const again = suppressed.filter((finding) => findings.has(finding)).map(counted);
    if (again.length === 0) return result;
    const rest = { ...result, suppressed: suppressed.filter((finding) => !findings.has(finding)) };
    if (outcome.status === 'completed') return { ...rest, outcome: { ...outcome, findings: [...outcome.findings, ...again] } };
    return outcome.status === 'failed' ? { ...rest, outcome: { ...outcome, partial: [...outcome.partial, ...again] } } : rest;
  });
}

function counted(finding: Finding): Finding {
  const again: { -readonly [K in keyof Finding]: Finding[K] } = { ...finding };
  delete again.suppression;
  return again;
}
