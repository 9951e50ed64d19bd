import type { GroovyArgument, GroovyNode, GroovyStatement } from '../../syntax/groovy/index.js';
import type { ConditionValue, GuardValue } from '../schema.js';
import { argumentOf, literalOf } from './values.js';
import { CHANGE } from './variables.js';

/** A condition of a place: `when`, `if`, and an approval that was asked for before. */
export type Checks = Pick<ConditionValue, 'text' | 'events' | 'guards' | 'guardedEvents'>;

export const NO_CHECKS: Checks = { text: '', events: [], guards: [], guardedEvents: [] };

/** Both hold. */
export function both(a: Checks, b: Checks): Checks {
  const text = [a.text, b.text].filter((one) => one !== '').join(' && ');
  const events = a.events.length === 0 ? b.events : b.events.length === 0 ? a.events : a.events.filter((event) => b.events.includes(event));
  return { text, events, guards: [...a.guards, ...b.guards], guardedEvents: [...new Set([...a.guardedEvents, ...b.guardedEvents])] };
}

/** The branch of a pull request is `PR-1`: a fixed name of a branch, or a tag, keeps pull requests out. */
function kept(text: string, kind: GuardValue['kind']): Checks {
  return { text, events: [], guards: [{ kind, text, sound: true }], guardedEvents: [CHANGE] };
}

/** https://www.jenkins.io/doc/book/pipeline/syntax/#when */
export function whenChecks(statements: readonly GroovyStatement[], source: string): Checks {
  return statements.reduce((checks, one) => (one.kind === 'expression' ? both(checks, whenPart(one.node, source)) : checks), NO_CHECKS);
}

function whenPart(node: GroovyNode, source: string): Checks {
  const text = source.slice(node.range.start, Math.min(node.range.end, node.range.start + 300));
  const plain: Checks = { ...NO_CHECKS, text };
  if (node.kind !== 'call') return plain;
  const inner = node.closure?.statements ?? [];
  switch (node.name) {
    case 'branch': {
      const name = literalOf(argumentOf(node, 'pattern', true));
      // A pattern such as `PR-*` or `**` lets pull requests in.
      return name === '' || /^[*P?]/.test(name) ? plain : kept(text, 'ref');
    }
    case 'tag':
    case 'buildingTag':
      return kept(text, 'ref');
    case 'changeRequest':
      return { ...plain, events: [CHANGE] };
    case 'allOf':
      return { ...whenChecks(inner, source), text };
    case 'anyOf': {
      const parts = inner.flatMap((one) => (one.kind === 'expression' ? [whenPart(one.node, source)] : []));
      return parts.length > 0 && parts.every(({ guardedEvents }) => guardedEvents.includes(CHANGE)) ? kept(text, 'ref') : plain;
    }
    case 'not': {
      const [first] = inner;
      const negated = first?.kind === 'expression' && first.node.kind === 'call' ? first.node : undefined;
      return negated?.name === 'changeRequest' && negated.args.length === 0 ? kept(text, 'event') : plain;
    }
    case 'expression':
      return inner.length === 1 && inner[0]?.kind === 'expression' ? { ...testChecks([{ value: inner[0].node }], source), text } : plain;
    default:
      return plain;
  }
}

/** What the test of an `if` keeps out. */
export function testChecks(tested: readonly GroovyArgument[], source: string): Checks {
  const [only] = tested;
  if (only === undefined) return NO_CHECKS;
  const { start, end } = only.value.range;
  const text = source.slice(start, Math.min(end, start + 300));
  if (/\|\|/.test(text)) return { ...NO_CHECKS, text };
  if (/\b(?:BRANCH_NAME|GIT_BRANCH)['"\]]{0,2}\s{0,5}==\s{0,5}['"](?!PR-)[\w./-]{1,100}['"]/.test(text)) return kept(text, 'ref');
  if (/(?:!\s{0,3}env\.CHANGE_ID\b|\bCHANGE_ID\s{0,5}==\s{0,5}null|\b(?:TAG_NAME)\s{0,5}!=\s{0,5}null)/.test(text)) return kept(text, 'event');
  if (/!\s{0,3}env\.CHANGE_FORK\b|\bCHANGE_FORK\s{0,5}==\s{0,5}null/.test(text)) return kept(text, 'fork');
  if (/^\s*(?:env\.)?CHANGE_ID(?:\s{0,5}!=\s{0,5}null)?\s*$/.test(text)) return { ...NO_CHECKS, text, events: [CHANGE] };
  return { ...NO_CHECKS, text };
}

/** Someone has to agree before it goes on. */
export function approval(text: string): Checks {
  return { text, events: [], guards: [{ kind: 'environment', text, sound: true }], guardedEvents: [] };
}
