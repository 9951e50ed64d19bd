import { ScannerOutputError } from '../core/index.js';
import type { Diagnostic, Finding, Format, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity, Suppression } from '../core/index.js';
import { createFinding, createRule, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import type { JsonObject } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, workspacePaths } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';
import { commentReader, createSilencer, statedSuppression } from './shared/silenced.js';

/** Checkov knows severities only with an account of its maker; without one every check says nothing. */
const SEVERITY: Readonly<Record<string, Severity>> = { CRITICAL: 'critical', HIGH: 'high', MEDIUM: 'medium', LOW: 'low', INFO: 'note', 'none given': 'medium' };
const FORMATS: readonly Format[] = [
  'terraform', 'cloudformation', 'kubernetes', 'dockerfile', 'github-workflow', 'helm-chart', 'ansible',
  'gitlab-ci', 'azure-pipelines', 'bitbucket-pipelines', 'circleci', 'argo-workflow',
];
/** In these every file has something to check. */
const ALWAYS_CHECKED: readonly Format[] = ['dockerfile', 'kubernetes', 'github-workflow'];
/** Those that need neither the network, an account nor another program. Secrets are the business of others. */
const FRAMEWORKS = [
  'terraform', 'terraform_plan', 'cloudformation', 'kubernetes', 'dockerfile', 'serverless', 'arm', 'bicep', 'openapi', 'ansible', 'github_actions', 'gitlab_ci', 'circleci_pipelines', 'azure_pipelines', 'bitbucket_pipelines', 'argo_workflows',
] as const;
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  frameworks: { type: 'strings', values: [...FRAMEWORKS, 'helm', 'kustomize', 'secrets'], description: 'What it looks at; everything that needs no other program when not given.' },
  'external-checks': { type: 'strings', path: true, description: 'Folders of the workspace with own checks in YAML. Checks in Python are code of the repository, which it would execute.' },
};

/**
 * Checkov, for infrastructure as code. Verified with 3.3.30: with `--soft-fail` it exits 0 when it has finished
 * and 2 for wrong arguments. A `.checkov.yaml` in the working directory can skip every check and even
 * names folders with Python code that checkov executes, and no flag turns that off: it is therefore started
 * in a directory of ours, with `=` before the workspace because `--directory <folder>` would look there too.
 * Comments `checkov:skip=` are counted.
 */
export const checkov: Scanner = {
  name: 'checkov',
  executable: 'checkov',
  informationUri: 'https://www.checkov.io/',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  verifiedWith: '3.3.30',
  exitCodes: { '0': 'finished (with `--soft-fail`), findings or none', '1': 'failure', '2': 'wrong arguments' },
  splittable: false,
  version: { args: ['--version'], parse: (stdout) => /^([0-9]+\.[0-9]+\.\S+)/m.exec(stdout)?.[1] },
  applies: appliesTo(FORMATS, 'file of infrastructure or pipelines', 'files of infrastructure or pipelines'),
  command: (request) => {
    const options = readOptions('checkov', OPTIONS, request.options);
    const frameworks = options.list('frameworks');
    return {
      directory: 'config',
      args: [
        `--directory=${request.root}`, '--output', 'json', '--compact', '--quiet', '--soft-fail', '--skip-download', '--skip-results-upload',
        '--framework', ...(frameworks.length === 0 ? FRAMEWORKS : frameworks),
        ...options.list('external-checks').flatMap((folder) => ['--external-checks-dir', `${request.root}/${folder}`]),
      ],
      completedCodes: [0],
      // Folders that begin with a dot are left out otherwise.
      env: { CKV_IGNORE_HIDDEN_DIRECTORIES: 'False' },
    };
  },
  parse: parseCheckov,
  canary: { files: { Dockerfile: { format: 'dockerfile', text: 'FROM debian:latest\nUSER root\n' } }, ruleId: 'CKV_DOCKER_8' },
};

