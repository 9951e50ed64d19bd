import type { Expression } from '../../syntax/expressions.js';
import { parseExpression, readTemplate } from '../../syntax/expressions.js';
import type { YamlMapping } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import type { ConditionValue } from '../schema.js';
import { classifyContext } from './contexts.js';
import { state } from './context.js';
import type { Place } from './emit.js';

/** Names and ids of applications that start runs on behalf of others. */
const BOT = /\[bot\]|'bot'|\b(?:dependabot|renovate|github-actions|[a-z0-9-]+bot)\b|\b(?:49699333|29139614|41898282)\b/i;

/** States the `condition` fact of a job or step that has an `if:`. Its range is the key with its value. */
export function emitCondition(node: YamlMapping, condition: ConditionValue, where: 'job' | 'step', place: Place): void {
  if (!condition.present) return;
  const pair = get(node, 'if');
  if (pair === undefined) return;
  const range = { start: pair.key.range.start, end: pair.value.range.end };
  const spoofable = condition.guards.filter((guard) => guard.kind === 'actor' && !guard.sound && BOT.test(guard.text)).map((guard) => guard.text);
  state(place.context, 'condition', { where, spoofable, partial: partialSearches(condition.text, place), ...condition }, place.parents, () => range);
}

/** Calls `contains('a b', x)` of which an outsider or collaborator chooses `x`: any part of the text is found. */
function partialSearches(text: string, place: Place): string[] {
  if (!/contains/i.test(text)) return [];
  const template = readTemplate(text);
  const parsed = template.expressions.length > 0 ? template.expressions.map(({ expression }) => expression) : [parseExpression(text.trim())];
  const found: string[] = [];
  for (const { root, text: source } of parsed) {
    if (root === undefined) continue;
    const pending: Expression[] = [root];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      pending.push(...childrenOf(node));
      if (node.kind !== 'call' || node.name !== 'contains') continue;
      const [where, what] = node.args;
      if (where?.kind === 'literal' && typeof where.value === 'string' && what?.kind === 'context' && isChosen(what.segments, place)) found.push(source.slice(node.range.start, node.range.end));
    }
  }
  return found;
}

function isChosen(segments: readonly string[], place: Place): boolean {
  if (segments[0] === 'env') return true;
  const { controlledBy, type } = classifyContext(segments, place.scope.contextScope);
  return controlledBy !== 'trusted' && type !== 'sha' && type !== 'number' && type !== 'boolean' && type !== 'choice';
}

function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'and':
    case 'or':
    case 'call':
      return node.args;
    case 'compare':
      return [node.left, node.right];
    case 'not':
      return [node.operand];
    case 'index':
      return [node.of];
    default:
      return [];
  }
}
