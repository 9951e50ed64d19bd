import type { YamlMapping, YamlNode, YamlPair, YamlSequence } from './yaml-node.js';

/** Mappings with more pairs get an index on first use. */
const FEW_PAIRS = 12;
const indexes = new WeakMap<YamlMapping, Map<string, YamlPair>>();

/** The pair of a key, by the key's text; undefined when there is none or `node` is no mapping. */
export function get(node: YamlNode | undefined, key: string): YamlPair | undefined {
  if (node?.kind !== 'mapping') return undefined;
  if (node.pairs.length <= FEW_PAIRS) return node.pairs.find((pair) => pair.key.kind === 'scalar' && pair.key.text === key);
  let index = indexes.get(node);
  if (index === undefined) {
    index = new Map();
    for (const pair of node.pairs) if (pair.key.kind === 'scalar' && !index.has(pair.key.text)) index.set(pair.key.text, pair);
    indexes.set(node, index);
  }
  return index.get(key);
}

/** Decoded text of a scalar; undefined of anything else. A value that is not written has the text ''. */
export function scalarText(node: YamlNode | undefined): string | undefined {
  return node?.kind === 'scalar' ? node.text : undefined;
}

export function asMapping(node: YamlNode | undefined): YamlMapping | undefined {
  return node?.kind === 'mapping' ? node : undefined;
}

export function asSequence(node: YamlNode | undefined): YamlSequence | undefined {
  return node?.kind === 'sequence' ? node : undefined;
}

/** The node at a path of keys and indexes: `at(root, ['jobs', 'build', 'steps', 0])`. */
export function at(root: YamlNode | undefined, path: readonly (string | number)[]): YamlNode | undefined {
  let node = root;
  for (const part of path) {
    if (node === undefined) return undefined;
    node = typeof part === 'number' ? asSequence(node)?.items[part]?.value : get(node, part)?.value;
  }
  return node;
}

/**
 * Visits a node and everything below it, in order of writing, keys aside; values reached through aliases each time.
 * `visit` returns false to leave out what is below. Answers false when `budget` (visited nodes) ended it early.
 */
export function walk(root: YamlNode, visit: (node: YamlNode) => boolean | void, budget = 100_000): boolean {
  const stack = [root];
  let left = budget;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (left-- <= 0) return false;
    if (visit(node) === false) continue;
    if (node.kind === 'mapping') for (let i = node.pairs.length - 1; i >= 0; i--) stack.push((node.pairs[i] as YamlPair).value);
    else if (node.kind === 'sequence') for (let i = node.items.length - 1; i >= 0; i--) stack.push((node.items[i] as { value: YamlNode }).value);
  }
  return true;
}

/**
 * Plain data: values of scalars, arrays, and objects without prototype, so that a key `__proto__` is a key.
 * Keys are texts; entries with a collection as key are left out. Throws a `RangeError` when more than `budget`
 * nodes would be copied: with `YAML_LIMITS` a parsed document stays below the default.
 */
export function toPlain(root: YamlNode, budget = 100_000): unknown {
  let left = budget;
  const copy = (node: YamlNode): unknown => {
    if (left-- <= 0) throw new RangeError(`more than ${budget} values`);
    if (node.kind === 'scalar') return node.value;
    if (node.kind === 'sequence') return node.items.map((item) => copy(item.value));
    const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const { key, value } of node.pairs) if (key.kind === 'scalar') result[key.text] = copy(value);
    return result;
  };
  return copy(root);
}

/**
 * Text of the comment behind a value on the same line, without `#` and white space around it:
 * `v4.1.7` of `uses: a/b@<sha> # v4.1.7`. `offset` is the end of the value's range; closing brackets and
 * commas between the two are passed over. Undefined when there is none.
 */
export function commentAfter(text: string, offset: number): string | undefined {
  let at = offset;
  while (at < text.length && ' \t,]}'.includes(text.charAt(at))) at++;
  if (text[at] !== '#' || at === 0 || !' \t'.includes(text.charAt(at - 1))) return undefined;
  let end = at;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return text.slice(at + 1, end).trim();
}
