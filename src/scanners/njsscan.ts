import type { Diagnostic, Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule, cweTags, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, requestedPaths, toArgument } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';

const SEVERITY: Readonly<Record<string, Severity>> = { ERROR: 'high', WARNING: 'medium', INFO: 'low' };
const CONFIG_NAME = 'njsscan.yml';
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  'missing-controls': { type: 'boolean', description: 'Reports also controls that are missing in the whole application, on the first file.' },
};

/**
 * njsscan, for Node.js. Verified with 1.0.2: 0 no findings, 1 findings of severity ERROR; columns count bytes of UTF-8, ends
 * are exclusive. Started with a configuration of ours, since `.njsscan` of the repository could ignore rules and files.
 */
export const njsscan: Scanner = {
  name: 'njsscan',
  executable: 'njsscan',
  informationUri: 'https://github.com/ajinabraham/njsscan',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  verifiedWith: '1.0.2',
  exitCodes: { '0': 'no findings of severity ERROR', '1': 'findings', '2': 'wrong arguments' },
  splittable: true,
  version: { args: ['--version'], parse: (stdout) => /njsscan: v([0-9.]+)/.exec(stdout)?.[1] },
  applies: appliesTo(['javascript'], 'JavaScript file'),
  command: (request) => {
    const options = readOptions('njsscan', OPTIONS, request.options);
    return {
      args: ['--json', '--config', `${request.configDirectory}/${CONFIG_NAME}`, ...(options.flag('missing-controls') ? ['--missing-controls'] : []), ...request.files.map((file) => toArgument(file.path))],
      files: { [CONFIG_NAME]: '---\n- ignore-rules: []\n' },
      completedCodes: [0, 1],
    };
  },
  parse: parseNjsscan,
  canary: { files: { 'canary.js': { format: 'javascript', text: "const app = require('express')();\napp.get('/', (req, res) => res.send(eval(req.query.q)));\n" } }, ruleId: 'eval_nodejs' },
};

function parseNjsscan(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = requestedPaths(request.files);
  const regionOf = createRegions(request.source, 'utf8');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const root = asObject(parseJson(output.stdout), 'the document');
  const diagnostics: Diagnostic[] = asArray(root['errors'], 'errors')
    .slice(0, 20)
    .map((error) => ({ level: 'warning', code: 'scanner-could-not-read', message: `njsscan did not check all of it: ${JSON.stringify(error).slice(0, 300)}` }));
  let foreign = 0;
  for (const group of ['nodejs', 'templates']) {
    for (const [ruleId, value] of Object.entries(asObject(root[group] ?? {}, group))) {
      const place = `${group}.${ruleId}`;
      const rule = asObject(value, place);
      const metadata = asObject(rule['metadata'], `${place}.metadata`);
      const description = asString(metadata['description'], `${place}.metadata.description`);
      const severity = lookUp(SEVERITY, metadata['severity'], 'medium');
      for (const [index, entry] of asArray(rule['files'] ?? [], `${place}.files`).entries()) {
        const file = asObject(entry, `${place}.files[${index}]`);
        const path = pathOf(asString(file['file_path'], `${place}.files[${index}].file_path`));
        if (path === undefined || !/^[\w-]{1,100}$/.test(ruleId)) {
          foreign++;
          continue;
        }
        const [startLine, endLine] = asArray(file['match_lines'], `${place}.files[${index}].match_lines`);
        const [startColumn, endColumn] = asArray(file['match_position'] ?? [], `${place}.files[${index}].match_position`);
        const region = regionOf(path, {
          startLine: wholeNumber(startLine, 1) ?? 1,
          startColumn: wholeNumber(startColumn, 1),
          endLine: wholeNumber(endLine, 1),
          endColumn: wholeNumber(endColumn, 1),
        });
        rules.add(createRule({ id: ruleId, title: titleOf(ruleId), severity, tags: [...cweTags(metadata['cwe']), 'javascript'], help: description }));
        findings.push(createFinding({ tool: 'njsscan', ruleId, severity, message: description, path, region }));
      }
    }
  }
  if (foreign > 0) diagnostics.push({ level: 'warning', code: 'foreign-path', message: `njsscan reported ${foreign} findings that are not of its files or rules; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}

function titleOf(ruleId: string): string {
  const words = ruleId.replace(/[_-]+/g, ' ').trim();
  return words === '' ? ruleId : words.charAt(0).toUpperCase() + words.slice(1);
}
