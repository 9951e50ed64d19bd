import type { GroovyNode, GroovyString } from './types.js';

/** Operators whose result says nothing more about their operands than yes or no. */
const TESTS = new Set(['==', '!=', '<', '>', '<=', '>=', '<=>', '=~', '==~', '&&', '||', 'in', 'instanceof']);
/** Methods whose result is a number or yes or no. */
const MEASURES = new Set(['size', 'length', 'toInteger', 'toLong', 'toBoolean', 'toFloat', 'isEmpty', 'contains', 'startsWith', 'endsWith', 'equals', 'equalsIgnoreCase', 'matches', 'indexOf', 'hashCode', 'count', 'isInteger', 'isNumber', 'toDouble', 'containsKey', 'find']);
const MAX_NAMES = 50;

/**
 * The names whose values can be in the value of a node, as far as its syntax says: what is only compared or measured is
 * left out, of `a ? b : c` the condition. `inside` reads the interpolations of a string.
 */
export function flowingNames(node: GroovyNode, inside: (string: GroovyString) => readonly GroovyNode[]): string[] {
  const names: string[] = [];
  visit(node, 0);
  return [...new Set(names)];

  function visit(one: GroovyNode, depth: number): void {
    if (depth > 50 || names.length > MAX_NAMES) return;
    switch (one.kind) {
      case 'name':
        names.push(one.path);
        return;
      case 'string':
        for (const part of inside(one)) visit(part, depth + 1);
        return;
      case 'property':
        visit(one.on, depth + 1);
        return;
      case 'list':
        for (const { value } of one.items) visit(value, depth + 1);
        return;
      case 'call':
        visitCall(one, depth);
        return;
      case 'operation':
        visitOperation(one, depth);
        return;
      default:
    }
  }

  function visitCall(call: Extract<GroovyNode, { kind: 'call' }>, depth: number): void {
    const method = call.name.slice(call.name.lastIndexOf('.') + 1);
    if (MEASURES.has(method)) return;
    if (call.on !== undefined) visit(call.on, depth + 1);
    else if (call.name.includes('.')) names.push(call.name.slice(0, call.name.lastIndexOf('.')));
    else names.push(`${call.name}()`);
    for (const { value } of call.args) visit(value, depth + 1);
  }

  function visitOperation({ operands, operators }: Extract<GroovyNode, { kind: 'operation' }>, depth: number): void {
    const question = operators.indexOf('?');
    let from = question === -1 ? 0 : question + 1;
    // Each arm of a conditional is looked at by itself: between `:` and `?`.
    for (let i = from; i <= operators.length; i++) {
      const operator = operators[i];
      if (operator !== undefined && operator !== ':' && operator !== '?' && operator !== '?:') continue;
      const tested = operators.slice(from, i).some((one) => TESTS.has(one));
      if (!tested && operator !== '?') for (const part of operands.slice(from, i + 1)) visit(part, depth + 1);
      from = i + 1;
    }
  }
}
