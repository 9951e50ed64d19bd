import type { Expression, ParsedExpression } from '../../syntax/expressions.js';

/**
 * The first part `a && b || c` of an expression whose `b` is a literal that is never true, so that
 * the whole is always `c`; empty when there is none. Linear in the expression.
 */
export function unsoundTernary(expression: ParsedExpression): string {
  const { text, root } = expression;
  if (root === undefined || !text.includes('&&') || !text.includes('||')) return '';
  const found = search(root);
  return found === undefined ? '' : text.slice(found.range.start, found.range.end);
}

function search(node: Expression): Expression | undefined {
  switch (node.kind) {
    case 'or': {
      const unsound = node.args.slice(0, -1).some((arg) => arg.kind === 'and' && isNeverTrue(arg.args.at(-1)));
      return unsound ? node : first(node.args);
    }
    case 'and':
    case 'call':
      return first(node.args);
    case 'compare':
      return search(node.left) ?? search(node.right);
    case 'not':
      return search(node.operand);
    case 'index':
      return search(node.of);
    default:
      return undefined;
  }
}

function first(nodes: readonly Expression[]): Expression | undefined {
  for (const node of nodes) {
    const found = search(node);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isNeverTrue(node: Expression | undefined): boolean {
  return node?.kind === 'literal' && (node.value === '' || node.value === false || node.value === 0 || node.value === null);
}
