import { compareText, ConfigurationError, findingsOf, POLICIES_TOOL, severityRank, SEVERITIES, type Finding, type KnownFinding, type ScanResult, type Severity } from '../core/index.js';
import { namesOf } from '../syntax/rule-name.js';
import type { Files } from '../io/files.js';

/** Name of the file at the top of the repository, which is used where it exists. */
export const BASELINE_FILE = 'bartizan.baseline.json';

const FORMAT = 'bartizan-baseline/v1';
/** About 100,000 findings. */
const MAX_BYTES = 20_000_000;
const MAX_FINDINGS = 100_000;

/** One known finding. */
export type BaselineEntry = KnownFinding;

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
  const { fingerprint, moved, rule, path, severity } = value;
  if (moved !== undefined && !(typeof moved === 'string' && /^[0-9a-f]{32}$/.test(moved))) return false;
  return typeof fingerprint === 'string' && /^[0-9a-f]{32}$/.test(fingerprint) && typeof rule === 'string' && typeof path === 'string' && SEVERITIES.includes(severity as Severity);
}

/** Names of the fingerprints that findings are matched by; the second is without folders. */
const STABLE = 'bartizan/v1';
const MOVED = 'bartizan/moved/v1';

/**
 * Results whose findings say whether the baseline knows them: `unchanged`, `updated` where the severity is worse than
 * the known one, otherwise `new`. One that was moved with its code is known: by its fingerprint under the former path of a
 * renamed file, which `former` gives by the present one, or by the fingerprint without folders; each known finding that is
 * gone from its place is found again once. What is found nowhere is `absent`, where its scanner finished.
 * Without a baseline the results themselves. Linear in findings and entries.
 */
export function compareWithBaseline(
  results: readonly ScanResult[],
  baseline: readonly BaselineEntry[] | undefined,
  former: ReadonlyMap<string, string> = new Map(),
): readonly ScanResult[] {
  if (baseline === undefined) return results;
  const known = new Map<string, BaselineEntry>();
  for (const entry of baseline) {
    const other = known.get(entry.fingerprint);
    // A merge may leave two of them: the milder one counts.
    if (other === undefined || severityRank(entry.severity) < severityRank(other.severity)) known.set(entry.fingerprint, entry);
  }
  const match = matcher(known, results, former);
  const stated = (finding: Finding): Finding => {
    const entry = match(finding);
    const worse = entry !== undefined && severityRank(finding.severity) > severityRank(entry.severity);
    return { ...finding, baselineState: entry === undefined ? 'new' : worse ? 'updated' : 'unchanged' };
  };
  const compared = results.map((result) => {
    const { outcome, suppressed } = result;
    const rest = { ...result, ...(suppressed !== undefined && { suppressed: suppressed.map(stated) }) };
    if (outcome.status === 'completed') return { ...rest, outcome: { ...outcome, findings: outcome.findings.map(stated) } };
    return outcome.status === 'failed' ? { ...rest, outcome: { ...outcome, partial: outcome.partial.map(stated) } } : rest;
  });
  return withAbsent(compared, match.left());
}

interface Matcher {
  (finding: Finding): BaselineEntry | undefined;
  /** Entries that no finding was matched with. */
  left(): readonly BaselineEntry[];
}

function matcher(known: ReadonlyMap<string, BaselineEntry>, results: readonly ScanResult[], former: ReadonlyMap<string, string>): Matcher {
  const present = new Set<string>();
  for (const result of results) for (const { fingerprints } of [...findingsOf(result), ...(result.suppressed ?? [])]) present.add(fingerprints[STABLE] ?? '');
  const gone = new Map<string, BaselineEntry>();
  const byMoved = new Map<string, BaselineEntry[]>();
  for (const [fingerprint, entry] of known) {
    if (present.has(fingerprint)) continue;
    gone.set(fingerprint, entry);
    if (entry.moved === undefined) continue;
    const there = byMoved.get(entry.moved);
    if (there === undefined) byMoved.set(entry.moved, [entry]);
    else there.push(entry);
  }
  const again = (entry: BaselineEntry | undefined): BaselineEntry | undefined => (entry !== undefined && gone.delete(entry.fingerprint) ? entry : undefined);
  const match = ({ fingerprints }: Finding): BaselineEntry | undefined => {
    const fingerprint = fingerprints[STABLE] ?? '';
    const exact = known.get(fingerprint);
    if (exact !== undefined) return exact;
    const renamed = again(gone.get(former.get(fingerprint) ?? ''));
    if (renamed !== undefined) return renamed;
    const moved = byMoved.get(fingerprints[MOVED] ?? '') ?? [];
    for (let entry = moved.pop(); entry !== undefined; entry = moved.pop()) if (again(entry) !== undefined) return entry;
    return undefined;
  };
  return Object.assign(match, { left: () => [...gone.values()] });
}

function withAbsent(results: readonly ScanResult[], left: readonly BaselineEntry[]): readonly ScanResult[] {
  const external = new Set(results.map(({ tool }) => tool.name).filter((name) => name !== POLICIES_TOOL));
  const byTool = new Map<string, BaselineEntry[]>();
  for (const entry of left) {
    const prefix = entry.rule.slice(0, Math.max(0, entry.rule.indexOf('/')));
    const tool = external.has(prefix) ? prefix : POLICIES_TOOL;
    const there = byTool.get(tool);
    if (there === undefined) byTool.set(tool, [entry]);
    else there.push(entry);
  }
  return results.map((result) => {
    const absent = result.outcome.status === 'completed' ? byTool.get(result.tool.name) : undefined;
    return absent === undefined ? result : { ...result, absent };
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
    const { [STABLE]: fingerprint, [MOVED]: moved } = finding.fingerprints;
    if (fingerprint === undefined) continue;
    entries.set(fingerprint, { fingerprint, ...(moved !== undefined && { moved }), rule: namesOf(finding)[0] ?? finding.ruleId, path: finding.locations[0].path, severity: finding.severity });
  }
  return [...entries.values()].sort((a, b) => compareText(a.path, b.path) || compareText(a.rule, b.rule) || compareText(a.fingerprint, b.fingerprint));
}

/** The file: a finding a line, so that a diff shows what came and went. */
export function baselineText(entries: readonly BaselineEntry[]): string {
  const lines = entries.map(({ fingerprint, moved, rule, path, severity }) => `    ${JSON.stringify({ path, rule, severity, fingerprint, moved })}`);
  return `{\n  "format": "${FORMAT}",\n  "findings": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}]\n}\n`;
}
