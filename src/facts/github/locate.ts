import type { SourceRange } from '../../core/index.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { contentRange, pairIgnoringCase } from './tree.js';
import { parseImage, parseUses } from './uses.js';

/** Names of properties of facts that are written otherwise in the file, `/` between levels. */
export type WrittenNames = Readonly<Record<string, string>>;

const USES_PARTS = new Set(['name', 'owner', 'repository', 'path', 'ref']);

/**
 * Answers `locate(path)` from the tree: walks to the property as far as it is written.
 *
 * @param root node that holds the properties
 * @param own the fact's own range, the answer without a path and for what is not written
 * @param names where properties of the fact are written under another name
 * @param special ranges that the tree alone does not give; asked first
 */
export function locator(
  root: YamlNode,
  own: SourceRange,
  names: WrittenNames,
  special?: (path: string) => SourceRange | undefined,
): (path?: string) => SourceRange {
  return (path) => {
    if (path === undefined || path === '') return own;
    return special?.(path) ?? walk(root, path.split('.'), names) ?? own;
  };
}

function walk(root: YamlNode, segments: readonly string[], names: WrittenNames): SourceRange | undefined {
  let node = root;
  let found: SourceRange | undefined;
  let index = 0;
  const property = segments[0] as string;
  const first = Object.hasOwn(names, property) ? names[property] : undefined;
  if (first !== undefined) {
    for (const key of first.split('/')) {
      const pair = get(node, key);
      if (pair === undefined) return found;
      node = pair.value;
      found = contentRange(node);
    }
    index = 1;
  }
  for (; index < segments.length; index++) {
    const next = child(node, segments, index);
    if (next === undefined) return found === undefined ? undefined : (usesPart(node, segments, index) ?? found);
    node = next.node;
    index = next.last;
    found = contentRange(node);
  }
  return found;
}

function child(node: YamlNode, segments: readonly string[], index: number): { node: YamlNode; last: number } | undefined {
  if (node.kind === 'sequence') {
    const item = /^\d{1,9}$/.test(segments[index] as string) ? node.items[Number(segments[index])] : undefined;
    return item === undefined ? undefined : { node: item.value, last: index };
  }
  if (node.kind !== 'mapping') return undefined;
  // Keys may contain dots: the shortest prefix that is a key wins.
  let key = segments[index] as string;
  for (let last = index; last < segments.length; last++) {
    if (last > index) key += `.${segments[last] as string}`;
    const pair = get(node, key) ?? pairIgnoringCase(node, key);
    if (pair !== undefined) return { node: pair.value, last };
  }
  return undefined;
}

function usesPart(node: YamlNode, segments: readonly string[], index: number): SourceRange | undefined {
  const part = segments[index] as string;
  if (node.kind !== 'scalar' || index === 0 || !USES_PARTS.has(part)) return undefined;
  const parent = segments[index - 1] as string;
  if (parent !== 'uses' && parent !== 'image') return undefined;
  const parsed = parent === 'image' ? parseImage(node.text) : parseUses(node.text, false);
  const range = parsed.parts[part as keyof typeof parsed.parts];
  return range === undefined ? undefined : node.sourceRange(range);
}
