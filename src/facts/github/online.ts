import type { Fact } from '../../core/index.js';
import type { FactValue } from '../schema.js';
import { worstAdvisory } from './reference-knowledge.js';
import { versionInComment } from './uses.js';

type Reference = FactValue<'reference'>;

/** A reference that GitHub can be asked about. */
export interface AskableReference {
  readonly owner: string;
  readonly repository: string;
  readonly ref: string;
  readonly commit: boolean;
  readonly version: string;
}

/** The action or reusable workflow of another repository that a fact refers to; undefined for everything else. */
export function askableReference(fact: Fact): AskableReference | undefined {
  if (fact.kind !== 'reference') return undefined;
  const { kind, owner, repository, ref, pin, comment } = fact.value as Reference;
  if ((kind !== 'action' && kind !== 'workflow') || (pin !== 'digest' && pin !== 'tag' && pin !== 'branch')) return undefined;
  return { owner, repository, ref, commit: pin === 'digest', version: pin === 'digest' ? versionInComment(comment) : '' };
}

/** States what GitHub says of a reference, before it is judged. */
export function stateOnline(fact: Fact, answer: Partial<Reference['online']>): void {
  const value = fact.value as Reference;
  const known = value.advisory.id === '' && value.pin === 'digest' ? (answer.tags ?? []).map((tag) => worstAdvisory(value.name, tag, true)).find((advisory) => advisory !== undefined) : undefined;
  value.online = { ...value.online, ...answer, ...(known !== undefined && { advisory: known }) };
}
