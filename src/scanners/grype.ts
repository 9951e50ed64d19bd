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

const SEVERITY: Readonly<Record<string, Severity>> = { Critical: 'critical', High: 'high', Medium: 'medium', Low: 'low', Negligible: 'note', Unknown: 'low' };
const FORMATS: readonly Format[] = ['npm-lock', 'pnpm-lock', 'yarn-lock', 'python-requirements', 'python-lock', 'go-module', 'lock-file'];
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  archive: { type: 'string', path: true, description: 'Image as `docker save` writes it, in the workspace, instead of the lock files.' },
  'fail-on': { type: 'string', values: ['negligible', 'low', 'medium', 'high', 'critical'], description: 'Cut-off of its own: what is less severe is not reported. The gate has a threshold too.' },
};
const RANK = ['negligible', 'low', 'medium', 'high', 'critical'];

/**
 * Grype, for lock files or a saved image. Flags and configuration after the documentation of 0.90.0: 0 finished
 * (without `--fail-on`), others failure; a missing database gave 1 with that version, one older than five days does as well.
 * Everything is set in a configuration of ours, since a `.grype.yaml` of the repository could ignore findings.
 */
export const grype: Scanner = {
  name: 'grype',
  executable: 'grype',
  informationUri: 'https://github.com/anchore/grype',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  exitCodes: { '0': 'finished, findings or none', '1': 'failure', '2': 'findings (with `--fail-on`, which is not used)' },
  splittable: false,
  version: { args: ['version'], parse: (stdout) => /^Version:\s+v?(\S+)/m.exec(stdout)?.[1] },
  database: {
    hosts: ['grype.anchore.io'],
    command: (directory) => ({ args: ['db', 'update'], env: { GRYPE_DB_CACHE_DIR: directory, GRYPE_CHECK_FOR_APP_UPDATE: 'false' } }),
  },
  applies: (inventory, options = {}) => {
    const archive = options['archive'];
    if (typeof archive === 'string') return { applies: true, reason: `the image ${archive} is configured`, files: [{ path: archive, format: 'dockerfile', reason: 'configured' }] };
    return appliesTo(FORMATS, 'lock file')(inventory);
  },
  command: (request) => {
    const archive = readOptions('grype', OPTIONS, request.options).text('archive');
    return {
      directory: 'config',
      args: ['--config', `${request.configDirectory}/grype.yaml`, '--output', 'json', '--quiet', archive === undefined ? `dir:${request.root}` : `docker-archive:${request.root}/${archive}`],
      files: { 'grype.yaml': 'check-for-app-update: false\ndb:\n  auto-update: false\n  validate-age: true\n  max-allowed-built-age: 120h\nignore: []\n' },
      env: { GRYPE_DB_CACHE_DIR: request.database ?? `${request.configDirectory}/no-database`, GRYPE_CHECK_FOR_APP_UPDATE: 'false', GRYPE_DB_AUTO_UPDATE: 'false' },
      completedCodes: [0],
    };
  },
  parse: parseGrype,
  canary: NPM_CANARY,
};

function parseGrype(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = workspacePaths(request.root);
  const archive = request.options['archive'];
  const cut = RANK.indexOf(String(request.options['fail-on'] ?? 'negligible'));
  const rules = createRuleSet();
  const findings: Finding[] = [];
  let foreign = 0;
  const root = asObject(parseJson(output.stdout), 'the document');
  if (root['descriptor'] === undefined) throw new ScannerOutputError('its output is not in the expected form: there is no descriptor');
  for (const [index, entry] of asArray(root['matches'], 'matches').entries()) {
    const place = `matches[${index}]`;
    const match = asObject(entry, place);
    const advisory = asObject(match['vulnerability'], `${place}.vulnerability`);
    const artifact = asObject(match['artifact'], `${place}.artifact`);
    const id = asString(advisory['id'], `${place}.vulnerability.id`);
    const name = asString(artifact['name'], `${place}.artifact.name`);
    const rank = RANK.indexOf(String(advisory['severity']).toLowerCase());
    if (rank !== -1 && rank < cut) continue;
    const printed = textAt(artifact['locations'], 'path')[0];
    const manifest = typeof archive === 'string' ? archive : printed === undefined ? undefined : pathOf(printed.replace(/^\/+/, ''));
    if (manifest === undefined || !isAdvisoryId(id)) {
      foreign++;
      continue;
    }
    const fix = typeof advisory['fix'] === 'object' && advisory['fix'] !== null ? (advisory['fix'] as JsonObject) : {};
    const { finding, rule } = dependencyFinding({
      tool: 'grype',
      id,
      title: `Known weakness ${id} of ${name}`,
      severity: lookUp(SEVERITY, advisory['severity'], 'medium'),
      ecosystem: typeof artifact['type'] === 'string' ? artifact['type'] : '',
      name,
      version: typeof artifact['version'] === 'string' ? artifact['version'] : '',
      manifest,
      aliases: textAt(match['relatedVulnerabilities'], 'id'),
      fixedVersions: textList(fix['versions']),
      purl: typeof artifact['purl'] === 'string' ? artifact['purl'] : undefined,
      help: typeof advisory['description'] === 'string' ? advisory['description'] : undefined,
      helpUri: typeof advisory['dataSource'] === 'string' ? advisory['dataSource'] : undefined,
    });
    findings.push(finding);
    rules.add(rule);
  }
  return {
    rules: rules.list(),
    findings,
    diagnostics: foreign === 0 ? [] : [{ level: 'warning', code: 'foreign-path', message: `grype reported ${foreign} findings that are not in the workspace or have no id; they are left out.` }],
  };
}

/** A text property of each object of a list. */
function textAt(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).slice(0, 200).flatMap((entry) => {
    const found = typeof entry === 'object' && entry !== null ? (entry as JsonObject)[name] : undefined;
    return typeof found === 'string' ? [found] : [];
  });
}
