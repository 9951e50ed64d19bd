import { hasExpression, readTemplate } from '../../syntax/expressions.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { walk } from '../../syntax/yaml-query.js';
import { secretsOf } from './secrets.js';

/** Nodes looked at below one job; aliases can repeat a subtree. */
const LIMIT = 20_000;

/** Names of the secrets that anything below a node reads; `*` for all of them and for computed names. */
export function collectSecrets(root: YamlNode | undefined): Set<string> {
  const names = new Set<string>();
  if (root === undefined) return names;
  walk(
    root,
    (node) => {
      if (node.kind !== 'scalar' || !hasExpression(node.text)) return;
      for (const { expression } of readTemplate(node.text).expressions) for (const { name } of secretsOf(expression)) names.add(name);
    },
    LIMIT,
  );
  return names;
}
