import { Environment, type ParseError } from '@marcbachmann/cel-js';
import { nearestHint, type DeclaredObject, type DeclaredProperty, type DeclaredType, type FactDeclarations } from '../core/index.js';
import { CelEvaluationError, variableName, type CelContext, type CelProgram } from './context.js';
import type { LoweredProgram } from './expression.js';
import { POLICY_FUNCTIONS } from './functions.js';
import { lower } from './lower.js';
import { isOverdrawn, LIMIT_ERROR, pay, spent, startMeter, weight } from './meter.js';
import { cachedPattern, compilePattern, PatternError } from './patterns.js';
import { loweredProgram } from './program.js';
import { emptyOf, functionName, literalKey, objectOf, type Comprehension, type Evaluate, type Node, type CheckedType, type Scope } from './tree.js';

/*
 * The only file that knows the CEL library, beside `tree.ts`, which knows its tree. The library parses and
 * type-checks; then the checked expression is lowered to plain data (`lower.ts`) and evaluated as closures
 * (`closures.ts`). What can not be lowered is evaluated by the library, specialised as follows, which is also what
 * the closures are tested against:
 *
 * - a property of a fact is read straight from the fact (the library would copy every object into a
 *   typed wrapper); integers become CEL's 64-bit integers where they are read;
 * - a key that a map does not have, or an index that a list does not have, reads as the empty value
 *   of its type, so that `step.inputs.ref.text == ''` needs no guard (`'ref' in step.inputs` tells);
 * - `matches` runs on RE2;
 * - loops are metered: see `meter.ts`.
 *
 * Specialising replaces `evaluate` on nodes of the checked tree by `setMeta`, as the library's own
 * macros do; `test/engine/cel.test.ts` fails if a new version of the library does this differently.
 */

/** Longest expression, in UTF-16 code units. */
const MAX_SOURCE = 10_000;

/** What is wrong with an expression; offsets are into its source. */
export interface CelProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** `lowered`: the same program as plain data, where it can be. */
export type CelCompilation = { readonly program: CelProgram; readonly lowered?: LoweredProgram } | { readonly problem: CelProblem };

export interface Cel {
  /**
   * Parses and type-checks; the result must be of one of the types.
   * @param checked it has been compiled before without a problem: patterns in it may wait for their first use
   */
  compile(source: string, types: readonly string[], checked?: boolean): CelCompilation;
  /** Only the syntax: whether it is an expression. */
  parses(source: string): boolean;
  /** The same with the variable `options`, whose properties are these. */
  withOptions(properties: Readonly<Record<string, DeclaredProperty>>): Cel;
}

/**
 * An environment with a variable for every fact kind.
 * @param lowering off: the library evaluates everything, which is slower and the same
 */
export function createCel(declarations: FactDeclarations, lowering = true): Cel {
  const environment = new Environment({ limits: { maxAstNodes: 2_000, maxDepth: 50, maxListElements: 500, maxMapEntries: 100 } });
  for (const declared of POLICY_FUNCTIONS) {
    environment.registerFunction(declared.signature, declared.call as (...args: unknown[]) => unknown, { async: false });
  }
  for (const object of Object.values(declarations.objects)) registerObject(environment, object);
  for (const kind of declarations.kinds) environment.registerVariable(variableName(kind), typeName(kind));
  const objects = new Map(Object.values(declarations.objects).map((object) => [typeName(object.name), object]));
  return wrap({ environment, objects, variables: declarations.kinds.map(variableName), declarations, lowering });
}

function wrap(scope: CelScope): Cel {
  const { environment, objects, variables } = scope;
  return {
    compile: (source, types, checked = false) => compile(scope, source, types, checked),
    parses: (source) => source.length <= MAX_SOURCE && parses(environment, source),
    withOptions(properties) {
      const name = '$options';
      const object: DeclaredObject = { name, description: 'options of the policy', properties };
      const extended = environment.clone();
      registerObject(extended, object);
      extended.registerVariable('options', name);
      return wrap({ ...scope, environment: extended, objects: new Map([...objects, [name, object]]), variables: [...variables, 'options'] });
    },
  };
}

