import { ScannerOutputError } from '../core/index.js';
import type { Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest } from '../core/index.js';
import { createFinding, createRule } from './shared/finding.js';
import { asArray, asObject, asString, parseJson } from './shared/json.js';
import type { JsonObject } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, requestedAbsolutePaths } from './shared/paths.js';
import { createRuleSet } from './shared/rules.js';

const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  include: { type: 'strings', description: 'Names of further checks that are off by default.' },
};

/**
 * KubeLinter, for Kubernetes manifests. After its documentation: 0 no findings, 1 findings or a failure, told apart by the output. It
 * knows objects, no lines. A configuration of ours replaces `.kube-linter.yaml`; annotations of an object can still silence it.
 */
export const kubeLinter: Scanner = {
  name: 'kube-linter',
  executable: 'kube-linter',
  informationUri: 'https://docs.kubelinter.io/',
  capabilities: { network: [], secrets: [] },
  severityTable: { 'any check': 'medium' },
  options: OPTIONS,
  exitCodes: { '0': 'no findings', '1': 'findings, or a failure: then there is no result' },
  splittable: true,
  version: { args: ['version'], parse: (stdout) => /^v?([0-9]+\.[0-9]+\.\S+)/m.exec(stdout)?.[1] },
  applies: appliesTo(['kubernetes'], 'Kubernetes manifest'),
  command: (request) => {
    const include = readOptions('kube-linter', OPTIONS, request.options).list('include');
    return {
      directory: 'config',
      args: ['lint', '--format', 'json', '--config', `${request.configDirectory}/kube-linter.yaml`, ...(include.length === 0 ? [] : ['--include', include.join(',')]), '--', ...request.files.map(({ path }) => `${request.root}/${path}`)],
      files: { 'kube-linter.yaml': '{}\n' },
      completedCodes: [0, 1],
    };
  },
  parse: parseKubeLinter,
  canary: {
    files: { 'canary.yaml': { format: 'kubernetes', text: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: canary\nspec:\n  containers:\n    - name: canary\n      image: canary:latest\n      securityContext:\n        privileged: true\n' } },
  },
};

function parseKubeLinter(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const root = asObject(parseJson(output.stdout), 'the document');
  const status = typeof root['Summary'] === 'object' && root['Summary'] !== null ? (root['Summary'] as JsonObject)['ChecksStatus'] : undefined;
  if (typeof status !== 'string') throw new ScannerOutputError('its output is not in the expected form: Summary.ChecksStatus is missing');
  const pathOf = requestedAbsolutePaths(request.root, request.files);
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const help = new Map<string, JsonObject>();
  for (const entry of asArray(root['Checks'] ?? [], 'Checks')) {
    const check = asObject(entry, 'Checks');
    if (typeof check['name'] === 'string') help.set(check['name'], check);
  }
  let foreign = 0;
  for (const [index, entry] of asArray(root['Reports'] ?? [], 'Reports').entries()) {
    const place = `Reports[${index}]`;
    const report = asObject(entry, place);
    const ruleId = asString(report['Check'], `${place}.Check`);
    const message = asString(asObject(report['Diagnostic'], `${place}.Diagnostic`)['Message'], `${place}.Diagnostic.Message`);
    const object = asObject(report['Object'], `${place}.Object`);
    const path = pathOf(asString(asObject(object['Metadata'], `${place}.Object.Metadata`)['FilePath'], `${place}.FilePath`));
    if (path === undefined || !/^[\w-]{1,100}$/.test(ruleId)) {
      foreign++;
      continue;
    }
    const named = typeof object['K8sObject'] === 'object' && object['K8sObject'] !== null ? (object['K8sObject'] as JsonObject)['Name'] : undefined;
    const check = help.get(ruleId);
    const text = [check?.['description'], report['Remediation'] ?? check?.['remediation']].filter((part) => typeof part === 'string').join('\n\n');
    rules.add(createRule({ id: ruleId, title: ruleId.replaceAll('-', ' '), severity: 'medium', tags: ['kubernetes', 'infrastructure'], help: text, helpUri: `https://docs.kubelinter.io/#/generated/checks?id=${ruleId}` }));
    findings.push(createFinding({ tool: 'kube-linter', ruleId, severity: 'medium', message: typeof named === 'string' ? `${named}: ${message}` : message, path }));
  }
  return { rules: rules.list(), findings, diagnostics: foreign === 0 ? [] : [{ level: 'warning', code: 'foreign-path', message: `kube-linter reported ${foreign} findings that are not of its files or checks; they are left out.` }] };
}
