import { ScannerOutputError } from '../core/index.js';
import type { Diagnostic, Finding, Format, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest } from '../core/index.js';
import ownRules from './shared/own-rules.json' with { type: 'json' };
import { asArray, asObject, asString, parseJson } from './shared/json.js';
import type { JsonObject } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, requestedAbsolutePaths } from './shared/paths.js';
import { readDenial, REGO_SEVERITY } from './shared/rego.js';
import { createRuleSet } from './shared/rules.js';

const TERRAFORM: readonly Format[] = ['terraform'];
const ALL: readonly Format[] = ['terraform', 'kubernetes', 'dockerfile', 'compose', 'cloudformation', 'github-workflow'];
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  policies: { type: 'strings', path: true, description: 'Files or folders of the workspace with own Rego; then Kubernetes, Compose, CloudFormation, workflow and Dockerfiles are tested too.' },
};

/**
 * Conftest, for Rego policies on configuration files: those of Bartizan on Terraform, and the user's own.
 * Verified with 0.56.0: with `--no-fail` it exits 0 when every file was tested and 1 when one could not be
 * parsed or a policy is wrong. Started in a directory of ours: a `conftest.toml` in the
 * working directory could name other policies. It knows no lines; a resource that is named is looked up.
 */
export const conftest: Scanner = {
  name: 'conftest',
  executable: 'conftest',
  informationUri: 'https://www.conftest.dev/',
  capabilities: { network: [], secrets: [] },
  severityTable: REGO_SEVERITY,
  options: OPTIONS,
  verifiedWith: '0.56.0',
  exitCodes: { '0': 'finished (with `--no-fail`), findings or none', '1': 'a file or a policy could not be parsed' },
  splittable: true,
  version: { args: ['--version'], parse: (stdout) => /^Conftest: v?(\S+)/m.exec(stdout)?.[1] },
  applies: (inventory, options = {}) => {
    const own = Array.isArray(options['policies']) && options['policies'].length > 0;
    return own ? appliesTo(ALL, 'configuration file')(inventory) : appliesTo(TERRAFORM, 'Terraform file')(inventory);
  },
  command: (request) => {
    const policies = readOptions('conftest', OPTIONS, request.options).list('policies');
    return {
      directory: 'config',
      args: [
        'test', '--output', 'json', '--no-fail', '--no-color', '--all-namespaces',
        ...Object.keys(ownRules.rego).flatMap((name) => ['--policy', `${request.configDirectory}/${name}`]),
        ...policies.flatMap((path) => ['--policy', `${request.root}/${path}`]),
        ...request.files.map(({ path }) => `${request.root}/${path}`),
      ],
      files: ownRules.rego,
      completedCodes: [0],
    };
  },
  parse: parseConftest,
  canary: { files: { 'canary.tf': { format: 'terraform', text: 'resource "aws_db_instance" "canary" {\n  storage_encrypted = false\n}\n' } }, ruleId: 'unencrypted-database' },
};

function parseConftest(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = requestedAbsolutePaths(request.root, request.files);
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = [];
  let foreign = 0;
  const results = asArray(parseJson(output.stdout), 'the document');
  if (results.length === 0 && request.files.length > 0) throw new ScannerOutputError(`tested none of the ${request.files.length} files that it was given`);
  for (const [index, entry] of results.entries()) {
    const place = `[${index}]`;
    const result = asObject(entry, place);
    const path = pathOf(asString(result['filename'], `${place}.filename`));
    const namespace = asString(result['namespace'], `${place}.namespace`);
    if (path === undefined || !/^[\w.-]{1,200}$/.test(namespace)) {
      foreign++;
      continue;
    }
    for (const [kind, fallback] of [['failures', 'medium'], ['warnings', 'low']] as const) {
      for (const [at, value] of asArray(result[kind] ?? [], `${place}.${kind}`).entries()) {
        const denial = asObject(value, `${place}.${kind}[${at}]`);
        const details = typeof denial['metadata'] === 'object' && denial['metadata'] !== null ? (denial['metadata'] as JsonObject) : {};
        const message = asString(denial['msg'], `${place}.${kind}[${at}].msg`);
        const { finding, rule } = readDenial({ tool: 'conftest', path, text: request.source(path), namespace, message, details, fallback });
        findings.push(finding);
        rules.add(rule);
      }
    }
  }
  if (foreign > 0) diagnostics.push({ level: 'warning', code: 'foreign-path', message: `conftest reported on ${foreign} files that are not in the workspace; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}