/** CEL's own type names are one word; ours start with a kind and can not clash with them. */
function typeName(object: string): string {
  return `fact.${variableName(object)}`;
}

/** Without the prefix that only keeps the names apart. */
function readable(text: string): string {
  return text.replaceAll(/\bfact\.(?=[a-z])/g, '');
}

function registerObject(environment: Environment, object: DeclaredObject): void {
  const fields: Record<string, string> = {};
  for (const [key, property] of Object.entries(object.properties)) fields[key] = celType(property);
  const name = object.name.startsWith('$') ? object.name : typeName(object.name);
  // Facts are plain objects; the constructor only makes the type known. `convert` keeps them as they are.
  environment.registerType(name, { ctor: class {}, fields, convert: (value: unknown) => value });
}

function celType(declared: DeclaredType): string {
  switch (declared.type) {
    case 'list':
      return `list<${celType(declared.item)}>`;
    case 'map':
      return `map<string, ${celType(declared.value)}>`;
    case 'object':
      return typeName(declared.name);
    default:
      return declared.type;
  }
}

function parses(environment: Environment, source: string): boolean {
  try {
    environment.parse(source);
    return true;
  } catch {
    return false;
  }
}

interface CelScope extends Scope {
  readonly environment: Environment;
  readonly variables: readonly string[];
  readonly lowering: boolean;
}

function compile(scope: CelScope, source: string, types: readonly string[], checked: boolean): CelCompilation {
  if (source.length > MAX_SOURCE) return problem(`The expression is longer than ${MAX_SOURCE} characters.`, 0, source.length);
  let parsed;
  try {
    parsed = scope.environment.parse(source);
  } catch (error) {
    return { problem: describeProblem(scope, error, source) };
  }
  const result = parsed.check();
  if (!result.valid) return { problem: describeProblem(scope, result.error, source) };
  const type = result.type ?? '';
  if (!types.includes(type)) return problem(`The result must be ${types.join(' or ')}, but is ${readable(type)}.`, 0, source.length);

  const tree = parsed.ast as unknown as Node;
  try {
    specialise(tree, { ...scope, checked }, false, new Set());
  } catch (error) {
    if (error instanceof CompileError) return problem(error.message, error.node.start, error.node.end);
    throw error;
  }
  const expression = scope.lowering ? lower(tree, scope) : undefined;
  if (expression === undefined) return { program: libraryProgram(type, parsed) };
  const lowered = { type, expression };
  return { program: loweredProgram(lowered), lowered };
}

/** Evaluates by the library. */
function libraryProgram(type: string, parsed: (context: CelContext) => unknown): CelProgram {
  let cost = 0;
  return {
    type,
    run(context) {
      startMeter();
      let result: unknown;
      try {
        result = parsed(context);
      } catch (error) {
        throw new CelEvaluationError(summary(error), isOverdrawn());
      } finally {
        cost = spent();
      }
      // `||`, `&&` and `exists` swallow errors of one side, but what was cut short has no answer.
      if (isOverdrawn()) throw new CelEvaluationError(LIMIT_ERROR.message, true);
      return typeof result === 'bigint' ? Number(result) : (result as string | number | boolean);
    },
    cost: () => cost,
  };
}

function problem(message: string, start: number, end: number): { problem: CelProblem } {
  return { problem: { message, start, end } };
}

function summary(error: unknown): string {
  if (error instanceof Error && 'summary' in error && typeof error.summary === 'string') return error.summary;
  return error instanceof Error ? error.message : String(error);
}

