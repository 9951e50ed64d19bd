import { ScannerOutputError } from '../core/index.js';
import type { Diagnostic, Finding, Format, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule, cweTags, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, workspacePaths } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';

const SEVERITY: Readonly<Record<string, Severity>> = { CRITICAL: 'critical', HIGH: 'high', MEDIUM: 'medium', LOW: 'low', INFO: 'note', TRACE: 'note' };
const FORMATS: readonly Format[] = ['terraform', 'cloudformation', 'kubernetes', 'dockerfile', 'ansible', 'compose', 'helm-chart', 'github-workflow'];
const OPTIONS: Readonly<Record<string, ScannerOption>> = {};

/**
 * KICS, for infrastructure as code. Verified with 2.1.3: with `--ignore-on-exit results` it exits 0 when it has finished;
 * 126 and 130 are failures. It writes its result to a file only. Its queries lie beside the program in the release
 * archive and are looked for in the working directory: they are given by path, from `database`.
 * Its search for secrets is off, since the output would quote them. A `kics.config` of the workspace is not read: `--config`.
 */
export const kics: Scanner = {
  name: 'kics',
  executable: 'kics',
  informationUri: 'https://docs.kics.io/',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  verifiedWith: '2.1.3',
  exitCodes: { '0': 'finished (with `--ignore-on-exit results`), findings or none', '60, 50, 40, 30, 20': 'findings by severity (not used)', '70, 126, 130': 'failure' },
  splittable: false,
  version: { args: ['version'], parse: (stdout) => /([0-9]+\.[0-9]+\.[0-9]+)/.exec(stdout)?.[1] },
  applies: appliesTo(FORMATS, 'file of infrastructure', 'files of infrastructure'),
  command: (request) => {
    readOptions('kics', OPTIONS, request.options);
    const assets = request.database ?? `${request.configDirectory}/no-queries`;
    return {
      directory: 'config',
      resultFile: 'results.json',
      args: [
        'scan', '--path', request.root, '--config', `${request.configDirectory}/kics.json`, '--report-formats', 'json', '--output-path', request.outputDirectory, '--output-name', 'results',
        '--queries-path', `${assets}/queries`, '--libraries-path', `${assets}/libraries`,
        '--ignore-on-exit', 'results', '--no-progress', '--no-color', '--ci', '--disable-full-descriptions', '--disable-secrets', '--exclude-gitignore',
      ],
      files: { 'kics.json': '{}\n' },
      completedCodes: [0],
    };
  },
  parse: parseKics,
  canary: { files: { Dockerfile: { format: 'dockerfile', text: 'FROM debian:latest\nUSER root\n' } } },
};

function parseKics(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const root = asObject(parseJson(output.stdout), 'the document');
  const pathOf = workspacePaths(request.root);
  const regionOf = createRegions(request.source, 'code-point');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = [];
  let foreign = 0;
  if (wholeNumber(root['queries_total'], 1) === undefined) throw new ScannerOutputError('has run no query: its queries were not found');
  if (wholeNumber(root['files_scanned'], 1) === undefined) throw new ScannerOutputError(`read none of the ${request.files.length} files that are there`);
  for (const [index, entry] of asArray(root['queries'], 'queries').entries()) {
    const place = `queries[${index}]`;
    const query = asObject(entry, place);
    const ruleId = asString(query['query_id'], `${place}.query_id`);
    const title = asString(query['query_name'], `${place}.query_name`);
    const severity = lookUp(SEVERITY, query['severity'], 'medium');
    for (const [at, value] of asArray(query['files'], `${place}.files`).entries()) {
      const file = asObject(value, `${place}.files[${at}]`);
      const printed = asString(file['file_name'], `${place}.files[${at}].file_name`);
      const path = pathOf(relativeTo(printed, request.root));
      if (path === undefined || !/^[\w-]{1,80}$/.test(ruleId)) {
        foreign++;
        continue;
      }
      const { description, query_url: link } = query;
      rules.add(createRule({ id: ruleId, title, severity, tags: [...cweTags(query['cwe']), 'infrastructure'], help: typeof description === 'string' ? description : undefined, helpUri: typeof link === 'string' ? link : undefined }));
      const actual = file['actual_value'];
      findings.push(
        createFinding({
          tool: 'kics',
          ruleId,
          severity,
          message: typeof actual === 'string' && actual !== '' ? `${title}: ${actual}` : title,
          path,
          region: regionOf(path, { startLine: wholeNumber(file['line'], 1) ?? 1 }),
        }),
      );
    }
  }
  const failed = wholeNumber(root['files_failed_to_scan'], 1);
  if (failed !== undefined) diagnostics.push({ level: 'warning', code: 'scanner-could-not-read', message: `kics could not read ${failed} files; it does not name them.` });
  if (foreign > 0) diagnostics.push({ level: 'warning', code: 'foreign-path', message: `kics reported ${foreign} findings that are not in the workspace; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}

/** It prints paths relative to its working directory, `../../home/…`: the end behind the workspace's path counts. */
function relativeTo(printed: string, root: string): string {
  if (!printed.startsWith('../')) return printed;
  const tail = printed.replace(/^(?:\.\.\/)+/, '/');
  return tail.startsWith(`${root}/`) ? tail : printed;
}
