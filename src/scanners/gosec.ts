import { posix } from 'node:path';
import { ScannerOutputError } from '../core/index.js';
import type { Confidence, Diagnostic, Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule, cweTags, lookUp } from './shared/finding.js';
import { GO_ENVIRONMENT } from './shared/go.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, toArgument, workspacePaths } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';
import { commentReader, createSilencer, statedSuppression } from './shared/silenced.js';

const NOSEC = commentReader(/#nosec|\/\/\s{0,5}gosec:disable/, 'G\\d{3}');

const SEVERITY: Readonly<Record<string, Severity>> = { HIGH: 'high', MEDIUM: 'medium', LOW: 'low' };
const CONFIDENCE: Readonly<Record<string, Confidence>> = { HIGH: 'high', MEDIUM: 'medium', LOW: 'low' };
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  'ignore-nosec': { type: 'boolean', description: 'Reports also what `#nosec` comments silence.' },
  tests: { type: 'boolean', description: 'Looks at tests too.' },
};

/**
 * gosec, for Go. Verified with 2.28.0: with `-no-fail` it exits 0 when it has finished, also when packages do not compile
 * (they are then listed), and 1 when there is nothing to read. Columns count bytes. It starts `go`, which
 * must find the modules in the module cache or a `vendor` folder: nothing is downloaded.
 */
export const gosec: Scanner = {
  name: 'gosec',
  executable: 'gosec',
  informationUri: 'https://github.com/securego/gosec',
  capabilities: { network: [], secrets: [], programs: ['go'] },
  severityTable: SEVERITY,
  options: OPTIONS,
  verifiedWith: '2.28.0',
  exitCodes: { '0': 'finished (with `-no-fail`), findings or none', '1': 'failure' },
  splittable: false,
  version: { args: ['-version'], parse: (stdout) => /^Version: v?([0-9]\S*)/m.exec(stdout)?.[1] },
  applies: appliesTo(['go'], 'Go file'),
  command: (request) => {
    const options = readOptions('gosec', OPTIONS, request.options);
    const folders = [...new Set(request.files.map(({ path }) => posix.dirname(path)))].sort();
    return {
      args: [
        '-fmt', 'json', '-no-fail', '-track-suppressions',
        ...(options.flag('ignore-nosec') ? ['-nosec'] : []),
        ...(options.flag('tests') ? ['-tests'] : []),
        ...folders.map((folder) => (folder === '.' ? './.' : toArgument(folder))),
      ],
      env: GO_ENVIRONMENT,
      completedCodes: [0],
    };
  },
  parse: parseGosec,
  canary: {
    files: { 'canary.go': { format: 'go', text: 'package main\n\nimport "crypto/md5"\n\nfunc main() { println(md5.Sum(nil)[0]) }\n' } },
    around: { 'go.mod': 'module example.com/canary\n\ngo 1.21\n' },
    ruleId: 'G401',
  },
};

function parseGosec(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = workspacePaths(request.root);
  const regionOf = createRegions(request.source, 'utf8');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const root = asObject(parseJson(output.stdout), 'the document');
  const diagnostics: Diagnostic[] = Object.entries(asObject(root['Golang errors'] ?? {}, 'Golang errors'))
    .slice(0, 100)
    .map(([printed, errors]) => {
      const path = pathOf(printed);
      const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
      const reason = typeof first === 'object' && first !== null ? (first as { error?: unknown }).error : undefined;
      return { level: 'warning', code: 'scanner-could-not-read', message: `gosec did not check all of this package: ${typeof reason === 'string' ? reason.slice(0, 300) : 'it does not compile'}`, ...(path === undefined ? {} : { path }) };
    });
  let foreign = 0;
  const silencer = createSilencer(request.source, 'gosec', NOSEC);
  for (const [index, entry] of asArray(root['Issues'] ?? [], 'Issues').entries()) {
    const place = `Issues[${index}]`;
    const issue = asObject(entry, place);
    const path = pathOf(asString(issue['file'], `${place}.file`));
    const ruleId = asString(issue['rule_id'], `${place}.rule_id`);
    const stated = Array.isArray(issue['suppressions']) && request.options['ignore-nosec'] !== true ? (issue['suppressions'] as readonly unknown[])[0] : undefined;
    if (path === undefined || !/^[A-Z]{1,6}[0-9]{1,6}$/.test(ruleId)) {
      foreign++;
      continue;
    }
    const details = asString(issue['details'], `${place}.details`);
    const severity = lookUp(SEVERITY, issue['severity'], 'medium');
    const confidence = lookUp(CONFIDENCE, issue['confidence'], 'medium');
    const cwe = typeof issue['cwe'] === 'object' && issue['cwe'] !== null ? (issue['cwe'] as { id?: unknown }).id : undefined;
    // `12` or `12-15`.
    const [startLine, endLine] = asString(issue['line'], `${place}.line`).split('-').map(Number);
    const region = regionOf(path, { startLine: wholeNumber(startLine, 1) ?? 1, endLine: wholeNumber(endLine, 1) });
    rules.add(createRule({ id: ruleId, title: details, severity, confidence, tags: [...cweTags(cwe), 'go'], helpUri: 'https://github.com/securego/gosec#available-rules' }));
    const finding = createFinding({ tool: 'gosec', ruleId, severity, confidence, message: details, path, region });
    const reason = typeof stated === 'object' && stated !== null ? (stated as { justification?: unknown }).justification : undefined;
    findings.push(stated === undefined ? finding : { ...finding, suppression: statedSuppression('gosec', finding.locations[0], reason, silencer(finding.locations[0], [ruleId], { above: 1 })) });
  }
  const read = wholeNumber(asObject(root['Stats'], 'Stats')['files'], 0);
  if (read === 0 || read === undefined) throw new ScannerOutputError(`read none of the ${request.files.length} files that are there`);
  if (foreign > 0) diagnostics.push({ level: 'warning', code: 'foreign-path', message: `gosec reported ${foreign} findings that are not in the workspace; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}
