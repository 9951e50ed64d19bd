import type { YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { readTemplate } from '../../syntax/expressions.js';
import { asSequence } from '../../syntax/yaml-query.js';
import { scalarsOf, valueOf } from './tree.js';

/** More combinations than GitHub runs are not looked at. */
const LIMIT = 256;

/**
 * The scalars of a job's `strategy.matrix` that `matrix.<path>` can be: its own list and what
 * `include` adds. Empty when the matrix is computed.
 */
export function matrixScalars(matrix: YamlNode | undefined, path: readonly string[]): YamlScalar[] {
  const [name, ...rest] = path;
  if (matrix?.kind !== 'mapping' || name === undefined) return [];
  const found: YamlScalar[] = [];
  const list = valueOf(matrix, name);
  for (const item of asSequence(list)?.items ?? []) collect(item.value, rest, found);
  for (const item of asSequence(valueOf(matrix, 'include'))?.items ?? []) collect(valueOf(item.value, name), rest, found);
  return found.slice(0, LIMIT);
}

function collect(node: YamlNode | undefined, path: readonly string[], found: YamlScalar[]): void {
  let at = node;
  for (const name of path) at = valueOf(at, name);
  found.push(...scalarsOf(at));
}

/**
 * A scalar as the scalars that it stands for: itself, or where it is nothing but `${{ matrix.x }}`
 * what the matrix lists.
 */
export function resolveMatrix(scalar: YamlScalar, matrix: YamlNode | undefined): YamlScalar[] {
  if (matrix === undefined || !scalar.text.includes('${{')) return [scalar];
  const template = readTemplate(scalar.text.trim());
  const root = template.whole ? template.expressions[0]?.expression.root : undefined;
  if (root?.kind !== 'context' || root.segments[0] !== 'matrix' || root.dynamic.length > 0) return [scalar];
  const listed = matrixScalars(matrix, root.path.split('.').slice(1));
  return listed.length === 0 ? [scalar] : listed;
}
