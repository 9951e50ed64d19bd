import type { Diagnostic, Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, requestedPaths, toArgument } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';

/**
 * Actionlint knows kinds, no severities. A mistake that lets untrusted text into a script is a weakness;
 * the others make a workflow fail or behave in another way than its text suggests.
 */
const SEVERITY: Readonly<Record<string, Severity>> = { untrusted: 'high', credentials: 'high', permissions: 'medium', 'syntax-check': 'medium', 'any other kind': 'low' };
const TITLES: Readonly<Record<string, string>> = {
  untrusted: 'Untrusted input in a script',
  credentials: 'Credentials written in the workflow',
  permissions: 'Permissions that do not exist',
  'syntax-check': 'Syntax error',
  expression: 'Mistake in an expression',
};
/** Actionlint reports this under the kind `expression`; it is known by its words. */
const UNTRUSTED = /^"[^"]*" is potentially untrusted\b/;
const CONFIG_NAME = 'actionlint.yaml';
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  config: { type: 'string', path: true, description: 'Its configuration file in the workspace, for labels of own runners; none is read when not given.' },
};

/**
 * Actionlint, for GitHub workflows. Verified with 1.7.12: 0 no findings, 1 findings, 2 wrong flags, 3 failure.
 * Columns count characters and the end is inclusive; in block scalars they are those of the script,
 * so a region of which no width is known becomes the whole line. Its use of shellcheck and
 * pyflakes is switched off: whether they are installed would change its result, and shellcheck has its own adapter.
 */
export const actionlint: Scanner = {
  name: 'actionlint',
  executable: 'actionlint',
  informationUri: 'https://github.com/rhysd/actionlint',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  verifiedWith: '1.7.12',
  exitCodes: { '0': 'no findings', '1': 'findings', '2': 'wrong flags', '3': 'failure' },
  splittable: true,
  version: { args: ['-version'], parse: (stdout) => /^v?([0-9]+\.[0-9]+\S*)/m.exec(stdout)?.[1] },
  applies: appliesTo(['github-workflow'], 'GitHub workflow'),
  command: (request) => {
    const config = readOptions('actionlint', OPTIONS, request.options).text('config');
    return {
      args: [
        '-no-color', '-shellcheck=', '-pyflakes=', '-format', '{{json .}}',
        // Ours instead of `.github/actionlint.yaml`, which could ignore findings by path.
        '-config-file', config === undefined ? `${request.configDirectory}/${CONFIG_NAME}` : toArgument(config),
        ...request.files.map((file) => toArgument(file.path)),
      ],
      files: { [CONFIG_NAME]: 'self-hosted-runner:\n  labels: []\n' },
      completedCodes: [0, 1],
    };
  },
  parse: parseActionlint,
  canary: {
    files: { 'canary.yml': { format: 'github-workflow', text: 'on: issues\njobs:\n  canary:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.issue.title }}\n' } },
    ruleId: 'untrusted',
  },
};

function parseActionlint(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = requestedPaths(request.files);
  const regionOf = createRegions(request.source, 'code-point');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = [];
  let foreign = 0;
  for (const [index, entry] of asArray(parseJson(output.stdout), 'the document').entries()) {
    const place = `[${index}]`;
    const result = asObject(entry, place);
    const path = pathOf(asString(result['filepath'], `${place}.filepath`));
    const kind = asString(result['kind'], `${place}.kind`);
    const message = asString(result['message'], `${place}.message`);
    if (path === undefined || !/^[a-z][a-z0-9-]{0,60}$/.test(kind)) {
      foreign++;
      continue;
    }
    const ruleId = UNTRUSTED.test(message) ? 'untrusted' : kind;
    const severity = lookUp(SEVERITY, ruleId, 'low');
    rules.add(
      createRule({
        id: ruleId,
        title: lookUp(TITLES, ruleId, `Mistake of the kind ${ruleId}`),
        severity,
        confidence: 'high',
        tags: ['github-actions', ...(ruleId === 'untrusted' ? ['CWE-94', 'OWASP-CICD-SEC-4'] : [])],
        helpUri: 'https://github.com/rhysd/actionlint/blob/main/docs/checks.md',
      }),
    );
    const startColumn = wholeNumber(result['column'], 1);
    const last = wholeNumber(result['end_column'], 1);
    const exact = startColumn !== undefined && last !== undefined && last > startColumn;
    const region = regionOf(path, { startLine: wholeNumber(result['line'], 1) ?? 1, ...(exact ? { startColumn, endColumn: last + 1 } : {}) });
    findings.push(createFinding({ tool: 'actionlint', ruleId, severity, confidence: 'high', message, path, region }));
  }
  if (foreign > 0) diagnostics.push({ level: 'warning', code: 'foreign-path', message: `actionlint reported ${foreign} findings that are not of its files or kinds; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}
