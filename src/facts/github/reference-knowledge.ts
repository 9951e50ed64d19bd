import { emptyValue } from '../empty.js';
import type { FactValue, UsesValue } from '../schema.js';
import { advisoriesOf, replacementOf } from './action-advisories.js';
import { mistakenFor } from './action-names.js';
import { outdatedReason } from './action-runtimes.js';
import { versionInComment } from './uses.js';

type Reference = FactValue<'reference'>;

/** What is known of an action beyond what the file says. */
export type ReferenceKnowledge = Pick<Reference, 'advisory' | 'replacement' | 'resembles' | 'outdated'>;

const SEVERITIES = ['critical', 'high', 'medium', 'low'];

let nothing: ReferenceKnowledge | undefined;

/** Looks a reference up in the lists that come with Bartizan; a commit is known by the version in its comment. */
export function knowledgeOf(uses: UsesValue): ReferenceKnowledge {
  nothing ??= withoutKnowledge();
  if (uses.kind !== 'action' && uses.kind !== 'workflow') return nothing;
  const version = uses.pin === 'digest' ? versionInComment(uses.comment) : uses.ref;
  const advisory = worstAdvisory(uses.name, version, uses.pin === 'digest');
  const replacement = replacementOf(uses.name) ?? '';
  const resembles = mistakenFor(uses.owner, uses.repository) ?? '';
  const outdated = outdatedReason(uses.name, version);
  if (advisory === undefined && replacement === '' && resembles === '' && outdated === '') return nothing;
  return {
    advisory: advisory ?? nothing.advisory,
    replacement,
    resembles,
    outdated,
  };
}

/**
 * The worst published weakness of a version.
 * @param commit it is fixed by its commit, which tags that were moved for a while don't concern
 */
export function worstAdvisory(name: string, version: string, commit: boolean): Reference['advisory'] | undefined {
  const published = advisoriesOf(name, version).filter(({ movedTags }) => movedTags !== true || !commit);
  const [worst] = published.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return worst === undefined ? undefined : { id: worst.id, severity: worst.severity, fixed: worst.fixed, title: worst.title };
}

function withoutKnowledge(): ReferenceKnowledge {
  const { advisory, replacement, resembles, outdated } = emptyValue('reference');
  return { advisory, replacement, resembles, outdated };
}
