import type { SourceRange } from '../../core/index.js';
import type { YamlMapping, YamlNode, YamlPair, YamlScalar } from '../../syntax/yaml-node.js';
import { get, walk } from '../../syntax/yaml-query.js';

/** The scalar of a key. */
export function scalarOf(node: YamlNode | undefined, key: string): YamlScalar | undefined {
  const value = get(node, key)?.value;
  return value?.kind === 'scalar' ? value : undefined;
}

/** The text of a key; empty where there is none or it is no scalar. */
export function textOf(node: YamlNode | undefined, key: string): string {
  const scalar = scalarOf(node, key);
  return scalar === undefined || scalar.value === null ? '' : scalar.text;
}

/** Pairs of a mapping whose keys are scalars, with the key's text. */
export function* entriesOf(node: YamlNode | undefined): Generator<{ readonly name: string; readonly key: YamlScalar; readonly value: YamlNode; readonly pair: YamlPair }> {
  if (node?.kind !== 'mapping') return;
  for (const pair of node.pairs) if (pair.key.kind === 'scalar') yield { name: pair.key.text, key: pair.key, value: pair.value, pair };
}

/** Items of a sequence; a scalar stands for a sequence of one. */
export function itemsOf(node: YamlNode | undefined): YamlNode[] {
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  return node.kind === 'sequence' ? node.items.map(({ value }) => value) : [node];
}

/** Scalars of a sequence, or the one scalar. */
export function scalarsOf(node: YamlNode | undefined): YamlScalar[] {
  return itemsOf(node).filter((item) => item.kind === 'scalar');
}

export function textsOf(node: YamlNode | undefined): string[] {
  return scalarsOf(node).map(({ text }) => text);
}

/** `true` in any of YAML 1.1's spellings, which Ansible and others take, and as a text. */
export function isTrue(node: YamlNode | undefined): boolean {
  return node?.kind === 'scalar' && /^(?:true|yes|on|y|1)$/i.test(node.text);
}

export function isFalse(node: YamlNode | undefined): boolean {
  return node?.kind === 'scalar' && /^(?:false|no|off|n|0)$/i.test(node.text);
}

/** Scalars below a mapping as text, by key; collections are written as in the file. */
export function recordOf(node: YamlNode | undefined, source: string): Record<string, string> {
  const record: Record<string, string> = {};
  for (const { name, value } of entriesOf(node)) {
    if (name !== '__proto__') record[name] = value.kind === 'scalar' ? (value.value === null ? '' : value.text) : source.slice(value.range.start, Math.min(value.range.end, value.range.start + 2_000));
  }
  return record;
}

/** Places of the values of a mapping, under a prefix such as `inputs`. */
export function placesOf(node: YamlNode | undefined, prefix: string): Record<string, SourceRange> {
  const places: Record<string, SourceRange> = {};
  for (const { name, value } of entriesOf(node)) places[`${prefix}.${name}`] = contentOf(value);
  return places;
}

/** Range of a value without the quotes around it; of a collection the whole. */
export function contentOf(node: YamlNode): SourceRange {
  if (node.kind !== 'scalar' || node.text === '') return node.range;
  return node.style === 'single' || node.style === 'double' ? node.sourceRange({ start: 0, end: node.text.length }) : node.range;
}

export function contentAt(node: YamlNode | undefined, key: string): SourceRange | undefined {
  const value = get(node, key)?.value;
  return value === undefined ? undefined : contentOf(value);
}

/** Range of a key and its value. */
export function pairAt(node: YamlNode | undefined, key: string): SourceRange | undefined {
  return get(node, key)?.key.range;
}

/** Whether some scalar below a node has a text that fits. Bounded. */
export function mentions(node: YamlNode, pattern: RegExp): boolean {
  let found = false;
  walk(node, (one) => {
    if (one.kind === 'scalar' && !found) found = pattern.test(one.text);
    return !found;
  }, 5_000);
  return found;
}

/** Seconds of `600`, `30s`, `5m`, `2h`, `1d`, `500ms`; -1 when it is written otherwise, as in a template. */
export function secondsOf(text: string): number {
  const match = /^\s*(\d{1,9})(?:\.\d+)?\s*(ms|s|sec|secs|seconds?|m|mins?|minutes?|h|hours?|d|days?)?\s*$/i.exec(text);
  if (match === null) return -1;
  const amount = Number(match[1]);
  const unit = (match[2] ?? 's').toLowerCase();
  if (unit === 'ms') return Math.ceil(amount / 1000);
  const factor = unit.startsWith('s') ? 1 : unit.startsWith('m') ? 60 : unit.startsWith('h') ? 3600 : 86_400;
  return amount * factor;
}

/** The mapping itself, for readers that start from a root. */
export function mappingOf(node: YamlNode | undefined): YamlMapping | undefined {
  return node?.kind === 'mapping' ? node : undefined;
}
