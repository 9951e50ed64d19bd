import { CALLS } from './calls.js';
import type { Expression } from './expression.js';
import { emptyOf, literalKey, objectOf, type CheckedType, type Comprehension, type Node, type Scope } from './tree.js';

/** Types whose equality is JavaScript's `===`. */
const SIMPLE_TYPES = new Set(['string', 'bool', 'int']);
const TEXTS = 'list<string>';
const NO_TEXTS = 'list<T>';
const OF_INTEGERS = new Set(['<', '<=', '>', '>=', '-', '*']);

/** Something in the expression that only the library evaluates. */
class NotLowered extends Error {}

/** The expression as plain data; undefined when there is something in it that only the library evaluates. */
export function lower(node: Node, scope: Scope): Expression | undefined {
  try {
    return new Lowering(scope).lower(node);
  } catch (error) {
    if (error instanceof NotLowered) return undefined;
    throw error;
  }
}

class Lowering {
  /** Variables of the loops around, innermost last. */
  private readonly names: { readonly name: string; readonly local: number }[] = [];
  private locals = 0;

  constructor(private readonly scope: Scope) {}

  lower(node: Node): Expression {
    const { alternate, macro } = node.meta;
    if (alternate !== undefined) return this.lower(alternate);
    if (macro !== undefined) {
      if (macro.var === undefined || macro.val === undefined || macro.exp === undefined) throw new NotLowered();
      const value = this.lower(macro.val);
      const { exp } = macro;
      return this.within(macro.var, (local) => ['bind', local, value, this.lower(exp)]);
    }
    switch (node.op) {
      case 'value':
        return ['value', literal(node.args)];
      case 'id':
        return this.variable(String(node.args));
      case '.':
      case '[]':
        return this.access(node);
      case 'list':
        return ['list', ...(node.args as Node[]).map((element) => this.lower(element))];
      case '&&':
      case '||': {
        const [left, right] = this.pair(node);
        if (typeName(node, 0) !== 'bool' || typeName(node, 1) !== 'bool') throw new NotLowered();
        const name = node.op === '&&' ? 'and' : 'or';
        return [name, ...(left[0] === name ? (left.slice(1) as Expression[]) : [left]), ...(right[0] === name ? (right.slice(1) as Expression[]) : [right])];
      }
      case '!_':
        if ((node.args as Node).checkedType?.name !== 'bool') throw new NotLowered();
        return ['not', this.lower(node.args as Node)];
      case '?:': {
        const [condition, yes, no] = node.args as [Node, Node, Node];
        if (condition.checkedType?.name !== 'bool') throw new NotLowered();
        return ['if', this.lower(condition), this.lower(yes), this.lower(no)];
      }
      case '-_':
        return ['value', literal((node.args as Node).args, -1)];
      case 'call':
      case 'rcall':
        return this.call(node);
      case 'comprehension':
        return this.loop(node.args as Comprehension);
      default:
        return this.binary(node);
    }
  }

  private variable(name: string): Expression {
    const found = this.names.findLast((known) => known.name === name);
    return found === undefined ? ['variable', name] : ['local', found.local];
  }

  private within(name: string, body: (local: number) => Expression): Expression {
    const local = this.locals++;
    this.names.push({ name, local });
    const result = body(local);
    this.names.pop();
    return result;
  }

  private pair(node: Node): [Expression, Expression] {
    const [left, right] = node.args as [Node, Node];
    return [this.lower(left), this.lower(right)];
  }

  private access(node: Node): Expression {
    const [left, right] = node.args as [Node, Node | string];
    const key = literalKey(node);
    if (objectOf(this.scope, left) !== undefined) {
      if (key === undefined) throw new NotLowered();
      return ['property', this.lower(left), key];
    }
    const empty = emptyOf(node.checkedType, this.scope);
    const keyed = (): Expression => (typeof right === 'string' ? ['value', right] : this.lower(right));
    if (left.checkedType?.kind === 'map' && (typeof right === 'string' || right.checkedType?.name === 'string')) return ['entry', this.lower(left), keyed(), empty];
    if (left.checkedType?.kind === 'list' && typeof right !== 'string' && right.checkedType?.name === 'int') return ['element', this.lower(left), keyed(), empty];
    throw new NotLowered();
  }

