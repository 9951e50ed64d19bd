import { Environment, type ParseError } from '@marcbachmann/cel-js';
import { nearestHint, type DeclaredObject, type DeclaredProperty, type DeclaredType, type FactDeclarations } from '../core/index.js';
import { POLICY_FUNCTIONS } from './functions.js';
import { cachedPattern, compilePattern, PatternError } from './patterns.js';

/*
 * The only file that knows the CEL library. It parses and type-checks with the library, then
 * specialises the checked expression, which is why evaluation is fast and facts stay what they are:
 *
 * - a property of a fact is read straight from the fact (the library would copy every object into a
 *   typed wrapper); integers become CEL's 64-bit integers where they are read;
 * - a key that a map does not have, or an index that a list does not have, reads as the empty value
 *   of its type, so that `step.inputs.ref.text == ''` needs no guard (`'ref' in step.inputs` tells);
 * - `matches` runs on RE2;
 * - loops are metered: see `MAX_COST`;
 * - parts of a condition that rule most facts out are tested first: see `guardsOf`;
 * - `==`, `!=`, `&&` and `||` on simple values are what they are in JavaScript: most policies are nothing else.
 *
 * Specialising replaces `evaluate` on nodes of the checked tree by `setMeta`, as the library's own
 * macros do; `test/engine/cel.test.ts` fails if a new version of the library does this differently.
 */

/** Longest expression, in UTF-16 code units. */
const MAX_SOURCE = 10_000;
/** Elements that all loops of one evaluation may visit, and the size of what they handle, together. */
const MAX_COST = 1_000_000;

/** What is wrong with an expression; offsets are into its source. */
export interface CelProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export type CelCompilation = { readonly program: CelProgram } | { readonly problem: CelProblem };

/** Values by variable name: every fact kind (`-` as `_`), and `options`. */
export type CelContext = Record<string, unknown>;

/** A checked expression. */
export interface CelProgram {
  /** `bool`, `int`, `double` or `string`. */
  readonly type: string;
  /** The value, integers as numbers. Throws `CelEvaluationError`. */
  run(context: CelContext): string | number | boolean;
  /** What the loops of the last `run` cost, in elements visited. */
  cost(): number;
}

/** An expression that could not be evaluated. `limit`: it was stopped because it costs too much. */
export class CelEvaluationError extends Error {
  override readonly name = 'CelEvaluationError';

  constructor(
    message: string,
    readonly limit: boolean,
  ) {
    super(message);
  }
}

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

/** Name of a fact kind as a variable. */
export function variableName(kind: string): string {
  return kind.replaceAll('-', '_');
}

/** An environment with a variable for every fact kind. */
export function createCel(declarations: FactDeclarations): Cel {
  const environment = new Environment({ limits: { maxAstNodes: 2_000, maxDepth: 50, maxListElements: 500, maxMapEntries: 100 } });
  for (const declared of POLICY_FUNCTIONS) {
    environment.registerFunction(declared.signature, declared.call as (...args: unknown[]) => unknown, { async: false });
  }
  for (const object of Object.values(declarations.objects)) registerObject(environment, object);
  for (const kind of declarations.kinds) environment.registerVariable(variableName(kind), typeName(kind));
  const objects = new Map(Object.values(declarations.objects).map((object) => [typeName(object.name), object]));
  return wrap(environment, objects, declarations.kinds.map(variableName), declarations);
}

