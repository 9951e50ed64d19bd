import { SEVERITIES, compareSeverity, compareText, findingsOf, plural, type KnownFinding, type Report, type Severity } from '../core/index.js';
import { markdownCode } from './escape.js';
import { htmlText } from './html/text.js';

/** Findings that are gone which a page lists; the rest is counted. */
const LISTED = 100;
const LISTED_HTML = 1000;

/** How many findings of a severity the baseline does not know, knows, and knows of that are gone. */
export interface Change {
  readonly new: number;
  readonly known: number;
  readonly fixed: number;
}

/** What changed since the baseline. */
export interface Changes {
  readonly counts: Readonly<Record<Severity, Change>>;
  /** What is gone, worst first, then by path and rule. */
  readonly fixed: readonly KnownFinding[];
}

/** What changed since the baseline; undefined when the findings were compared with none. */
export function changesOf({ results }: Report): Changes | undefined {
  const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, { new: 0, known: 0, fixed: 0 }])) as Record<Severity, { new: number; known: number; fixed: number }>;
  let compared = false;
  const fixed: KnownFinding[] = [];
  for (const result of results) {
    for (const { severity, baselineState } of findingsOf(result)) {
      if (baselineState !== undefined) compared = true;
      counts[severity][baselineState === 'unchanged' ? 'known' : 'new']++;
    }
    for (const known of result.absent ?? []) {
      counts[known.severity].fixed++;
      fixed.push(known);
    }
  }
  if (!compared && fixed.length === 0) return undefined;
  fixed.sort((a, b) => compareSeverity(a.severity, b.severity) || compareText(a.path, b.path) || compareText(a.rule, b.rule));
  return { counts, fixed };
}

/** A table of GitHub's Markdown by severity; those of which there are none at all are left out. */
export function changesTable({ counts }: Changes): readonly string[] {
  const rows = SEVERITIES.filter((severity) => counts[severity].new + counts[severity].known + counts[severity].fixed > 0).map((severity) => {
    const { new: fresh, known, fixed } = counts[severity];
    return `| ${severity} | ${fresh > 0 ? `**${fresh}**` : '0'} | ${known} | ${fixed} |`;
  });
  return rows.length === 0 ? [] : [['|  | new | known | fixed |', '| --- | --: | --: | --: |', ...rows].join('\n')];
}

/** A section of GitHub's Markdown that lists what is gone; none when nothing is. */
export function fixedMarkdown({ fixed }: Changes): readonly string[] {
  if (fixed.length === 0) return [];
  const items = fixed.slice(0, LISTED).map(({ severity, rule, path }) => `- ${severity} ${markdownCode(rule)} ${markdownCode(path)}`);
  if (fixed.length > LISTED) items.push(`- ${fixed.length - LISTED} more`);
  return [`<details><summary>${plural(fixed.length, 'finding')} fixed</summary>\n\n${items.join('\n')}\n\n</details>`];
}

/** The same as a section of the HTML report; empty when nothing is gone. */
export function fixedHtml({ fixed }: Changes): string {
  if (fixed.length === 0) return '';
  const rows = fixed.slice(0, LISTED_HTML).map(({ severity, rule, path }) => `<tr><td class="s ${severity}">${severity}</td><td><code>${htmlText(rule, 300)}</code></td><td><code>${htmlText(path, 300)}</code></td></tr>`);
  return `<h2>Fixed findings</h2>\n<table><thead><tr><th scope="col">severity</th><th scope="col">rule</th><th scope="col">file</th></tr></thead><tbody>${rows.join('')}</tbody></table>${fixed.length > LISTED_HTML ? `<p>${fixed.length - LISTED_HTML} more</p>` : ''}`;
}
