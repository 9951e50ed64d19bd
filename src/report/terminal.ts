import { SEVERITIES, allFindings, listedFindings, placeOf, redactCredentials, secretRegions, type Report, type Severity } from '../core/index.js';
import { linesOf } from './code-frame.js';
import { displayWidth, fit, wrap } from './display.js';
import { logLine, oneLine } from './escape.js';
import { duration, headline, rulesOf } from './headline.js';
import { proposedLines } from './proposed.js';
import { suppressedLines } from './suppressed.js';
import { style, type Style } from './style.js';
import { findingBlock, findingHead } from './terminal-finding.js';
import { header, scannerLines } from './terminal-scanners.js';

/** How a terminal looks. */
export interface TerminalOptions {
  readonly color: boolean;
  /** Columns; 40 at least are used. */
  readonly width: number;
  /** Rows of the screen, for a report that fits it; ignored with `all`. */
  readonly height: number;
  /** Every finding in full, however long it gets. */
  readonly all: boolean;
}

/** Lines that a screen always keeps for what follows the findings. */
const FOOTER = 5;

/**
 * The report for a person at a terminal: what was scanned and by whom, findings worst first with their source, then
 * the verdict. At most a screen unless `all`; what is left out is counted. Every line is safe to print: nothing from
 * a repository or a scanner can move the cursor, colour text or give a command to a log reader. Ends with a line feed.
 */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const width = Math.max(40, Math.min(options.width, 160));
  const look = style(options.color);
  const findings = options.all ? allFindings(report.results) : listedFindings(report.results, report.settings);
  const rule = rulesOf(report);
  const lines = [header(report, width, look), ...scannerLines(report, width, look, options.all)];
  const rows = options.all ? Infinity : Math.max(options.height - 1, lines.length + FOOTER + 8);
  const context = options.all || options.height > 30 ? 2 : 0;
  const secrets = secretRegions(report.results);
  const source = linesOf(report.source);
  const explained = new Set<string>();
  let shown = 0;
  for (const finding of findings) {
    const { path } = finding.locations[0];
    const key = `${finding.tool}\n${finding.ruleId}`;
    const found = { rule: rule(finding), lines: source(path), secrets: secrets(path), context, again: explained.has(key), silence: options.all };
    const block = findingBlock(finding, found, width, look);
    const left = findings.length - shown - 1;
    const reserve = left > 0 ? FOOTER + Math.min(left, 4) : FOOTER;
    if (shown > 0 && lines.length + block.length + 1 + reserve > rows) break;
    lines.push('', ...block);
    explained.add(key);
    shown++;
  }
  const brief = findings.slice(shown);
  const room = Math.max(0, rows - lines.length - FOOTER - 1);
  const heads = brief.length <= room ? brief : brief.slice(0, Math.max(0, room));
  if (heads.length > 0) lines.push('', ...heads.map((finding) => findingHead(finding, width, look)));
  const hidden = brief.slice(heads.length);
  if (hidden.length > 0) {
    const words = countWords(hidden.map(({ severity }) => severity));
    lines.push(...(heads.length > 0 ? [] : ['']), `… ${hidden.length.toLocaleString('en-US')} more: ${words} (add --all)`);
  }
  if (options.all) lines.push(...suppressedLines(report, width));
  lines.push(...proposedLines(report, width), '', ...verdictLines(report, width, look));
  return `${lines.map(logLine).join('\n')}\n`;
}

/**
 * The report for a pipe or a log: one finding a line as `path:line:column: severity: message [rule] (tool)`,
 * then what was not finished, then the verdict. No colour. Ends with a line feed.
 */
export function renderLines(report: Report): string {
  const lines = listedFindings(report.results, report.settings).map((finding) => {
    const { path, region } = finding.locations[0];
    const place = region === undefined ? path : `${path}:${region.startLine}:${region.startColumn}`;
    const message = oneLine(redactCredentials(finding.message), 1000);
    return `${oneLine(place, 600)}: ${finding.severity}: ${message} [${oneLine(finding.ruleId, 200)}] (${oneLine(finding.tool, 60)})`;
  });
  for (const { tool, outcome, diagnostics } of report.results) {
    if (outcome.status === 'failed') lines.push(`${oneLine(tool.name, 60)}: failed: ${oneLine(redactCredentials(outcome.error), 1000)}`);
    for (const { level, message, path, region } of diagnostics) {
      const place = path === undefined ? tool.name : placeOf({ path, ...(region && { region }) });
      lines.push(`${oneLine(place, 600)}: not judged: ${oneLine(redactCredentials(message), 1000)}`.replace('not judged', level === 'error' ? 'not judged' : level));
    }
  }
  lines.push(`${WORD[report.verdict.result]}: ${oneLine(headline(report), 1000)}`);
  return `${lines.map(logLine).join('\n')}\n`;
}

const WORD = { pass: 'PASS', fail: 'FAIL', error: 'ERROR' } as const;

function verdictLines(report: Report, width: number, look: Style): readonly string[] {
  const { verdict } = report;
  const word = WORD[verdict.result];
  const painted = verdict.result === 'pass' ? look.good(word) : look.bad(word);
  const indent = ' '.repeat(word.length + 2);
  const took = duration(report.endedAt - report.startedAt);
  const text = wrap(oneLine(`${headline(report)} · ${took}`, 1000), width - indent.length, 3);
  const lines = text.map((line, index) => (index === 0 ? `${painted}  ${line}` : indent + line));
  if (verdict.result === 'pass') return lines;
  const first = verdict.blocking[0];
  const where = first === undefined ? '' : `first: ${oneLine(placeOf(first.locations[0]), 200)}   `;
  const again = `reproduce: ${oneLine(report.reproduce, 300)}`;
  if (displayWidth(where + again) + indent.length <= width) lines.push(`${indent}${where}${again}`);
  else lines.push(...[where.trimEnd(), again].filter((part) => part !== '').map((part) => `${indent}${fit(part, width - indent.length)}`));
  return lines;
}

/** `4 high, 9 medium`. */
function countWords(severities: readonly Severity[]): string {
  return SEVERITIES.map((severity) => [severities.filter((one) => one === severity).length, severity] as const)
    .filter(([count]) => count > 0)
    .map(([count, severity]) => `${count.toLocaleString('en-US')} ${severity}`)
    .join(', ');
}
