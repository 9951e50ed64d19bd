import { compareText, type Finding } from '../core/index.js';
import { toolName, toolRank } from './tools.js';

/** A finding while it is looked for others that say the same. */
export interface Entry {
  readonly finding: Finding;
  /** Usual name of the tool. */
  readonly tool: string;
  readonly rank: number;
  /** Numbers of first and last line; 0 and infinity when the whole file is meant. */
  readonly start: number;
  readonly end: number;
}

export function toEntry(finding: Finding): Entry {
  const region = finding.locations[0].region;
  return {
    finding,
    tool: toolName(finding.tool),
    rank: toolRank(finding.tool),
    start: region?.startLine ?? 0,
    end: region === undefined ? Number.POSITIVE_INFINITY : Math.max(region.startLine, region.endLine),
  };
}

/** A total order on everything that makes findings differ: groups never depend on the order of inputs. */
export function compareEntries(a: Entry, b: Entry): number {
  const left = a.finding.locations[0].region;
  const right = b.finding.locations[0].region;
  return (
    a.start - b.start ||
    (left?.startColumn ?? 0) - (right?.startColumn ?? 0) ||
    (a.end === b.end ? 0 : a.end - b.end) ||
    (left?.endColumn ?? 0) - (right?.endColumn ?? 0) ||
    comparePriority(a, b)
  );
}

/** The finding that stands for a group comes first. */
export function comparePriority(a: Entry, b: Entry): number {
  return (
    a.rank - b.rank ||
    compareText(a.tool, b.tool) ||
    compareText(a.finding.ruleId, b.finding.ruleId) ||
    compareText(a.finding.locations[0].path, b.finding.locations[0].path) ||
    a.start - b.start ||
    compareText(a.finding.message, b.finding.message) ||
    compareText(rest(a.finding), rest(b.finding))
  );
}

/** What is left to tell findings apart: asked for only when everything else is equal. */
function rest(finding: Finding): string {
  return JSON.stringify(finding, (_, value: unknown) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => compareText(x, y))) : value));
}
