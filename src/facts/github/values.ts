import type { YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { readTemplate, type Template } from '../../syntax/expressions.js';
import type { InputValue } from '../schema.js';
import { joinOrigins } from './command-output.js';
import { LITERAL, type Origin, originOf, passing, type Scope } from './scope.js';
import { secretsOf } from './secrets.js';
import { contentRange, entries } from './tree.js';

/** A text of the file with its expressions and where they come from. */
export interface ReadText {
  readonly scalar: YamlScalar;
  readonly template: Template;
  readonly value: InputValue;
  /** Of the whole text. */
  readonly origin: Origin;
  /** Of each of its expressions. */
  readonly origins: readonly Origin[];
}

/** Reads a scalar that may hold expressions. */
export function readText(scalar: YamlScalar, scope: Scope): ReadText {
  const { text } = scalar;
  const template = readTemplate(text);
  if (template.expressions.length === 0) {
    return { scalar, template, origin: LITERAL, origins: [], value: { text, literal: true, contexts: [], secrets: [], controlledBy: 'trusted' } };
  }
  const contexts: string[] = [];
  const secrets: string[] = [];
  const origins: Origin[] = [];
  let origin = LITERAL;
  for (const { expression } of template.expressions) {
    for (const context of expression.contexts) if (!contexts.includes(context.path)) contexts.push(context.path);
    for (const secret of secretsOf(expression)) if (!secret.tested && !secrets.includes(secret.name)) secrets.push(secret.name);
    const one = originOf(expression, scope);
    origins.push(one);
    origin = joinOrigins(origin, one);
  }
  return { scalar, template, origin, origins, value: { text, literal: false, contexts, secrets, controlledBy: origin.controlledBy } };
}

/** The variables or inputs of a mapping, by name. */
export function readMap(node: YamlNode | undefined, scope: Scope, lowerCase: boolean): Map<string, ReadText> {
  const texts = new Map<string, ReadText>();
  for (const [key, value] of entries(node)) {
    if (value.kind !== 'scalar') continue;
    const name = lowerCase ? key.toLowerCase() : key;
    if (!texts.has(name)) texts.set(name, readText(value, scope));
  }
  return texts;
}

/** The plain values of read texts, as facts carry them. */
export function plainValues(texts: ReadonlyMap<string, ReadText>): Record<string, InputValue> {
  const values: Record<string, InputValue> = {};
  for (const [name, { value }] of texts) if (name !== '__proto__') values[name] = value;
  return values;
}

/** A variable whose value stands in the file. */
const WRITTEN: Origin = { ...LITERAL, source: 'env', type: 'string' };

/** A scope that also knows the variables of an inner place. */
export function withEnv(scope: Scope, env: ReadonlyMap<string, ReadText>): Scope {
  if (env.size === 0) return scope;
  const merged = new Map(scope.env);
  for (const [name, { origin, template, scalar }] of env) {
    const passed = origin.controlledBy === 'trusted' ? origin : passing(origin, contentRange(scalar), `put into the variable \`${name}\``);
    merged.set(name.toLowerCase(), template.expressions.length === 0 ? WRITTEN : passed);
  }
  return { ...scope, env: merged };
}
