import { compareText } from '../core/index.js';
import { MAX_NAME } from './finding.js';
import type { Overview, Row } from './overview.js';

const COLUMNS = ['repository', 'tool', 'rule', 'severity', 'findings', 'first_seen', 'days'] as const;
const DAY_MS = 86_400_000;

/** Whole days from a time to another. */
export function daysSince(firstSeen: number, now: number): number {
  return Math.max(0, Math.floor((now - firstSeen) / DAY_MS));
}

/** An overview as CSV (RFC 4180), one line per repository and rule; in pieces. */
export function* csvOf({ rows, now }: Overview): Generator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  const ordered = [...rows].sort((a, b) => compareText(a.repository, b.repository) || compareText(a.rule, b.rule) || compareText(a.tool, b.tool));
  for (const { repository, tool, rule, severity, count, firstSeen } of ordered) {
    yield `${[repository, tool, rule].map(cell).join(',')},${severity},${count},${new Date(firstSeen).toISOString()},${daysSince(firstSeen, now)}\r\n`;
  }
}

/** A spreadsheet must not take a name for a formula (OWASP, CSV injection). */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** Rows of a CSV that {@link csvOf} has written; lines that are none are passed over. */
export function parseCsv(text: string, now: number): Pick<Row, 'repository' | 'tool' | 'rule' | 'firstSeen'>[] {
  const rows: Pick<Row, 'repository' | 'tool' | 'rule' | 'firstSeen'>[] = [];
  for (const line of text.split('\r\n').slice(1)) {
    const [repository, tool, rule, , , first] = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
    const firstSeen = Date.parse(first ?? '');
    if (repository === undefined || tool === undefined || rule === undefined || !(firstSeen > 0 && firstSeen <= now)) continue;
    rows.push({ repository: original(repository), tool: original(tool), rule: original(rule), firstSeen });
  }
  return rows;
}

function original(text: string): string {
  return (/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text).slice(0, MAX_NAME);
}
