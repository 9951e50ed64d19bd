import type { SourceRange } from '../../core/index.js';
import type { Expression, ParsedExpression } from '../../syntax/expressions.js';

/** One use of the secret store in an expression. */
export interface SecretAccess {
  /** Name as written, or `*` for the whole store and for computed names. */
  readonly name: string;
  /** Offsets in the expression's text. */
  readonly range: SourceRange;
  readonly whole: boolean;
  readonly derived: boolean;
  readonly dynamic: boolean;
  /** Only compared or tested, so that its value goes nowhere. */
  readonly tested: boolean;
}

/** The secrets that an expression reads, with what it does to them. Linear in the expression. */
export function secretsOf(expression: ParsedExpression): SecretAccess[] {
  if (!expression.text.toLowerCase().includes('secrets')) return [];
  const found: SecretAccess[] = [];
  if (expression.root === undefined) {
    for (const context of expression.contexts) {
      if (context.segments[0] === 'secrets') {
        found.push({ name: context.path.split('.')[1] ?? '*', range: context.range, whole: false, derived: false, dynamic: false, tested: false });
      }
    }
    return found;
  }
  visit(expression.root, false, false, found);
  return found;
}

/** Functions whose result says nothing more about their arguments than yes or no. */
const TESTS = new Set(['contains', 'startswith', 'endswith']);

function visit(node: Expression, derived: boolean, tested: boolean, found: SecretAccess[]): void {
  switch (node.kind) {
    case 'literal':
      return;
    case 'context': {
      for (const index of node.dynamic) visit(index, false, true, found);
      if (node.segments[0] !== 'secrets') return;
      const dynamic = node.dynamic.length > 0;
      const whole = node.segments.length === 1 || (!dynamic && node.segments[1] === '*');
      const name = whole || dynamic ? '*' : secretName(node.path, node.segments[1] as string);
      found.push({ name, range: node.range, whole, derived: derived || node.segments.length > 2, dynamic, tested });
      return;
    }
    case 'call':
      for (const arg of node.args) visit(arg, derived, tested || TESTS.has(node.name), found);
      return;
    case 'index': {
      const parsed = node.of.kind === 'call' && node.of.name === 'fromjson';
      visit(node.of, derived || parsed, tested, found);
      if (node.index !== '*') visit(node.index, false, true, found);
      return;
    }
    case 'not':
      visit(node.operand, derived, true, found);
      return;
    case 'compare':
      visit(node.left, derived, true, found);
      visit(node.right, derived, true, found);
      return;
    case 'and':
      // Of `a && b` only an empty `a` is ever the result.
      node.args.forEach((arg, index) => visit(arg, derived, tested || index < node.args.length - 1, found));
      return;
    case 'or':
      for (const arg of node.args) visit(arg, derived, tested, found);
      return;
  }
}

/** The name in the case that it is written in. */
function secretName(path: string, lower: string): string {
  const at = path.toLowerCase().indexOf(lower, 'secrets'.length);
  return at < 0 ? lower : path.slice(at, at + lower.length);
}