function wrap(environment: Environment, objects: ReadonlyMap<string, DeclaredObject>, variables: readonly string[], declarations: FactDeclarations): Cel {
  return {
    compile: (source, types, checked = false) => compile({ environment, objects, variables, declarations }, source, types, checked),
    parses: (source) => source.length <= MAX_SOURCE && parses(environment, source),
    withOptions(properties) {
      const name = '$options';
      const object: DeclaredObject = { name, description: 'options of the policy', properties };
      const extended = environment.clone();
      registerObject(extended, object);
      extended.registerVariable('options', name);
      return wrap(extended, new Map([...objects, [name, object]]), [...variables, 'options'], declarations);
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

interface Scope {
  readonly environment: Environment;
  readonly objects: ReadonlyMap<string, DeclaredObject>;
  readonly variables: readonly string[];
  readonly declarations: FactDeclarations;
}

function compile(scope: Scope, source: string, types: readonly string[], checked: boolean): CelCompilation {
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

  const meter: Meter = { left: MAX_COST };
  try {
    specialise(parsed.ast as unknown as Node, { ...scope, meter, checked }, false, new Set());
  } catch (error) {
    if (error instanceof CompileError) return problem(error.message, error.node.start, error.node.end);
    throw error;
  }
  const guards = type === 'bool' ? guardsOf(parsed.ast as unknown as Node, scope) : [];
  return {
    program: {
      type,
      run(context) {
        meter.left = MAX_COST;
        for (const guard of guards) if (!guard(context)) return false;
        let result: unknown;
        try {
          result = parsed(context);
        } catch (error) {
          throw new CelEvaluationError(summary(error), meter.left < 0);
        }
        // `||`, `&&` and `exists` swallow errors of one side, but what was cut short has no answer.
        if (meter.left < 0) throw new CelEvaluationError(LIMIT_MESSAGE, true);
        return typeof result === 'bigint' ? Number(result) : (result as string | number | boolean);
      },
      cost: () => MAX_COST - meter.left,
    },
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
function describeProblem(scope: Scope, error: unknown, source: string): CelProblem {
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

/** What the library's tree looks like inside. */
interface Node {
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
interface CheckedType {
  readonly kind: string;
  readonly name: string;
  readonly valueType?: CheckedType;
}
interface Macro {
  readonly val?: Node;
  readonly exp?: Node;
}
interface Comprehension {
  readonly iterable: Node;
  readonly init: Node;
  readonly step: Node;
}
interface Scoped {
  getValue(name: string): unknown;
}
type Evaluate = (evaluator: unknown, node: Node, context: Scoped) => unknown;

interface Meter {
  left: number;
}

const LIMIT_MESSAGE = `The expression visits more than ${MAX_COST.toLocaleString('en')} elements.`;
/** One object: making a stack for each swallowed error would itself be a way to waste time. */
const LIMIT_ERROR = new Error(LIMIT_MESSAGE);

class CompileError extends Error {
  constructor(
    message: string,
    readonly node: Node,
  ) {
    super(message);
  }
}

interface Specialising extends Scope {
  readonly meter: Meter;
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
    meterLoop(node, scope.meter);
  } else if (node.op === '&&' || node.op === '||') {
    specialiseLogic(node, node.op === '||');
  } else if (inLoop) {
    if (node.handle) meterCall(node, node.handle, scope.meter);
  } else if (node.op === '==' || node.op === '!=') {
    specialiseEquality(node, node.op === '==');
  }
}

/** Whether a part of a condition can be true; cheap, and never throws. */
type Guard = (context: CelContext) => boolean;

/**
 * The plain tests among the parts that a condition joins by `&&`: in CEL one false part makes the whole false,
 * whatever the others are, errors included. Most policies are ruled out by such a test for most facts.
 */
function guardsOf(node: Node, scope: Scope): Guard[] {
  if (node.op === '&&') return (node.args as [Node, Node]).flatMap((part) => guardsOf(part, scope));
  const guard = plainTest(node, scope);
  return guard === undefined ? [] : [guard];
}

function plainTest(node: Node, scope: Scope): Guard | undefined {
  if (node.op === '.') return comparison(node, scope, (value) => value !== false);
  if (node.op === '!_') return comparison(node.args as Node, scope, (value) => value !== true);
  if (node.op !== '==' && node.op !== '!=' && node.op !== 'in') return undefined;
  const [left, right] = node.args as [Node, Node];
  if (node.op === 'in') {
    const elements = right.op === 'list' ? (right.args as Node[]) : [];
    if (elements.length === 0 || !elements.every((element) => element.op === 'value' && typeof element.args === 'string')) return undefined;
    const values = new Set<unknown>(elements.map((element) => element.args));
    return comparison(left, scope, (value) => values.has(value));
  }
  if (right.op !== 'value' || (typeof right.args !== 'string' && typeof right.args !== 'boolean')) return undefined;
  const wanted = right.args;
  return comparison(left, scope, node.op === '==' ? (value) => value === wanted : (value) => value !== wanted);
}

/** A test of a property of a fact; where the property is missing, the condition itself has to say so. */
function comparison(node: Node, scope: Scope, test: (value: unknown) => boolean): Guard | undefined {
  if (node.op !== '.' || !['string', 'bool'].includes(node.checkedType?.name ?? '')) return undefined;
  const keys: string[] = [];
  let at = node;
  while (at.op === '.') {
    const [left, key] = at.args as [Node, string];
    if (objectOf(scope, left) === undefined) return undefined;
    keys.unshift(key);
    at = left;
  }
  if (at.op !== 'id') return undefined;
  const variable = String(at.args);
  const [first, second] = keys as [string, string | undefined];
  const read = (context: CelContext): unknown => (context[variable] as Record<string, unknown> | undefined)?.[first];
  const property = (value: unknown, key: string): unknown => (value as Record<string, unknown> | undefined)?.[key];
  if (second === undefined) return (context) => passes(read(context), test);
  if (keys.length === 2) return (context) => passes(property(read(context), second), test);
  const rest = keys.slice(1);
  return (context) => passes(rest.reduce(property, read(context)), test);
}

function passes(value: unknown, test: (value: unknown) => boolean): boolean {
  return value === undefined || test(value);
}

/** Types whose equality is JavaScript's `===`. */
const SIMPLE_TYPES = new Set(['string', 'bool', 'int']);

function specialiseEquality(node: Node, wanted: boolean): void {
  const [left, right] = node.args as [Node, Node];
  const type = left.checkedType?.name;
  if (type === undefined || type !== right.checkedType?.name || !SIMPLE_TYPES.has(type)) return;
  if (right.op === 'value') {
    const value = right.args;
    node.setMeta('evaluate', (evaluator, _node, context) => (left.evaluate(evaluator, left, context) === value) === wanted);
    return;
  }
  node.setMeta('evaluate', (evaluator, _node, context) => (left.evaluate(evaluator, left, context) === right.evaluate(evaluator, right, context)) === wanted);
}

/** As CEL has it: an error on the left does not matter where the right side decides. */
function specialiseLogic(node: Node, decisive: boolean): void {
  const [left, right] = node.args as [Node, Node];
  if (left.checkedType?.name !== 'bool' || right.checkedType?.name !== 'bool') return;
  node.setMeta('evaluate', (evaluator, _node, context) => {
    let first: unknown;
    try {
      first = left.evaluate(evaluator, left, context);
    } catch (error) {
      if (right.evaluate(evaluator, right, context) === decisive) return decisive;
      throw error;
    }
    return first === decisive ? decisive : right.evaluate(evaluator, right, context);
  });
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

function functionName(node: Node): string | undefined {
  return node.op === 'call' || node.op === 'rcall' ? String((node.args as unknown[])[0]) : undefined;
}

function objectOf(scope: Scope, node: Node): DeclaredObject | undefined {
  const type = node.checkedType;
  return type?.kind === 'message' ? scope.objects.get(type.name) : undefined;
}

/** The key of `a.key` or `a['key']`, or undefined when it is computed. */
function literalKey(node: Node): string | undefined {
  const right = (node.args as [Node, Node | string])[1];
  if (typeof right === 'string') return right;
  return right.op === 'value' && typeof right.args === 'string' ? right.args : undefined;
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
  const empty = emptyOf(node.checkedType, scope);
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

/** What a missing key or index reads as. */
function emptyOf(type: CheckedType | undefined, scope: Scope): unknown {
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
      return type?.name === 'bool' ? false : type?.name === 'int' ? 0n : type?.name === 'double' ? 0 : '';
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

function specialiseMatches(node: Node, { meter, checked }: Specialising, inLoop: boolean): void {
  const [, receiver, args] = node.args as [string, Node, Node[]];
  const argument = args[0] as Node;
  const charge = inLoop ? (text: string) => pay(meter, text.length >> 3) : undefined;
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

function pay(meter: Meter, cost: number): void {
  meter.left -= cost;
  if (meter.left < 0) throw LIMIT_ERROR;
}

/** A loop pays for all its elements before the first. */
function meterLoop(node: Node, meter: Meter): void {
  const { iterable } = node.args as Comprehension;
  node.setMeta('evaluate', (evaluator, self, context) => {
    const items = iterable.evaluate(evaluator, iterable, context);
    pay(meter, Array.isArray(items) ? items.length : Object.keys(items as object).length);
    return self.handle?.(items, self.args, evaluator, context);
  });
}

/** A call or operator inside a loop pays for the size of what it is given. */
function meterCall(node: Node, handle: (...args: unknown[]) => unknown, meter: Meter): void {
  node.handle = (...args) => {
    pay(meter, node.op === 'call' || node.op === 'rcall' ? size(args[0]) : 1 + weight(args[0]) + weight(args[1]));
    return handle(...args);
  };
}

function size(args: unknown): number {
  let total = 1;
  if (Array.isArray(args)) for (const argument of args) total += weight(argument);
  return total;
}

function weight(value: unknown): number {
  if (typeof value === 'string') return value.length >> 6;
  return Array.isArray(value) ? value.length : 0;
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