/** Adds the nearest valid name to what the library says. */
function describeProblem(scope: CelScope, error: unknown, source: string): CelProblem {
  const { code, range, node } = error as ParseError;
  const failed = node as unknown as Node | undefined;
  const start = Math.min(range?.start ?? 0, source.length);
  const end = Math.max(start, Math.min(range?.end ?? source.length, source.length));
  let hint = '';
  if (code === 'unknown_variable') hint = nearestHint(String(failed?.args), scope.variables);
  if (code === 'no_such_key' && failed?.op === '.') {
    const object = objectOf(scope, (failed.args as [Node, string])[0]);
    if (object) hint = nearestHint((failed.args as [Node, string])[1], Object.keys(object.properties));
  }
  if (code === 'no_matching_overload' && (failed?.op === 'call' || failed?.op === 'rcall')) {
    const name = (failed.args as [string])[0];
    const known = new Set(scope.environment.getDefinitions().functions.map((declared) => declared.name));
    if (!known.has(name)) hint = nearestHint(name, known);
  }
  return { message: `${readable(summary(error))}.${hint}`, start, end };
}

class CompileError extends Error {
  constructor(
    message: string,
    readonly node: Node,
  ) {
    super(message);
  }
}

interface Specialising extends Scope {
  readonly checked: boolean;
}

function specialise(node: Node, scope: Specialising, inLoop: boolean, seen: Set<Node>): void {
  if (seen.has(node)) return;
  seen.add(node);
  const { alternate, macro } = node.meta;
  if (alternate) return specialise(alternate, scope, inLoop, seen);
  const name = functionName(node);
  if (name === 'has') throw new CompileError("has() is not needed: every property has a value. Write `'key' in map` for the key of a map.", node);
  if (name === 'dyn') throw new CompileError('dyn() would switch off the type check.', node);
  if (macro) {
    for (const child of [macro.val, macro.exp]) if (child) specialise(child, scope, inLoop, seen);
    return;
  }
  for (const child of children(node)) specialise(child, scope, inLoop || node.op === 'comprehension', seen);
  checkValues(node, scope);

  if (node.op === 'id') {
    const variable = String(node.args);
    node.setMeta('evaluate', (_evaluator, _node, context) => context.getValue(variable));
  } else if (node.op === '.' || node.op === '[]') {
    specialiseAccess(node, scope);
  } else if (node.op === 'rcall' && name === 'matches') {
    specialiseMatches(node, scope, inLoop);
  } else if (node.op === 'comprehension') {
    meterLoop(node);
  } else if (inLoop && node.handle) {
    meterCall(node, node.handle);
  }
}

function children(node: Node): Node[] {
  if (node.op === 'comprehension') {
    const { iterable, init, step } = node.args as Comprehension;
    return [iterable, init, step];
  }
  const found: Node[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (isNode(value)) found.push(value);
  };
  collect(node.args);
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'op' in value && 'setMeta' in value;
}

function specialiseAccess(node: Node, scope: Specialising): void {
  const [left, right] = node.args as [Node, Node | string];
  const key = literalKey(node);
  const convert = converter(node.checkedType);
  const object = objectOf(scope, left);
  if (object) {
    if (key === undefined) throw new CompileError('The name of a property can not be computed.', node);
    node.setMeta('evaluate', (evaluator, _node, context) => {
      const value = (left.evaluate(evaluator, left, context) as Record<string, unknown>)[key];
      if (value === undefined) throw new Error(`the fact states no \`${key}\``);
      return convert(value);
    });
    return;
  }
  const empty = node.checkedType?.name === 'int' ? 0n : emptyOf(node.checkedType, scope);
  if (left.checkedType?.kind === 'map') {
    const keyOf: Evaluate = typeof right === 'string' ? () => right : (evaluator, _node, context) => right.evaluate(evaluator, right, context);
    node.setMeta('evaluate', (evaluator, _node, context) => {
      const map = left.evaluate(evaluator, left, context) as object;
      const name = keyOf(evaluator, node, context) as string;
      return Object.hasOwn(map, name) ? convert((map as Record<string, unknown>)[name]) : empty;
    });
  } else if (left.checkedType?.kind === 'list' && typeof right !== 'string') {
    node.setMeta('evaluate', (evaluator, _node, context) => {
      const list = left.evaluate(evaluator, left, context) as readonly unknown[];
      const value = list[Number(right.evaluate(evaluator, right, context))];
      return value === undefined ? empty : convert(value);
    });
  }
}

