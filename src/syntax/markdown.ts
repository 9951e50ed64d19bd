import MarkdownIt from 'markdown-it';
import type { LineIndex, SourceRange } from '../core/index.js';
import { type LocatedText, piecedText, type TextPiece } from './located-text.js';

/** Longer texts are not read. */
export const MAX_MARKDOWN = 2_000_000;

export interface MarkdownHeading {
  readonly kind: 'heading';
  readonly level: number;
  /** Its text, without `#`, inline marks as written. */
  readonly text: string;
  /** The text where it stands, or the line when it can not be found there. */
  readonly range: SourceRange;
  /** Lies in a quotation or a list. */
  readonly nested: boolean;
}

export interface MarkdownFence {
  readonly kind: 'fence';
  /** First word behind the fence, lower case: the language. */
  readonly language: string;
  /** Everything behind the fence, as written. */
  readonly info: string;
  readonly infoRange: SourceRange;
  /** The code without the indentation and marks of the lists and quotations that it lies in. */
  readonly code: LocatedText;
  /** From the opening line to the end of the closing one. */
  readonly range: SourceRange;
  /** There is no closing line. */
  readonly unclosed: boolean;
  readonly nested: boolean;
}

/** A paragraph's, cell's or list item's text as written. */
export interface MarkdownText {
  readonly kind: 'text';
  readonly text: string;
  readonly range: SourceRange;
}

export type MarkdownBlock = MarkdownHeading | MarkdownFence | MarkdownText;

export interface MarkdownResult {
  /** Flat, in order of writing. */
  readonly blocks: readonly MarkdownBlock[];
  /** The YAML between `---` at the beginning, without those lines. */
  readonly frontMatter?: SourceRange;
  /** The text is too long: nothing was read. */
  readonly tooLong: boolean;
}

let parser: ReturnType<typeof createParser> | undefined;

/** Block structure only: what stands inside paragraphs is of no interest, and takes most of the time. */
function createParser() {
  const markdown = new MarkdownIt('commonmark', { maxNesting: 50 });
  markdown.core.ruler.disable(['inline', 'text_join'], true);
  return markdown;
}

/**
 * Reads headings, fenced code and paragraphs of CommonMark with their exact places. Never throws.
 * @param lines of `text`
 */
export function parseMarkdown(text: string, lines: LineIndex): MarkdownResult {
  if (text.length > MAX_MARKDOWN) return { blocks: [], tooLong: true };
  const frontMatter = frontMatterOf(text);
  // Front matter is blanked, not cut off, so that lines keep their numbers.
  const source = frontMatter === undefined ? text : text.slice(0, frontMatter.blockEnd).replace(/[^\r\n]/g, ' ') + text.slice(frontMatter.blockEnd);
  const blocks: MarkdownBlock[] = [];
  let level = 0;
  let headingNested = false;
  for (const token of (parser ??= createParser()).parse(source, {})) {
    const { map } = token;
    if (token.type === 'heading_open') {
      level = Number(token.tag.slice(1));
      headingNested = token.level > 0;
    } else if (token.type === 'heading_close') level = 0;
    else if (token.type === 'inline' && map !== null) {
      const range = contentRange(text, lines, map, token.content);
      blocks.push(level > 0 ? { kind: 'heading', level, text: token.content, range, nested: headingNested } : { kind: 'text', text: token.content, range });
    } else if (token.type === 'fence' && map !== null) blocks.push(fenceOf(text, lines, map, token.content, token.info, token.markup, token.level > 0));
  }
  return { blocks, ...(frontMatter !== undefined && { frontMatter: frontMatter.range }), tooLong: false };
}

/** Start of a line, from 0; the text's end behind the last one. */
function lineStart(text: string, lines: LineIndex, line: number): number {
  return line >= lines.lineCount ? text.length : lines.offset(line + 1, 1);
}

function contentRange(text: string, lines: LineIndex, [first, end]: [number, number], content: string): SourceRange {
  const start = lineStart(text, lines, first);
  const stop = lineStart(text, lines, end);
  const firstLine = content.split('\n', 1)[0] as string;
  const at = firstLine === '' ? -1 : text.indexOf(firstLine, start);
  if (at === -1 || at >= stop) return { start, end: start + lines.line(first + 1).length };
  if (firstLine.length === content.length) return { start: at, end: at + content.length };
  return { start: at, end: start + text.slice(start, stop).trimEnd().length };
}

function fenceOf(text: string, lines: LineIndex, [first, end]: [number, number], content: string, info: string, markup: string, nested: boolean): MarkdownFence {
  const start = lineStart(text, lines, first);
  const opening = lines.line(first + 1);
  const markAt = opening.indexOf(markup);
  const closing = lines.line(end);
  const unclosed = end - 1 === first || !closing.trimEnd().endsWith(markup);
  const pieces: TextPiece[] = [];
  const contentLines = content.split('\n');
  if (contentLines.at(-1) === '') contentLines.pop();
  contentLines.forEach((line, index) => {
    const number = first + 1 + index;
    const from = lineStart(text, lines, number);
    const written = lines.line(number + 1);
    // The code is the end of the line; a tab that was split into spaces is the only exception.
    // Nothing that is read here is shorter or longer for a NUL, which CommonMark reads as U+FFFD.
    if (written.replaceAll('\0', '\uFFFD').endsWith(line.replaceAll('\0', '\uFFFD'))) pieces.push({ text: line, range: { start: from + written.length - line.length, end: from + written.length } });
    else pieces.push({ text: line, range: { start: from, end: Math.min(text.length, from + written.length + (written.length === line.length ? 1 : 0)) } });
    pieces.push({ text: '\n', range: { start: from + written.length, end: lineStart(text, lines, number + 1) } });
  });
  const codeStart = lineStart(text, lines, first + 1);
  const trimmed = info.trim();
  const infoAt = trimmed === '' ? -1 : opening.indexOf(trimmed, markAt + markup.length);
  const infoRange = infoAt === -1 ? { start, end: start + opening.length } : { start: start + infoAt, end: start + infoAt + trimmed.length };
  return {
    kind: 'fence',
    language: /^[^\s{,:]*/.exec(trimmed)?.[0].toLowerCase() ?? '',
    info: trimmed,
    infoRange,
    code: piecedText(pieces, { start: codeStart, end: pieces.at(-1)?.range.start ?? codeStart }),
    range: { start: start + Math.max(0, markAt), end: lineStart(text, lines, end - 1) + closing.length },
    unclosed,
    nested,
  };
}

function frontMatterOf(text: string): { range: SourceRange; blockEnd: number } | undefined {
  const opening = /^\uFEFF?---[ \t]*\r?\n/.exec(text);
  if (opening === null) return undefined;
  const closing = /^(?:---|\.\.\.)[ \t]*$/gm;
  closing.lastIndex = opening[0].length;
  const end = closing.exec(text);
  if (end === null) return undefined;
  return { range: { start: opening[0].length, end: end.index }, blockEnd: end.index + end[0].length };
}
