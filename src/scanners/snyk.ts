import { ScannerOutputError } from '../core/index.js';
import type { Finding, Format, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { NPM_CANARY } from './shared/canary-packages.js';
import { dependencyFinding, isAdvisoryId, textList } from './shared/dependency.js';
import { lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson } from './shared/json.js';
import type { JsonObject } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, workspacePaths } from './shared/paths.js';
import { createRuleSet } from './shared/rules.js';

const SEVERITY: Readonly<Record<string, Severity>> = { critical: 'critical', high: 'high', medium: 'medium', low: 'low' };
const FORMATS: readonly Format[] = ['npm-lock', 'yarn-lock', 'pnpm-lock', 'python-requirements', 'python-lock', 'go-module', 'lock-file'];
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  'severity-threshold': { type: 'string', values: ['low', 'medium', 'high', 'critical'], description: 'Leaves out what is less severe; the gate has a threshold too.' },
  'honour-policy': { type: 'boolean', description: 'Obeys the `.snyk` file of the repository, which can ignore findings.' },
};

/**
 * Snyk, for dependencies. After its documentation: 0 no findings, 1 findings, 2 failure, 3 no supported project. It sends
 * the dependencies to its maker, needs `SNYK_TOKEN`, and is therefore started only when it is switched on by name.
 */
export const snyk: Scanner = {
  name: 'snyk',
  executable: 'snyk',
  informationUri: 'https://docs.snyk.io/snyk-cli',
  capabilities: { network: ['api.snyk.io'], secrets: ['SNYK_TOKEN'] },
  severityTable: SEVERITY,
  options: OPTIONS,
  exitCodes: { '0': 'no findings', '1': 'findings', '2': 'failure', '3': 'no supported project' },
  splittable: false,
  version: { args: ['--version'], parse: (stdout) => /^([0-9]+\.[0-9]+\.[0-9]+)/m.exec(stdout)?.[1] },
  applies: appliesTo(FORMATS, 'lock file'),
  command: (request) => {
    const options = readOptions('snyk', OPTIONS, request.options);
    const threshold = options.text('severity-threshold');
    return {
      args: ['test', '--json', '--all-projects', ...(options.flag('honour-policy') ? [] : ['--ignore-policy']), ...(threshold === undefined ? [] : [`--severity-threshold=${threshold}`])],
      env: { SNYK_DISABLE_ANALYTICS: '1' },
      completedCodes: [0, 1],
    };
  },
  parse: parseSnyk,
  canary: NPM_CANARY,
};

function parseSnyk(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = workspacePaths(request.root);
  const rules = createRuleSet();
  const findings = new Map<string, Finding>();
  const document = parseJson(output.stdout);
  for (const [number, value] of (Array.isArray(document) ? (document as unknown[]) : [document]).entries()) {
    const project = asObject(value, `project ${number + 1}`);
    if (typeof project['error'] === 'string') throw new ScannerOutputError(`says that it failed: ${project['error'].slice(0, 300)}`);
    const target = project['displayTargetFile'];
    const manifest = (typeof target === 'string' ? pathOf(target.replaceAll('\\', '/')) : undefined) ?? request.files[0]?.path ?? 'package.json';
    for (const [index, entry] of asArray(project['vulnerabilities'], 'vulnerabilities').entries()) {
      const place = `vulnerabilities[${index}]`;
      const advisory = asObject(entry, place);
      const id = asString(advisory['id'], `${place}.id`);
      const name = asString(advisory['packageName'] ?? advisory['moduleName'], `${place}.packageName`);
      const version = typeof advisory['version'] === 'string' ? advisory['version'] : '';
      if (!isAdvisoryId(id)) continue;
      const identifiers = typeof advisory['identifiers'] === 'object' && advisory['identifiers'] !== null ? (advisory['identifiers'] as JsonObject) : {};
      const { finding, rule } = dependencyFinding({
        tool: 'snyk',
        id,
        title: typeof advisory['title'] === 'string' ? advisory['title'] : id,
        severity: lookUp(SEVERITY, advisory['severity'], 'medium'),
        ecosystem: typeof advisory['packageManager'] === 'string' ? advisory['packageManager'] : '',
        name,
        version,
        manifest,
        aliases: [...textList(identifiers['CVE']), ...textList(identifiers['GHSA'])],
        fixedVersions: textList(advisory['fixedIn']),
        cwes: identifiers['CWE'],
        help: typeof advisory['description'] === 'string' ? advisory['description'] : undefined,
        helpUri: `https://security.snyk.io/vuln/${id}`,
        published: advisory['publicationTime'],
      });
      // The same weakness comes once for each way to the package.
      findings.set(`${id} ${name} ${version} ${manifest}`, finding);
      rules.add(rule);
    }
  }
  return { rules: rules.list(), findings: [...findings.values()], diagnostics: [] };
}
