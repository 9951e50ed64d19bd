import type { Finding } from './finding.js';
import type { Location } from './location.js';
import { SEVERITIES, type Severity } from './severity.js';

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1] ?? ''}`;
}

/** `1 critical and 4 high findings`; severities without findings are left out. */
export function countedFindings(counts: Readonly<Record<Severity, number>>): string {
  const present = SEVERITIES.filter((severity) => counts[severity] > 0);
  const last = present[present.length - 1];
  const noun = last !== undefined && counts[last] === 1 ? 'finding' : 'findings';
  return `${joinWords(present.map((severity) => `${counts[severity]} ${severity}`))} ${noun}`;
}

/** `path:line`, or the path when the whole file is meant; long paths keep their end. */
export function placeOf(location: Pick<Location, 'path' | 'region'>): string {
  const path = location.path.length > 200 ? `…${location.path.slice(-199)}` : location.path;
  return location.region === undefined ? path : `${path}:${location.region.startLine}`;
}

/** One line, at most `max` characters, white space collapsed, no full stop at the end. */
export function phrase(text: string, max = 300): string {
  const line = text.slice(0, max * 4).replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}

/** Number of findings by severity. */
export function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, note: 0 };
  for (const finding of findings) counts[finding.severity]++;
  return counts;
}

/** `1 file`, `2 files`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
