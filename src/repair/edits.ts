import type { Document, Fix, SourceRange } from '../core/index.js';
import type { YamlMapping, YamlNode, YamlPair } from '../syntax/yaml-node.js';

/** Text that replaces a range; an empty range inserts. */
export interface Edit {
  readonly range: SourceRange;
  readonly text: string;
}

/** The edits as a fix of one file. */
export function toFix(document: Document, description: string, edits: readonly Edit[]): Fix {
  const { path, lines } = document;
  return { description, replacements: edits.map(({ range, text }) => ({ path, region: lines.region(range), text })) };
}

/**
 * The text with the replacements of a fix for `document` carried out. Undefined when two of them overlap or one is
 * of another file: then nothing may be changed.
 */
export function applyFix(document: Document, { replacements }: Fix): string | undefined {
  const { path, lines, text } = document;
  const edits: Edit[] = [];
  for (const { path: of, region, text: inserted } of replacements) {
    if (of !== path) return undefined;
    edits.push({ range: lines.range(region), text: inserted });
  }
  edits.sort((a, b) => a.range.start - b.range.start);
  let result = '';
  let at = 0;
  for (const { range, text: inserted } of edits) {
    if (range.start < at) return undefined;
    result += text.slice(at, range.start) + inserted;
    at = range.end;
  }
  return result + text.slice(at);
}

/** The line end that the file uses. */
export function lineEndOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Column, from 0, of an offset. */
export function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** Whether a mapping is written in lines, its first key being the first thing of its line but for `- `. */
export function isBlock(text: string, mapping: YamlMapping): boolean {
  return mapping.pairs.length > 0 && text.charAt(mapping.range.start) !== '{';
}

/** How a mapping's keys are indented; undefined when tabs or other things stand in front of them. */
export function indentOf(text: string, mapping: YamlMapping): string | undefined {
  const first = mapping.pairs.find((pair) => pair.merged !== true);
  if (first === undefined) return undefined;
  const column = columnOf(text, first.key.range.start);
  const before = text.slice(first.key.range.start - column, first.key.range.start);
  // `? ` and several `- ` in a row are seldom enough to leave them alone.
  return /^ *(?:- +)?$/.test(before) ? ' '.repeat(column) : undefined;
}

/**
 * The edit that adds lines as a pair in front of `before`, a pair of a block mapping, indented like it.
 * @param lines without indentation and line ends
 */
export function insertBefore(text: string, before: YamlPair, lines: readonly string[], indent: string): Edit {
  const lineEnd = lineEndOf(text);
  return { range: { start: before.key.range.start, end: before.key.range.start }, text: lines.map((line) => `${line}${lineEnd}${indent}`).join('') };
}

/** The edit that adds lines below the line in which `node` ends. */
export function insertBelow(text: string, node: YamlNode, lines: readonly string[], indent: string): Edit {
  const lineEnd = lineEndOf(text);
  const end = text.indexOf('\n', Math.max(node.range.end - 1, 0));
  const added = lines.map((line) => `${indent}${line}`).join(lineEnd);
  return end === -1 ? { range: { start: text.length, end: text.length }, text: `${lineEnd}${added}` } : { range: { start: end + 1, end: end + 1 }, text: `${added}${lineEnd}` };
}

/** The edit that adds `key: value` to a mapping in braces, as its last pair. */
export function insertInBraces(text: string, mapping: YamlMapping, pair: string): Edit | undefined {
  const last = mapping.pairs.at(-1);
  const end = mapping.range.end - 1;
  if (text.charAt(end) !== '}') return undefined;
  if (last === undefined) return { range: { start: end, end }, text: `${pair}` };
  return { range: { start: last.range.end, end: last.range.end }, text: `, ${pair}` };
}
