import type { Diagnostic, Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import type { JsonObject } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, requestedAbsolutePaths } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';

/** Severities of Code Climate's format; ansible-lint gives `major` to nearly everything. */
const SEVERITY: Readonly<Record<string, Severity>> = { blocker: 'medium', critical: 'medium', major: 'low', minor: 'note', info: 'note' };
const FILES = { 'ansible-lint.yml': 'profile: null\n', 'ignore.txt': '', 'yamllint.yml': 'extends: relaxed\n' };
/** It could not read the file, or only a part of it. */
const UNREADABLE = /^(?:load-failure|syntax-check|internal-error|parser-error)/;
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  profile: { type: 'string', values: ['min', 'basic', 'moderate', 'safety', 'shared', 'production'], description: 'How much it asks for; `safety` when not given.' },
};

/**
 * ansible-lint, for playbooks and roles. Verified with 26.10.1: 0 no findings, 2 findings, others failure. It knows
 * lines, seldom columns. Started in a directory of ours and with configuration files of ours: those of the
 * repository could skip rules, and an `ansible.cfg` of the working directory names folders with code.
 */
export const ansibleLint: Scanner = {
  name: 'ansible-lint',
  executable: 'ansible-lint',
  informationUri: 'https://docs.ansible.com/projects/lint/',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  verifiedWith: '26.10.1',
  exitCodes: { '0': 'no findings', '2': 'findings', 'others': 'failure' },
  splittable: true,
  version: { args: ['--version', '--nocolor', '--offline'], parse: (stdout) => /ansible-lint(?:\x1b\[[0-9;]*m|\s)+([0-9]+\.[0-9]+\.[0-9]+)/.exec(stdout)?.[1] },
  applies: appliesTo(['ansible'], 'Ansible file'),
  command: (request) => {
    const options = readOptions('ansible-lint', OPTIONS, request.options);
    const file = (name: keyof typeof FILES): string => `${request.configDirectory}/${name}`;
    return {
      directory: 'config',
      args: [
        '--offline', '--nocolor', '-q', '-f', 'json', '--profile', options.text('profile') ?? 'safety',
        '-c', file('ansible-lint.yml'), '-i', file('ignore.txt'), '--yamllint-file', file('yamllint.yml'),
        '--', ...request.files.map(({ path }) => `${request.root}/${path}`),
      ],
      files: FILES,
      completedCodes: [0, 2],
    };
  },
  parse: parseAnsibleLint,
  canary: { files: { 'canary.yml': { format: 'ansible', text: '- name: Canary\n  hosts: all\n  tasks:\n    - name: Fetch and run\n      ansible.builtin.shell: cat /tmp/canary | sh\n' } }, ruleId: 'risky-shell-pipe' },
};

function parseAnsibleLint(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = requestedAbsolutePaths(request.root, request.files);
  const regionOf = createRegions(request.source, 'code-point');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = [];
  let foreign = 0;
  for (const [index, entry] of asArray(parseJson(output.stdout), 'the document').entries()) {
    const place = `[${index}]`;
    const issue = asObject(entry, place);
    const location = asObject(issue['location'], `${place}.location`);
    const path = pathOf(asString(location['path'], `${place}.location.path`));
    const ruleId = asString(issue['check_name'], `${place}.check_name`);
    const description = asString(issue['description'], `${place}.description`);
    if (path === undefined || !/^[\w-]{1,60}(?:\[[\w-]{1,60}\])?$/.test(ruleId)) {
      foreign++;
      continue;
    }
    const region = regionOf(path, { startLine: lineOf(location) });
    if (UNREADABLE.test(ruleId)) {
      diagnostics.push({ level: 'warning', code: 'scanner-could-not-read', message: `ansible-lint did not check all of this file: ${description.slice(0, 500)}`, path, region });
      continue;
    }
    const severity = lookUp(SEVERITY, issue['severity'], 'low');
    const link = issue['url'];
    rules.add(createRule({ id: ruleId, title: ruleId.replace(/[[\]-]+/g, ' ').trim(), severity, tags: ['ansible', 'infrastructure'], helpUri: typeof link === 'string' ? link : undefined }));
    findings.push(createFinding({ tool: 'ansible-lint', ruleId, severity, message: description, path, region }));
  }
  if (foreign > 0) diagnostics.push({ level: 'note', code: 'foreign-path', message: `ansible-lint also read files that it was not asked to, and reported ${foreign} findings there; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}

function lineOf(location: JsonObject): number {
  const { lines, positions } = location;
  const begin = typeof lines === 'object' && lines !== null ? (lines as JsonObject)['begin'] : typeof positions === 'object' && positions !== null ? (positions as JsonObject)['begin'] : undefined;
  const line = typeof begin === 'object' && begin !== null ? (begin as JsonObject)['line'] : begin;
  return wholeNumber(line, 1) ?? 1;
}
