import {
  SEVERITIES,
  listedFindings,
  compareSeverity,
  countBySeverity,
  plural,
  redactCredentials,
  secretRegions,
  type Finding,
  type Isolation,
  type Region,
  type Report,
} from '../core/index.js';
import { changesOf, changesTable, fixedMarkdown, type Changes } from './changes.js';
import { linesOf } from './code-frame.js';
import { markdownCode, markdownProse, markdownText } from './escape.js';
import { firstMarkdown } from './first-lines.js';
import { VERB, duration, headline, rulesOf } from './headline.js';
import { proposedMarkdown } from './proposed.js';
import { ruleSection } from './summary-rule.js';
import { suppressedMarkdown } from './suppressed.js';

/** GitHub's limit for the job summary of one step, in bytes of UTF-8. */
export const SUMMARY_BYTES = 1_048_576;

/** Reasons and diagnostics that are listed; the rest is counted. */
const LISTED = 20;

/**
 * The report in GitHub's Markdown for a job summary or comment: the verdict first, then what was not finished, a table
 * by severity and tool, or by what is new, known and fixed where there is a baseline, each rule with its findings and its
 * repair, worst first, new ones before known ones and what is fixed between them, and how the scanners ended.
 * Cut between sections so that it stays below `maxBytes` of UTF-8; what is left out is counted. Everything from a
 * repository or a scanner is escaped.
 */
export function renderSummary(report: Report, maxBytes = SUMMARY_BYTES): string {
  const changes = changesOf(report);
  const top = [
    `## Bartizan ${VERB[report.verdict.result]}: ${markdownText(headline(report), 1000)}`,
    ...firstMarkdown(report),
    ...notFinished(report),
    ...proposedMarkdown(report),
    ...(changes === undefined ? table(report) : changesTable(changes)),
  ];
  const bottom = [...suppressedMarkdown(report), ...scanners(report), `${report.verdict.result === 'pass' ? `Reproduce: ${markdownCode(redactCredentials(report.reproduce))} · ` : ''}${duration(report.endedAt - report.startedAt)}`];
  const groups = byRule(report, changes);
  const fixed = changes === undefined ? [] : fixedMarkdown(changes);
  const rule = rulesOf(report);
  const secrets = secretRegions(report.results);
  const lines = linesOf(report.source);
  const frames = frameBudget();
  const blocking = new Set(report.verdict.blocking);
  // One byte under the limit, and room for the sentence about what is left out.
  let left = maxBytes - 200 - bytes([...top, ...fixed, ...bottom].join('\n\n'));
  const sections: string[] = [];
  let shown = 0;
  for (const group of groups) {
    const first = group[0] as Finding;
    const section = ruleSection(group, rule(first), lines, secrets, frames, group.some((finding) => blocking.has(finding)));
    const size = bytes(section) + 2;
    if (size > left) break;
    left -= size;
    shown += group.length;
    sections.push(section);
  }
  // After what is new.
  const firstKnown = changes === undefined ? -1 : groups.findIndex((group) => !group.some(isNew));
  sections.splice(firstKnown === -1 ? sections.length : Math.min(firstKnown, sections.length), 0, ...fixed);
  const rest = groups.reduce((sum, group) => sum + group.length, 0) - shown;
  const cut = rest > 0 ? [`**${plural(rest, 'finding')} more of ${plural(groups.length - (sections.length - fixed.length), 'rule')} ${rest === 1 ? 'is' : 'are'} not shown here**, since GitHub limits the size of this page.`] : [];
  return `${[...top, ...sections, ...cut, ...bottom].join('\n\n')}\n`;
}

/** Frames are for the first findings; a page of thousands of them helps nobody. */
function frameBudget(): { left: number } {
  return { left: 40 };
}

