import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import type { SourceRange } from '../core/index.js';
import { piecedText, type TextPiece } from './located-text.js';
import type { YamlMapping, YamlNode, YamlPair, YamlScalar } from './yaml-node.js';

/** Longer texts are not read. */
const MAX_TOML = 1_000_000;
const MAX_DEPTH = 100;

export interface TomlResult {
  /** The same tree as of YAML, so that readers are written once; absent after an error. */
  readonly root?: YamlMapping;
  readonly problem?: { readonly message: string; readonly range: SourceRange };
}

interface Table {
  readonly kind: 'mapping';
  range: SourceRange;
  readonly pairs: YamlPair[];
}

/** Reads TOML 1.1 with the place of every key and value. Never throws. */
export function parseToml(text: string): TomlResult {
  if (text.length > MAX_TOML) return { problem: { message: `The file has ${text.length} characters; at most ${MAX_TOML} are read.`, range: { start: 0, end: 0 } } };
  try {
    const [top] = parseTOML(text, { tomlVersion: '1.1' }).body;
    const root: Table = { kind: 'mapping', range: { start: 0, end: text.length }, pairs: [] };
    for (const entry of top.body) {
      if (entry.type === 'TOMLKeyValue') addPair(root, entry, text, 0);
      else addTable(root, entry, text);
    }
    return { root };
  } catch (error) {
    if (error instanceof ParseError) {
      // What is missing at the end of a line is missing there, not on the next one.
      const start = text.slice(0, error.index).trimEnd().length;
      return { problem: { message: `${error.message}.`, range: { start, end: start } } };
    }
    if (error instanceof RangeError) return { problem: { message: `Values are nested more than ${MAX_DEPTH} levels deep.`, range: { start: 0, end: 0 } } };
    throw error;
  }
}

type Key = AST.TOMLBare | AST.TOMLQuoted;

function addTable(root: Table, table: AST.TOMLTable, text: string): void {
  let target = root;
  const { keys } = table.key;
  keys.forEach((key, index) => {
    const last = index === keys.length - 1;
    target = last && table.kind === 'array' ? appendTo(target, key, table, text) : child(target, key, rangeOf(table), text);
  });
  for (const pair of table.body) addPair(target, pair, text, 0);
}

function addPair(target: Table, pair: AST.TOMLKeyValue, text: string, depth: number): void {
  const { keys } = pair.key;
  let table = target;
  for (const key of keys.slice(0, -1)) table = child(table, key, rangeOf(pair), text);
  const last = keys.at(-1) as Key;
  table.pairs.push({ key: keyNode(last, text), value: valueNode(pair.value, text, depth), range: rangeOf(pair) });
}

/** The table under a key; of an array of tables the last one. */
function child(table: Table, key: Key, range: SourceRange, text: string): Table {
  const name = keyText(key);
  const found = table.pairs.find((pair) => pair.key.kind === 'scalar' && pair.key.text === name)?.value;
  if (found?.kind === 'mapping') return found as Table;
  const last = found?.kind === 'sequence' ? found.items.at(-1)?.value : undefined;
  if (last?.kind === 'mapping') return last as Table;
  const created: Table = { kind: 'mapping', range, pairs: [] };
  table.pairs.push({ key: keyNode(key, text), value: created, range });
  return created;
}

function appendTo(table: Table, key: Key, written: AST.TOMLTable, text: string): Table {
  const created: Table = { kind: 'mapping', range: rangeOf(written), pairs: [] };
  const name = keyText(key);
  const found = table.pairs.find((pair) => pair.key.kind === 'scalar' && pair.key.text === name)?.value;
  if (found?.kind === 'sequence') (found.items as { value: YamlNode }[]).push({ value: created });
  else table.pairs.push({ key: keyNode(key, text), value: { kind: 'sequence', range: rangeOf(written), items: [{ value: created }] }, range: rangeOf(written) });
  return created;
}

