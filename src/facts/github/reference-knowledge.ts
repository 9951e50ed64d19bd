import { emptyValue } from '../empty.js';
import type { FactValue, UsesValue } from '../schema.js';
import { advisoriesOf, replacementOf } from './action-advisories.js';
import { mistakenFor } from './action-names.js';
import { outdatedReason } from './action-runtimes.js';

type Reference = FactValue<'reference'>;

/** What is known of an action beyond what the file says. */
export type ReferenceKnowledge = Pick<Reference, 'advisory' | 'replacement' | 'resembles' | 'outdated'>;

const SEVERITIES = ['critical', 'high', 'medium', 'low'];
/** A version in the comment behind a commit: `v4.1.7`, `tag=v4.1.7`, `@v4`. */
const COMMENTED = /(?:^|[\s=@])(v?\d{1,6}(?:\.\d{1,6}){0,2})(?=$|[\s,;)])/i;

let nothing: ReferenceKnowledge | undefined;

/** Looks a reference up in the lists that come with Bartizan; a commit is known by the version in its comment. */
export function knowledgeOf(uses: UsesValue): ReferenceKnowledge {
  nothing ??= withoutKnowledge();
  if (uses.kind !== 'action' && uses.kind !== 'workflow') return nothing;
  const version = uses.pin === 'digest' ? (COMMENTED.exec(uses.comment)?.[1] ?? '') : uses.ref;
  const published = advisoriesOf(uses.name, version).filter(({ movedTags }) => movedTags !== true || uses.pin !== 'digest');
  const [advisory] = published.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  const replacement = replacementOf(uses.name) ?? '';
  const resembles = mistakenFor(uses.owner, uses.repository) ?? '';
  const outdated = outdatedReason(uses.name, version);
  if (advisory === undefined && replacement === '' && resembles === '' && outdated === '') return nothing;
  return {
    advisory: advisory === undefined ? nothing.advisory : { id: advisory.id, severity: advisory.severity, fixed: advisory.fixed, title: advisory.title },
    replacement,
    resembles,
    outdated,
  };
}

function withoutKnowledge(): ReferenceKnowledge {
  const { advisory, replacement, resembles, outdated } = emptyValue('reference');
  return { advisory, replacement, resembles, outdated };
}
