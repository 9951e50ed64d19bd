import { allFindings, placeOf, secretRegions, type Finding, type LineIndex, type Region, type Report, type Rule } from '../../core/index.js';
import { codeFrame, linesOf } from '../code-frame.js';
import { escapeHtml, oneLine } from '../escape.js';
import { rulesOf } from '../headline.js';
import { ROWS } from './script.js';
import { htmlProse, htmlText } from './text.js';

/** Findings with their source; the others have their place only, which keeps a page of many thousands usable. */
const FRAMES = 1000;
/** Details that are open at first, and so on paper. */
const OPEN = 40;
/** Longest source line in UTF-16 code units. */
const LINE = 300;

/** The rows of the table, worst first, and the rules that they name. */
export function findingRows(report: Report): { readonly rows: string; readonly count: number } {
  const rule = rulesOf(report);
  const lines = linesOf(report.source);
  const secrets = secretRegions(report.results);
  const blocking = new Set(report.verdict.blocking);
  const findings = allFindings(report.results);
  const rows = findings.map((finding, index) => {
    const path = finding.locations[0].path;
    const frame = index < FRAMES ? frameHtml(finding, lines(path), secrets(path)) : '';
    return row(finding, rule(finding), frame, blocking.has(finding) && index < OPEN, index >= ROWS);
  });
  return { rows: rows.join('\n'), count: findings.length };
}

function row(finding: Finding, rule: Rule | undefined, frame: string, open: boolean, more: boolean): string {
  const { severity, ruleId, tool } = finding;
  const place = placeOf(finding.locations[0]);
  const also = finding.alsoReportedBy.length === 0 ? '' : `<p class="quiet">Also reported by ${htmlText(finding.alsoReportedBy.map((other) => `${other.tool} (${other.ruleId})`).join(', '), 400)}</p>`;
  const details = [
    ...(finding.reasons.length === 0 ? [] : [`<p>Why ${severity}: ${htmlProse(finding.reasons.join('; '))}</p>`]),
    frame,
    ...(rule?.repair === undefined ? [] : [`<p class="repair">Repair: ${htmlProse(rule.repair)}</p>`]),
    also,
    `<p><code>${htmlText(ruleId, 200)}</code>${link(rule)}</p>`,
  ].join('');
  return (
    `<tr${more ? ' class="more"' : ''} data-severity="${severity}" data-tool="${escapeHtml(oneLine(tool, 60))}" data-path="${escapeHtml(oneLine(finding.locations[0].path, 400))}" data-rule="${escapeHtml(oneLine(`${ruleId} ${rule?.title ?? ''}`, 400))}">` +
    `<td class="s ${severity}">${severity}</td>` +
    `<td><details${open ? ' open' : ''}><summary>${htmlProse(rule?.title ?? finding.message, 200)}</summary><p>${htmlProse(finding.message)}</p>${details}</details></td>` +
    `<td><code>${htmlText(place, 300)}</code></td><td>${htmlText(tool, 60)}</td></tr>`
  );
}

/** Only addresses that a browser may open; a scanner could name any. */
function link(rule: Rule | undefined): string {
  const uri = rule?.helpUri;
  if (uri === undefined || !/^https:\/\//.test(uri) || !URL.canParse(uri)) return '';
  return ` · <a href="${escapeHtml(new URL(uri).href)}" rel="noreferrer noopener">about this rule</a>`;
}

function frameHtml(finding: Finding, lines: LineIndex | undefined, secrets: readonly Region[]): string {
  const frame = codeFrame(finding, lines, secrets, 2);
  if (frame.length === 0) return '';
  const digits = String(frame[frame.length - 1]?.number ?? 0).length;
  const rows = frame.map(({ number, text: line, gap, marks }) => {
    const shown = line.slice(0, LINE).replace(/\p{Surrogate}$/u, '');
    const mark = marks.find(({ primary }) => primary);
    const numbered = `${gap ? `${' '.repeat(digits)} ⋮\n` : ''}<b>${String(number).padStart(digits)} </b>`;
    return numbered + (mark === undefined ? code(shown) : `${code(shown.slice(0, mark.start))}<mark>${code(shown.slice(mark.start, mark.end))}</mark>${code(shown.slice(Math.max(mark.start, mark.end)))}`);
  });
  return `<pre tabindex="0" aria-label="Source">${rows.join('\n')}</pre>`;
}

function code(line: string): string {
  return escapeHtml(line).replaceAll('\n', ' ');
}