function parseCheckov(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = workspacePaths(request.root);
  const regionOf = createRegions(request.source, 'code-point');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = [];
  const document = parseJson(output.stdout);
  const sum = { checked: 0, skipped: 0, unparsed: 0, foreign: 0, stated: 0 };
  const silencer = createSilencer(request.source, 'checkov', commentReader(/checkov:skip/, '[A-Z][\\w.-]{1,100}'));

  for (const [number, value] of (Array.isArray(document) ? (document as unknown[]) : [document]).entries()) {
    const report = asObject(value, `[${number}]`);
    // Without anything to check it prints the bare summary.
    const summary = asObject(report['summary'] ?? report, `[${number}].summary`);
    for (const name of ['passed', 'failed', 'skipped', 'parsing_errors']) sum.checked += wholeNumber(summary[name], 0) ?? 0;
    sum.skipped += wholeNumber(summary['skipped'], 0) ?? 0;
    sum.unparsed += wholeNumber(summary['parsing_errors'], 0) ?? 0;
    if (report['results'] === undefined) {
      if (wholeNumber(report['failed'], 0) === undefined) throw new ScannerOutputError('its output is not in the expected form: there are neither results nor a summary');
      continue;
    }
    const results = asObject(report['results'], `[${number}].results`);
    const failed = asArray(results['failed_checks'] ?? [], 'failed_checks').map((entry, index) => ({ entry, place: `failed_checks[${index}]`, skipped: false }));
    const skipped = asArray(results['skipped_checks'] ?? [], 'skipped_checks').map((entry, index) => ({ entry, place: `skipped_checks[${index}]`, skipped: true }));
    for (const { entry, place, skipped: silenced } of [...failed, ...skipped]) {
      const check = asObject(entry, place);
      const path = pathOf(asString(check['file_path'], `${place}.file_path`).replace(/^\/+/, ''));
      const ruleId = asString(check['check_id'], `${place}.check_id`);
      if (path === undefined || !/^[\w.-]{1,100}$/.test(ruleId)) {
        sum.foreign++;
        continue;
      }
      const finding = readCheck(check, ruleId, path, place, regionOf);
      rules.add(describe(check, finding));
      if (silenced) sum.stated++;
      findings.push(silenced ? { ...finding, suppression: skipSuppression(check, finding, silencer) } : finding);
    }
  }
  if (sum.checked === 0 && request.files.some(({ format }) => ALWAYS_CHECKED.includes(format))) {
    throw new ScannerOutputError(`checked nothing in the ${request.files.length} files that are there`);
  }
  if (sum.unparsed > 0) diagnostics.push({ level: 'warning', code: 'scanner-could-not-read', message: `checkov could not parse ${sum.unparsed} files; it does not name them.` });
  if (sum.skipped > sum.stated) diagnostics.push({ level: 'note', code: 'suppressed-in-source', message: `\`checkov:skip\` comments silence checkov at ${sum.skipped - sum.stated} places that it does not name.` });
  if (sum.foreign > 0) diagnostics.push({ level: 'warning', code: 'foreign-path', message: `checkov reported ${sum.foreign} findings that are not in the workspace; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}

function readCheck(check: JsonObject, ruleId: string, path: string, place: string, regionOf: ReturnType<typeof createRegions>): Finding {
  const name = asString(check['check_name'], `${place}.check_name`);
  const resource = typeof check['resource'] === 'string' ? check['resource'] : '';
  const range = Array.isArray(check['file_line_range']) ? (check['file_line_range'] as unknown[]) : [];
  const startLine = wholeNumber(range[0], 1);
  return createFinding({
    tool: 'checkov',
    ruleId,
    severity: lookUp(SEVERITY, check['severity'], 'medium'),
    message: resource === '' ? name : `${name}: ${resource}`,
    path,
    ...(startLine === undefined ? {} : { region: regionOf(path, { startLine, endLine: wholeNumber(range[1], startLine) }) }),
  });
}

/** Checkov's own `suppress_comment`, at the comment where it is found. */
function skipSuppression(check: JsonObject, { ruleId, locations: [location] }: Finding, silencer: ReturnType<typeof createSilencer>): Suppression {
  const result = typeof check['check_result'] === 'object' && check['check_result'] !== null ? (check['check_result'] as JsonObject) : {};
  const comment = result['suppress_comment'];
  return statedSuppression('checkov', location, comment === 'No comment provided' ? undefined : comment, silencer(location, [ruleId], { above: 2 }));
}

function describe(check: JsonObject, { ruleId, severity }: Finding): ReturnType<typeof createRule> {
  const guideline = check['guideline'];
  return createRule({
    id: ruleId,
    title: typeof check['check_name'] === 'string' ? check['check_name'] : ruleId,
    severity,
    tags: ['infrastructure'],
    helpUri: typeof guideline === 'string' ? guideline : 'https://www.checkov.io/5.Policy%20Index/all.html',
  });
}
