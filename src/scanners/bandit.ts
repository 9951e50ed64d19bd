import { ScannerOutputError } from '../core/index.js';
import type { Confidence, Diagnostic, Finding, Location, ParsedOutput, Rule, ScanOutput, Scanner, ScanRequest, Severity } from '../core/index.js';
import { lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import type { JsonObject } from './shared/json.js';
import { requestedPaths, toArgument } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';
import { commentReader, createSilencer, type SilencingComment } from './shared/silenced.js';

const SEVERITY: Readonly<Record<string, Severity>> = { HIGH: 'high', MEDIUM: 'medium', LOW: 'low', UNDEFINED: 'note' };
const CONFIDENCE: Readonly<Record<string, Confidence>> = { HIGH: 'high', MEDIUM: 'medium', LOW: 'low', UNDEFINED: 'low' };
const DOCUMENTATION = 'https://bandit.readthedocs.io/';
/** These quote the password that they found. */
const QUOTES_A_SECRET = new Set(['B105', 'B106', 'B107']);
const INI_NAME = 'bandit.ini';

/**
 * Bandit, for Python. Output format, exit codes and option handling were verified with 1.9.4:
 * 0 no findings, 1 findings, 2 failure; columns count bytes of UTF-8 from 0, ends are exclusive.
 */
export const bandit: Scanner = {
  name: 'bandit',
  executable: 'bandit',
  informationUri: DOCUMENTATION,
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  splittable: true,
  pure: true,
  version: { args: ['--version'], parse: (stdout) => /^bandit (\S+)/m.exec(stdout)?.[1] },
  options: { 'ignore-nosec': { type: 'boolean', description: 'Reports also what `# nosec` comments silence.' } },
  verifiedWith: '1.9.4',
  exitCodes: { '0': 'no findings', '1': 'findings', '2': 'failure' },
  applies(inventory) {
    const files = inventory.files.filter((file) => file.format === 'python');
    if (files.length === 0) return { applies: false, reason: 'no Python files' };
    return { applies: true, reason: files.length === 1 ? '1 Python file' : `${files.length} Python files`, files };
  },
  command: (request) => ({
    args: [
      '--format', 'json', '--quiet', '--severity-level', 'all', '--confidence-level', 'all', '--number', '1',
      // An empty one of ours instead of the first `.bandit` below the targets, which could skip tests.
      '--ini', `${request.configDirectory}/${INI_NAME}`,
      // Replaces the default list, which is matched anywhere in a path: a folder `CVSx` would be left out.
      '--exclude', '/dev/null/nothing',
      // What `# nosec` silences is reported, and marked by us: it does not vanish.
      '--ignore-nosec',
      ...request.files.map((file) => toArgument(file.path)),
    ],
    files: { [INI_NAME]: '[bandit]\n' },
    completedCodes: [0, 1],
  }),
  parse: parseBandit,
  canary: { files: { 'canary.py': { format: 'python', text: "import subprocess\nsubprocess.call('id ' + input(), shell=True)\n" } }, ruleId: 'B602' },
};

function parseBandit(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const root = asObject(parseJson(output.stdout), 'the document');
  const pathOf = requestedPaths(request.files);
  const regionOf = createRegions(request.source, 'utf8');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = readErrors(root, pathOf);
  const silencer = createSilencer(request.source, 'bandit', readNosec);
  let foreign = 0;

  for (const [index, entry] of asArray(root['results'], 'results').entries()) {
    const result = asObject(entry, `results[${index}]`);
    const path = pathOf(asString(result['filename'], `results[${index}].filename`));
    if (path === undefined) {
      foreign++;
      continue;
    }
    const finding = readResult(result, path, `results[${index}]`, regionOf);
    rules.add(readRule(result, finding));
    const suppression = request.options['ignore-nosec'] === true ? undefined : silencer(wholeRange(result, finding), [finding.ruleId, String(result['test_name'])]);
    findings.push(suppression === undefined ? finding : { ...finding, suppression });
  }
  if (foreign > 0) {
    diagnostics.push({ level: 'warning', code: 'foreign-path', message: `bandit reported ${foreign} findings in files that it was not asked to read; they are left out.` });
  }
  diagnostics.push(...readMetrics(root, request, pathOf, diagnostics));
  return { rules: rules.list(), findings, diagnostics };
}

/** `# nosec` counts in every line of the statement. */
function wholeRange(result: JsonObject, { locations: [{ path, region }] }: Finding): Location {
  const lines = (Array.isArray(result['line_range']) ? (result['line_range'] as unknown[]) : []).filter((line) => typeof line === 'number');
  if (region === undefined || lines.length === 0) return { path, ...(region !== undefined && { region }) };
  return { path, region: { ...region, startLine: Math.min(region.startLine, ...lines.slice(0, 1_000)), endLine: Math.max(region.endLine, ...lines.slice(0, 1_000)) } };
}

/** Names of tests as bandit has them: `B324`, `assert_used`. */
const readNamed = commentReader(/#\s{0,20}nosec/, 'B\\d{3}|[a-z\\d]{1,50}(?:_[a-z\\d]{1,50}){1,5}|hashlib|blacklist');

/** `# nosec`, for all tests or for those that it names. Behind an open quote it is part of a text. */
function readNosec(line: string): SilencingComment | undefined {
  const found = readNamed(line);
  if (found === undefined) return undefined;
  const before = line.slice(0, found.index);
  return [`"`, `'`].some((quote) => (before.split(quote).length - 1) % 2 === 1) ? undefined : found;
}

function readResult(
  result: JsonObject,
  path: string,
  place: string,
  regionOf: ReturnType<typeof createRegions>,
): Finding {
  const ruleId = asString(result['test_id'], `${place}.test_id`);
  const startLine = wholeNumber(result['line_number'], 1) ?? 1;
  const startOffset = wholeNumber(result['col_offset'], 0);
  // What spans lines can be a whole function (B107): its first line is what one wants to see.
  const range = Array.isArray(result['line_range']) ? result['line_range'] : [];
  const endOffset = range.length === 1 ? wholeNumber(result['end_col_offset'], 0) : undefined;
  const region = regionOf(path, {
    startLine,
    startColumn: startOffset === undefined ? undefined : startOffset + 1,
    endColumn: endOffset === undefined ? undefined : endOffset + 1,
  });
  const text = asString(result['issue_text'], `${place}.issue_text`);
  return {
    ruleId,
    tool: 'bandit',
    severity: lookUp(SEVERITY, asString(result['issue_severity'], `${place}.issue_severity`), 'medium'),
    confidence: lookUp(CONFIDENCE, asString(result['issue_confidence'], `${place}.issue_confidence`), 'low'),
    message: QUOTES_A_SECRET.has(ruleId) ? text.replace(/:.*$/s, '') : text,
    reasons: [],
    locations: [{ path, region }],
    related: [],
    flow: [],
    fingerprints: {},
    alsoReportedBy: [],
  };
}

function readRule(result: JsonObject, finding: Finding): Rule {
  const link = result['more_info'];
  const helpUri = typeof link === 'string' && link.startsWith(DOCUMENTATION) ? link : undefined;
  const cwe = typeof result['issue_cwe'] === 'object' && result['issue_cwe'] !== null ? (result['issue_cwe'] as JsonObject)['id'] : undefined;
  const title = titleOf(result, helpUri, finding.ruleId);
  return {
    id: finding.ruleId,
    title,
    severity: finding.severity,
    confidence: finding.confidence,
    tags: [...(wholeNumber(cwe, 1) === undefined ? [] : [`CWE-${String(cwe)}`]), 'security', 'python'],
    help: `${title}.${helpUri === undefined ? '' : `\n\nWhat it means and how to repair it: <${helpUri}>`}`,
    ...(helpUri === undefined ? {} : { helpUri }),
  };
}

/** Bandit prints no titles: the test's name in words, or for the lists of calls and imports the anchor of its page. */
function titleOf(result: JsonObject, helpUri: string | undefined, ruleId: string): string {
  const name = result['test_name'];
  const anchor = helpUri?.split('#')[1]?.replace(/^(b[0-9]+-)+/, '');
  const words = (name === 'blacklist' ? anchor : typeof name === 'string' ? name : undefined)?.replace(/[-_]+/g, ' ').trim();
  if (words === undefined || !/^[a-zA-Z][\w ]{0,80}$/.test(words)) return `Bandit ${ruleId}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function readErrors(root: JsonObject, pathOf: (printed: string) => string | undefined): Diagnostic[] {
  return asArray(root['errors'] ?? [], 'errors').map((entry, index) => {
    const error = asObject(entry, `errors[${index}]`);
    const path = pathOf(asString(error['filename'], `errors[${index}].filename`));
    return {
      level: 'warning',
      code: 'scanner-could-not-read',
      message: `bandit did not check this file: ${asString(error['reason'], `errors[${index}].reason`)}`,
      ...(path === undefined ? {} : { path }),
    };
  });
}

/** Checks by the metrics that every file was read. */
function readMetrics(
  root: JsonObject,
  request: ScanRequest,
  pathOf: (printed: string) => string | undefined,
  errors: readonly Diagnostic[],
): Diagnostic[] {
  const metrics = asObject(root['metrics'], 'metrics');
  const seen = new Set(errors.map((error) => error.path));
  let read = 0;
  for (const name of Object.keys(metrics)) {
    const path = pathOf(name);
    if (path === undefined) continue;
    read++;
    seen.add(path);
  }
  if (read === 0 && request.files.length > 0) {
    throw new ScannerOutputError(`read none of the ${request.files.length} files that it was given`);
  }
  const diagnostics: Diagnostic[] = request.files
    .filter((file) => !seen.has(file.path))
    .map(({ path }) => ({ level: 'warning', code: 'scanner-could-not-read', message: 'bandit did not check this file and gave no reason.', path }));
  return diagnostics;
}
