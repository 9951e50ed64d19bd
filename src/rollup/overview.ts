import { compareSeverity, compareText, type Severity } from '../core/index.js';
import type { RolledFinding } from './finding.js';
import { worse } from './read.js';

/** Findings of one rule in one repository. */
export interface Row {
  readonly repository: string;
  readonly tool: string;
  readonly rule: string;
  /** The worst of them. */
  readonly severity: Severity;
  readonly count: number;
  /** Milliseconds since the epoch of the oldest of them. */
  readonly firstSeen: number;
}

/** A repository with nothing but this has no row. */
export interface RepositoryState {
  readonly repository: string;
  readonly findings: number;
  /** Scanners that had not finished: what they would have found is in no row. */
  readonly unfinished: number;
}

export interface Overview {
  /** By severity, then number, then name. */
  readonly rows: readonly Row[];
  readonly repositories: readonly RepositoryState[];
  /** Files that were no report, in words. */
  readonly problems: readonly string[];
  /** When it was made. */
  readonly now: number;
}

/** Adds up findings as they come; keeps one row per repository and rule, never the findings. */
export interface Collector {
  add(finding: RolledFinding): void;
  /** Says that a repository was looked at, also when nothing was found. */
  saw(repository: string, unfinished: number): void;
  problem(message: string): void;
  overview(): Overview;
}

const MAX_PROBLEMS = 200;

/**
 * @param before rows of an earlier overview: since when there are findings of a rule in a repository, where reports don't say
 */
export function createCollector(before: readonly Pick<Row, 'repository' | 'tool' | 'rule' | 'firstSeen'>[], now: number): Collector {
  const known = new Map(before.map((row) => [keyOf(row), row.firstSeen]));
  const rows = new Map<string, { -readonly [K in keyof Row]: Row[K] }>();
  const repositories = new Map<string, { repository: string; findings: number; unfinished: number }>();
  const problems: string[] = [];
  let more = 0;
  const stateOf = (repository: string): { findings: number; unfinished: number } => {
    const found = repositories.get(repository);
    if (found !== undefined) return found;
    const state = { repository, findings: 0, unfinished: 0 };
    repositories.set(repository, state);
    return state;
  };
  return {
    add(finding) {
      const key = keyOf(finding);
      const row = rows.get(key);
      const firstSeen = finding.firstSeen ?? known.get(key) ?? now;
      stateOf(finding.repository).findings++;
      if (row === undefined) {
        const { repository, tool, rule, severity } = finding;
        rows.set(key, { repository, tool, rule, severity, count: 1, firstSeen });
        return;
      }
      row.count++;
      row.severity = worse(row.severity, finding.severity);
      row.firstSeen = Math.min(row.firstSeen, firstSeen);
    },
    saw: (repository, unfinished) => {
      stateOf(repository).unfinished += unfinished;
    },
    problem: (message) => {
      if (problems.length < MAX_PROBLEMS) problems.push(message);
      else more++;
    },
    overview: () => ({
      rows: [...rows.values()].sort((a, b) => compareSeverity(a.severity, b.severity) || b.count - a.count || compareText(a.repository, b.repository) || compareText(a.rule, b.rule) || compareText(a.tool, b.tool)),
      repositories: [...repositories.values()].sort((a, b) => b.findings - a.findings || compareText(a.repository, b.repository)),
      problems: more === 0 ? problems : [...problems, `and ${more} more`],
      now,
    }),
  };
}

function keyOf({ repository, tool, rule }: Pick<Row, 'repository' | 'tool' | 'rule'>): string {
  return `${repository}\n${tool}\n${rule}`;
}
