import type { TreeNode } from './tree.js';
import type { WordQuoting } from './types.js';

/** The text as given and the same with template expressions masked: structure is read from one, content from the other. */
export interface Source {
  readonly text: string;
  readonly masked: string;
  /** Offset of `masked` in `text`: not 0 for a string that a command runs as code. */
  readonly base: number;
}

const EXPANSIONS = new Set(['simple_expansion', 'expansion', 'command_substitution', 'process_substitution', 'arithmetic_expansion']);

/** Whether a node is replaced by the shell by something that is not in the text. */
export function isExpansion(node: TreeNode): boolean {
  return EXPANSIONS.has(node.type);
}

/** A word's value: quotes and escapes removed, expansions as written. */
export function wordValue(source: Source, node: TreeNode): string {
  if (node.type !== 'concatenation' && node.type !== 'variable_assignment') return partValue(source, node);
  let value = '';
  let at = node.start;
  for (const child of node.children) {
    value += source.text.slice(at, child.start) + partValue(source, child);
    at = child.end;
  }
  return value + source.text.slice(at, node.end);
}

function partValue(source: Source, node: TreeNode): string {
  const { start, end } = node;
  switch (node.type) {
    case 'raw_string':
      return source.text.slice(start + 1, end - 1);
    case 'ansi_c_string':
      return unescape(source, start + 2, end - 1, ansiEscape);
    case 'string':
      return stringValue(source, node, start + 1);
    case 'translated_string':
      return wordValueOfTranslated(source, node);
    case 'concatenation':
      return wordValue(source, node);
    default:
      return isExpansion(node) || node.type === 'array' ? source.text.slice(start, end) : unescape(source, start, end, plainEscape);
  }
}

function wordValueOfTranslated(source: Source, node: TreeNode): string {
  const inner = node.children.find((child) => child.type === 'string');
  return inner === undefined ? source.text.slice(node.start, node.end) : stringValue(source, inner, inner.start + 1);
}

/** Blanks between two expansions are no nodes of their own, so the gaps are cut from the text. */
function stringValue(source: Source, node: TreeNode, from: number): string {
  const to = Math.max(from, node.end - 1);
  let value = '';
  let at = from;
  for (const child of node.children) {
    if (!isExpansion(child)) continue;
    value += unescape(source, at, child.start, doubleEscape) + source.text.slice(child.start, child.end);
    at = child.end;
  }
  return value + unescape(source, at, to, doubleEscape);
}

/** What a backslash at an offset stands for, and how many code units it takes. */
type Escape = (masked: string, at: number) => { text: string; length: number };

function unescape(source: Source, start: number, end: number, escape: Escape): string {
  const { text, masked, base } = source;
  // The search must end with the word: on to the end of the text it would make reading quadratic.
  const first = masked.slice(start - base, Math.max(start, end) - base).indexOf('\\');
  if (first === -1) return text.slice(start, Math.max(start, end));
  let out = '';
  let at = start;
  for (let i = first + start; i < end; ) {
    if (masked.charCodeAt(i - base) !== 92 || i + 1 >= end) {
      i++;
      continue;
    }
    const escaped = escape(masked, i - base);
    out += text.slice(at, i) + escaped.text;
    i += escaped.length;
    at = i;
  }
  return out + text.slice(at, Math.max(at, end));
}

function plainEscape(masked: string, at: number): { text: string; length: number } {
  const next = masked.charAt(at + 1);
  if (next === '\n') return { text: '', length: 2 };
  if (next === '\r' && masked.charAt(at + 2) === '\n') return { text: '', length: 3 };
  return { text: next, length: 2 };
}

function doubleEscape(masked: string, at: number): { text: string; length: number } {
  const next = masked.charAt(at + 1);
  if (next === '\n' || next === '\r') return plainEscape(masked, at);
  return '"\\$`'.includes(next) ? { text: next, length: 2 } : { text: `\\${next}`, length: 2 };
}

const ANSI: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', e: '\x1b', E: '\x1b', f: '\f', v: '\v' };

function ansiEscape(masked: string, at: number): { text: string; length: number } {
  const next = masked.charAt(at + 1);
  const simple = ANSI[next];
  if (simple !== undefined) return { text: simple, length: 2 };
  const code = /^(?:x([0-9a-f]{1,2})|u([0-9a-f]{1,4})|U([0-9a-f]{1,8}))/i.exec(masked.slice(at + 1, at + 10));
  if (code !== null) {
    const point = Number.parseInt((code[1] ?? code[2] ?? code[3]) as string, 16);
    return { text: point <= 0x10ffff ? String.fromCodePoint(point) : '', length: 1 + code[0].length };
  }
  const octal = /^[0-7]{1,3}/.exec(masked.slice(at + 1, at + 4));
  if (octal !== null) return { text: String.fromCharCode(Number.parseInt(octal[0], 8) & 0xff), length: 1 + octal[0].length };
  return { text: next, length: 2 };
}

/** How a word as a whole is quoted. */
export function wordQuoting(node: TreeNode): WordQuoting {
  if (node.type !== 'concatenation') return partQuoting(node);
  let quoting: WordQuoting | undefined;
  for (const child of node.children) {
    const part = partQuoting(child);
    if (quoting === undefined) quoting = part;
    else if (quoting !== part) return 'mixed';
  }
  return quoting ?? '';
}

function partQuoting(node: TreeNode): WordQuoting {
  switch (node.type) {
    case 'raw_string':
    case 'ansi_c_string':
      return 'single';
    case 'string':
    case 'translated_string':
      return 'double';
    default:
      return '';
  }
}
