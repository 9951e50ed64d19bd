import { createHash } from 'node:crypto';
import { SEVERITIES, allFindings, compareText, type Finding, type Report } from '../../core/index.js';
import { escapeHtml, oneLine } from '../escape.js';
import { VERB, duration, headline, rulesOf } from '../headline.js';
import { changesOf, fixedHtml } from '../changes.js';
import { suppressedHtml } from '../suppressed.js';
import { barChart, type Bar } from './chart.js';
import { findingRows } from './findings.js';
import { problemList, scannerTable } from './scanners.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style.js';
import { htmlProse, htmlText } from './text.js';

/** Reasons of the verdict that are listed. */
const REASONS = 50;

/**
 * The report as one HTML file that needs nothing else: verdict and reasons, counts, a table of findings that can be
 * filtered, the scanners. It loads nothing and can load nothing: its own policy allows this very style and this very
 * script, by their hashes. Everything from a repository or a scanner is escaped text.
 */
export function renderHtml(report: Report): string {
  const { verdict } = report;
  const title = `Bartizan ${VERB[verdict.result]}: ${oneLine(headline(report), 500)}`;
  const { rows, count } = findingRows(report);
  const changes = changesOf(report);
  const reasons = verdict.reasons.slice(0, REASONS).map(({ message }) => `<li>${htmlProse(message)}</li>`);
  const policy = `default-src 'none'; style-src '${hash(STYLE)}'; script-src '${hash(SCRIPT)}'; base-uri 'none'; form-action 'none'`;
  const when = new Date(report.startedAt).toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
${count === 0 ? '' : `<script>${SCRIPT}</script>\n`}</head>
<body>
<main>
<header class="verdict ${verdict.result}">
<h1>${escapeHtml(title)}</h1>
<ul>${reasons.join('')}</ul>
<p class="quiet">${when} · ${duration(report.endedAt - report.startedAt)} · ${report.inventory.files.length.toLocaleString('en-US')} files that matter of ${report.inventory.total.toLocaleString('en-US')} · Bartizan ${escapeHtml(report.version)} · reproduce: <code>${htmlText(report.reproduce)}</code></p>
</header>
${count === 0 ? '' : charts(report)}
${count === 0 ? '<p>No findings.</p>' : table(report, rows)}
${changes === undefined ? '' : fixedHtml(changes)}
${suppressedHtml(report)}
<h2>Scanners</h2>
${scannerTable(report)}
${problemList(report)}
</main>
</body>
</html>
`;
}

function charts(report: Report): string {
  const rule = rulesOf(report);
  const findings = allFindings(report.results);
  const severities = SEVERITIES.map((severity): Bar => ({ name: severity, count: report.verdict.counts[severity], kind: severity }));
  const tools = counted(findings, ({ tool }) => tool);
  const weaknesses = counted(findings, (finding) => rule(finding)?.tags.find((tag) => /^cwe-\d+$/i.test(tag))?.toUpperCase() ?? 'not classified');
  return `<h2>At a glance</h2>\n<div class="charts">${barChart('By severity', severities)}${barChart('By scanner', tools)}${barChart('By weakness', weaknesses)}</div>`;
}

function counted(findings: readonly Finding[], key: (finding: Finding) => string): Bar[] {
  const counts = new Map<string, number>();
  for (const finding of findings) {
    const name = key(finding);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => ({ name, count, kind: 'plain' })).sort((a, b) => b.count - a.count || compareText(a.name, b.name));
}

/** The filters are hidden until the script is there to obey them. */
function table(report: Report, rows: string): string {
  const options = (values: readonly string[]): string => ['<option value="">all</option>', ...values.map((value) => `<option>${escapeHtml(value)}</option>`)].join('');
  const tools = [...new Set(allFindings(report.results).map(({ tool }) => oneLine(tool, 60)))].sort(compareText);
  const severities = SEVERITIES.filter((severity) => report.verdict.counts[severity] > 0);
  return `<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings</h2>
<form id="filters" hidden>
<label>Severity<select name="severity">${options(severities)}</select></label>
<label>Scanner<select name="tool">${options(tools)}</select></label>
<label>Path contains<input name="path" type="search" autocomplete="off"></label>
<label>Rule contains<input name="rule" type="search" autocomplete="off"></label>
<button type="reset">Show all</button>
</form>
<p id="shown" class="quiet" role="status"></p>
<table>
<thead><tr><th scope="col">severity</th><th scope="col">finding</th><th scope="col">place</th><th scope="col">scanner</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>
<p><button id="more" type="button" hidden>Show more</button></p>
</section>`;
}

function hash(source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`;
}
