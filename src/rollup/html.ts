import { compareSeverity, compareText, plural, SEVERITIES, type Severity } from '../core/index.js';
import { daysSince } from './csv.js';
import type { Overview, Row } from './overview.js';
import { worse } from './read.js';

/** What the page is made with: the look of the report, and its way to show hostile text. */
export interface PageTools {
  readonly style: string;
  /** Value of `style-src` that allows this very style. */
  readonly styleSource: string;
  /** Text of one line as HTML. */
  readonly line: (text: string) => string;
}

/** Rows of the longest table; the CSV has all. */
const MAX_ROWS = 1_000;
const MAX_REPOSITORIES = 5_000;
const AGES: readonly (readonly [string, number])[] = [['up to a week', 7], ['up to a month', 30], ['up to a quarter', 90], ['up to a year', 365], ['older', Number.POSITIVE_INFINITY]];

/** An overview as one HTML page that loads nothing; in pieces. */
export function* htmlOf(overview: Overview, { style, styleSource, line }: PageTools): Generator<string> {
  const { rows, repositories, problems, now } = overview;
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const unfinished = repositories.filter((state) => state.unfinished > 0);
  const title = `${plural(total, 'finding')} in ${repositoryCount(repositories.length)}`;
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${styleSource}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${line(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${line(title)}</h1>
<p class="quiet">${new Date(now).toISOString().slice(0, 16).replace('T', ' ')} UTC</p>
`;
  if (unfinished.length > 0) yield `<p><strong>Scanners did not finish in ${repositoryCount(unfinished.length)}: what they would have found is missing here.</strong></p>\n`;
  yield table('By age', ['age', 'findings', ...SEVERITIES], byAge(rows, now));
  yield table('By rule', ['rule', 'tool', 'severity', 'findings', 'repositories', 'oldest, days'], byRule(rows, now, line).slice(0, MAX_ROWS));
  yield* repositoryTable(overview, line);
  const shown = rows.slice(0, MAX_ROWS).map(({ repository, rule, tool, severity, count, firstSeen }) => [line(repository), line(rule), line(tool), severityCell(severity), String(count), String(daysSince(firstSeen, now))]);
  yield table(rows.length > MAX_ROWS ? `By repository and rule: the worst ${MAX_ROWS.toLocaleString('en-US')} of ${rows.length.toLocaleString('en-US')}` : 'By repository and rule', ['repository', 'rule', 'tool', 'severity', 'findings', 'oldest, days'], shown);
  if (problems.length > 0) yield `<h2>Not read</h2>\n<ul>${problems.map((problem) => `<li>${line(problem)}</li>`).join('')}</ul>\n`;
  yield '</main>\n</body>\n</html>\n';
}

function* repositoryTable({ rows, repositories, now }: Overview, line: (text: string) => string): Generator<string> {
  const worst = new Map<string, { counts: Record<Severity, number>; oldest: number }>();
  for (const { repository, severity, count, firstSeen } of rows) {
    const known = worst.get(repository) ?? { counts: zero(), oldest: now };
    known.counts[severity] += count;
    known.oldest = Math.min(known.oldest, firstSeen);
    worst.set(repository, known);
  }
  const cells = repositories.slice(0, MAX_REPOSITORIES).map(({ repository, findings, unfinished }) => {
    const { counts, oldest } = worst.get(repository) ?? { counts: zero(), oldest: now };
    return [line(repository), String(findings), ...SEVERITIES.map((severity) => String(counts[severity])), String(daysSince(oldest, now)), String(unfinished)];
  });
  yield table('By repository, each rule at its worst severity', ['repository', 'findings', ...SEVERITIES, 'oldest, days', 'unfinished scanners'], cells);
}

function byAge(rows: readonly Row[], now: number): string[][] {
  const buckets = AGES.map(() => zero());
  for (const { firstSeen, severity, count } of rows) {
    const bucket = buckets[AGES.findIndex(([, days]) => daysSince(firstSeen, now) <= days)];
    if (bucket !== undefined) bucket[severity] += count;
  }
  return AGES.map(([name], index) => {
    const counts = buckets[index] ?? zero();
    return [name, String(SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0)), ...SEVERITIES.map((severity) => String(counts[severity]))];
  });
}

function byRule(rows: readonly Row[], now: number, line: (text: string) => string): string[][] {
  const rules = new Map<string, { rule: string; tool: string; severity: Severity; count: number; repositories: number; oldest: number }>();
  for (const { rule, tool, severity, count, firstSeen } of rows) {
    const key = `${tool}\n${rule}`;
    const known = rules.get(key);
    // A row is one repository: there is one for each rule in it.
    if (known === undefined) rules.set(key, { rule, tool, severity, count, repositories: 1, oldest: firstSeen });
    else Object.assign(known, { severity: worse(known.severity, severity), count: known.count + count, repositories: known.repositories + 1, oldest: Math.min(known.oldest, firstSeen) });
  }
  return [...rules.values()]
    .sort((a, b) => compareSeverity(a.severity, b.severity) || b.count - a.count || compareText(a.rule, b.rule) || compareText(a.tool, b.tool))
    .map(({ rule, tool, severity, count, repositories, oldest }) => [line(rule), line(tool), severityCell(severity), String(count), String(repositories), String(daysSince(oldest, now))]);
}

/** Cells are HTML already. */
function table(caption: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join('');
  return `<h2>${caption}</h2>\n<table><thead><tr>${head}</tr></thead><tbody>\n${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n')}\n</tbody></table>\n`;
}

/** `1 repository`, `2 repositories` */
export function repositoryCount(count: number): string {
  return count === 1 ? '1 repository' : `${count.toLocaleString('en-US')} repositories`;
}

function severityCell(severity: Severity): string {
  return `<span class="s ${severity}">${severity}</span>`;
}

function zero(): Record<Severity, number> {
  return { critical: 0, high: 0, medium: 0, low: 0, note: 0 };
}
