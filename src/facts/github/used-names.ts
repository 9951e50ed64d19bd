import type { YamlNode } from '../../syntax/yaml-node.js';
import { asSequence } from '../../syntax/yaml-query.js';
import { entries, textOf, valueOf } from './tree.js';
import { parseUses } from './uses.js';

/** Names of every action and workflow that a workflow or composite action uses, each once. */
export function usedNames(root: YamlNode): string[] {
  const names = new Set<string>();
  const add = (node: YamlNode): void => {
    const text = textOf(valueOf(node, 'uses'));
    if (text !== undefined) names.add(parseUses(text, false).value.name);
  };
  const steps = (node: YamlNode | undefined): void => {
    for (const { value } of asSequence(valueOf(node, 'steps'))?.items ?? []) add(value);
  };
  for (const [, job] of entries(valueOf(root, 'jobs'))) {
    add(job);
    steps(job);
  }
  steps(valueOf(root, 'runs'));
  return [...names];
}
