import type { SourceRange } from '../../core/index.js';
import type { YamlNode, YamlPair, YamlScalar } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';

/** The value of a key of a mapping. */
export function valueOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return get(node, key)?.value;
}

/** The pair of a key whose case does not matter: inputs, outputs, secrets and variables. */
export function pairIgnoringCase(node: YamlNode | undefined, key: string): YamlPair | undefined {
  if (node?.kind !== 'mapping') return undefined;
  const lower = key.toLowerCase();
  for (const pair of node.pairs) {
    if (pair.key.kind === 'scalar' && pair.key.text.toLowerCase() === lower) return pair;
  }
  return undefined;
}

/** Text of a scalar; undefined for anything else and for an empty value. */
export function textOf(node: YamlNode | undefined): string | undefined {
  if (node?.kind !== 'scalar' || (node.style === 'plain' && node.value === null)) return undefined;
  return node.text;
}

/** The scalar, unless it is an empty value. */
export function scalarOf(node: YamlNode | undefined): YamlScalar | undefined {
  return node?.kind === 'scalar' && !isNull(node) ? node : undefined;
}

/** True for `key:` without a value, `~` and `null`. */
export function isNull(node: YamlNode | undefined): boolean {
  return node?.kind === 'scalar' && node.style === 'plain' && node.value === null;
}

/** Texts of a scalar or of a sequence of scalars, the two ways to write most of GitHub's lists. */
export function textsOf(node: YamlNode | undefined): string[] {
  return scalarsOf(node).map((scalar) => scalar.text);
}

/** The scalars of a scalar or of a sequence of scalars, nested lists flattened one level. */
export function scalarsOf(node: YamlNode | undefined): YamlScalar[] {
  if (node?.kind === 'scalar') return isNull(node) ? [] : [node];
  if (node?.kind !== 'sequence') return [];
  const scalars: YamlScalar[] = [];
  for (const item of node.items) {
    if (item.value.kind === 'scalar') scalars.push(item.value);
    else if (item.value.kind === 'sequence') {
      for (const inner of item.value.items) if (inner.value.kind === 'scalar') scalars.push(inner.value);
    }
  }
  return scalars;
}

/** A whole number that is not negative, or -1 where none is written. */
export function integerOf(node: YamlNode | undefined): number {
  if (node?.kind !== 'scalar') return -1;
  const number = typeof node.value === 'number' ? node.value : Number(node.text.trim() || NaN);
  return Number.isFinite(number) && number >= 0 && number <= Number.MAX_SAFE_INTEGER ? Math.floor(number) : -1;
}

/** True for `true` however it is quoted; an expression is not. */
export function isTrue(node: YamlNode | undefined): boolean {
  return node?.kind === 'scalar' && node.text.trim().toLowerCase() === 'true';
}

/** Pairs with scalar keys. */
export function* entries(node: YamlNode | undefined): Generator<readonly [string, YamlNode, YamlPair]> {
  if (node?.kind !== 'mapping') return;
  for (const pair of node.pairs) {
    if (pair.key.kind === 'scalar') yield [pair.key.text, pair.value, pair];
  }
}

/**
 * Range of what a node says: of a scalar its text without quotes, block indicator and trailing line
 * ends, of anything else the node.
 */
export function contentRange(node: YamlNode): SourceRange {
  if (node.kind !== 'scalar') return node.range;
  let length = node.text.length;
  while (length > 0 && (node.text.charCodeAt(length - 1) === 10 || node.text.charCodeAt(length - 1) === 13)) length--;
  return length === 0 ? node.range : node.sourceRange({ start: 0, end: length });
}
