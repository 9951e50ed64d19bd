import { ScannerOutputError } from '../core/index.js';
import type { Diagnostic, Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, workspacePaths } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';

const SEVERITY: Readonly<Record<string, Severity>> = { error: 'medium', warning: 'low', notice: 'note', info: 'note' };
const OPTIONS: Readonly<Record<string, ScannerOption>> = {};

/**
 * TFLint, for Terraform. After its documentation: 0 no findings, 1 failure, 2 findings; `--force` makes 2 a 0. A configuration
 * of ours replaces `.tflint.hcl`, which can name plugins, that is programs; comments `tflint-ignore` are obeyed.
 */
export const tflint: Scanner = {
  name: 'tflint',
  executable: 'tflint',
  informationUri: 'https://github.com/terraform-linters/tflint',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  exitCodes: { '0': 'finished (with `--force`), findings or none', '1': 'failure', '2': 'findings (without `--force`)' },
  splittable: false,
  version: { args: ['--version'], parse: (stdout) => /^TFLint version (\S+)/m.exec(stdout)?.[1] },
  applies: appliesTo(['terraform'], 'Terraform file'),
  command: (request) => {
    readOptions('tflint', OPTIONS, request.options);
    return { args: ['--recursive', '--format=json', '--force', '--no-color', `--config=${request.configDirectory}/tflint.hcl`], files: { 'tflint.hcl': 'plugin "terraform" {\n  enabled = true\n  preset  = "recommended"\n}\n' }, completedCodes: [0] };
  },
  parse: parseTflint,
  canary: { files: { 'canary.tf': { format: 'terraform', text: 'variable "canary" {}\n' } } },
};

function parseTflint(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const root = asObject(parseJson(output.stdout), 'the document');
  const pathOf = workspacePaths(request.root);
  const regionOf = createRegions(request.source, 'utf8');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const issues = asArray(root['issues'], 'issues');
  const errors = asArray(root['errors'], 'errors').map((error, index) => asString(asObject(error, `errors[${index}]`)['message'], `errors[${index}].message`));
  if (issues.length === 0 && errors[0] !== undefined) throw new ScannerOutputError(`says that it failed: ${errors[0].slice(0, 300)}`);
  const diagnostics: Diagnostic[] = errors.slice(0, 20).map((message) => ({ level: 'warning', code: 'scanner-could-not-read', message: `tflint did not check all of it: ${message.slice(0, 300)}` }));
  let foreign = 0;
  for (const [index, entry] of issues.entries()) {
    const place = `issues[${index}]`;
    const issue = asObject(entry, place);
    const rule = asObject(issue['rule'], `${place}.rule`);
    const range = asObject(issue['range'], `${place}.range`);
    const ruleId = asString(rule['name'], `${place}.rule.name`);
    const path = pathOf(asString(range['filename'], `${place}.range.filename`));
    if (path === undefined || !/^\w{1,100}$/.test(ruleId)) {
      foreign++;
      continue;
    }
    const start = asObject(range['start'], `${place}.range.start`);
    const end = asObject(range['end'], `${place}.range.end`);
    const severity = lookUp(SEVERITY, rule['severity'], 'low');
    rules.add(createRule({ id: ruleId, title: ruleId.replaceAll('_', ' '), severity, tags: ['terraform', 'infrastructure'], helpUri: typeof rule['link'] === 'string' ? rule['link'] : undefined }));
    const region = regionOf(path, { startLine: wholeNumber(start['line'], 1) ?? 1, startColumn: wholeNumber(start['column'], 1), endLine: wholeNumber(end['line'], 1), endColumn: wholeNumber(end['column'], 1) });
    findings.push(createFinding({ tool: 'tflint', ruleId, severity, message: asString(issue['message'], `${place}.message`), path, region }));
  }
  if (foreign > 0) diagnostics.push({ level: 'warning', code: 'foreign-path', message: `tflint reported ${foreign} findings that are not in the workspace; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}
