import { LineIndex, redactLines, type Finding, type Region } from '../core/index.js';

/** A part of a source line to point at. */
export interface FrameMark {
  /** UTF-16 code units from the line's start, half-open. */
  readonly start: number;
  readonly end: number;
  readonly label: string;
  /** Whether it belongs to the finding's own place, not to a related one. */
  readonly primary: boolean;
}

/** One line of a frame; `gap` says that lines before it are left out. */
export interface FrameLine {
  readonly number: number;
  readonly text: string;
  readonly gap: boolean;
  readonly marks: readonly FrameMark[];
}

/** Looks the lines of a file up; each file is indexed once. */
export function linesOf(source: (path: string) => string | undefined): (path: string) => LineIndex | undefined {
  const known = new Map<string, LineIndex | undefined>();
  return (path) => {
    if (known.has(path)) return known.get(path);
    const text = source(path);
    const lines = text === undefined ? undefined : new LineIndex(text);
    known.set(path, lines);
    return lines;
  };
}

/** Lines of one region that are shown. */
const REGION_LINES = 4;
/** Places besides the primary one that are shown. */
const OTHER_PLACES = 3;
/** A longer line is cut here before anything looks at it. */
const LINE_LENGTH = 20_000;

/**
 * The source lines that show a finding: its region with `context` lines before, and related places and hops in the
 * same file. Credentials are masked, and so are the regions in `secrets`. Empty when the file can't be read
 * or the whole file is meant.
 */
export function codeFrame(finding: Finding, lines: LineIndex | undefined, secrets: readonly Region[], context = 2): readonly FrameLine[] {
  const [primary, ...more] = finding.locations;
  if (primary.region === undefined || lines === undefined) return [];
  if (primary.region.startLine > lines.lineCount || !(primary.region.startLine >= 1)) return [];
  const places: { region: Region; label: string; primary: boolean }[] = [
    { region: primary.region, label: primary.message ?? '', primary: true },
  ];
  const others = [
    ...more,
    ...finding.flow.map(({ location, message }) => ({ ...location, message })),
    ...finding.related,
  ];
  for (const { path, region, message } of others) {
    if (path !== primary.path || region === undefined || !(region.startLine >= 1) || region.startLine > lines.lineCount) continue;
    if (places.length > OTHER_PLACES) break;
    if (places.some((place) => place.region.startLine === region.startLine)) continue;
    places.push({ region, label: message ?? '', primary: false });
  }
  const numbers = new Map<number, FrameMark[]>();
  for (const place of places) {
    const { startLine } = place.region;
    const before = place.primary ? context : 0;
    for (let number = Math.max(1, startLine - before); number < startLine; number++) {
      if (!numbers.has(number)) numbers.set(number, []);
    }
    const last = Math.min(Math.max(startLine, place.region.endLine), startLine + REGION_LINES - 1, lines.lineCount);
    for (let number = startLine; number <= last; number++) {
      const marks = numbers.get(number) ?? [];
      marks.push(markOn(number, lines.line(number), place, number === last));
      numbers.set(number, marks);
    }
  }
  let previous = 0;
  return [...numbers.keys()].sort((a, b) => a - b).map((number) => {
    const raw = lines.line(number).slice(0, LINE_LENGTH);
    const text = redactLines([raw], number, secrets)[0] ?? '';
    const gap = previous !== 0 && number > previous + 1;
    previous = number;
    return { number, text, gap, marks: numbers.get(number) as FrameMark[] };
  });
}

/** White space around a line's text is not marked; the label stands on the region's last line. */
function markOn(
  number: number,
  line: string,
  place: { readonly region: Region; readonly label: string; readonly primary: boolean },
  last: boolean,
): FrameMark {
  const { region } = place;
  const indent = line.length - line.trimStart().length;
  const start = number === region.startLine ? Math.max(0, region.startColumn - 1) : indent;
  const end = number === region.endLine ? region.endColumn - 1 : line.trimEnd().length;
  return { start: Math.min(start, line.length), end: Math.max(start + 1, end), label: last ? place.label : '', primary: place.primary };
}