  private call(node: Node): Expression {
    const [name, first, second] = node.args as [string, Node | Node[], Node[] | undefined];
    const receiver = node.op === 'rcall' ? (first as Node) : undefined;
    const args = (receiver === undefined ? first : second) as Node[];
    if (name === 'matches' && args[0]?.op === 'value' && receiver?.checkedType?.name === 'string') return ['matches', this.lower(receiver), String(args[0].args)];
    const types = args.map((argument) => shortName(argument.checkedType, name)).join(', ');
    const signature = `${receiver === undefined ? '' : `${shortName(receiver.checkedType, name)}.`}${name}(${types})`;
    if (!Object.hasOwn(CALLS, signature)) throw new NotLowered();
    return ['call', signature, ...[...(receiver === undefined ? [] : [receiver]), ...args].map((argument) => this.lower(argument))];
  }

  private binary(node: Node): Expression {
    const [left, right] = [typeName(node, 0), typeName(node, 1)];
    switch (node.op) {
      case '==':
      case '!=': {
        const equal = node.op === '==';
        if (left === right && SIMPLE_TYPES.has(left)) return [equal ? 'equal' : 'unequal', ...this.pair(node)];
        if (isTexts(left) && isTexts(right)) return [equal ? 'equalLists' : 'unequalLists', ...this.pair(node)];
        break;
      }
      case 'in': {
        const list = (node.args as [Node, Node])[1];
        if (left !== 'string') break;
        if (right === TEXTS && list.op === 'list') {
          const elements = list.args as Node[];
          if (elements.every((element) => element.op === 'value')) return ['among', this.lower((node.args as [Node])[0]), elements.map((element) => String(element.args))];
        }
        if (isTexts(right)) return ['member', ...this.pair(node)];
        if (right.startsWith('map<string, ')) return ['key', ...this.pair(node)];
        break;
      }
      case '+':
        if (left === 'string' && right === 'string') return ['join', ...this.pair(node)];
        if (left === right && left.startsWith('list<')) return ['concat', ...this.pair(node)];
        if (left === 'int' && right === 'int') return ['+', ...this.pair(node)];
        break;
      default:
        if (OF_INTEGERS.has(node.op) && left === 'int' && right === 'int') return [node.op as '<', ...this.pair(node)];
    }
    throw new NotLowered();
  }

  /** The library writes its macros as `init` and `step`; which macro it was is told by these. */
  private loop({ kind, errorsAreFatal, iterVarName, iterable, init, step }: Comprehension): Expression {
    const items = this.lower(iterable);
    const [condition, yes, no] = step.op === '?:' ? (step.args as [Node, Node, Node]) : [];
    if (condition !== undefined && condition.checkedType?.name !== 'bool') throw new NotLowered();
    return this.within(iterVarName, (local) => {
      if (kind === 'quantifier') {
        if (condition === undefined) throw new NotLowered();
        if (errorsAreFatal === true) {
          if (yes?.op !== 'accuInc' || no?.op !== 'accuValue') throw new NotLowered();
          return ['one', items, local, this.lower(condition)];
        }
        if (init.op !== 'value' || yes?.args !== true || no?.args !== false) throw new NotLowered();
        return [init.args === true ? 'all' : 'exists', items, local, this.lower(condition)];
      }
      const push = condition === undefined ? step : yes;
      if (push?.op !== 'accuPush' || (condition !== undefined && no?.op !== 'accuValue')) throw new NotLowered();
      return ['collect', items, local, condition === undefined ? null : this.lower(condition), this.lower(push.args as Node)];
    });
  }
}

/** @param sign -1 for an integer behind a minus */
function literal(value: unknown, sign = 1): string | number | boolean {
  if (sign === 1 && (typeof value === 'string' || typeof value === 'boolean')) return value;
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value) * sign;
  throw new NotLowered();
}

function typeName(node: Node, index: 0 | 1): string {
  const operands = node.args as readonly (Node | undefined)[];
  return operands[index]?.checkedType?.name ?? '';
}

function isTexts(name: string): boolean {
  return name === TEXTS || name === NO_TEXTS;
}

/** The type as `calls.ts` writes it: the size of lists and maps does not depend on what is in them. */
function shortName(type: CheckedType | undefined, call: string): string {
  if (call === 'size' && (type?.kind === 'list' || type?.kind === 'map')) return type.kind;
  return type?.name ?? '';
}
