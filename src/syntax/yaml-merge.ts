import type { SourceRange } from '../core/index.js';
import type { YamlMapping, YamlNode, YamlPair } from './yaml-node.js';

/** A mapping's pairs with its merge keys resolved. */
export interface Merged {
  readonly pairs: YamlPair[];
  /** Places of values that can't be merged; those pairs stay as written. */
  readonly invalid: readonly SourceRange[];
}

/**
 * Replaces every plain `<<` by the pairs of the mapping, or mappings, that is its value
 * (https://yaml.org/type/merge.html): what is written wins over what is merged, the first merged over later ones.
 * The work is bounded by the sizes of the aliased values, which whoever builds the tree has already counted.
 */
export function resolveMerges(pairs: readonly YamlPair[]): Merged {
  const result: YamlPair[] = [];
  const invalid: SourceRange[] = [];
  const taken = new Set<string>();
  for (const { key } of pairs) if (key.kind === 'scalar' && !isMergeKey(key)) taken.add(key.text);
  for (const pair of pairs) {
    if (!isMergeKey(pair.key)) {
      result.push(pair);
      continue;
    }
    const sources = sourcesOf(pair);
    if (sources === undefined) {
      invalid.push(pair.range);
      result.push(pair);
      continue;
    }
    for (const source of sources) {
      for (const { key, value } of source.mapping.pairs) {
        if (key.kind === 'scalar') {
          if (taken.has(key.text)) continue;
          taken.add(key.text);
        }
        result.push({ key, value, range: pair.range, alias: source.alias, merged: true });
      }
    }
  }
  return { pairs: result, invalid };
}

/** A plain, untagged `<<`; in quotes it is a key like any other. */
export function isMergeKey(key: YamlNode): boolean {
  return key.kind === 'scalar' && key.style === 'plain' && key.tag === undefined && key.range.end - key.range.start === 2 && key.text === '<<';
}

interface Source {
  readonly mapping: YamlMapping;
  readonly alias: SourceRange | undefined;
}

function sourcesOf(pair: YamlPair): Source[] | undefined {
  if (pair.value.kind === 'mapping') return [{ mapping: pair.value, alias: pair.alias }];
  if (pair.value.kind !== 'sequence') return undefined;
  const sources: Source[] = [];
  for (const item of pair.value.items) {
    if (item.value.kind !== 'mapping') return undefined;
    sources.push({ mapping: item.value, alias: item.alias ?? pair.alias });
  }
  return sources;
}
