import { placeOf, plural, redactCredentials, type Finding, type LineIndex, type Region, type Rule } from '../core/index.js';
import { codeFrame } from './code-frame.js';
import { htmlLine, markdownBlock, markdownCode, markdownProse, markdownText } from './escape.js';
import { moreAbout } from './headline.js';

/** Places of one rule that are listed in its section. */
const PLACES = 50;
/** Longest source line in UTF-16 code units. */
const LINE = 200;

/**
 * A section of one rule and severity: what it is, how to repair it, then its places. Those that fail the build
 * are shown with their source, as long as `frames` lasts; the others are folded.
 */
export function ruleSection(
  group: readonly Finding[],
  rule: Rule | undefined,
  lines: (path: string) => LineIndex | undefined,
  secrets: (path: string) => readonly Region[],
  frames: { left: number },
  blocking: boolean,
): string {
  const first = group[0] as Finding;
  const title = redactCredentials(rule?.title ?? first.message);
  const about = [
    markdownCode(first.ruleId),
    ...(first.tool === 'policies' ? [] : [markdownText(first.tool, 60)]),
    ...(group.length > 1 ? [plural(group.length, 'place')] : []),
  ].join(' · ');
  const more = moreAbout(first, rule);
  const repair = [
    ...(rule?.repair === undefined ? [] : [`**Repair:** ${markdownProse(redactCredentials(rule.repair), 600)}`]),
    ...(rule?.repair !== undefined || more === undefined ? [] : [`More: ${markdownCode(more)}`]),
  ].join('\n\n');
  const places = group.slice(0, PLACES).map((finding) => {
    const show = blocking && frames.left > 0;
    if (show) frames.left--;
    return placeItem(finding, show ? lines(finding.locations[0].path) : undefined, secrets);
  });
  if (group.length > PLACES) places.push(`- ${plural(group.length - PLACES, 'place')} more`);
  const body = [about, ...(repair === '' ? [] : [repair]), places.join('\n')].join('\n\n');
  return blocking
    ? `### ${first.severity} · ${markdownProse(title, 200)}\n\n${body}`
    : `<details><summary>${first.severity} · ${htmlLine(title, 200)}${group.length > 1 ? ` (${plural(group.length, 'place')})` : ''}</summary>\n\n${body}\n\n</details>`;
}

function placeItem(finding: Finding, index: LineIndex | undefined, secrets: (path: string) => readonly Region[]): string {
  const location = finding.locations[0];
  const column = location.region === undefined ? '' : `:${location.region.startColumn}`;
  const reasons = finding.reasons.length === 0 ? '' : ` (${markdownProse(redactCredentials(finding.reasons.join('; ')), 600)})`;
  const line = `- ${markdownCode(`${placeOf(location)}${column}`)} ${markdownProse(redactCredentials(finding.message), 600)}${reasons}`;
  const frame = codeFrame(finding, index, secrets(location.path), 1);
  if (frame.length === 0) return line;
  const digits = String(frame[frame.length - 1]?.number ?? 0).length;
  const lines = frame.flatMap(({ number, text, gap, marks }) => [
    ...(gap ? [`  ${' '.repeat(digits)} ⋮`] : []),
    `${marks.some((mark) => mark.primary) ? '▶' : ' '} ${String(number).padStart(digits)} │ ${text.slice(0, LINE).replace(/\p{Surrogate}$/u, '')}`.trimEnd(),
  ]);
  return `${line}\n\n${markdownBlock(lines, 'text').replace(/^/gm, '  ')}\n`;
}
