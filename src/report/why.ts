import { placeOf, type Region } from '../core/index.js';
import { oneLine } from './escape.js';
import type { JsonFinding, JsonReport, JsonSuppressed } from './json.js';

/** What is known of the tool outside of the report. */
export interface WhyTool {
  /** The tool's own severity words and what they mean here. */
  readonly severityTable: Readonly<Record<string, string>>;
}

/** A finding of a report by its fingerprint, or by the first digits of it; all that begin so. */
export function findByFingerprint(report: JsonReport, fingerprint: string): readonly (JsonFinding | JsonSuppressed)[] {
  return [...report.findings, ...report.suppressed].filter(({ fingerprints }) => (fingerprints['bartizan/v1'] ?? '').startsWith(fingerprint));
}

/**
 * The way of one finding from the tool to the gate, a line a stage. `unreported`: why reports leave it out. Every line is
 * safe to print. Ends with a line feed.
 */
export function renderWhy(report: JsonReport, finding: JsonFinding | JsonSuppressed, tool: WhyTool | undefined, unreported?: string): string {
  const rows: (readonly [string, string])[] = [
    ['tool', toolWords(report, finding)],
    ['reported', `${finding.rule} at ${placeWords(finding)}: ${finding.message}`],
    ...(finding.package === undefined ? [] : [['package', `${finding.package}${finding.published === undefined ? ', publication of the advisory not stated' : `, advisory published on ${finding.published}`}`] as const]),
    ['severity', severityWords(finding, tool)],
    ['correlation', finding.alsoReportedBy.length === 0 ? 'reported by nobody else' : `the same as ${finding.alsoReportedBy.map((other) => `${other.tool}/${other.ruleId}`).join(', ')}; the worst severity holds`],
    ['confidence', `${finding.confidence}; ${report.verdict.confidence === 'low' ? 'all are reported' : `reported from ${report.verdict.confidence} on`}${unreported === undefined ? '' : `. Left out of reports: ${unreported}`}`],
    ['suppression', suppressionWords(finding)],
    ['baseline', baselineWords(finding)],
    ['gate', gateWords(report, finding, unreported)],
    ...(finding.repair === undefined ? (finding.helpUri === undefined ? [] : [['repair', `see ${finding.helpUri}`] as const]) : [['repair', finding.repair] as const]),
    ['fingerprint', finding.fingerprints['bartizan/v1'] ?? ''],
  ];
  const head = `${finding.severity}  ${finding.title ?? finding.rule}`;
  return `${[head, '', ...rows.map(([name, words]) => `${name.padEnd(12)}  ${words}`)].map((line) => oneLineKeepingColumns(line)).join('\n')}\n`;
}

function oneLineKeepingColumns(line: string): string {
  const columns = /^[a-z]+ {2,}/.exec(line)?.[0] ?? '';
  return columns + oneLine(line.slice(columns.length), 2_000);
}

function placeWords({ path, startLine, startColumn, endLine, endColumn }: JsonFinding): string {
  if (startLine === undefined) return `${placeOf({ path })} (the whole file)`;
  const region: Region = { startLine, startColumn: startColumn ?? 1, endLine: endLine ?? startLine, endColumn: endColumn ?? 1 };
  return `${placeOf({ path, region })}:${region.startColumn}`;
}

function toolWords({ outcomes, version }: JsonReport, { tool }: JsonFinding): string {
  const outcome = outcomes.find((one) => one.tool === tool);
  if (outcome === undefined) return `${tool}, of whose run the report says nothing`;
  const confined = outcome.sandbox === undefined ? 'in process' : `sandbox ${outcome.sandbox.level} (${outcome.sandbox.mechanism})`;
  const own = tool === 'policies' ? version : undefined;
  return `${tool} ${outcome.version ?? own ?? 'of unknown version'}, ${outcome.status}, ${confined}`;
}

function severityWords({ severity, ruleSeverity, reasons, tool }: JsonFinding, known: WhyTool | undefined): string {
  const usual = ruleSeverity === undefined || ruleSeverity === severity ? '' : `; its rule is ${ruleSeverity} in general`;
  const because = reasons.length === 0 ? '' : `; because: ${reasons.join('; ')}`;
  const words = Object.entries(known?.severityTable ?? {}).map(([word, meaning]) => `${word} → ${meaning}`);
  return `${severity}${usual}${because}${words.length === 0 ? '' : `; ${tool}'s words: ${words.join(', ')}`}`;
}

function suppressionWords(finding: JsonFinding | JsonSuppressed): string {
  if (!('suppression' in finding)) return 'none';
  const { by, reason, owner, expires, path, line } = finding.suppression;
  const place = line === undefined ? path : `${path}:${line}`;
  return `${reason} (${[by === 'bartizan' ? '' : `for ${by}`, owner ?? '', expires === undefined ? 'without end' : `until ${expires}`, place].filter((part) => part !== '').join(', ')})`;
}

function baselineWords({ baselineState }: JsonFinding): string {
  switch (baselineState) {
    case undefined:
      return 'there is none';
    case 'unchanged':
      return 'known';
    case 'updated':
      return 'known as less severe; counts as new';
    case 'new':
      return 'not known: new';
  }
}

function gateWords({ verdict }: JsonReport, finding: JsonFinding | JsonSuppressed, unreported: string | undefined): string {
  if ('suppression' in finding) return 'does not count, since it is suppressed';
  if (unreported !== undefined) return 'does not count, since it is left out';
  const { gate, severity } = finding;
  if (gate === undefined) return 'the report does not say what the gate decided about it';
  const { setting, from } = gate.threshold;
  switch (gate.effect) {
    case 'fails':
      return `fails the build: ${severity} reaches ${setting}: ${from}`;
    case 'known':
      return `does not fail the build: the baseline knows it (new-only); it would be judged by ${setting}: ${from}`;
    case 'grace':
      return `does not fail the build before ${gate.until}: its advisory is fresh (grace-days); ${severity} reaches ${setting}: ${from}`;
    case 'below':
      return `does not fail the build: ${severity} is below ${setting}: ${from}${verdict.result === 'pass' ? '' : '; the build fails for other reasons'}`;
  }
}
