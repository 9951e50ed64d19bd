import { ScannerOutputError } from '../core/index.js';
import type { Diagnostic, Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import type { JsonObject } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, requestedAbsolutePaths } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';

/** It speaks of templates that will not deploy or are out of fashion, seldom of risk. */
const SEVERITY: Readonly<Record<string, Severity>> = { Error: 'medium', Warning: 'low', Informational: 'note' };
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  regions: { type: 'strings', description: 'Regions of AWS to check for; `us-east-1` when not given.' },
  'include-checks': { type: 'strings', description: 'Ids or prefixes of further rules, such as `I`.' },
};

/**
 * cfn-lint, for CloudFormation. Verified with 1.58.0: the exit code is a sum of 2 errors, 4 warnings and
 * 8 information; a file that is missing is reported as E0003 without a file name. Columns count characters, ends
 * are exclusive. Started in a directory of ours: a `.cfnlintrc` in the working directory can ignore every rule.
 */
export const cfnLint: Scanner = {
  name: 'cfn-lint',
  executable: 'cfn-lint',
  informationUri: 'https://github.com/aws-cloudformation/cfn-lint',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  verifiedWith: '1.58.0',
  exitCodes: { '0': 'no findings', '2': 'errors', '4': 'warnings', '6': 'errors and warnings', '8 to 14': 'the same with information', '1, 32 and others': 'failure' },
  splittable: true,
  version: { args: ['--version'], parse: (stdout) => /^cfn-lint (\S+)/m.exec(stdout)?.[1] },
  applies: appliesTo(['cloudformation'], 'CloudFormation template'),
  command: (request) => {
    const options = readOptions('cfn-lint', OPTIONS, request.options);
    const regions = options.list('regions');
    const checks = options.list('include-checks');
    return {
      directory: 'config',
      args: [
        '--format', 'json',
        ...(regions.length === 0 ? [] : ['--regions', ...regions]),
        ...(checks.length === 0 ? [] : ['--include-checks', ...checks]),
        '--', ...request.files.map(({ path }) => `${request.root}/${path}`),
      ],
      completedCodes: [0, 2, 4, 6, 8, 10, 12, 14],
    };
  },
  parse: parseCfnLint,
  canary: { files: { 'canary.yaml': { format: 'cloudformation', text: "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Canary:\n    Type: AWS::S3::Bucket\n    Properties:\n      NoSuchProperty: 1\n" } }, ruleId: 'E3002' },
};

function parseCfnLint(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = requestedAbsolutePaths(request.root, request.files);
  const regionOf = createRegions(request.source, 'code-point');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = [];
  let foreign = 0;
  for (const [index, entry] of asArray(parseJson(output.stdout), 'the document').entries()) {
    const place = `[${index}]`;
    const match = asObject(entry, place);
    const rule = asObject(match['Rule'], `${place}.Rule`);
    const ruleId = asString(rule['Id'], `${place}.Rule.Id`);
    const message = asString(match['Message'], `${place}.Message`);
    if (match['Filename'] === null) throw new ScannerOutputError(`says that it did not run as it should: ${message.slice(0, 300)}`);
    const path = pathOf(asString(match['Filename'], `${place}.Filename`));
    if (path === undefined || !/^[A-Z][0-9]{4}$/.test(ruleId)) {
      foreign++;
      continue;
    }
    const region = readRegion(match, place, path, regionOf);
    if (ruleId.startsWith('E00')) {
      diagnostics.push({ level: 'warning', code: 'scanner-could-not-read', message: `cfn-lint did not check this file: ${message.slice(0, 500)}`, path, region });
      continue;
    }
    const severity = lookUp(SEVERITY, match['Level'], 'low');
    const { ShortDescription: title, Description: help, Source: link } = rule;
    rules.add(
      createRule({
        id: ruleId,
        title: typeof title === 'string' ? title : ruleId,
        severity,
        confidence: 'high',
        tags: ['infrastructure', 'cloudformation'],
        help: typeof help === 'string' ? help : undefined,
        helpUri: typeof link === 'string' ? link : undefined,
      }),
    );
    findings.push(createFinding({ tool: 'cfn-lint', ruleId, severity, confidence: 'high', message, path, region }));
  }
  if (foreign > 0) diagnostics.push({ level: 'warning', code: 'foreign-path', message: `cfn-lint reported ${foreign} findings that are not of its files or rules; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}

function readRegion(match: JsonObject, place: string, path: string, regionOf: ReturnType<typeof createRegions>): ReturnType<ReturnType<typeof createRegions>> {
  const location = asObject(match['Location'], `${place}.Location`);
  const start = asObject(location['Start'], `${place}.Location.Start`);
  const end = asObject(location['End'], `${place}.Location.End`);
  return regionOf(path, {
    startLine: wholeNumber(start['LineNumber'], 1) ?? 1,
    startColumn: wholeNumber(start['ColumnNumber'], 1),
    endLine: wholeNumber(end['LineNumber'], 1),
    endColumn: wholeNumber(end['ColumnNumber'], 1),
  });
}
