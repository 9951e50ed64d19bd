import { isAtLeast, SEVERITIES, type Severity } from '../core/index.js';
import { MAX_NAME, nameOf, timeOf, type RolledFinding } from './finding.js';

/** Findings of one report, and how many of its scanners had not finished. */
export interface RolledReport {
  readonly findings: readonly RolledFinding[];
  readonly unfinished: number;
  /** Repository that the report names or its file is called after. */
  readonly repository: string;
}

/**
 * Reads what an overview needs of a report that is parsed JSON: a SARIF log of any tool, or the JSON of `scan --format json`.
 * Suppressed results are left out, absent ones as well. Undefined when it is neither.
 * @param file path of the report below the folder, without its ending: its repository when the report names none
 */
export function readReport(value: unknown, file: string, now: number): RolledReport | undefined {
  const report = asObject(value);
  if (Array.isArray(report['runs'])) return readLog(report['runs'], file, now);
  if (Array.isArray(report['findings']) && Array.isArray(report['outcomes'])) return readOwn(report['findings'], report['outcomes'], file);
  return undefined;
}

function readLog(runs: readonly unknown[], file: string, now: number): RolledReport {
  const findings: RolledFinding[] = [];
  let unfinished = 0;
  let repository = nameOf(file, 'unknown');
  for (const item of runs) {
    const run = asObject(item);
    const source = asObject(asArray(run['versionControlProvenance'])[0])['repositoryUri'];
    if (typeof source === 'string') repository = repositoryOf(source) ?? repository;
    const driver = asObject(asObject(run['tool'])['driver']);
    const tool = nameOf(driver['name'], 'unknown');
    const rules = asArray(driver['rules']);
    const severities = rules.map((rule) => severityOfRule(asObject(rule)));
    const places = new Map(rules.map((rule, index) => [asObject(rule)['id'], index]));
    if (asArray(run['invocations']).some((invocation) => asObject(invocation)['executionSuccessful'] === false)) unfinished++;
    for (const entry of asArray(run['results'])) {
      const result = asObject(entry);
      if (asArray(result['suppressions']).length > 0 || result['baselineState'] === 'absent' || !counts(result['kind'])) continue;
      const id = result['ruleId'] ?? asObject(result['rule'])['id'];
      const place = typeof result['ruleIndex'] === 'number' && result['ruleIndex'] >= 0 ? result['ruleIndex'] : places.get(id);
      const rule = place === undefined ? {} : asObject(rules[place]);
      findings.push({
        repository,
        tool,
        // Ours tell a rule's severities apart by entries of their own; the rule is the same.
        rule: nameOf(asObject(rule['properties'])['bartizan/rule'] ?? id ?? rule['id'], 'unknown'),
        severity: ownSeverity(result) ?? (place === undefined ? undefined : severities[place]) ?? byLevel(result['level']),
        firstSeen: timeOf(asObject(result['provenance'])['firstDetectionTimeUtc'], now),
      });
    }
  }
  // Runs before the first that names the repository belong to it as well.
  return { findings: findings.map((finding) => (finding.repository === repository ? finding : { ...finding, repository })), unfinished, repository };
}

function readOwn(findings: readonly unknown[], outcomes: readonly unknown[], file: string): RolledReport {
  const repository = nameOf(file, 'unknown');
  return {
    repository,
    unfinished: outcomes.filter((outcome) => asObject(outcome)['status'] === 'failed').length,
    findings: findings.map((entry): RolledFinding => {
      const finding = asObject(entry);
      const severity = SEVERITIES.find((one) => one === finding['severity']) ?? 'medium';
      return { repository, tool: nameOf(finding['tool'], 'unknown'), rule: nameOf(finding['rule'], 'unknown'), severity, firstSeen: undefined };
    }),
  };
}

/** `owner/name` of the address of a repository. */
function repositoryOf(address: string): string | undefined {
  return /[/:]([\w.-]{1,100}\/[\w.-]{1,100}?)(?:\.git)?\/?$/.exec(address.slice(0, MAX_NAME))?.[1];
}

function counts(kind: unknown): boolean {
  return kind === undefined || kind === 'fail' || kind === 'open' || kind === 'review';
}

function ownSeverity(result: Readonly<Record<string, unknown>>): Severity | undefined {
  const stated = asObject(result['properties'])['severity'];
  return SEVERITIES.find((one) => one === stated);
}

/** Bands of `security-severity` as GitHub shows them. */
const BANDS: readonly (readonly [number, Severity])[] = [[9, 'critical'], [7, 'high'], [4, 'medium'], [0.1, 'low']];

function severityOfRule(rule: Readonly<Record<string, unknown>>): Severity | undefined {
  const stated = asObject(rule['properties'])['security-severity'];
  const number = typeof stated === 'string' && stated.length < 10 ? Number(stated) : typeof stated === 'number' ? stated : Number.NaN;
  if (Number.isFinite(number)) return BANDS.find(([from]) => number >= from)?.[1] ?? 'note';
  const level = asObject(rule['defaultConfiguration'])['level'];
  return level === undefined ? undefined : byLevel(level);
}

function byLevel(level: unknown): Severity {
  return level === 'error' ? 'high' : level === 'note' ? 'low' : level === 'none' ? 'note' : 'medium';
}

/** The worse of two severities. */
export function worse(a: Severity, b: Severity): Severity {
  return isAtLeast(a, b) ? a : b;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
