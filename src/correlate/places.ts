import { compareEntries, type Entry } from './entry.js';

/** What findings of one file are compared by. */
export interface Subject {
  /** Two findings can be the same only when they share one of these. */
  readonly concepts: readonly string[];
  /** Lines don't matter: the file can have this weakness once. */
  readonly wholeFile: boolean;
}

interface Group {
  readonly members: Entry[];
  readonly tools: Set<string>;
  concepts: readonly string[];
  /** The lines that all members have in common. */
  start: number;
  end: number;
  /** First line of its first member. */
  readonly first: number;
}

/** At most this many groups are looked at for one finding: a hostile log must not make the time square. */
const LOOKED_AT = 32;

/**
 * Findings of one file that are the same: a common concept, lines in common to all of them, and each tool once, so
 * that two findings of one tool never become one. Of several groups that fit, the one that begins nearest.
 * Findings about the whole file come last and join only where no choice is left.
 */
export function groupPlaces(entries: readonly Entry[], subjectOf: (entry: Entry) => Subject): readonly (readonly Entry[])[] {
  const groups: Group[] = [];
  /** Groups that may still get members from the lines that follow. */
  const byConcept = new Map<string, Group[]>();
  /** All of them, for findings about the whole file. */
  const everyByConcept = new Map<string, Group[]>();
  const sorted = entries.toSorted(compareEntries);
  const late: Entry[] = [];
  for (const entry of sorted) {
    const subject = subjectOf(entry);
    if (entry.start === 0 && !subject.wholeFile) late.push(entry);
    else place(entry, subject, false);
  }
  for (const entry of late) place(entry, subjectOf(entry), true);
  return groups.map(({ members }) => members);

  function place(entry: Entry, { concepts, wholeFile }: Subject, onlyChoice: boolean): void {
    const start = wholeFile ? 0 : entry.start;
    const end = wholeFile ? Number.POSITIVE_INFINITY : entry.end;
    let best: Group | undefined;
    let fits = 0;
    const seen = new Set<Group>();
    for (const concept of concepts) {
      const open = (onlyChoice ? everyByConcept : byConcept).get(concept) ?? [];
      // More than can be looked at is no choice of one.
      if (onlyChoice && open.length > LOOKED_AT) fits = Number.POSITIVE_INFINITY;
      // Sorted by first line: what ended before this line will fit nothing that follows.
      for (let i = open.length - 1, looked = 0; i >= 0 && looked < LOOKED_AT; i--) {
        const group = open[i] as Group;
        if (!onlyChoice && group.end < start) {
          open.splice(i, 1);
          continue;
        }
        looked++;
        if (seen.has(group)) continue;
        if (!group.concepts.includes(concept) || group.tools.has(entry.tool) || group.start > end || group.end < start) continue;
        seen.add(group);
        fits++;
        if (best === undefined || Math.abs(group.first - entry.start) < Math.abs(best.first - entry.start)) best = group;
      }
    }
    if (best === undefined || (onlyChoice && fits > 1)) {
      const group: Group = { members: [entry], tools: new Set([entry.tool]), concepts, start, end, first: entry.start };
      groups.push(group);
      for (const concept of concepts) {
        append(byConcept, concept, group);
        append(everyByConcept, concept, group);
      }
      return;
    }
    best.members.push(entry);
    best.tools.add(entry.tool);
    best.start = Math.max(best.start, start);
    best.end = Math.min(best.end, end);
    best.concepts = best.concepts.filter((concept) => concepts.includes(concept));
  }
}

function append(map: Map<string, Group[]>, concept: string, group: Group): void {
  const known = map.get(concept);
  if (known === undefined) map.set(concept, [group]);
  else known.push(group);
}
