import { partOf } from '../../syntax/located-text.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { entriesOf } from '../common/values.js';
import type { VariableSource } from './source.js';

/** A variable written as one text, `NAME=value`; none where the separator is missing. */
export function sliceOf(node: YamlNode, separator: '=' | ':'): VariableSource[] {
  if (node.kind !== 'scalar') return [];
  const at = node.text.indexOf(separator);
  if (at <= 0) return [];
  const text = partOf(node, { start: at + 1, end: node.text.length });
  return [{ name: node.text.slice(0, at).trim(), value: text }];
}

/** Variables of a mapping from names to texts. */
export function variablesOf(node: YamlNode | undefined): VariableSource[] {
  return [...entriesOf(node)].flatMap(({ name, value }): VariableSource[] => (value.kind === 'scalar' && value.value !== null ? [{ name, value }] : []));
}
