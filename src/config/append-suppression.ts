import { get } from '../syntax/yaml-query.js';
import { parseYaml } from '../syntax/yaml.js';

/** A suppression to be written. */
export interface NewSuppression {
  readonly fingerprint: string;
  readonly reason: string;
  readonly owner?: string | undefined;
  /** `YYYY-MM-DD`. */
  readonly expires?: string | undefined;
}

/** The entry as lines of `suppressions`, behind `indent`; ends with a line feed. */
export function renderSuppression({ fingerprint, reason, owner, expires }: NewSuppression, indent: string, lineEnd = '\n'): string {
  const fields: [string, string | undefined][] = [
    ['fingerprint', JSON.stringify(fingerprint)],
    ['reason', JSON.stringify(reason)],
    ['owner', owner === undefined ? undefined : JSON.stringify(owner)],
    ['expires', expires],
  ];
  const lines = fields.flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`]));
  return lines.map((line, index) => `${indent}${index === 0 ? '- ' : '  '}${line}${lineEnd}`).join('');
}

/**
 * The text of a configuration with one more entry at the end of `suppressions`; everything else stays as it is.
 * Undefined where the list is written in a way that one line after another can't be added to: in braces, by alias.
 * The caller reads the result back before it is used.
 */
export function appendSuppression(text: string, entry: NewSuppression): string | undefined {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const root = parseYaml(text, { maxNodes: 20_000 }).documents[0];
  const isEmpty = root === undefined || (root.kind === 'scalar' && root.value === null);
  if (!isEmpty && (root.kind !== 'mapping' || text.charAt(root.range.start) === '{')) return undefined;
  const pair = isEmpty ? undefined : get(root, 'suppressions');
  if (pair === undefined) {
    const before = text === '' || text.endsWith('\n') ? text : `${text}${lineEnd}`;
    return `${before}${before === '' ? '' : lineEnd}suppressions:${lineEnd}${renderSuppression(entry, '  ', lineEnd)}`;
  }
  const { value } = pair;
  if (pair.alias !== undefined || pair.merged === true) return undefined;
  if (value.kind === 'scalar' && value.range.start === value.range.end) return insertBelow(text, pair.key.range.end, renderSuppression(entry, '  ', lineEnd), lineEnd);
  const last = value.kind === 'sequence' ? value.items.at(-1) : undefined;
  if (last === undefined || last.alias !== undefined) return undefined;
  const indent = /^( *)- /.exec(text.slice(text.lastIndexOf('\n', last.value.range.start - 1) + 1, last.value.range.start + 1))?.[1];
  return indent === undefined ? undefined : insertBelow(text, last.value.range.end, renderSuppression(entry, indent, lineEnd), lineEnd);
}

/** Puts whole lines below the line of an offset, so that a comment behind it stays where it is. */
function insertBelow(text: string, offset: number, lines: string, lineEnd: string): string {
  const end = text.indexOf('\n', offset);
  return end === -1 ? `${text}${lineEnd}${lines}` : text.slice(0, end + 1) + lines + text.slice(end + 1);
}
