import { ScannerOutputError } from '../core/index.js';
import type { Diagnostic, Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { workspacePaths } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';

/** Gitleaks has no severities: whatever it finds opens something to whoever reads it. */
const SEVERITY: Readonly<Record<string, Severity>> = { 'any secret': 'high', 'generic-api-key': 'medium' };
const CONFIG_NAME = 'gitleaks.toml';
const IGNORE_FILE = '.gitleaksignore';
/** A rule of the tool by its shape in words and entropy, not by an issuer's prefix. */
const GENERIC = 'generic-api-key';
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  config: { type: 'string', path: true, description: 'Its configuration file in the workspace; its own rules alone are used when not given.' },
  history: { type: 'boolean', description: 'Searches all commits instead of the files as they are; needs a full clone.' },
  'honour-allow-comments': { type: 'boolean', description: 'Leaves out lines with a `gitleaks:allow` comment.' },
};

/**
 * Gitleaks, for secrets. Verified with 8.30.1: with `--exit-code 0` it exits 0 when it has finished, also for a
 * folder that does not exist (then it says that it scanned no bytes), and 1 for failures. Columns count bytes, ends are
 * inclusive, and behind the first line both are one too high. Values are never printed: `--redact`.
 *
 * It reads `.gitleaksignore` of the folder that it scans whatever flags say. Its entries name files as they are
 * reported, which are absolute here, so that those of a repository match nothing; absolute ones are refused.
 */
export const gitleaks: Scanner = {
  name: 'gitleaks',
  executable: 'gitleaks',
  informationUri: 'https://github.com/gitleaks/gitleaks',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  verifiedWith: '8.30.1',
  exitCodes: { '0': 'finished (with `--exit-code 0`), findings or none', '1': 'failure' },
  splittable: false,
  version: { args: ['version'], parse: (stdout) => /^v?([0-9]+\.[0-9]+\.\S+)/m.exec(stdout)?.[1] },
  applies: (inventory) =>
    inventory.total === 0 ? { applies: false, reason: 'no files' } : { applies: true, reason: `all ${inventory.total} files`, files: inventory.files },
  command: (request) => {
    const options = readOptions('gitleaks', OPTIONS, request.options);
    const config = options.text('config');
    return {
      args: [
        options.flag('history') ? 'git' : 'dir',
        '--no-banner', '--no-color', '--log-level', 'info', '--redact=100', '--exit-code', '0', '--report-format', 'json', '--report-path', '-',
        // Ours instead of `.gitleaks.toml` of the workspace, which could allow everything.
        '--config', config === undefined ? `${request.configDirectory}/${CONFIG_NAME}` : `${request.root}/${config}`,
        '--gitleaks-ignore-path', `${request.configDirectory}/none`,
        ...(options.flag('honour-allow-comments') ? [] : ['--ignore-gitleaks-allow']),
        request.root,
      ],
      files: { [CONFIG_NAME]: '[extend]\nuseDefault = true\n' },
      completedCodes: [0],
    };
  },
  parse: parseGitleaks,
  canary: {
    // Put together here, so that no scanner takes this file for one with a secret.
    files: { 'canary.txt': { format: 'python', text: `token = "${['ghp', '16C7e42F292c6912E7710c838347Ae178B4a'].join('_')}"\n` } },
    ruleId: 'github-pat',
  },
};

function parseGitleaks(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = workspacePaths(request.root);
  const regionOf = createRegions(request.source, 'utf8');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = [];
  let foreign = 0;
  refuseIgnoredPaths(request);

  for (const [index, entry] of asArray(parseJson(output.stdout), 'the document').entries()) {
    const place = `[${index}]`;
    const result = asObject(entry, place);
    const path = pathOf(asString(result['File'], `${place}.File`));
    const ruleId = asString(result['RuleID'], `${place}.RuleID`);
    if (path === undefined || !/^[\w.-]{1,100}$/.test(ruleId)) {
      foreign++;
      continue;
    }
    const title = asString(result['Description'], `${place}.Description`).split(',')[0] ?? ruleId;
    const severity = ruleId === GENERIC ? 'medium' : 'high';
    const confidence = ruleId === GENERIC ? 'medium' : 'high';
    rules.add(createRule({ id: ruleId, title, severity, confidence, tags: ['CWE-798', 'secrets'], helpUri: 'https://github.com/gitleaks/gitleaks', help: HELP }));
    const commit = typeof result['Commit'] === 'string' && /^[0-9a-f]{7,64}$/.test(result['Commit']) ? result['Commit'].slice(0, 12) : undefined;
    const region = regionOf(path, {
      startLine: wholeNumber(result['StartLine'], 1) ?? 1,
      startColumn: column(result['StartLine'], result['StartColumn']),
      endLine: wholeNumber(result['EndLine'], 1),
      endColumn: endColumn(result['StartLine'], result['EndColumn']),
    });
    findings.push(
      createFinding({
        tool: 'gitleaks',
        ruleId,
        severity,
        confidence,
        message: commit === undefined ? title : `${title}, in commit ${commit}`,
        path,
        // Of a commit the lines are those of another version of the file.
        region: commit === undefined ? region : undefined,
      }),
    );
  }
  if (findings.length === 0 && /\bscanned ~0 bytes\b/.test(output.stderr)) throw new ScannerOutputError('has read nothing (0 bytes)');
  if (foreign > 0) diagnostics.push({ level: 'warning', code: 'foreign-path', message: `gitleaks reported ${foreign} findings that are not in the workspace; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}

const HELP = 'A credential is written in a file of the repository, so everyone who can read it can use it. Revoke it where it was issued, then take it from a secret store. Removing it from the file is not enough: it stays in the history.';

function column(line: unknown, value: unknown): number | undefined {
  const number = wholeNumber(value, 1);
  return number === undefined ? undefined : Math.max(1, line === 1 ? number : number - 1);
}

function endColumn(line: unknown, value: unknown): number | undefined {
  const last = column(line, value);
  return last === undefined ? undefined : last + 1;
}

function refuseIgnoredPaths(request: ScanRequest): void {
  const ignored = request.source(IGNORE_FILE);
  if (ignored?.split('\n').some((line) => line.trimStart().startsWith('/')) === true) {
    throw new ScannerOutputError(`can't be trusted: ${IGNORE_FILE} hides findings by absolute path, and gitleaks has no flag against it. Use \`skip\` or suppressions of the configuration instead`);
  }
}
