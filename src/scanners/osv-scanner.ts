import { ScannerOutputError } from '../core/index.js';
import type { Finding, Format, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { NPM_CANARY } from './shared/canary-packages.js';
import { dependencyFinding, isAdvisoryId, severityOfScore, textList } from './shared/dependency.js';
import { lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson } from './shared/json.js';
import type { JsonObject } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, requestedAbsolutePaths, toArgument } from './shared/paths.js';
import { createRuleSet } from './shared/rules.js';

const SEVERITY: Readonly<Record<string, Severity>> = { CRITICAL: 'critical', HIGH: 'high', MODERATE: 'medium', MEDIUM: 'medium', LOW: 'low' };
const TABLE: Readonly<Record<string, string>> = { 'CVSS 9.0 to 10.0': 'critical', '7.0 to 8.9': 'high', '4.0 to 6.9': 'medium', '0.1 to 3.9': 'low', 'no score, the advisory’s own word': 'CRITICAL, HIGH, MODERATE, LOW', neither: 'medium' };
const FORMATS: readonly Format[] = ['npm-lock', 'pnpm-lock', 'yarn-lock', 'python-requirements', 'python-lock', 'go-module', 'lock-file'];
/** Lock files that this version reads, by name; what it does not know would end it with an error. */
const READABLE = /(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|yarn\.lock|[^/]*requirements[^/]*\.txt|poetry\.lock|Pipfile\.lock|pdm\.lock|go\.mod|Cargo\.lock|Gemfile\.lock|composer\.lock|pom\.xml|gradle\.lockfile|pubspec\.lock|mix\.lock|packages\.lock\.json|conan\.lock)$/;
const OPTIONS: Readonly<Record<string, ScannerOption>> = {};

/**
 * OSV-Scanner, for lock files of all ecosystems. Verified with 1.9.2: 0 no findings, 1 findings, 127 failure, 128 no
 * packages. Offline with a missing database of an ecosystem it goes on and says so on standard error alone, which is a
 * failure here. A given configuration replaces every `osv-scanner.toml` of the repository, which could ignore findings.
 */
export const osvScanner: Scanner = {
  name: 'osv-scanner',
  executable: 'osv-scanner',
  informationUri: 'https://google.github.io/osv-scanner/',
  capabilities: { network: [], secrets: [] },
  severityTable: TABLE,
  options: OPTIONS,
  verifiedWith: '1.9.2',
  exitCodes: { '0': 'no findings', '1': 'findings', '127': 'failure', '128': 'no packages' },
  splittable: true,
  version: { args: ['--version'], parse: (stdout) => /osv-scanner version: (\S+)/.exec(stdout)?.[1] },
  database: {
    hosts: ['osv-vulnerabilities.storage.googleapis.com'],
    command: (directory) => ({ args: ['scan', '--experimental-offline-vulnerabilities', '--experimental-download-offline-databases', '--format', 'json', '.'], env: { OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY: directory } }),
  },
  applies: (inventory) => appliesTo(FORMATS, 'lock file')({ ...inventory, files: inventory.files.filter(({ path }) => READABLE.test(path)) }),
  command: (request) => {
    readOptions('osv-scanner', OPTIONS, request.options);
    return {
      args: [
        'scan', '--experimental-offline', '--format', 'json', '--verbosity', 'error', '--no-ignore', '--skip-git',
        '--config', `${request.configDirectory}/osv.toml`,
        ...request.files.flatMap(({ path }) => ['--lockfile', toArgument(path)]),
      ],
      files: { 'osv.toml': '' },
      env: { OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY: request.database ?? `${request.configDirectory}/no-database` },
      completedCodes: [0, 1],
    };
  },
  parse: parseOsvScanner,
  canary: NPM_CANARY,
};

function parseOsvScanner(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const missing = /could not find local databases for ecosystems: ([^\n]{1,200})/.exec(output.stderr);
  if (missing !== null) throw new ScannerOutputError(`has no database for ${missing[1]}, so it can't know their weaknesses`);
  const pathOf = requestedAbsolutePaths(request.root, request.files);
  const rules = createRuleSet();
  const findings: Finding[] = [];
  let foreign = 0;
  const root = asObject(parseJson(output.stdout), 'the document');
  for (const [index, entry] of asArray(root['results'], 'results').entries()) {
    const place = `results[${index}]`;
    const result = asObject(entry, place);
    const manifest = pathOf(asString(asObject(result['source'], `${place}.source`)['path'], `${place}.source.path`));
    for (const [at, value] of asArray(result['packages'], `${place}.packages`).entries()) {
      const item = asObject(value, `${place}.packages[${at}]`);
      const { name, version, ecosystem } = asObject(item['package'], `${place}.packages[${at}].package`);
      const groups = asArray(item['groups'] ?? [], `${place}.groups`).map((group) => asObject(group, `${place}.groups`));
      const advisories = asArray(item['vulnerabilities'] ?? [], `${place}.vulnerabilities`).map((advisory) => asObject(advisory, `${place}.vulnerabilities`));
      for (const group of groups) {
        const ids = textList(group['ids']);
        const advisory = advisories.find((candidate) => candidate['id'] === ids[0]);
        const id = ids[0];
        if (manifest === undefined || id === undefined || !isAdvisoryId(id) || typeof name !== 'string' || typeof ecosystem !== 'string') {
          foreign++;
          continue;
        }
        const { finding, rule } = dependencyFinding({
          tool: 'osv-scanner',
          id,
          title: typeof advisory?.['summary'] === 'string' ? advisory['summary'] : id,
          severity: severityOf(group, advisory),
          ecosystem,
          name,
          version: typeof version === 'string' ? version : '',
          manifest,
          aliases: [...ids, ...textList(group['aliases'])],
          fixedVersions: advisory === undefined ? [] : fixedVersions(advisory, name),
          cwes: detailsOf(advisory)['cwe_ids'],
          help: typeof advisory?.['details'] === 'string' ? advisory['details'] : undefined,
          helpUri: `https://osv.dev/vulnerability/${id}`,
          published: advisory?.['published'],
        });
        findings.push(finding);
        rules.add(rule);
      }
    }
  }
  return {
    rules: rules.list(),
    findings,
    diagnostics: foreign === 0 ? [] : [{ level: 'warning', code: 'foreign-path', message: `osv-scanner reported ${foreign} findings that are not of its files or have no id; they are left out.` }],
  };
}

function detailsOf(advisory: JsonObject | undefined): JsonObject {
  const details = advisory?.['database_specific'];
  return typeof details === 'object' && details !== null ? (details as JsonObject) : {};
}

function severityOf(group: JsonObject, advisory: JsonObject | undefined): Severity {
  const score = typeof group['max_severity'] === 'string' && group['max_severity'] !== '' ? severityOfScore(Number(group['max_severity'])) : undefined;
  return score ?? lookUp(SEVERITY, detailsOf(advisory)['severity'], 'medium');
}

/** https://ossf.github.io/osv-schema/#affectedrangesevents-fields */
function fixedVersions(advisory: JsonObject, name: string): string[] {
  return list(advisory['affected'])
    .filter((affected) => objectOf(affected['package'])['name'] === name)
    .flatMap((affected) => list(affected['ranges']))
    .flatMap((range) => list(range['events']))
    .flatMap(({ fixed }) => (typeof fixed === 'string' ? [fixed] : []));
}

function list(value: unknown): JsonObject[] {
  return Array.isArray(value) ? (value as unknown[]).filter((entry): entry is JsonObject => typeof entry === 'object' && entry !== null) : [];
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}
