import { ConfigurationError, ScannerOutputError } from '../core/index.js';
import type { Diagnostic, Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest } from '../core/index.js';
import ownRules from './shared/own-rules.json' with { type: 'json' };
import { asArray, asObject, parseJson } from './shared/json.js';
import type { JsonObject } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { readDenial, REGO_SEVERITY } from './shared/rego.js';
import { createRuleSet } from './shared/rules.js';

const QUERY = 'data.bartizan.terraform.findings';
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  plan: { type: 'string', path: true, description: 'Terraform plan in JSON (`terraform show -json`), or any JSON or YAML file that the policies are about. Without it this scanner does not run.' },
  policies: { type: 'strings', path: true, description: 'Files or folders of the workspace with own Rego.' },
  query: { type: 'string', description: `The set or list of denials to ask for; \`${QUERY}\` when not given.` },
};

/**
 * Open Policy Agent, for Rego policies on a Terraform plan: those of Bartizan, and the user's own.
 * Verified with 1.9.0: 0 answered, also with the empty answer `{}` for a query that nothing defines; 2 for
 * a policy or input that can't be read, with the errors as JSON. Plans hold no lines.
 */
export const opa: Scanner = {
  name: 'opa',
  executable: 'opa',
  informationUri: 'https://www.openpolicyagent.org/',
  capabilities: { network: [], secrets: [] },
  severityTable: REGO_SEVERITY,
  options: OPTIONS,
  verifiedWith: '1.9.0',
  exitCodes: { '0': 'answered, findings or none', '1': 'failure', '2': 'a policy or the plan can not be read' },
  splittable: false,
  version: { args: ['version'], parse: (stdout) => /^Version: (\S+)/m.exec(stdout)?.[1] },
  applies: (_inventory, options = {}) => {
    const plan = options['plan'];
    if (typeof plan !== 'string') return { applies: false, reason: 'no `plan` is configured' };
    return { applies: true, reason: `the plan ${plan} is configured`, files: [{ path: plan, format: 'terraform', reason: 'configured' }] };
  },
  command: (request) => {
    const options = readOptions('opa', OPTIONS, request.options);
    const plan = options.text('plan');
    if (plan === undefined) throw new ConfigurationError('Scanner `opa` has no `plan` to look at.');
    return {
      args: [
        'eval', '--format', 'json', '--strict-builtin-errors',
        ...Object.keys(ownRules.rego).flatMap((name) => ['--data', `${request.configDirectory}/${name}`]),
        ...options.list('policies').flatMap((path) => ['--data', `./${path}`]),
        '--input', `./${plan}`, '--', options.text('query') ?? QUERY,
      ],
      files: ownRules.rego,
      completedCodes: [0],
    };
  },
  parse: parseOpa,
  canary: {
    files: { 'canary.json': { format: 'terraform', text: '{"resource_changes":[{"address":"aws_db_instance.canary","type":"aws_db_instance","change":{"actions":["create"],"after":{"storage_encrypted":false}}}]}\n' } },
    options: { plan: 'canary.json' },
    ruleId: 'unencrypted-database',
  },
};

function parseOpa(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = [];
  const path = request.files[0]?.path;
  const root = asObject(parseJson(output.stdout), 'the document');
  if (root['errors'] !== undefined) throw new ScannerOutputError('could not evaluate the policies');
  if (root['result'] === undefined) throw new ScannerOutputError('has no answer: nothing defines what was asked for');
  if (path === undefined) throw new ScannerOutputError('was not given a plan');
  let unusable = 0;
  for (const [index, entry] of asArray(root['result'], 'result').entries()) {
    for (const [at, value] of asArray(asObject(entry, `result[${index}]`)['expressions'], `result[${index}].expressions`).entries()) {
      const expression = asObject(value, `result[${index}].expressions[${at}]`);
      for (const denied of asArray(expression['value'], `result[${index}].expressions[${at}].value`)) {
        const details: JsonObject = typeof denied === 'object' && denied !== null && !Array.isArray(denied) ? (denied as JsonObject) : {};
        const message = typeof denied === 'string' ? denied : (details['message'] ?? details['msg']);
        if (typeof message !== 'string') {
          unusable++;
          continue;
        }
        const { finding, rule } = readDenial({ tool: 'opa', path, text: undefined, namespace: 'policy', message, details, fallback: 'medium' });
        findings.push(finding);
        rules.add(rule);
      }
    }
  }
  if (unusable > 0) diagnostics.push({ level: 'warning', code: 'unusable-finding', message: `${unusable} denials of the Rego policies have no message; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}
