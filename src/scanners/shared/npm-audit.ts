import { ScannerOutputError } from '../../core/index.js';
import type { Finding, ParsedOutput, Rule, ScanRequest, Severity } from '../../core/index.js';
import { dependencyFinding, isAdvisoryId, textList } from './dependency.js';
import { lookUp } from './finding.js';
import { asArray, asObject, parseJson } from './json.js';
import type { JsonObject } from './json.js';
import { createRuleSet } from './rules.js';

/** The words of npm's registry, which npm, pnpm and yarn pass on. */
export const NPM_SEVERITY: Readonly<Record<string, Severity>> = { critical: 'critical', high: 'high', moderate: 'medium', low: 'low', info: 'note' };

/** One advisory about one package, in the form of the audit endpoint. */
export interface NpmAdvisory {
  readonly advisory: JsonObject;
  readonly name: string;
  readonly version: string;
}

/**
 * Reads what `npm audit --json` of npm 7 and later prints, and the older form that npm 6 and pnpm print.
 * Throws `ScannerOutputError` for the message of a failed request, which comes as JSON as well.
 */
export function parseNpmAudit(tool: string, text: string, request: ScanRequest): ParsedOutput {
  const root = asObject(parseJson(text), 'the document');
  if (root['advisories'] !== undefined) return npmFindings(tool, legacyAdvisories(asObject(root['advisories'], 'advisories')), request);
  if (root['vulnerabilities'] === undefined) {
    const error = typeof root['error'] === 'object' && root['error'] !== null ? (root['error'] as JsonObject) : {};
    const reason = [root['message'], error['summary'], error['message'], error['code']].find((value): value is string => typeof value === 'string' && value !== '');
    throw new ScannerOutputError(reason === undefined ? 'its output is not in the expected form: there are no vulnerabilities' : `says that it failed: ${reason.slice(0, 300)}`);
  }
  const versions = lockedVersions(request);
  const advisories = Object.entries(asObject(root['vulnerabilities'], 'vulnerabilities')).flatMap(([name, value]) => {
    const vulnerability = asObject(value, `vulnerabilities.${name}`);
    const node = textList(vulnerability['nodes'])[0];
    // A text among the causes names another entry, which has the advisory.
    return asArray(vulnerability['via'], `vulnerabilities.${name}.via`)
      .filter((cause): cause is JsonObject => typeof cause === 'object' && cause !== null)
      .map((advisory) => ({ advisory, name, version: (node === undefined ? undefined : versions.get(node)) ?? '' }));
  });
  return npmFindings(tool, advisories, request);
}

/** Findings of advisories; one for each package and advisory. */
export function npmFindings(tool: string, advisories: readonly NpmAdvisory[], request: ScanRequest): ParsedOutput {
  const rules = createRuleSet();
  const findings = new Map<string, Finding>();
  const manifest = request.files[0]?.path ?? 'package.json';
  let unusable = 0;
  for (const { advisory, name, version } of advisories) {
    const id = idOf(advisory);
    if (id === undefined || name === '') {
      unusable++;
      continue;
    }
    const { finding, rule }: { finding: Finding; rule: Rule } = dependencyFinding({
      tool,
      id,
      title: typeof advisory['title'] === 'string' ? advisory['title'] : id,
      severity: lookUp(NPM_SEVERITY, advisory['severity'], 'medium'),
      ecosystem: 'npm',
      name,
      version,
      manifest,
      aliases: textList(advisory['cves']),
      fixedVersions: patched(advisory),
      cwes: advisory['cwe'],
      help: typeof advisory['overview'] === 'string' ? advisory['overview'] : undefined,
      helpUri: typeof advisory['url'] === 'string' ? advisory['url'] : undefined,
    });
    findings.set(`${id} ${name} ${version}`, finding);
    rules.add(rule);
  }
  const left = request.files.slice(1).map(({ path }) => ({ level: 'warning' as const, code: 'scanner-could-not-read', message: `${tool} audits one lock file, ${manifest}; this one was not audited. osv-scanner reads all of them.`, path }));
  return {
    rules: rules.list(),
    findings: [...findings.values()],
    diagnostics: unusable === 0 ? left : [...left, { level: 'warning', code: 'unusable-finding', message: `${tool} reported ${unusable} advisories without an id; they are left out.` }],
  };
}

function legacyAdvisories(advisories: JsonObject): NpmAdvisory[] {
  return Object.entries(advisories).flatMap(([key, value]) => {
    const advisory = asObject(value, `advisories.${key}`);
    const name = typeof advisory['module_name'] === 'string' ? advisory['module_name'] : '';
    const places = asArray(advisory['findings'] ?? [], `advisories.${key}.findings`).map((place) => asObject(place, `advisories.${key}.findings`)['version']);
    const versions = [...new Set(places.filter((version): version is string => typeof version === 'string'))];
    return (versions.length === 0 ? [''] : versions).map((version) => ({ advisory, name, version }));
  });
}

/** The id of GitHub's advisory from its link, or npm's own number. */
function idOf(advisory: JsonObject): string | undefined {
  const given = advisory['github_advisory_id'];
  const linked = typeof advisory['url'] === 'string' ? /\/(GHSA-[\w-]{4,40})$/.exec(advisory['url'])?.[1] : undefined;
  const number = advisory['source'] ?? advisory['id'];
  const id = typeof given === 'string' ? given : (linked ?? (typeof number === 'number' && Number.isSafeInteger(number) ? `npm-${number}` : undefined));
  return id !== undefined && isAdvisoryId(id) ? id : undefined;
}

/** The lower bounds of the repaired ranges, as they are written. */
function patched(advisory: JsonObject): string[] {
  const range = advisory['patched_versions'];
  return typeof range === 'string' && range.length < 500 && range !== '<0.0.0' ? range.split('||').map((part) => part.trim().replace(/^>=\s*/, '')) : [];
}

/** Versions by path of `node_modules` in an npm lock file. */
function lockedVersions(request: ScanRequest): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  const text = request.files[0] === undefined ? undefined : request.source(request.files[0].path);
  try {
    const packages = (JSON.parse(text ?? '{}') as { packages?: Record<string, { version?: unknown }> }).packages ?? {};
    for (const [path, entry] of Object.entries(packages)) if (typeof entry.version === 'string') versions.set(path, entry.version);
  } catch {
    // A broken lock file: npm says so itself, and findings have no versions.
  }
  return versions;
}
