import { asMapping, asSequence, get } from '../syntax/yaml-query.js';
import { indentOf, insertBefore, isBlock } from './edits.js';
import { contains } from './place.js';
import type { Repairer } from './repairer.js';

/** Most releases that were taken over were found within a week. */
const DAYS = 7;

/** A `cooldown` of seven days for an entry of `dependabot.yml`. */
export const cooldown: Repairer = ({ document: { text }, root, range }) => {
  for (const { value, alias } of asSequence(get(root, 'updates')?.value)?.items ?? []) {
    const entry = asMapping(value);
    if (entry === undefined || alias !== undefined || !contains(entry.range, range) || !isBlock(text, entry)) continue;
    const written = get(entry, 'cooldown');
    const days = get(written?.value, 'default-days');
    if (days !== undefined) return days.alias === undefined && days.value.kind === 'scalar' ? { description: `Wait ${DAYS} days`, edits: [{ range: days.value.range, text: String(DAYS) }] } : undefined;
    if (written !== undefined) return undefined;
    const indent = indentOf(text, entry);
    // The first key may stand behind a dash: lines go in front of the second, or of the first with its indentation.
    const before = entry.pairs[1] ?? entry.pairs[0];
    return indent === undefined || before === undefined ? undefined : { description: `Wait ${DAYS} days before taking a new version`, edits: [insertBefore(text, before, ['cooldown:', `  default-days: ${DAYS}`], indent)] };
  }
  return undefined;
};
