import type { SourceRange } from '../../core/index.js';
import { type ParsedExpression, readTemplate } from '../../syntax/expressions.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import type { FactValue, TriggerValue } from '../schema.js';
import { classifyContext, type ContextScope, widerType } from './contexts.js';
import { worstControl } from './events.js';
import { matrixScalars } from './matrix.js';
import { contentRange, valueOf } from './tree.js';
import type { Carried } from './taint.js';
import { flowingContexts } from './value-flow.js';

type Expansion = FactValue<'expansion'>;

/** A place of the same file that a value passes on its way. */
export interface OriginHop {
  readonly range: SourceRange;
  /** For people: what happens there. */
  readonly message: string;
}

/** Where a value comes from in the end, as far as it can be followed. */
export interface Origin {
  /** The context that matters: the one that its worst controller fills. */
  readonly context: string;
  /** Everything that it can come from, those on the way included. */
  readonly contexts: readonly string[];
  readonly source: Expansion['source'];
  readonly type: Expansion['type'];
  readonly controlledBy: Expansion['controlledBy'];
  /** The events in which an outsider controls it. */
  readonly events: readonly string[];
  /** From source to here; absent where it passes none that is known. */
  readonly hops?: readonly OriginHop[];
}

/** Where values come from, by the lower-case names of what holds them. */
export type Origins = Pick<ReadonlyMap<string, Origin>, 'get'>;

/** Nothing but text of the file. */
export const LITERAL: Origin = Object.freeze({ context: '', contexts: [], source: '', type: '', controlledBy: 'trusted', events: [] });

/** More places than a reader of a finding follows. */
const MAX_HOPS = 16;

/** The origin of a value once it has passed one more place. Of what only the file itself chooses, no way is kept. */
export function passing(origin: Origin, range: SourceRange, message: string): Origin {
  if (origin.controlledBy === 'trusted') return origin;
  const hops = origin.hops ?? [];
  return hops.length >= MAX_HOPS ? origin : { ...origin, hops: [...hops, { range, message }] };
}

/** The names that an expression can read at a place, and what they hold there. */
export interface Scope {
  readonly triggers: readonly TriggerValue[];
  readonly contextScope: ContextScope;
  /** Variables of the workflow, job and step, by lower-case name. */
  readonly env: ReadonlyMap<string, Origin>;
  /** Inputs as their callers in the repository fill them, by lower-case name. */
  readonly inputs: ReadonlyMap<string, Origin>;
  readonly matrix: YamlNode | undefined;
  /** What outputs of steps and jobs hold, where that is known; lower-case segments. */
  readonly output: (segments: readonly string[]) => Carried | undefined;
}

/** Where the value of an expression comes from. Never throws; linear in the expression. */
export function originOf(expression: ParsedExpression, scope: Scope): Origin {
  const contexts = expression.root === undefined ? expression.contexts : flowingContexts(expression.root).map(({ context }) => context);
  let worst: Origin | undefined;
  let type: Origin['type'] | undefined;
  let by: Origin['controlledBy'] = 'trusted';
  const all: string[] = [];
  const events: string[] = [];
  for (const context of contexts) {
    const origin = originOfContext(context.path, context.segments, scope);
    for (const path of origin.contexts) if (!all.includes(path)) all.push(path);
    for (const event of origin.events) if (!events.includes(event)) events.push(event);
    type = type === undefined || worstControl(origin.controlledBy, by) !== by ? origin.type : origin.controlledBy === by ? widerType(type, origin.type) : type;
    if (worst === undefined || (origin.controlledBy !== by && worstControl(origin.controlledBy, by) === origin.controlledBy)) worst = origin;
    by = worstControl(by, origin.controlledBy);
  }
  if (worst === undefined) return LITERAL;
  return { context: worst.context, contexts: all, source: worst.source, type: type ?? '', controlledBy: by, events, ...(worst.hops !== undefined && { hops: worst.hops }) };
}

function originOfContext(path: string, segments: readonly string[], scope: Scope): Origin {
  const name = segments[1] ?? '';
  const found = classifyContext(segments, scope.contextScope);
  const filled = segments[0] === 'inputs' ? scope.inputs.get(name) : undefined;
  const known = filled ?? (found.follow ? follow(segments, name, scope) : undefined);
  if (known === undefined) {
    return { context: path, contexts: [path], source: found.source, type: found.type, controlledBy: found.controlledBy, events: found.events };
  }
  const type = found.type !== 'string' && found.type !== '' ? found.type : known.type;
  return { ...known, type, context: known.context === '' ? path : known.context, contexts: withHop(path, known), source: known.source === '' ? found.source : known.source };
}

/** Contexts that an origin names at most: a chain of outputs may be as long as the file. */
const MAX_CONTEXTS = 16;

/** The way so far with one more hop in front; the context that matters is kept whatever is cut. */
function withHop(path: string, known: Origin): readonly string[] {
  const { contexts, context } = known;
  if (contexts.length < MAX_CONTEXTS) return [path, ...contexts];
  const kept = contexts.slice(0, MAX_CONTEXTS - 2).filter((name) => name !== context);
  return [path, ...kept, context];
}

/** What `matrix.x` holds: the listed values, or what the matrix or its list is computed from. */
function matrixOrigin(segments: readonly string[], name: string, scope: Scope): Origin | undefined {
  const { matrix } = scope;
  const scalars = matrixScalars(matrix, segments.slice(1));
  const computed = matrix?.kind === 'scalar' ? matrix : [valueOf(matrix, name), valueOf(matrix, 'include')].find((node) => node?.kind === 'scalar');
  if (computed?.kind === 'scalar') scalars.push(computed);
  if (scalars.length === 0) return undefined;
  let worst: Origin | undefined;
  for (const scalar of scalars) {
    const { text } = scalar;
    // A matrix can not read itself, so this ends.
    for (const { expression } of readTemplate(text).expressions) {
      if (expression.contexts.some(({ segments: [root] }) => root === 'matrix')) continue;
      const origin = passing(originOf(expression, scope), contentRange(scalar), `one of the values of \`matrix.${name}\``);
      if (worst === undefined || (worst.controlledBy !== origin.controlledBy && worstControl(worst.controlledBy, origin.controlledBy) === origin.controlledBy)) worst = origin;
    }
  }
  return worst === undefined || worst.contexts.length === 0 ? { ...LITERAL, source: 'matrix', type: 'string' } : worst;
}

function follow(segments: readonly string[], name: string, scope: Scope): Origin | undefined {
  switch (segments[0]) {
    case 'env':
      return scope.env.get(name);
    case 'matrix':
      return matrixOrigin(segments, name, scope);
    default: {
      const carried = scope.output(segments);
      return carried?.range === undefined ? carried?.origin : passing(carried.origin, carried.range, carried.message);
    }
  }
}
