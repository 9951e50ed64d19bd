import { ConfigurationError, ScannerOutputError } from '../core/index.js';
import type { Confidence, Diagnostic, Finding, Format, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import ownRules from './shared/own-rules.json' with { type: 'json' };
import { createFinding, createRule, cweTags, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import type { JsonObject } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, requestedPaths, toArgument } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';
import { createSilencer, statedSuppression, type SilencingComment } from './shared/silenced.js';

const SEVERITY: Readonly<Record<string, Severity>> = {
  CRITICAL: 'critical', HIGH: 'high', ERROR: 'high', MEDIUM: 'medium', WARNING: 'medium', LOW: 'low', INFO: 'low', INVENTORY: 'note', EXPERIMENT: 'note',
};
const CONFIDENCE: Readonly<Record<string, Confidence>> = { HIGH: 'high', MEDIUM: 'medium', LOW: 'low' };
const FORMATS: readonly Format[] = ['javascript', 'typescript', 'python', 'go', 'java', 'ruby', 'php', 'csharp', 'terraform', 'dockerfile', 'kubernetes', 'shell'];
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  rules: { type: 'strings', path: true, description: 'Files or folders of the workspace with further rules.' },
  packs: { type: 'strings', values: ['p/security-audit', 'p/secrets', 'p/owasp-top-ten', 'p/default', 'p/ci'], description: 'Rule packs of the Semgrep registry, fetched before the scan.' },
  'own-rules': { type: 'boolean', description: 'False leaves out the rules that come with Bartizan.' },
  'ignore-nosemgrep': { type: 'boolean', description: 'Reports also what `nosemgrep` comments silence.' },
};

/**
 * Semgrep, for source code. Verified with 1.182.0 (community engine): 0 finished, findings or none; 2 failure;
 * 7 a configuration is invalid. Columns count bytes of UTF-8, ends are exclusive. Files that are given
 * explicitly are read whatever `.semgrepignore` says, which a folder would obey; so every file is given.
 * Rule ids would begin with the path of the rules' file, `--no-rewrite-rule-ids` keeps them as written.
 */
export const semgrep: Scanner = {
  name: 'semgrep',
  executable: 'semgrep',
  informationUri: 'https://semgrep.dev/',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  verifiedWith: '1.182.0',
  exitCodes: { '0': 'finished, findings or none', '1': 'findings (with `--error`, which is not used)', '2': 'failure', '7': 'invalid rules' },
  splittable: true,
  version: { args: ['--version', '--disable-version-check'], parse: (stdout) => /^([0-9]+\.[0-9]+\.\S+)/m.exec(stdout)?.[1] },
  applies: appliesTo(FORMATS, 'source file'),
  command: (request) => {
    const options = readOptions('semgrep', OPTIONS, request.options);
    const own: Readonly<Record<string, string>> = request.options['own-rules'] === false ? {} : ownRules.semgrep;
    const configs = [
      ...Object.keys(own).map((name) => `${request.configDirectory}/${name}`),
      ...options.list('rules').map(toArgument),
      ...options.list('packs').map((pack) => packFile(pack, request.database)),
    ];
    if (configs.length === 0) throw new ConfigurationError('Scanner `semgrep` has no rules: `own-rules` is false, and neither `rules` nor `packs` are given.');
    return {
      args: [
        'scan', '--metrics', 'off', '--disable-version-check', '--oss-only', '--json', '--quiet', '--no-git-ignore', '--no-rewrite-rule-ids',
        ...(options.flag('ignore-nosemgrep') ? ['--disable-nosem'] : []),
        ...configs.flatMap((config) => ['--config', config]),
        '--', ...request.files.map((file) => toArgument(file.path)),
      ],
      files: own,
      completedCodes: [0],
    };
  },
  parse: parseSemgrep,
  canary: { files: { 'canary.js': { format: 'javascript', text: "const jwt = require('jsonwebtoken');\njwt.verify(token, key, { algorithms: ['none'] });\n" } }, ruleId: 'bartizan.jwt-none-algorithm' },
};

/** Packs are fetched in the phase before, since the scan has no network. */
function packFile(pack: string, database: string | undefined): string {
  if (database === undefined) {
    throw new ConfigurationError(`The rule pack \`${pack}\` of scanner \`semgrep\` has not been fetched, and the scan itself has no network. Keep the pack as a file in the repository and name that in \`rules\`.`);
  }
  return `${database}/${pack.replace('/', '-')}.yaml`;
}

