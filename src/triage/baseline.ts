import { compareText, ConfigurationError, findingsOf, severityRank, SEVERITIES, type Finding, type ScanResult, type Severity } from '../core/index.js';
import { namesOf } from '../syntax/rule-name.js';
import type { Files } from '../io/files.js';

/** Name of the file at the top of the repository, which is used where it exists. */
export const BASELINE_FILE = 'bartizan.baseline.json';

const FORMAT = 'bartizan-baseline/v1';
/** About 100,000 findings. */
const MAX_BYTES = 20_000_000;
const MAX_FINDINGS = 100_000;

/** One known finding. */
export interface BaselineEntry {
  /** `bartizan/v1`. */
  readonly fingerprint: string;
  /** Id of a policy, or `scanner/rule`. */
  readonly rule: string;
  readonly path: string;
  readonly severity: Severity;
}

/**
 * The known findings of a file; undefined where `path` is not given or `auto` and there is no `bartizan.baseline.json`, or for `none`.
 * @throws ConfigurationError when the file is missing, too large, broken or not a baseline: it is never taken for a smaller one.
 */
export function readBaseline(files: Files, path: string | undefined): readonly BaselineEntry[] | undefined {
  if (path === 'none') return undefined;
  const automatic = path === undefined || path === 'auto';
  const name = automatic ? BASELINE_FILE : path;
  if (files.kind(name) === undefined) {
    if (automatic) return undefined;
    throw new ConfigurationError(`The baseline ${name} does not exist in the workspace. \`bartizan baseline\` writes one.`);
  }
  const result = files.read(name, MAX_BYTES);
  if (!result.ok) throw new ConfigurationError(`The baseline ${name} can't be read. ${result.diagnostic.message}`, [{ ...result.diagnostic, level: 'error' }]);
  const wrong = (what: string): ConfigurationError => new ConfigurationError(`The baseline ${name} ${what}. Write it again with \`bartizan baseline\`.`);
  let data: unknown;
  try {
    data = JSON.parse(result.text);
  } catch {
    throw wrong('is no valid JSON');
  }
  if (!isObject(data) || data['format'] !== FORMAT || !Array.isArray(data['findings'])) throw wrong(`is no baseline of Bartizan (\`format\` must be \`${FORMAT}\`, \`findings\` a list)`);
  const findings = data['findings'] as readonly unknown[];
  if (findings.length > MAX_FINDINGS) throw wrong(`has more than ${MAX_FINDINGS} findings`);
  return findings.map((entry, index) => {
    if (!isEntry(entry)) throw wrong(`has no valid finding at position ${index + 1} (\`fingerprint\`, \`rule\`, \`path\`, \`severity\`)`);
    return entry;
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isEntry(value: unknown): value is BaselineEntry {
  if (!isObject(value)) return false;
  const { fingerprint, rule, path, severity } = value;
  return typeof fingerprint === 'string' && /^[0-9a-f]{32}$/.test(fingerprint) && typeof rule === 'string' && typeof path === 'string' && SEVERITIES.includes(severity as Severity);
}

/**
 * Results whose findings say whether the baseline knows them: `unchanged`, `updated` where the severity is worse than
 * the known one, otherwise `new`. Without a baseline the results themselves.
 */
export function compareWithBaseline(results: readonly ScanResult[], baseline: readonly BaselineEntry[] | undefined): readonly ScanResult[] {
  if (baseline === undefined) return results;
  const known = new Map<string, Severity>();
  for (const { fingerprint, severity } of baseline) {
    const other = known.get(fingerprint);
    // A merge may leave two of them: the milder one counts.
    if (other === undefined || severityRank(severity) < severityRank(other)) known.set(fingerprint, severity);
  }
  const stated = (finding: Finding): Finding => {
    const severity = known.get(finding.fingerprints['bartizan/v1'] ?? '');
    const worse = severity !== undefined && severityRank(finding.severity) > severityRank(severity);
    return { ...finding, baselineState: severity === undefined ? 'new' : worse ? 'updated' : 'unchanged' };
  };
  return results.map((result) => {
    const { outcome, suppressed } = result;
    const rest = { ...result, ...(suppressed !== undefined && { suppressed: suppressed.map(stated) }) };
    if (outcome.status === 'completed') return { ...rest, outcome: { ...outcome, findings: outcome.findings.map(stated) } };
    return outcome.status === 'failed' ? { ...rest, outcome: { ...outcome, partial: outcome.partial.map(stated) } } : rest;
  });
}

/**
 * The baseline of a finished scan: everything that counts, and of the former one what belongs to scanners that were
 * skipped this time. What is gone is gone.
 */
export function baselineOf(results: readonly ScanResult[], former: readonly BaselineEntry[]): readonly BaselineEntry[] {
  const skipped = results.filter(({ outcome }) => outcome.status === 'skipped').map(({ tool }) => `${tool.name}/`);
  const entries = new Map<string, BaselineEntry>();
  for (const entry of former) if (skipped.some((prefix) => entry.rule.startsWith(prefix))) entries.set(entry.fingerprint, entry);
  for (const finding of results.flatMap(findingsOf)) {
    const fingerprint = finding.fingerprints['bartizan/v1'];
    if (fingerprint === undefined) continue;
    entries.set(fingerprint, { fingerprint, rule: namesOf(finding)[0] ?? finding.ruleId, path: finding.locations[0].path, severity: finding.severity });
  }
  return [...entries.values()].sort((a, b) => compareText(a.path, b.path) || compareText(a.rule, b.rule) || compareText(a.fingerprint, b.fingerprint));
}

/** The file: a finding a line, so that a diff shows what came and went. */
export function baselineText(entries: readonly BaselineEntry[]): string {
  const lines = entries.map(({ fingerprint, rule, path, severity }) => `    ${JSON.stringify({ path, rule, severity, fingerprint })}`);
  return `{\n  "format": "${FORMAT}",\n  "findings": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}]\n}\n`;
}
