import type { Log, Result, Run } from 'sarif';
import {
  compareText,
  findingsOf,
  secretRegions,
  worst,
  severityRank,
  sortedFindings,
  type Diagnostic,
  type Finding,
  type Report,
  type ScanResult,
} from '../core/index.js';
import { toInvocation } from './invocation.js';
import { LIMITS } from './limits.js';
import { linesOf, type Lines, type Secrets } from './location.js';
import { toAbsentResult, toResult } from './results.js';
import { ruleTable } from './rules.js';
import { sarifText } from './text.js';

/** What is written besides the findings, and for whom. */
export interface SarifOptions {
  /**
   * `full`: everything. `upload`: what GitHub code scanning takes; a scanner that failed has no run there,
   * since GitHub would close its alerts as fixed, and says so in the other runs' notifications.
   */
  readonly variant: 'full' | 'upload';
  /**
   * Tells several scans of one commit apart, such as jobs of a matrix: GitHub takes an analysis of the same commit, tool and
   * category for a newer one of the same.
   */
  readonly category?: string | undefined;
  /** Where the scanned files come from. */
  readonly versionControl?: { readonly repositoryUri: string; readonly revisionId?: string; readonly branch?: string } | undefined;
}

/** Something that a log leaves out, in numbers; each is also a notification in the log. */
export interface Omission {
  readonly tool: string;
  /** Number of results of this tool that are not in the log. */
  readonly results: number;
  readonly message: string;
}

/** A SARIF 2.1.0 log of a report, see {@link buildSarif}. */
export function toSarif(report: Report, options: SarifOptions): Log {
  return buildSarif(report, options).log;
}

/**
 * A SARIF 2.1.0 log of a report and what it had to leave out. One run per tool that ran, `automationDetails.id`
 * `bartizan/<tool>/`; skipped scanners have none. Findings must carry their fingerprints already.
 * Within GitHub's limits, the least severe results left out first. `runs` is empty when an upload would hold
 * nothing but failed scanners: then there is nothing to upload.
 */
export function buildSarif(report: Report, options: SarifOptions): { readonly log: Log; readonly omitted: readonly Omission[] } {
  const { log, omitted } = sarifPlan(report, options);
  return { log: { ...log, runs: log.runs.map((run) => ({ ...run, results: [...run.results] })) }, omitted };
}

/** A log whose results are made one by one when they are asked for, each time anew. */
export type SarifPlan = Omit<Log, 'runs'> & { readonly runs: readonly (Omit<Run, 'results'> & { readonly results: Iterable<Result> })[] };

/** As {@link buildSarif}, for logs that are written at once: their results are never in memory together. */
export function sarifPlan(report: Report, options: SarifOptions): { readonly log: SarifPlan; readonly omitted: readonly Omission[] } {
  const ran = report.results.filter(({ outcome }) => outcome.status !== 'skipped');
  const usable = options.variant === 'full' ? ran : ran.filter(({ outcome }) => outcome.status !== 'failed');
  const chosen = options.variant === 'full' ? usable : worstRuns(usable);
  const omitted: Omission[] = ran.filter((result) => !chosen.includes(result)).map(omittedRun);
  const lines = linesOf(report.source);
  const secrets = secretRegions(report.results);
  const runs = chosen.map((result, position) => {
    // GitHub would show suppressed results as open alerts: an upload doesn't hold them.
    const findings = sortedFindings(options.variant === 'full' ? [...findingsOf(result), ...(result.suppressed ?? [])] : findingsOf(result));
    const kept = options.variant === 'full' ? findings : findings.slice(0, LIMITS.results);
    const notes: Diagnostic[] = position === 0 ? omitted.map(({ message }) => notice('scanner-not-uploaded', message)) : [];
    if (kept.length < findings.length) {
      const omission = omittedResults(result, kept.length, findings.length);
      omitted.push(omission);
      notes.push(notice('results-not-uploaded', omission.message));
    }
    return toRun(result, kept, notes, report, options, lines, secrets);
  });
  return {
    log: { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs },
    omitted,
  };
}

function toRun(
  result: ScanResult,
  findings: readonly Finding[],
  notes: readonly Diagnostic[],
  report: Report,
  options: SarifOptions,
  lines: Lines,
  secrets: Secrets,
): SarifPlan['runs'][number] {
  const own = result.tool.name === 'policies';
  const table = ruleTable(result.rules, findings);
  const version = own ? report.version : result.tool.version;
  const uri = result.tool.informationUri;
  return {
    tool: {
      driver: {
        name: own ? 'Bartizan' : sarifText(result.tool.name, LIMITS.ruleId) || 'unknown',
        ...(version !== undefined && version !== '' && { version: sarifText(version, LIMITS.ruleId) }),
        ...(uri !== undefined && URL.canParse(uri) && { informationUri: uri }),
        rules: [...table.descriptors],
      },
    },
    automationDetails: { id: `bartizan/${idPart(result.tool.name)}/${options.category === undefined || options.category === '' ? '' : `${idPart(options.category)}/`}` },
    columnKind: 'utf16CodeUnits',
    invocations: [toInvocation(result, notes, lines)],
    ...(options.versionControl !== undefined && { versionControlProvenance: [options.versionControl] }),
    results: {
      *[Symbol.iterator]() {
        for (const finding of findings) yield toResult(finding, table, lines, secrets);
        if (options.variant === 'full') for (const known of result.absent ?? []) yield toAbsentResult(known);
      },
    },
  };
}

/** The runs that GitHub takes: `policies` first, then those with the worst findings, in the report's order. */
function worstRuns(results: readonly ScanResult[]): readonly ScanResult[] {
  if (results.length <= LIMITS.runs) return results;
  const rank = (result: ScanResult): number => {
    if (result.tool.name === 'policies') return 6;
    const severity = worst(findingsOf(result).map((finding) => finding.severity));
    return severity === undefined ? -1 : severityRank(severity);
  };
  const kept = new Set(
    [...results].sort((a, b) => rank(b) - rank(a) || compareText(a.tool.name, b.tool.name)).slice(0, LIMITS.runs),
  );
  return results.filter((result) => kept.has(result));
}

function omittedRun(result: ScanResult): Omission {
  const tool = result.tool.name;
  const results = findingsOf(result).length;
  const why =
    result.outcome.status === 'failed'
      ? 'did not finish, so its alerts are left as they are'
      : `is left out, since GitHub takes ${LIMITS.runs} runs`;
  const found = results === 0 ? '' : ` Its ${results} findings are in the full report.`;
  return { tool, results, message: `${tool} ${why}.${found}` };
}

function omittedResults(result: ScanResult, kept: number, total: number): Omission {
  const tool = result.tool.name;
  const results = total - kept;
  return {
    tool,
    results,
    message: `${results} of ${total} results of ${tool} are left out, the least severe, since GitHub takes ${LIMITS.results} in a run.`,
  };
}

function notice(code: string, message: string): Diagnostic {
  return { level: 'warning', code, message };
}

/** A part of `automationDetails.id`, whose parts slashes divide. */
function idPart(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).slice(0, 200);
}