function valueNode(node: AST.TOMLContentNode, text: string, depth: number): YamlNode {
  if (depth > MAX_DEPTH) throw new RangeError('too deep');
  if (node.type === 'TOMLArray') return { kind: 'sequence', range: rangeOf(node), items: node.elements.map((element) => ({ value: valueNode(element, text, depth + 1) })) };
  if (node.type === 'TOMLInlineTable') {
    const table: Table = { kind: 'mapping', range: rangeOf(node), pairs: [] };
    for (const pair of node.body) addPair(table, pair, text, depth + 1);
    return table;
  }
  if (node.kind === 'string') return stringNode(node, text);
  const written = text.slice(...node.range);
  const value = typeof node.value === 'object' ? written : node.value;
  return scalar(written, value, 'plain', rangeOf(node), [{ text: written, range: rangeOf(node) }]);
}

/** An escape, or a line end of two characters, which the parser reads as one. */
const ESCAPE = /\\(?:u[\da-fA-F]{4}|U[\da-fA-F]{8}|x[\da-fA-F]{2}|[ \t]*\r?\n[ \t\r\n]*|[^\r\n])|\r\n/g;
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', e: '\u001B', '"': '"', '\\': '\\' };

function stringNode(node: AST.TOMLStringValue, source: string): YamlScalar {
  const delimiter = node.multiline ? 3 : 1;
  let start = node.range[0] + delimiter;
  const end = node.range[1] - delimiter;
  if (node.multiline) start += /^\r?\n/.exec(source.slice(start, start + 2))?.[0].length ?? 0;
  const raw = source.slice(start, end);
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const match of raw.matchAll(ESCAPE)) {
    const decoded = match[0] === '\r\n' ? '\n' : node.style === 'basic' ? decode(match[0]) : undefined;
    if (decoded === undefined) continue;
    if (match.index > at) pieces.push({ text: raw.slice(at, match.index), range: { start: start + at, end: start + match.index } });
    pieces.push({ text: decoded, range: { start: start + match.index, end: start + match.index + match[0].length } });
    at = match.index + match[0].length;
  }
  if (at < raw.length) pieces.push({ text: raw.slice(at), range: { start: start + at, end } });
  const style = node.style === 'basic' ? 'double' : 'single';
  // Where the two readings differ the parser is right, and the whole text is one place.
  if (pieces.map((piece) => piece.text).join('') === node.value) return scalar(node.value, node.value, style, rangeOf(node), pieces);
  return scalar(node.value, node.value, style, rangeOf(node), [{ text: node.value, range: { start, end: node.value.length === end - start ? end + 1 : end } }]);
}

function decode(escape: string): string {
  const kind = escape.charAt(1);
  if (kind === 'u' || kind === 'U' || kind === 'x') return String.fromCodePoint(Math.min(Number.parseInt(escape.slice(2), 16), 0x10ffff));
  return ESCAPES[kind] ?? '';
}

function scalar(text: string, value: YamlScalar['value'], style: YamlScalar['style'], range: SourceRange, pieces: readonly TextPiece[]): YamlScalar {
  const located = piecedText(pieces, pieces[0] === undefined ? { start: range.start, end: range.start } : { start: pieces[0].range.start, end: (pieces.at(-1) as TextPiece).range.end });
  return {
    kind: 'scalar',
    style,
    text,
    value,
    range,
    sourceOffset: (offset) => located.sourceRange({ start: offset, end: offset }).start,
    sourceRange: (decoded) => located.sourceRange(decoded),
  };
}

function keyNode(key: Key, text: string): YamlScalar {
  const name = keyText(key);
  const range = rangeOf(key);
  const written = text.slice(range.start, range.end);
  return scalar(name, name, 'plain', range, [{ text: name, range: written === name ? range : { start: range.start, end: range.end } }]);
}

function keyText(key: Key): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

function rangeOf({ range }: { readonly range: readonly [number, number] }): SourceRange {
  return { start: range[0], end: range[1] };
}
