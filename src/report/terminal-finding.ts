import { placeOf, redactCredentials, type Finding, type LineIndex, type Region, type Rule } from '../core/index.js';
import { codeFrame, type FrameLine } from './code-frame.js';
import { displayWidth, fit, fitEnd, markLine, wrap } from './display.js';
import { oneLine } from './escape.js';
import { moreAbout } from './headline.js';
import type { Style } from './style.js';

/** Lines of a message, reason or repair that are shown. */
const TEXT_LINES = 4;

/** What a block shows besides the finding. */
export interface BlockOptions {
  readonly rule: Rule | undefined;
  readonly lines: LineIndex | undefined;
  /** Regions of the file that are credentials. */
  readonly secrets: readonly Region[];
  /** Source lines before the marked one. */
  readonly context: number;
  /** The rule was explained above: its title and repair are not repeated. */
  readonly again: boolean;
  /** The command that silences it is shown. */
  readonly silence?: boolean;
}

/** One finding as a block of lines: what, where, the source, why, how to repair it. */
export function findingBlock(finding: Finding, options: BlockOptions, width: number, look: Style): readonly string[] {
  const { rule, secrets, context, again } = options;
  const lines = [findingHead(finding, width, look)];
  const title = clean(rule?.title ?? finding.message);
  const message = clean(finding.message);
  if (!again) lines.push(...wrap(title, width - 2, TEXT_LINES).map((line) => `  ${look.strong(line)}`));
  if (again || message !== title) lines.push(...wrap(message, width - 2, TEXT_LINES).map((line) => `  ${line}`));
  lines.push(...frame(codeFrame(finding, options.lines, secrets, context), width, look, finding));
  const elsewhere = [...finding.locations.slice(1), ...finding.related, ...finding.flow.map((step) => ({ ...step.location, message: step.message }))]
    .filter((place) => place.path !== finding.locations[0].path)
    .slice(0, 3);
  for (const place of elsewhere) {
    const what = place.message === undefined ? '' : `  ${clean(place.message)}`;
    lines.push(`  ${fit(`see ${oneLine(placeOf(place), 300)}${what}`, width - 2)}`);
  }
  if (finding.reasons.length > 0) lines.push(...labelled('Why', clean(finding.reasons.join('; ')), width, look));
  const fingerprint = finding.fingerprints['bartizan/v1'];
  const silence = options.silence === true && fingerprint !== undefined ? labelled('Silence', oneLine(`bartizan suppress ${fingerprint} --reason <why>`, 200), width, look) : [];
  if (again) return [...lines, ...silence];
  if (rule?.repair !== undefined) lines.push(...labelled('Repair', clean(rule.repair), width, look));
  const more = moreAbout(finding, rule);
  if (more !== undefined) lines.push(...labelled('More', oneLine(more, 300), width, look));
  return [...lines, ...silence];
}

/** Severity, rule and, at the right edge, the place, on one line where they fit. */
export function findingHead(finding: Finding, width: number, look: Style): string {
  const { region } = finding.locations[0];
  const column = region === undefined ? '' : `:${region.startColumn}`;
  const severity = finding.severity.padEnd(8);
  const by = finding.tool === 'policies' ? '' : `${oneLine(finding.tool, 30)} `;
  const rule = fit(`${by}${oneLine(finding.ruleId, 120)}`, Math.max(16, Math.floor(width / 2)));
  const left = 10 + displayWidth(rule);
  const place = fitEnd(oneLine(placeOf(finding.locations[0]) + column, 400), Math.max(12, width - left - 2));
  const space = ' '.repeat(Math.max(2, width - left - displayWidth(place)));
  return `${look.severity(finding.severity, severity)}  ${look.strong(rule)}${space}${place}`;
}

function labelled(label: string, text: string, width: number, look: Style): readonly string[] {
  const indent = ' '.repeat(label.length + 4);
  return wrap(text, Math.max(20, width - indent.length), TEXT_LINES).map((line, index) =>
    index === 0 ? `  ${look.faint(`${label}:`)} ${line}` : `${indent}${line}`,
  );
}

function frame(lines: readonly FrameLine[], width: number, look: Style, finding: Finding): readonly string[] {
  const digits = String(lines[lines.length - 1]?.number ?? 0).length;
  const columns = Math.max(20, width - digits - 7);
  const out: string[] = [];
  for (const { number, text, gap, marks } of lines) {
    if (gap) out.push(`   ${' '.repeat(digits + 1)}${look.faint('⋮')}`);
    const primary = marks.some((mark) => mark.primary);
    const [mark] = marks;
    const shown = markLine(text, mark?.start ?? 0, mark?.end ?? 0, columns);
    const arrow = primary ? look.severity(finding.severity, '▶') : ' ';
    out.push(`  ${arrow} ${look.faint(`${String(number).padStart(digits)} │`)} ${shown.text}`.trimEnd());
    if (mark === undefined) continue;
    const carets = '^'.repeat(shown.length);
    const painted = mark.primary ? look.severity(finding.severity, carets) : look.faint(carets);
    const gutter = `    ${' '.repeat(digits)} ${look.faint('│')} `;
    const label = clean(mark.label);
    const room = columns - shown.before - shown.length - 1;
    const beside = label !== '' && room >= Math.min(24, displayWidth(label));
    out.push(`${gutter}${' '.repeat(shown.before)}${painted}${beside ? ` ${fit(label, room)}` : ''}`);
    if (label !== '' && !beside) out.push(`${gutter}${fit(label, columns)}`);
  }
  return out;
}

function clean(text: string): string {
  return oneLine(redactCredentials(text), 1000);
}
