import { parseXml as parse, XmlCdata, XmlElement as ParsedElement, XmlError, XmlText } from '@rgrove/parse-xml';
import type { SourceRange } from '../core/index.js';
import { type LocatedText, piecedText, type TextPiece } from './located-text.js';

/** Longer texts are not read. */
export const MAX_XML = 2_000_000;
/** Elements inside each other; the parser is recursive. */
const MAX_DEPTH = 200;

/** An element with its own text and the place of everything in it. */
export interface XmlElement {
  readonly name: string;
  /** From `<` of the start tag to `>` of the end tag. */
  readonly range: SourceRange;
  readonly attributes: ReadonlyMap<string, { readonly value: string; readonly range: SourceRange }>;
  readonly children: readonly XmlElement[];
  /** Its own text and CDATA sections, elements aside; entities resolved. */
  readonly text: LocatedText;
}

export interface XmlResult {
  readonly root?: XmlElement;
  readonly problem?: { readonly message: string; readonly range: SourceRange };
}

/**
 * Reads a document. Document type declarations are passed over: no entity that they declare is expanded
 * and nothing is fetched. Never throws.
 */
export function parseXml(text: string): XmlResult {
  if (text.length > MAX_XML) return { problem: { message: `The file has ${text.length} characters; at most ${MAX_XML} are read.`, range: { start: 0, end: 0 } } };
  try {
    const document = parse(text, { includeOffsets: true, preserveCdata: true, ignoreUndefinedEntities: true });
    return document.root === null ? {} : { root: elementOf(document.root, text, 0) };
  } catch (error) {
    if (error instanceof XmlError) {
      const start = Math.max(0, Math.min(error.pos, text.length));
      return { problem: { message: `${firstLine(error.message)}.`, range: { start, end: start } } };
    }
    if (error instanceof RangeError) return { problem: { message: `Elements are nested more than ${MAX_DEPTH} levels deep.`, range: { start: 0, end: 0 } } };
    throw error;
  }
}

function firstLine(message: string): string {
  return (message.split('\n', 1)[0] as string).replace(/ \(line \d+, column \d+\)/, '').replace(/\.$/, '');
}

function elementOf(element: ParsedElement, source: string, depth: number): XmlElement {
  if (depth > MAX_DEPTH) throw new RangeError('too deep');
  const children: XmlElement[] = [];
  const pieces: TextPiece[] = [];
  let first = -1;
  let last = -1;
  for (const node of element.children) {
    if (node instanceof ParsedElement) children.push(elementOf(node, source, depth + 1));
    else if (node instanceof XmlText || node instanceof XmlCdata) {
      addPieces(node, source, pieces);
      if (first === -1) first = node.start;
      last = node.end;
    }
  }
  const range = { start: element.start, end: element.end };
  const inside = first === -1 ? { start: range.end, end: range.end } : { start: first, end: last };
  return { name: element.name, range, attributes: attributesOf(element, source), children, text: piecedText(pieces, inside) };
}

/** A reference, or a line end of two characters, which XML reads as one. */
const REFERENCE = /&(?:#\d{1,7}|#x[\da-fA-F]{1,6}|[A-Za-z_:][\w:.-]{0,99});|\r\n|\r/g;
const NAMED: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" };

function addPieces(node: XmlText | XmlCdata, source: string, pieces: TextPiece[]): void {
  const cdata = node instanceof XmlCdata;
  const start = node.start + (cdata ? '<![CDATA['.length : 0);
  const end = node.end - (cdata ? ']]>'.length : 0);
  const raw = source.slice(start, end);
  const found: TextPiece[] = [];
  let at = 0;
  for (const match of raw.matchAll(REFERENCE)) {
    const written = match[0];
    const decoded = written.startsWith('\r') ? '\n' : cdata ? undefined : decode(written);
    if (decoded === undefined) continue;
    if (match.index > at) found.push({ text: raw.slice(at, match.index), range: { start: start + at, end: start + match.index } });
    found.push({ text: decoded, range: { start: start + match.index, end: start + match.index + written.length } });
    at = match.index + written.length;
  }
  if (at < raw.length) found.push({ text: raw.slice(at), range: { start: start + at, end } });
  // Where the two readings differ the parser is right, and the whole text is one place.
  if (found.map(({ text }) => text).join('') === node.text) pieces.push(...found);
  else pieces.push({ text: node.text, range: { start, end: node.text.length === end - start ? end + 1 : end } });
}

function decode(reference: string): string | undefined {
  if (!reference.startsWith('&#')) return NAMED[reference];
  const code = reference[2] === 'x' ? Number.parseInt(reference.slice(3, -1), 16) : Number.parseInt(reference.slice(2, -1), 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** The parser does not say where attributes stand: names are looked for in the start tag, which it has checked. */
function attributesOf(element: ParsedElement, source: string): XmlElement['attributes'] {
  const found = new Map<string, { value: string; range: SourceRange }>();
  let at = element.start + 1 + element.name.length;
  for (const [name, value] of Object.entries(element.attributes)) {
    const start = source.indexOf(name, at);
    const quote = start === -1 ? -1 : source.slice(start + name.length, start + name.length + 200).search(/["']/);
    if (quote === -1) {
      found.set(name, { value, range: { start: element.start, end: element.start + 1 + element.name.length } });
      continue;
    }
    const open = start + name.length + quote;
    const close = source.indexOf(source.charAt(open), open + 1);
    found.set(name, { value, range: { start: open + 1, end: close } });
    at = close + 1;
  }
  return found;
}
