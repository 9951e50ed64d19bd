import { SEVERITIES, type Location, type Severity } from '../core/index.js';

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1] ?? ''}`;
}

/** `1 critical and 4 high findings`; severities without findings are left out. */
export function counted(counts: Readonly<Record<Severity, number>>): string {
  const present = SEVERITIES.filter((severity) => counts[severity] > 0);
  const last = present[present.length - 1];
  const noun = last !== undefined && counts[last] === 1 ? 'finding' : 'findings';
  return `${list(present.map((severity) => `${counts[severity]} ${severity}`))} ${noun}`;
}

/** `path:line`, or the path when the whole file is meant; long paths keep their end. */
export function place(location: Pick<Location, 'path' | 'region'>): string {
  const path = location.path.length > 200 ? `…${location.path.slice(-199)}` : location.path;
  return location.region === undefined ? path : `${path}:${location.region.startLine}`;
}

/** One line, at most `max` characters, white space collapsed, no full stop at the end. */
export function phrase(text: string, max = 300): string {
  const line = text.slice(0, max * 4).replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}
