import { readTemplate } from '../../syntax/expressions.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { secretsOf } from './secrets.js';

/** Nodes looked at below one job; aliases can repeat a subtree. */
const LIMIT = 20_000;

/** Names of the secrets that anything below a node reads; `*` for all of them and for computed names. */
export function collectSecrets(root: YamlNode | undefined): Set<string> {
  const names = new Set<string>();
  const stack = root === undefined ? [] : [root];
  for (let seen = 0; stack.length > 0 && seen < LIMIT; seen++) {
    const node = stack.pop() as YamlNode;
    if (node.kind === 'mapping') for (const { value } of node.pairs) stack.push(value);
    else if (node.kind === 'sequence') for (const { value } of node.items) stack.push(value);
    else if (node.text.includes('${{')) {
      for (const { expression } of readTemplate(node.text).expressions) for (const { name } of secretsOf(expression)) names.add(name);
    }
  }
  return names;
}
