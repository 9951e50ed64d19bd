import { phrase, placeOf, plural, redactCredentials, type Report } from '../core/index.js';
import { markdownCode, markdownProse, logLine, oneLine } from './escape.js';
import { headline, rulesOf, VERB } from './headline.js';

/** What a person needs first. Plain text that may come from the repository. */
export interface FirstLines {
  /** What decided, in words. */
  readonly what: string;
  /** The worst finding: what it is and where. */
  readonly first?: string;
  /** The shortest way to a build that passes. */
  readonly repair?: string;
  /** The command that shows the same locally. */
  readonly reproduce: string;
}

/** What failed the build, the shortest repair and the command that shows it again; undefined when it passes. */
export function firstLines(report: Report): FirstLines | undefined {
  const { verdict } = report;
  if (verdict.result === 'pass') return undefined;
  const worst = verdict.blocking[0];
  const rule = worst === undefined ? undefined : rulesOf(report)(worst);
  const same = worst === undefined ? 0 : verdict.blocking.filter(({ tool, ruleId }) => tool === worst.tool && ruleId === worst.ruleId).length;
  const rest = verdict.blocking.length - same;
  const repair =
    worst !== undefined
      ? rule?.repair ?? packageRepair(worst.package) ?? (rule?.helpUri === undefined ? undefined : `see ${rule.helpUri}`)
      : verdict.reasons.find(({ kind }) => kind === 'findings' || kind === 'scanner-failed' || kind === 'unreadable')?.message;
  return {
    what: `Bartizan ${VERB[verdict.result]}: ${headline(report)}.`,
    ...(worst !== undefined && { first: `${phrase(rule?.title ?? worst.message, 160)}, ${placeOf(worst.locations[0])} (${worst.ruleId})${same > 1 ? `, and in ${plural(same - 1, 'more place')}` : ''}` }),
    ...(repair !== undefined && { repair: `${phrase(repair)}.${rest > 0 ? ` Then ${plural(rest, 'other finding')}.` : ''}` }),
    reproduce: report.reproduce,
  };
}

function packageRepair(dependency: Report['verdict']['blocking'][number]['package']): string | undefined {
  const version = dependency?.fixedVersions[0];
  return dependency === undefined || version === undefined ? undefined : `update ${dependency.purl.replace(/@[^@/]*$/, '')} to ${version}`;
}

/** As the first lines of a log. */
export function firstLogLines(report: Report): readonly string[] {
  const lines = firstLines(report);
  if (lines === undefined) return [];
  const { what, first, repair, reproduce } = lines;
  return [what, ...(first === undefined ? [] : [`First: ${first}.`]), ...(repair === undefined ? [] : [`Repair: ${repair}`]), `Reproduce: ${reproduce}`].map((line) => logLine(oneLine(redactCredentials(line), 1_000)));
}

/** Below the heading of a page, which says what failed. */
export function firstMarkdown(report: Report): readonly string[] {
  const lines = firstLines(report);
  if (lines === undefined) return [];
  const { first, repair, reproduce } = lines;
  const rows = [
    ...(first === undefined ? [] : [`First: ${markdownProse(redactCredentials(first), 600)}`]),
    ...(repair === undefined ? [] : [`Repair: ${markdownProse(redactCredentials(repair), 600)}`]),
    `Reproduce: ${markdownCode(redactCredentials(reproduce))}`,
  ];
  return [rows.map((row) => `- ${row}`).join('\n')];
}
