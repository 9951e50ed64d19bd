import { listedFindings, plural, redactCredentials, type Annotation, type AnnotationLevel, type Finding, type Report, type Rule } from '../core/index.js';
import { oneLine } from './escape.js';
import { rulesOf } from './headline.js';
import { workflowCommand } from './workflow-command.js';

/** GitHub shows at most ten annotations of a kind for a step and drops the rest without a word. */
export const ANNOTATIONS_PER_KIND = 10;

/** The annotations that GitHub will show, most severe first, and how many of each kind it would not. */
export interface Annotations {
  readonly shown: readonly Annotation[];
  readonly hidden: Readonly<Record<AnnotationLevel, number>>;
}

const LEVEL = { critical: 'error', high: 'error', medium: 'warning', low: 'notice', note: 'notice' } as const;

/**
 * Annotations of a report: scanners that failed and files that could not be judged first (nothing about them is
 * known), then findings, worst first. One place of the kind `error` is left for the message of the failed step.
 */
export function annotate(report: Report): Annotations {
  const all = allAnnotations(report);
  const left = { error: ANNOTATIONS_PER_KIND - 1, warning: ANNOTATIONS_PER_KIND, notice: ANNOTATIONS_PER_KIND };
  const hidden = { error: 0, warning: 0, notice: 0 };
  const shown = all.filter(({ level }) => {
    if (left[level] > 0) return left[level]-- > 0;
    hidden[level]++;
    return false;
  });
  return { shown, hidden };
}

/** Every annotation of a report, in the same order, for a place without limits. */
export function allAnnotations(report: Report): readonly Annotation[] {
  const rule = rulesOf(report);
  return [...incomplete(report), ...listedFindings(report.results, report.settings).map((finding) => ofFinding(finding, rule(finding)))];
}

/** A sentence about what GitHub doesn't show, or undefined when it shows everything. */
export function hiddenSentence({ hidden }: Annotations): string | undefined {
  const total = hidden.error + hidden.warning + hidden.notice;
  if (total === 0) return undefined;
  const kinds = (['error', 'warning', 'notice'] as const).filter((kind) => hidden[kind] > 0);
  const each = kinds.map((kind) => plural(hidden[kind], kind)).join(', ');
  return `${plural(total, 'annotation')} not shown on the lines (${each}): GitHub shows ten of a kind; the job summary has all.`;
}

/** The annotation as a command of the Actions runner. */
export function annotationCommand({ level, properties, message }: Annotation): string {
  const { file, line, endLine, col, endColumn, title } = properties;
  const given = { file, line, endLine, col, endColumn, title };
  const present = Object.entries(given).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  return workflowCommand(level, Object.fromEntries(present), message);
}

function incomplete(report: Report): Annotation[] {
  const failed: Annotation[] = [];
  const unreadable: Annotation[] = [];
  const level = report.settings.onScannerError === 'error' ? 'error' : 'warning';
  for (const { tool, outcome, diagnostics } of report.results) {
    if (outcome.status === 'failed') {
      failed.push({ level, properties: { title: oneLine(`${tool.name} did not finish`, 100) }, message: text(outcome.error) });
    }
    for (const diagnostic of diagnostics) {
      if (diagnostic.level === 'note' || diagnostic.path === undefined) continue;
      unreadable.push({
        level: diagnostic.level === 'error' ? level : 'warning',
        properties: {
          title: diagnostic.level === 'error' ? 'This file could not be judged' : `Note from ${oneLine(tool.name, 60)}`,
          file: diagnostic.path,
          ...(diagnostic.region !== undefined && { line: diagnostic.region.startLine }),
        },
        message: text(diagnostic.message),
      });
    }
  }
  return [...failed, ...unreadable.sort((a, b) => Number(b.level === level) - Number(a.level === level))];
}

function ofFinding(finding: Finding, rule: Rule | undefined): Annotation {
  const { path, region } = finding.locations[0];
  const oneLineRegion = region !== undefined && region.endLine === region.startLine;
  const repair = rule?.repair === undefined ? [] : [`Repair: ${text(rule.repair)}`];
  const reasons = finding.reasons.length === 0 ? [] : [`Why ${finding.severity}: ${text(finding.reasons.join('; '))}`];
  return {
    level: LEVEL[finding.severity],
    properties: {
      title: oneLine(`${finding.severity}: ${rule?.title ?? finding.ruleId}`, 200),
      file: path,
      ...(region !== undefined && { line: region.startLine, endLine: region.endLine }),
      ...(oneLineRegion && { col: region.startColumn, endColumn: Math.max(region.startColumn, region.endColumn - 1) }),
    },
    message: [text(finding.message), ...reasons, ...repair, `Rule: ${oneLine(finding.ruleId, 200)}`].join('\n'),
  };
}

function text(value: string): string {
  return oneLine(redactCredentials(value), 1000);
}
