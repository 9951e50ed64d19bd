import { posix } from 'node:path';
import { ScannerOutputError } from '../core/index.js';
import type { Diagnostic, Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, workspacePaths } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';

const SEVERITY: Readonly<Record<string, Severity>> = { HIGH: 'high', MEDIUM: 'medium', LOW: 'low' };
const OPTIONS: Readonly<Record<string, ScannerOption>> = {};

/**
 * Terrascan, for infrastructure as code; its maker has archived it. After its documentation: 0 no findings, 1 failure, 3 findings,
 * 4 errors while reading, 5 both. Policies must lie in the database directory: it would fetch them otherwise.
 */
export const terrascan: Scanner = {
  name: 'terrascan',
  executable: 'terrascan',
  informationUri: 'https://runterrascan.io/',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  exitCodes: { '0': 'no findings', '1': 'failure', '3': 'findings', '4': 'errors while reading', '5': 'findings and errors while reading' },
  splittable: false,
  version: { args: ['version'], parse: (stdout) => /version: v?(\S+)/.exec(stdout)?.[1] },
  applies: appliesTo(['terraform'], 'Terraform file'),
  command: (request) => {
    readOptions('terrascan', OPTIONS, request.options);
    return { directory: 'config', args: ['scan', '--iac-type', 'terraform', '--iac-dir', request.root, '--output', 'json', '--policy-path', request.database ?? `${request.configDirectory}/no-policies`], completedCodes: [0, 3, 4, 5] };
  },
  parse: parseTerrascan,
  canary: { files: { 'canary.tf': { format: 'terraform', text: 'resource "aws_db_instance" "canary" {\n  storage_encrypted   = false\n  publicly_accessible = true\n}\n' } } },
};

function parseTerrascan(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const results = asObject(asObject(parseJson(output.stdout), 'the document')['results'], 'results');
  const pathOf = workspacePaths(request.root);
  const regionOf = createRegions(request.source, 'code-point');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const summary = asObject(results['scan_summary'], 'results.scan_summary');
  if (wholeNumber(summary['policies_validated'], 1) === undefined) throw new ScannerOutputError('has validated no policy: its policies were not found');
  const diagnostics: Diagnostic[] = asArray(results['scan_errors'] ?? [], 'results.scan_errors').slice(0, 20).map((error) => ({ level: 'warning', code: 'scanner-could-not-read', message: `terrascan did not check all of it: ${String(asObject(error, 'results.scan_errors')['errMsg']).slice(0, 300)}` }));
  let foreign = 0;
  for (const [index, entry] of asArray(results['violations'] ?? [], 'results.violations').entries()) {
    const place = `results.violations[${index}]`;
    const violation = asObject(entry, place);
    const ruleId = asString(violation['rule_id'], `${place}.rule_id`);
    const file = asString(violation['file'], `${place}.file`);
    const folder = violation['plan_root'];
    const path = pathOf(typeof folder === 'string' && folder !== '' ? posix.join(folder, file) : file);
    if (path === undefined || !/^[\w.-]{1,100}$/.test(ruleId)) {
      foreign++;
      continue;
    }
    const description = asString(violation['description'], `${place}.description`);
    const severity = lookUp(SEVERITY, violation['severity'], 'medium');
    rules.add(createRule({ id: ruleId, title: description, severity, tags: ['infrastructure'] }));
    const { resource_type: type, resource_name: name } = violation;
    const resource = typeof type === 'string' && typeof name === 'string' ? `: ${type}.${name}` : '';
    findings.push(createFinding({ tool: 'terrascan', ruleId, severity, message: description + resource, path, region: regionOf(path, { startLine: wholeNumber(violation['line'], 1) ?? 1 }) }));
  }
  if (foreign > 0) diagnostics.push({ level: 'warning', code: 'foreign-path', message: `terrascan reported ${foreign} findings that are not in the workspace; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}