const same = (value: unknown): unknown => value;
const toInteger = (value: unknown): unknown => (typeof value === 'number' ? BigInt(value) : value);

/** Facts hold JavaScript numbers, CEL's integers are bigints. */
function converter(type: CheckedType | undefined): (value: unknown) => unknown {
  if (type?.name === 'int') return toInteger;
  if (type?.name === 'list<int>') return (value) => (value as unknown[]).map(toInteger);
  return same;
}

function specialiseMatches(node: Node, { checked }: Specialising, inLoop: boolean): void {
  const [, receiver, args] = node.args as [string, Node, Node[]];
  const argument = args[0] as Node;
  const charge = inLoop ? (text: string) => pay(text.length >> 3) : undefined;
  if (argument.op === 'value') {
    let pattern: ((text: string) => boolean) | undefined;
    try {
      if (!checked) pattern = compilePattern(String(argument.args));
    } catch (error) {
      if (error instanceof PatternError) throw new CompileError(`Invalid regular expression: ${error.message}.`, argument);
      throw error;
    }
    node.setMeta('evaluate', (evaluator, _node, context) => {
      const text = receiver.evaluate(evaluator, receiver, context) as string;
      charge?.(text);
      pattern ??= compilePattern(String(argument.args));
      return pattern(text);
    });
    return;
  }
  node.setMeta('evaluate', (evaluator, _node, context) => {
    const text = receiver.evaluate(evaluator, receiver, context) as string;
    charge?.(text);
    return cachedPattern(argument.evaluate(evaluator, argument, context) as string)(text);
  });
}

/** A loop pays for all its elements before the first. */
function meterLoop(node: Node): void {
  const { iterable } = node.args as Comprehension;
  node.setMeta('evaluate', (evaluator, self, context) => {
    const items = iterable.evaluate(evaluator, iterable, context);
    pay(Array.isArray(items) ? items.length : Object.keys(items as object).length);
    return self.handle?.(items, self.args, evaluator, context);
  });
}

/** A call or operator inside a loop pays for the size of what it is given. */
function meterCall(node: Node, handle: (...args: unknown[]) => unknown): void {
  node.handle = (...args) => {
    pay(node.op === 'call' || node.op === 'rcall' ? size(args[0]) : 1 + weight(args[0]) + weight(args[1]));
    return handle(...args);
  };
}

function size(args: unknown): number {
  let total = 1;
  if (Array.isArray(args)) for (const argument of args) total += weight(argument);
  return total;
}

/** A comparison with a string that the property can never be is a mistake that the type check does not see. */
function checkValues(node: Node, scope: Scope): void {
  if (node.op !== '==' && node.op !== '!=' && node.op !== 'in') return;
  const [left, right] = node.args as [Node, Node];
  checkAgainst(left, right, scope);
  if (node.op !== 'in') checkAgainst(right, left, scope);
}

function checkAgainst(property: Node, literal: Node, scope: Scope): void {
  const values = valuesOf(property, scope);
  if (values === undefined) return;
  const literals = literal.op === 'list' ? (literal.args as Node[]) : [literal];
  for (const element of literals) {
    if (element.op !== 'value' || typeof element.args !== 'string' || values.includes(element.args)) continue;
    const listed = values.map((value) => `'${value}'`).join(', ');
    throw new CompileError(`'${element.args}' is not a value of \`${literalKey(property)}\` (${listed}).${nearestHint(element.args, values)}`, element);
  }
}

function valuesOf(node: Node, scope: Scope): readonly string[] | undefined {
  if (node.op !== '.' && node.op !== '[]') return undefined;
  const key = literalKey(node);
  const object = objectOf(scope, (node.args as [Node])[0]);
  const property = key === undefined ? undefined : object?.properties[key];
  return property?.type === 'string' ? property.values : undefined;
}
