import { placeOf, plural, redactCredentials, suppressedFindings, type Finding, type Report, type Suppression } from '../core/index.js';
import { fit } from './display.js';
import { markdownCode, markdownProse, oneLine } from './escape.js';
import { htmlProse, htmlText } from './html/text.js';

/** Suppressed findings that are listed in a page; the rest is counted. */
const LISTED = 200;

/** Who silenced it, until when and where that is written: `platform@example.com, until 2027-01-31, .bartizan.yml:12`. */
export function decision({ by, owner, expires, place }: Suppression): string {
  return [
    ...(by === 'bartizan' ? [] : [`comment for ${by}`]),
    ...(owner === undefined ? [] : [owner]),
    expires === undefined ? 'without end' : `until ${expires}`,
    placeOf(place),
  ].join(', ');
}

/** Lines for a terminal, with a heading; none when nothing is suppressed. */
export function suppressedLines(report: Report, width: number): readonly string[] {
  const found = suppressed(report);
  if (found.length === 0) return [];
  const lines = found.flatMap(([finding, suppression]) => [
    fit(`  ${finding.severity.padEnd(8)}  ${oneLine(`${nameOf(finding)} at ${placeOf(finding.locations[0])}`, 600)}`, width),
    fit(`            ${oneLine(redactCredentials(`${suppression.reason} (${decision(suppression)})`), 1_000)}`, width),
  ]);
  return ['', `${plural(found.length, 'finding')} suppressed:`, ...lines];
}

/** A folded section of GitHub's Markdown; none when nothing is suppressed. */
export function suppressedMarkdown(report: Report): readonly string[] {
  const found = suppressed(report);
  if (found.length === 0) return [];
  const items = found.slice(0, LISTED).map(
    ([finding, suppression]) =>
      `- ${finding.severity} ${markdownCode(nameOf(finding))} ${markdownCode(placeOf(finding.locations[0]))}: ${markdownProse(redactCredentials(suppression.reason), 300)} (${markdownProse(redactCredentials(decision(suppression)), 300)})`,
  );
  if (found.length > LISTED) items.push(`- ${found.length - LISTED} more`);
  return [`<details><summary>${plural(found.length, 'finding')} suppressed</summary>\n\n${items.join('\n')}\n\n</details>`];
}

/** A section of the HTML report; empty when nothing is suppressed. */
export function suppressedHtml(report: Report): string {
  const found = suppressed(report);
  if (found.length === 0) return '';
  const rows = found.map(
    ([finding, suppression]) =>
      `<tr><td class="s ${finding.severity}">${finding.severity}</td><td><code>${htmlText(nameOf(finding), 300)}</code></td><td><code>${htmlText(placeOf(finding.locations[0]), 300)}</code></td><td>${htmlProse(suppression.reason)} <span class="quiet">(${htmlText(decision(suppression), 600)})</span></td></tr>`,
  );
  return `<h2>Suppressed findings</h2>\n<table><thead><tr><th scope="col">severity</th><th scope="col">rule</th><th scope="col">place</th><th scope="col">why, who, until when, where</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function suppressed(report: Report): readonly (readonly [Finding, Suppression])[] {
  return suppressedFindings(report.results).flatMap((finding) => (finding.suppression === undefined ? [] : [[finding, finding.suppression] as const]));
}

function nameOf({ tool, ruleId }: Finding): string {
  return tool === 'policies' ? ruleId : `${tool}/${ruleId}`;
}
