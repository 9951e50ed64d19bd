import type { DeclaredObject, DeclaredType, FactDeclarations } from '../core/index.js';

/*
 * What the CEL library's checked tree looks like inside, as far as we read it;
 * `test/engine/cel.test.ts` fails if a new version of the library does this differently.
 */

export interface Node {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
  readonly end: number;
  readonly checkedType?: CheckedType;
  readonly meta: { readonly alternate?: Node; readonly macro?: Macro; readonly evaluate: Evaluate };
  handle?: (...args: unknown[]) => unknown;
  setMeta(key: 'evaluate', value: Evaluate): Node;
  evaluate: Evaluate;
}

export interface CheckedType {
  readonly kind: string;
  readonly name: string;
  readonly valueType?: CheckedType;
}

/** `cel.bind(var, val, exp)`. */
export interface Macro {
  readonly var?: string;
  readonly val?: Node;
  readonly exp?: Node;
}

export interface Comprehension {
  readonly kind?: 'quantifier';
  readonly errorsAreFatal?: boolean;
  readonly iterVarName: string;
  readonly iterable: Node;
  readonly init: Node;
  readonly step: Node;
}

export interface Scoped {
  getValue(name: string): unknown;
}

export type Evaluate = (evaluator: unknown, node: Node, context: Scoped) => unknown;

/** What is known of the facts that an expression reads. */
export interface Scope {
  readonly objects: ReadonlyMap<string, DeclaredObject>;
  readonly declarations: FactDeclarations;
}

export function functionName(node: Node): string | undefined {
  return node.op === 'call' || node.op === 'rcall' ? String((node.args as unknown[])[0]) : undefined;
}

export function objectOf(scope: Scope, node: Node): DeclaredObject | undefined {
  const type = node.checkedType;
  return type?.kind === 'message' ? scope.objects.get(type.name) : undefined;
}

/** The key of `a.key` or `a['key']`, or undefined when it is computed. */
export function literalKey(node: Node): string | undefined {
  const right = (node.args as [Node, Node | string])[1];
  if (typeof right === 'string') return right;
  return right.op === 'value' && typeof right.args === 'string' ? right.args : undefined;
}

/** What a missing key or index reads as: plain data. */
export function emptyOf(type: CheckedType | undefined, scope: Scope): unknown {
  switch (type?.kind) {
    case 'list':
      return [];
    case 'map':
      return {};
    case 'message': {
      const object = scope.objects.get(type.name);
      return object ? emptyObject(object, scope) : undefined;
    }
    default:
      return type?.name === 'bool' ? false : type?.name === 'int' || type?.name === 'double' ? 0 : '';
  }
}

function emptyObject(object: DeclaredObject, scope: Scope): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, property] of Object.entries(object.properties)) result[key] = emptyProperty(property, scope);
  return result;
}

function emptyProperty(property: DeclaredType, scope: Scope): unknown {
  switch (property.type) {
    case 'string':
      // The empty word of an enumeration is '' where it has one, `unknown` otherwise.
      return property.values === undefined || property.values.includes('') ? '' : property.values.includes('unknown') ? 'unknown' : '';
    case 'bool':
      return false;
    case 'int':
      return -1;
    case 'list':
      return [];
    case 'map':
      return {};
    case 'object': {
      const object = scope.declarations.objects[property.name];
      return object ? emptyObject(object, scope) : {};
    }
  }
}