/** Findings by tool and rule, the rule with the worst finding first; those with new findings before the others when there is a baseline. */
function byRule(report: Report, changes: Changes | undefined): readonly (readonly Finding[])[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of listedFindings(report.results, report.settings)) {
    const key = `${finding.severity}\n${finding.tool}\n${finding.ruleId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  const known = (group: readonly Finding[]): number => (changes === undefined || group.some(isNew) ? 0 : 1);
  return [...groups.values()].sort((a, b) => known(a) - known(b) || compareSeverity((a[0] as Finding).severity, (b[0] as Finding).severity));
}

function isNew({ baselineState }: Finding): boolean {
  return baselineState !== 'unchanged';
}

function notFinished(report: Report): readonly string[] {
  const reasons = report.verdict.reasons.filter(({ kind }) => kind === 'scanner-failed' || kind === 'unreadable');
  if (reasons.length === 0) return [];
  return [reasons.slice(0, LISTED).map(({ message }) => `- ${markdownProse(redactCredentials(message), 600)}`).join('\n')];
}

function table(report: Report): readonly string[] {
  const findings = (result: Report['results'][number]): readonly Finding[] => listedFindings([result], report.settings);
  const results = report.results.filter((result) => findings(result).length > 0);
  const counts = countBySeverity(results.flatMap(findings));
  const severities = SEVERITIES.filter((severity) => counts[severity] > 0);
  if (severities.length === 0) return [];
  const shown = results.slice(0, LISTED);
  const many = results.length > 1;
  const head = ['', ...(many ? shown.map(({ tool }) => markdownText(tool.name, 60)) : []), many ? 'all' : 'findings'];
  const rows = severities.map((severity) => [
    severity,
    ...(many ? shown.map((result) => String(findings(result).filter((finding) => finding.severity === severity).length)) : []),
    `**${counts[severity]}**`,
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [[line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')];
}

function confinement(isolation: Isolation | undefined): string {
  if (isolation === undefined) return 'in process';
  const network = isolation.network ?? [];
  return `${isolation.level}${network.length === 0 ? '' : `, network: ${markdownText(network.join(', '), 100)}`}`;
}

function scanners(report: Report): readonly string[] {
  const count = (status: string): number => report.results.filter(({ outcome }) => outcome.status === status).length;
  const words = `Scanners: ${count('completed')} completed, ${count('skipped')} skipped, ${count('failed')} failed`;
  const rows = report.results.slice(0, 100).map(({ tool, outcome, startedAt, endedAt, isolation }) => {
    const detail =
      outcome.status === 'completed'
        ? outcome.findings.length === 0 ? 'no findings' : plural(outcome.findings.length, 'finding')
        : markdownProse(redactCredentials(outcome.status === 'skipped' ? outcome.reason : outcome.error), 300);
    const version = tool.version === undefined ? '' : ` ${markdownText(tool.version, 40)}`;
    return `| ${markdownText(tool.name, 60)}${version} | ${outcome.status} | ${detail} | ${outcome.status === 'skipped' ? '' : confinement(isolation)} | ${outcome.status === 'skipped' ? '' : duration(endedAt - startedAt)} |`;
  });
  const diagnostics = report.results.flatMap(({ tool, diagnostics: own }) =>
    own.map(({ level, path, region, message }) => {
      const place = path === undefined ? '' : `${markdownCode(placeText(path, region))} `;
      return `- ${level}: ${place}${markdownProse(redactCredentials(message), 300)} (${markdownText(tool.name, 60)})`;
    }),
  );
  const more = diagnostics.length > LISTED ? [`- ${plural(diagnostics.length - LISTED, 'note')} more`] : [];
  return [
    `<details><summary>${words}</summary>\n\n| scanner | outcome | | sandbox | time |\n|---|---|---|---|--:|\n${rows.join('\n')}\n\n${[...diagnostics.slice(0, LISTED), ...more].join('\n')}\n\n</details>`,
  ];
}

function placeText(path: string, region: Region | undefined): string {
  return region === undefined ? path : `${path}:${region.startLine}`;
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