function parseSemgrep(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = requestedPaths(request.files);
  const regionOf = createRegions(request.source, 'utf8');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const root = asObject(parseJson(output.stdout), 'the document');
  const diagnostics = readErrors(root, pathOf);
  const silencer = createSilencer(request.source, 'semgrep', readNosemgrep);
  let foreign = 0;

  for (const [index, entry] of asArray(root['results'], 'results').entries()) {
    const place = `results[${index}]`;
    const result = asObject(entry, place);
    const path = pathOf(asString(result['path'], `${place}.path`));
    const extra = asObject(result['extra'], `${place}.extra`);
    if (path === undefined) {
      foreign++;
      continue;
    }
    const start = asObject(result['start'], `${place}.start`);
    const end = asObject(result['end'], `${place}.end`);
    const ruleId = asString(result['check_id'], `${place}.check_id`);
    const metadata = typeof extra['metadata'] === 'object' && extra['metadata'] !== null ? (extra['metadata'] as JsonObject) : {};
    const severity = lookUp(SEVERITY, extra['severity'], 'medium');
    const confidence = lookUp(CONFIDENCE, metadata['confidence'], 'medium');
    const message = asString(extra['message'], `${place}.extra.message`);
    rules.add(
      createRule({
        id: ruleId,
        title: titleOf(ruleId),
        severity,
        confidence,
        tags: [...cweTags(metadata['cwe']), 'security'],
        // Names of the program that the pattern has caught are quoted in it: no text for the rule as such.
        helpUri: linkOf(metadata),
      }),
    );
    const region = regionOf(path, {
      startLine: wholeNumber(start['line'], 1) ?? 1,
      startColumn: wholeNumber(start['col'], 1),
      endLine: wholeNumber(end['line'], 1),
      endColumn: wholeNumber(end['col'], 1),
    });
    const finding = createFinding({ tool: 'semgrep', ruleId, severity, confidence, message, path, region });
    const ignored = extra['is_ignored'] === true && request.options['ignore-nosemgrep'] !== true;
    findings.push(ignored ? { ...finding, suppression: statedSuppression('semgrep', finding.locations[0], undefined, silencer(finding.locations[0], [], { above: 1 })) } : finding);
  }
  // Versions before 1.0 don't say what they read; then findings alone show that they read something.
  const scanned = asArray(asObject(root['paths'] ?? {}, 'paths')['scanned'] ?? [], 'paths.scanned');
  if (scanned.length === 0 && findings.length === 0 && request.files.length > 0) {
    throw new ScannerOutputError(`read none of the ${request.files.length} files that it was given`);
  }
  if (foreign > 0) diagnostics.push({ level: 'warning', code: 'foreign-path', message: `semgrep reported ${foreign} findings in files that it was not asked to read; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}

/** `python.lang.eval-use` becomes `Eval use`. */
function titleOf(ruleId: string): string {
  const words = (ruleId.split('.').at(-1) ?? ruleId).replace(/[-_]+/g, ' ').trim();
  return words === '' ? ruleId : words.charAt(0).toUpperCase() + words.slice(1);
}

function linkOf(metadata: JsonObject): string | undefined {
  const references = Array.isArray(metadata['references']) ? (metadata['references'] as unknown[]) : [];
  return [metadata['source'], metadata['shortlink'], ...references].find((link): link is string => typeof link === 'string' && link.startsWith('https://'));
}

function readErrors(root: JsonObject, pathOf: (printed: string) => string | undefined): Diagnostic[] {
  return asArray(root['errors'] ?? [], 'errors')
    .slice(0, 100)
    .map((entry, index) => {
      const error = asObject(entry, `errors[${index}]`);
      const path = typeof error['path'] === 'string' ? pathOf(error['path']) : undefined;
      const message = typeof error['message'] === 'string' ? error['message'].split('\n', 1)[0] : 'no reason given';
      return { level: 'warning', code: 'scanner-could-not-read', message: `semgrep did not check all of it: ${message}`, ...(path === undefined ? {} : { path }) };
    });
}

/** `nosemgrep: id, id` or `nosem`; which rules it names is known to semgrep, which says what it silences. */
function readNosemgrep(line: string): SilencingComment | undefined {
  const found = /\bnosem(?:grep)?\b/.exec(line);
  return found === null ? undefined : { ids: [], reason: '', index: found.index, length: found[0].length };
}
