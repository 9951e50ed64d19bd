import type { YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { type Expression, readTemplate } from '../../syntax/expressions.js';
import { resolveMatrix } from './matrix.js';
import { scalarsOf, valueOf } from './tree.js';

/** The machine that a job asks for. */
export interface Runner {
  /** Labels, those of a matrix and the literal arms of an expression resolved. */
  readonly labels: readonly string[];
  readonly selfHosted: boolean;
  /** The labels as scalars of the file. */
  readonly scalars: readonly YamlScalar[];
  readonly windows: boolean;
}

/** Reads `runs-on`: a label, a list of labels, or a group with labels. */
export function readRunner(node: YamlNode | undefined, matrix: YamlNode | undefined): Runner {
  const written = node?.kind === 'mapping' ? scalarsOf(valueOf(node, 'labels')) : scalarsOf(node);
  const scalars = written.flatMap((scalar) => resolveMatrix(scalar, matrix));
  const labels = scalars.flatMap((scalar) => literalLabels(scalar.text));
  return {
    labels,
    selfHosted: labels.some((label) => label.toLowerCase() === 'self-hosted'),
    scalars: written,
    windows: labels.length > 0 && labels.every((label) => label.toLowerCase().startsWith('windows')),
  };
}

/** A label, or the texts that an expression can give: `${{ x && 'self-hosted' || 'ubuntu-latest' }}`. */
function literalLabels(text: string): string[] {
  if (!text.includes('${{')) return [text.trim()];
  const template = readTemplate(text.trim());
  const root = template.whole ? template.expressions[0]?.expression.root : undefined;
  const arms = root === undefined ? [] : results(root);
  return arms.length === 0 ? [text.trim()] : arms;
}

/** String literals that an expression can evaluate to; JSON lists of labels are taken apart. */
function results(node: Expression): string[] {
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'string' && node.value !== '' ? jsonLabels(node.value) : [];
    case 'and': {
      const last = node.args.at(-1);
      return last === undefined ? [] : results(last);
    }
    case 'or':
      return node.args.flatMap(results);
    case 'call':
      return node.name === 'fromjson' ? node.args.flatMap(results) : [];
    case 'context':
    case 'index':
    case 'not':
    case 'compare':
      return [];
  }
}

function jsonLabels(text: string): string[] {
  if (!text.startsWith('[') || text.length > 1_000) return [text];
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter((label) => typeof label === 'string') : [text];
  } catch {
    return [text];
  }
}
