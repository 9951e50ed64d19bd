import { eastAsianWidth } from 'get-east-asian-width';
import { visible } from './escape.js';

const ASCII = /^[ -~]*$/;

/** Columns that text takes on a terminal; the text is already {@link visible}. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += characterWidth(character);
  return columns;
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) as number;
  if (code >= 32 && code < 127) return 1;
  if (/^\p{M}$/u.test(character)) return 0;
  return eastAsianWidth(code);
}

/** Text of at most `columns` columns, cut with `…`. */
export function fit(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let out = '';
  let left = columns - 1;
  for (const character of text) {
    left -= characterWidth(character);
    if (left < 0) break;
    out += character;
  }
  return columns < 1 ? '' : `${out}…`;
}

/** Text of at most `columns` columns, cut at the start: the end of a path says most. */
export function fitEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  const characters = [...text];
  let left = columns - 1;
  let from = characters.length;
  while (from > 0) {
    left -= characterWidth(characters[from - 1] as string);
    if (left < 0) break;
    from--;
  }
  return columns < 1 ? '' : `…${characters.slice(from).join('')}`;
}

/** Words in lines of at most `columns` columns, at most `most` lines. */
export function wrap(text: string, columns: number, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (displayWidth(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    if (lines.length > most) break;
  }
  lines.push(line);
  const shown = lines.slice(0, most).map((one) => fit(one, columns));
  if (lines.length > most) shown[most - 1] = fit(`${shown[most - 1] ?? ''} …`, columns);
  return shown;
}

/** How many UTF-16 code units on either side of a mark are looked at, however long the line is. */
const REACH = 500;

/** One source line prepared for a terminal, and where a marked part of it lies. */
export interface MarkedLine {
  readonly text: string;
  /** Columns before the mark. */
  readonly before: number;
  /** Columns of the mark, at least 1. */
  readonly length: number;
}

/**
 * A source line in at most `columns` columns with the UTF-16 range `start` to `end` of it in sight:
 * tabs become four spaces, invisible characters are written out, long lines are cut with `…`.
 */
export function markLine(line: string, start: number, end: number, columns: number): MarkedLine {
  const first = Math.max(0, Math.min(start, line.length) - REACH);
  const from = first > 0 && isLowSurrogate(line.charCodeAt(first)) ? first + 1 : first;
  const cells: { readonly text: string; readonly width: number; readonly marked: boolean }[] = [];
  let at = from;
  for (const character of line.slice(from, Math.max(start, 0) + REACH)) {
    if (character >= ' ' && character <= '~') {
      cells.push({ text: character, width: 1, marked: at + 1 > start && at < end });
      at++;
      continue;
    }
    const text = character === '\t' ? '    ' : visible(character).replaceAll('\n', ' ');
    cells.push({ text, width: displayWidth(text), marked: at + character.length > start && at < end });
    at += character.length;
  }
  const cut = from > 0;
  const mark = cells.findIndex((cell) => cell.marked);
  const markAt = mark === -1 ? cells.length : mark;
  const widthTo = (index: number): number => cells.slice(0, index).reduce((sum, cell) => sum + cell.width, 0);
  const markWidth = Math.max(1, cells.reduce((sum, cell) => sum + (cell.marked ? cell.width : 0), 0));
  let skip = 0;
  if (cut || widthTo(markAt) + Math.min(markWidth, columns / 2) > columns) {
    const keep = Math.floor(columns / 4);
    while (skip < markAt && widthTo(markAt) - widthTo(skip) > keep) skip++;
  }
  const lead = skip > 0 || cut ? '…' : '';
  const rest = cells.slice(skip).map((cell) => cell.text).join('') + (at < line.length ? '…' : '');
  const before = displayWidth(lead) + widthTo(markAt) - widthTo(skip);
  const text = fit(lead + rest, columns).trimEnd();
  return { text, before, length: Math.max(1, Math.min(markWidth, displayWidth(text) - before)) };
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
