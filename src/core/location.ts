/** Half-open range of UTF-16 code unit offsets in a document's text. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

/**
 * A region in SARIF's terms: lines and columns from 1, columns in UTF-16 code units,
 * `endColumn` is the column after the last character.
 */
export interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A place in the workspace. `path` is relative to its root with `/` as separator. */
export interface Location {
  readonly path: string;
  /** Absent when the whole file is meant. */
  readonly region?: Region;
  /** What is to be seen here, in one line of plain text. */
  readonly message?: string;
  /** The source lines of the region, without secrets. */
  readonly snippet?: string;
}

/** Maps offsets of one text to lines and columns. Lines end with LF, CR LF or CR, as in YAML. */
export class LineIndex {
  private readonly starts: number[] = [0];

  constructor(private readonly text: string) {
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) this.starts.push(i + 1);
    }
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** Line and column, both from 1, of an offset; offsets outside the text are clamped. */
  position(offset: number): { line: number; column: number } {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.starts[low] as number) + 1 };
  }

  /** The region of a half-open range of offsets. */
  region(range: SourceRange): Region {
    const start = this.position(range.start);
    const end = this.position(Math.max(range.start, range.end));
    return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
  }

  /** Offset of a line and column from 1, clamped to the line. */
  offset(line: number, column: number): number {
    const index = Math.max(0, Math.min(line - 1, this.starts.length - 1));
    const start = this.starts[index] as number;
    const next = this.starts[index + 1] ?? this.text.length;
    return Math.max(start, Math.min(start + column - 1, next));
  }

  /** The offsets of a region, each clamped to its line: the way back from {@link region}. */
  range(region: Region): SourceRange {
    return { start: this.offset(region.startLine, region.startColumn), end: this.offset(region.endLine, region.endColumn) };
  }

  /** Text of a line from 1, without its line end; empty when there is no such line. */
  line(line: number): string {
    const start = this.starts[line - 1];
    if (start === undefined) return '';
    const next = this.starts[line] ?? this.text.length;
    return this.text.slice(start, next).replace(/[\r\n]+$/, '');
  }
}
