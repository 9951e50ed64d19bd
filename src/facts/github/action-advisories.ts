import data from '../../../data/actions.json' with { type: 'json' };

/*
 * Actions with a published weakness, and actions whose owners have given them up: `data/actions.json`, each entry with its source and
 * the day on which it was looked at. `npm run update-data` refreshes it.
 */

/** Day of the lists, ISO 8601; what was published later is not in them. */
export const ADVISORIES_DATE = data.date;

/** One published weakness of an action. */
export interface ActionAdvisory {
  /** GitHub's id. */
  readonly id: string;
  readonly cve: string;
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
  /** First affected version; empty when all before `fixed` are. */
  readonly from: string;
  /** First version without it; empty while there is none. */
  readonly fixed: string;
  /** One line without full stop. */
  readonly title: string;
  /** An attacker moved its tags for a while; commits of its versions were never bad. */
  readonly movedTags?: true;
}

const ADVISORIES = data.advisories as Readonly<Record<string, readonly ActionAdvisory[]>>;

/** Actions that their owners archived or replaced by another, and what to use instead. */
const REPLACED = data.replaced as Readonly<Record<string, { readonly by: string }>>;

/**
 * The published weaknesses that a version of an action has, worst first as listed. A tag that moves
 * with a major version (`v4`) stands for the newest of it. Commits and branches can't be compared
 * and give none.
 *
 * @param name lower case; that of the repository counts for actions in its folders
 */
export function advisoriesOf(name: string, ref: string): readonly ActionAdvisory[] {
  const repository = name.split('/', 2).join('/');
  const listed = Object.hasOwn(ADVISORIES, repository) ? ADVISORIES[repository] : undefined;
  if (listed === undefined) return [];
  const version = versionOf(ref);
  if (version === undefined) return [];
  return listed.filter(({ from, fixed }) => (fixed === '' || isBelow(version, versionOf(fixed))) && (from === '' || !isBelow(version, versionOf(from))));
}

/** What to use instead of an action that is no longer kept; undefined when it is, as far as is known. */
export function replacementOf(name: string): string | undefined {
  return Object.hasOwn(REPLACED, name) ? REPLACED[name]?.by : undefined;
}

type Version = readonly [number, number, number];

/** `v4.1` is the newest of 4.1. */
function versionOf(ref: string): Version | undefined {
  const parts = /^v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?$/.exec(ref);
  if (parts === null) return undefined;
  const number = (text: string | undefined): number => (text === undefined ? Infinity : Number(text));
  return [number(parts[1]), number(parts[2]), number(parts[3])];
}

function isBelow(a: Version, b: Version | undefined): boolean {
  if (b === undefined) return false;
  for (const at of [0, 1, 2] as const) if (a[at] !== b[at]) return a[at] < b[at];
  return false;
}
