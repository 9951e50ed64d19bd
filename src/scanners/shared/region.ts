import { LineIndex } from '../../core/index.js';
import type { Region } from '../../core/index.js';

/** What a tool says about a place, counted from 1; columns in the unit that the tool counts in. */
export interface ToolRegion {
  readonly startLine: number;
  readonly startColumn?: number | undefined;
  readonly endLine?: number | undefined;
  /** The column after the last character. */
  readonly endColumn?: number | undefined;
}

/** Unit of a tool's columns: bytes of UTF-8, Unicode code points, or UTF-16 code units. */
export type ColumnUnit = 'utf8' | 'code-point' | 'utf16';

/** Line lookups of the files of one scan, each made once. */
export function createRegions(
  source: (path: string) => string | undefined,
  unit: ColumnUnit,
): (path: string, place: ToolRegion) => Region {
  const indexes = new Map<string, LineIndex | undefined>();
  return (path, place) => {
    let lines = indexes.get(path);
    if (lines === undefined && !indexes.has(path)) {
      const text = source(path);
      lines = text === undefined ? undefined : new LineIndex(text);
      indexes.set(path, lines);
    }
    return clampRegion(place, lines, unit);
  };
}

/**
 * A region that lies within the text: columns become UTF-16 code units, a line behind the end
 * becomes the last line. Without columns the whole line from its first character that is no space.
 * Without a text (unreadable file) the numbers are kept as they are, but ordered.
 */
export function clampRegion(place: ToolRegion, lines: LineIndex | undefined, unit: ColumnUnit): Region {
  if (lines === undefined) {
    const startColumn = place.startColumn ?? 1;
    const endLine = Math.max(place.startLine, place.endLine ?? place.startLine);
    const least = endLine === place.startLine ? startColumn : 1;
    return { startLine: place.startLine, startColumn, endLine, endColumn: Math.max(least, place.endColumn ?? least) };
  }
  const startLine = Math.min(Math.max(1, place.startLine), lines.lineCount);
  const endLine = Math.min(Math.max(startLine, place.endLine ?? startLine), lines.lineCount);
  const first = lines.line(startLine);
  const last = lines.line(endLine);
  // A place on a line that does not exist says nothing about columns either.
  const moved = startLine !== place.startLine;
  const startColumn =
    place.startColumn === undefined || moved ? firstColumn(first) : utf16Column(first, place.startColumn, unit);
  let endColumn =
    place.endColumn === undefined || moved ? last.length + 1 : utf16Column(last, place.endColumn, unit);
  if (endLine === startLine && endColumn < startColumn) endColumn = last.length + 1;
  return { startLine, startColumn, endLine, endColumn };
}

function firstColumn(line: string): number {
  const spaces = line.length - line.trimStart().length;
  return spaces === line.length ? 1 : spaces + 1;
}

/** Column in UTF-16 code units of a column in another unit; at most one behind the line's end. */
function utf16Column(line: string, column: number, unit: ColumnUnit): number {
  if (unit === 'utf16') return Math.min(Math.max(1, column), line.length + 1);
  let units = 0;
  let left = column - 1;
  for (const character of line) {
    if (left <= 0) break;
    left -= unit === 'utf8' ? Buffer.byteLength(character) : 1;
    units += character.length;
  }
  return units + 1;
}
