import { changesSentence, plural, redactCredentials, type NewInlineSuppression, type Report } from '../core/index.js';
import { markdownCode, markdownProse, markdownText, oneLine } from './escape.js';
import { wrap } from './display.js';

/** Comments that are listed; the rest is counted. */
const LISTED = 10;

/** What the scanned commit proposes about the gate itself, for a terminal; none when it proposes nothing. */
export function proposedLines(report: Report, width: number): readonly string[] {
  const sentence = changes(report);
  const lines = sentence === undefined ? [] : [...wrap(oneLine(redactCredentials(sentence), 2_000), width, 6)];
  for (const [heading, comments] of groups(report)) {
    lines.push(...wrap(oneLine(heading, 300), width, 3));
    for (const one of comments.slice(0, LISTED)) lines.push(...wrap(oneLine(redactCredentials(`  ${one.path}:${one.line} [${one.rule}]: ${one.reason}${approved(one)}`), 500), width, 2));
    if (comments.length > LISTED) lines.push(`  ${comments.length - LISTED} more`);
  }
  return lines.length === 0 ? [] : ['', ...lines];
}

/** The same in GitHub's Markdown. */
export function proposedMarkdown(report: Report): readonly string[] {
  const sentence = changes(report);
  const blocks = sentence === undefined ? [] : [`> ${markdownText(redactCredentials(sentence), 3_000)}`];
  for (const [heading, comments] of groups(report)) {
    const items = comments.slice(0, LISTED).map((one) => `- ${markdownCode(`${one.path}:${one.line}`)} ${markdownCode(one.rule)}: ${markdownProse(redactCredentials(`${one.reason}${approved(one)}`), 400)}`);
    if (comments.length > LISTED) items.push(`- ${comments.length - LISTED} more`);
    blocks.push(`${heading}\n\n${items.join('\n')}`);
  }
  return blocks;
}

function changes({ configuration }: Report): string | undefined {
  return configuration === undefined ? undefined : changesSentence(configuration);
}

function approved({ approvedBy }: NewInlineSuppression): string {
  return approvedBy === undefined ? '' : ` (approved by ${approvedBy})`;
}

function groups({ newInlineSuppressions = [], settings }: Report): readonly (readonly [string, readonly NewInlineSuppression[]])[] {
  const refused = newInlineSuppressions.filter(({ accepted }) => !accepted);
  const accepted = newInlineSuppressions.filter((one) => one.accepted);
  const added = (comments: readonly NewInlineSuppression[]): string => `This pull request adds ${plural(comments.length, 'comment')} that ${comments.length === 1 ? 'silences' : 'silence'} findings`;
  const why = settings.newInlineSuppressions === 'approved' ? 'no owner has approved' : 'new-inline-suppressions: refuse';
  return [
    ...(refused.length === 0 ? [] : [[`${added(refused)}; ${refused.length === 1 ? 'it does' : 'they do'} not count (${why}):`, refused] as const]),
    ...(accepted.length === 0 ? [] : [[`${added(accepted)}; ${accepted.length === 1 ? 'it counts' : 'they count'}:`, accepted] as const]),
  ];
}
