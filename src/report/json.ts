import {
  allFindings,
  findingsOf,
  redactCredentials,
  suppressedFindings,
  type Confidence,
  type ConfigurationSource,
  type FailOn,
  type Finding,
  type GateDecision,
  type Isolation,
  type NewInlineSuppression,
  type Report,
  type Rule,
  type Severity,
  type Suppression,
  type Verdict,
} from '../core/index.js';
import { rulesOf } from './headline.js';

/** One finding of the JSON report. Lines and columns from 1, `endColumn` exclusive; absent when the whole file is meant. */
export interface JsonFinding {
  readonly rule: string;
  readonly tool: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  readonly path: string;
  readonly startLine?: number;
  readonly startColumn?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly reasons: readonly string[];
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly alsoReportedBy: readonly { readonly tool: string; readonly ruleId: string }[];
  /** Title of the rule, and the severity that it has in general. */
  readonly title?: string;
  readonly ruleSeverity?: Severity;
  /** One sentence that tells what to do, or where that is written. */
  readonly repair?: string;
  readonly helpUri?: string;
  /** Package URL of the dependency that it is about. */
  readonly package?: string;
  /** Day on which the advisory was published. */
  readonly published?: string;
  /** What the gate says about it; absent for what is suppressed. */
  readonly gate?: GateDecision;
  /** Whether the baseline knows it; absent without a baseline. */
  readonly baselineState?: Finding['baselineState'];
}

/** A finding that does not count. */
export interface JsonSuppressed extends JsonFinding {
  /** Who decided it, why, until when, and where that is written. */
  readonly suppression: Omit<Suppression, 'place'> & { readonly path: string; readonly line?: number };
}

/** How one scanner ended. */
export interface JsonOutcome {
  readonly tool: string;
  readonly version?: string;
  readonly status: 'completed' | 'skipped' | 'failed';
  /** Why it was skipped or failed. */
  readonly reason?: string;
  readonly findings: number;
  readonly milliseconds: number;
  /** How it was confined; absent for what ran in this process or not at all. */
  readonly sandbox?: Isolation;
  readonly diagnostics: readonly { readonly level: string; readonly code: string; readonly message: string; readonly path?: string; readonly line?: number }[];
}

/** The document of `--format json`. Fields are only ever added. */
export interface JsonReport {
  readonly version: string;
  readonly verdict: Pick<Verdict, 'result' | 'exitCode' | 'reasons' | 'counts' | 'known'> & { readonly failOn: FailOn; readonly confidence: Confidence; readonly blocking: number };
  /** Which commit's configuration decided and what the scanned one would change; absent where no pull request is scanned. */
  readonly configuration?: ConfigurationSource;
  /** Comments of a pull request that silence findings and that its base does not have; absent where no pull request is scanned. */
  readonly newInlineSuppressions?: readonly NewInlineSuppression[];
  readonly outcomes: readonly JsonOutcome[];
  readonly findings: readonly JsonFinding[];
  /** Findings that are silenced; they are in no count and not among `findings`. */
  readonly suppressed: readonly JsonSuppressed[];
}

/** A report as data: everything in it, worst findings first. */
export function jsonReport(report: Report): JsonReport {
  const rule = rulesOf(report);
  const { result, exitCode, reasons, counts, known, blocking } = report.verdict;
  return {
    version: report.version,
    verdict: { result, exitCode, failOn: report.settings.failOn, confidence: report.settings.confidence, blocking: blocking.length, counts, ...(known !== undefined && { known }), reasons },
    ...(report.configuration !== undefined && { configuration: report.configuration }),
    ...(report.newInlineSuppressions !== undefined && { newInlineSuppressions: report.newInlineSuppressions.map((one) => ({ ...one, reason: redactCredentials(one.reason) })) }),
    outcomes: report.results.map((scan) => ({
      tool: scan.tool.name,
      ...(scan.tool.version !== undefined && { version: scan.tool.version }),
      status: scan.outcome.status,
      ...(scan.outcome.status === 'skipped' && { reason: scan.outcome.reason }),
      ...(scan.outcome.status === 'failed' && { reason: redactCredentials(scan.outcome.error) }),
      findings: findingsOf(scan).length,
      milliseconds: Math.max(0, scan.endedAt - scan.startedAt),
      ...(scan.isolation !== undefined && { sandbox: scan.isolation }),
      diagnostics: scan.diagnostics.map(({ level, code, message, path, region }) => ({
        level,
        code,
        message: redactCredentials(message),
        ...(path !== undefined && { path }),
        ...(region !== undefined && { line: region.startLine }),
      })),
    })),
    findings: allFindings(report.results).map((finding) => jsonFinding(finding, rule(finding), report.verdict.decisions?.get(finding))),
    suppressed: suppressedFindings(report.results).flatMap((finding) => (finding.suppression === undefined ? [] : [{ ...jsonFinding(finding, rule(finding)), suppression: jsonSuppression(finding.suppression) }])),
  };
}

function jsonFinding(finding: Finding, rule: Rule | undefined, gate?: GateDecision): JsonFinding {
  return {
    rule: finding.ruleId,
    tool: finding.tool,
    severity: finding.severity,
    confidence: finding.confidence,
    message: redactCredentials(finding.message),
    path: finding.locations[0].path,
    ...finding.locations[0].region,
    reasons: finding.reasons.map(redactCredentials),
    fingerprints: finding.fingerprints,
    alsoReportedBy: finding.alsoReportedBy,
    ...(rule !== undefined && { title: redactCredentials(rule.title), ruleSeverity: rule.severity }),
    ...(rule?.repair !== undefined && { repair: redactCredentials(rule.repair) }),
    ...(rule?.helpUri !== undefined && { helpUri: redactCredentials(rule.helpUri) }),
    ...(finding.package !== undefined && { package: finding.package.purl }),
    ...(finding.package?.published !== undefined && { published: finding.package.published }),
    ...(gate !== undefined && { gate }),
    ...(finding.baselineState !== undefined && { baselineState: finding.baselineState }),
  };
}

function jsonSuppression({ place, ...rest }: Suppression): JsonSuppressed['suppression'] {
  return { ...rest, reason: redactCredentials(rest.reason), path: place.path, ...(place.region !== undefined && { line: place.region.startLine }) };
}

/**
 * JSON text that is also safe to print: characters that a terminal obeys, that reorder text or that start a
 * command of a log reader are written as `\u` escapes, which mean the same in JSON.
 */
export function jsonText(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent)
    .replace(/[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, (character) => escaped(character))
    .replace(/##(?=\w*\[)/g, '#\\u0023');
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
