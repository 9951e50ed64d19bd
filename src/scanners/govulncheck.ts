import { posix } from 'node:path';
import { ScannerOutputError } from '../core/index.js';
import type { Canary, Diagnostic, Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { dependencyFinding, isAdvisoryId, textList } from './shared/dependency.js';
import { GO_ENVIRONMENT } from './shared/go.js';
import { asArray, asObject, asString } from './shared/json.js';
import type { JsonObject } from './shared/json.js';
import { parseJsonStream } from './shared/json-lines.js';
import { readOptions } from './shared/options.js';
import { appliesTo, toArgument, workspacePaths } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';

/** Go's database has no severities: what the program can reach counts more than what it merely contains. */
const SEVERITY: Readonly<Record<string, Severity>> = { 'the weak function is called': 'high', 'the package is imported': 'medium', 'the module is required': 'low' };
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  module: { type: 'string', path: true, description: 'Folder of the module to look at; that of the first `go.mod` when not given.' },
};

/** A weakness that we made up, of a function of the standard library: none is sure to be in the one that is installed. */
const CANARY: Canary = {
  files: { 'go.mod': { format: 'go-module', text: 'module example.com/canary\n\ngo 1.21\n' } },
  around: { 'canary.go': 'package main\n\nimport "crypto/md5"\n\nfunc main() { println(md5.Sum(nil)[0]) }\n' },
  database: {
    'index/db.json': '{"modified":"2026-01-01T00:00:00Z"}',
    'index/modules.json': '[{"path":"stdlib","vulns":[{"id":"GO-2026-9999","modified":"2026-01-01T00:00:00Z","fixed":"1.999.0"}]}]',
    'index/vulns.json': '[{"id":"GO-2026-9999","modified":"2026-01-01T00:00:00Z"}]',
    'ID/GO-2026-9999.json':
      '{"schema_version":"1.3.1","id":"GO-2026-9999","modified":"2026-01-01T00:00:00Z","published":"2026-01-01T00:00:00Z","summary":"Canary","details":"Made up.","affected":[{"package":{"name":"stdlib","ecosystem":"Go"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.999.0"}]}],"ecosystem_specific":{"imports":[{"path":"crypto/md5","symbols":["Sum"]}]}}],"database_specific":{"url":"https://pkg.go.dev/vuln/GO-2026-9999","review_status":"REVIEWED"}}',
  },
  ruleId: 'GO-2026-9999',
};

/**
 * govulncheck, for Go modules. Verified with 1.1.4: with `-format json` it exits 0 when it has finished, findings or
 * none, and 1 for failures such as a missing database. It prints a stream of JSON documents, of which the first
 * states its configuration. It starts `go`; nothing is downloaded.
 */
export const govulncheck: Scanner = {
  name: 'govulncheck',
  executable: 'govulncheck',
  informationUri: 'https://pkg.go.dev/golang.org/x/vuln/cmd/govulncheck',
  capabilities: { network: [], secrets: [], programs: ['go'] },
  severityTable: SEVERITY,
  options: OPTIONS,
  verifiedWith: '1.1.4',
  exitCodes: { '0': 'finished (with `-format json`), findings or none', '1': 'failure', '2': 'wrong arguments' },
  splittable: false,
  version: { args: ['-version'], parse: (stdout) => /^Scanner: govulncheck@v(\S+)/m.exec(stdout)?.[1] },
  applies: appliesTo(['go-module'], 'Go module'),
  command: (request) => {
    const folder = moduleFolder(request);
    return {
      args: ['-C', folder === '.' ? '.' : toArgument(folder), '-db', `file://${request.database ?? `${request.configDirectory}/no-database`}`, '-format', 'json', './...'],
      env: GO_ENVIRONMENT,
      completedCodes: [0],
    };
  },
  parse: parseGovulncheck,
  canary: CANARY,
};

function moduleFolder(request: ScanRequest): string {
  return readOptions('govulncheck', OPTIONS, request.options).text('module') ?? posix.dirname(request.files[0]?.path ?? '.');
}

interface Reach {
  readonly id: string;
  readonly fixed: string;
  readonly trace: readonly JsonObject[];
}

function parseGovulncheck(output: ScanOutput, request: ScanRequest): ParsedOutput {
  // Some keep the stream as one list.
  const documents = parseJsonStream(output.stdout).flat(1).map((value, index) => asObject(value, `document ${index + 1}`));
  if (documents[0]?.['config'] === undefined) throw new ScannerOutputError('its output is not in the expected form: there is no configuration');
  const advisories = new Map<string, JsonObject>();
  const reached = new Map<string, Reach>();
  for (const document of documents) {
    if (document['osv'] !== undefined) {
      const osv = asObject(document['osv'], 'osv');
      advisories.set(asString(osv['id'], 'osv.id'), osv);
    }
    if (document['finding'] === undefined) continue;
    const finding = asObject(document['finding'], 'finding');
    const trace = asArray(finding['trace'], 'finding.trace').map((frame) => asObject(frame, 'finding.trace'));
    const id = asString(finding['osv'], 'finding.osv');
    const fixed = typeof finding['fixed_version'] === 'string' ? finding['fixed_version'] : '';
    // The same advisory comes once for the module, once for the package and once for each call: the nearest counts.
    const key = `${id} ${String(trace[0]?.['module'])}`;
    const known = reached.get(key);
    if (known === undefined || depth(trace) > depth(known.trace)) reached.set(key, { id, fixed, trace });
  }
  const pathOf = workspacePaths(request.root);
  const regionOf = createRegions(request.source, 'utf8');
  const folder = moduleFolder(request);
  const manifest = request.files.find(({ path }) => posix.dirname(path) === folder)?.path ?? 'go.mod';
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { id, fixed, trace } of reached.values()) {
    if (!isAdvisoryId(id)) continue;
    const advisory = advisories.get(id) ?? {};
    const module = trace[0]?.['module'];
    const version = trace[0]?.['version'];
    const read = dependencyFinding({
      tool: 'govulncheck',
      id,
      title: typeof advisory['summary'] === 'string' ? advisory['summary'] : id,
      severity: (['low', 'medium', 'high'] as const)[depth(trace)] ?? 'low',
      ecosystem: 'Go',
      name: typeof module === 'string' ? module : 'unknown',
      version: typeof version === 'string' ? version : '',
      manifest,
      aliases: textList(advisory['aliases']),
      fixedVersions: [fixed],
      help: typeof advisory['details'] === 'string' ? advisory['details'] : undefined,
      helpUri: `https://pkg.go.dev/vuln/${id}`,
      published: advisory['published'],
    });
    rules.add(read.rule);
    const call = firstOwnFrame(trace, folder, pathOf, request);
    const where = call === undefined ? [] : [{ path: call.path, region: regionOf(call.path, { startLine: call.line }), message: 'the weak function is called here' }];
    findings.push({ ...read.finding, related: where });
  }
  return { rules: rules.list(), findings, diagnostics };
}

/** 2 for a call of a function, 1 for an import, 0 for the module alone. */
function depth(trace: readonly JsonObject[]): number {
  return trace[0]?.['function'] !== undefined ? 2 : trace[0]?.['package'] !== undefined ? 1 : 0;
}

/** The frame of the trace that lies in the workspace and is nearest to the weak function. */
function firstOwnFrame(trace: readonly JsonObject[], folder: string, pathOf: (printed: string) => string | undefined, request: ScanRequest): { path: string; line: number } | undefined {
  for (const frame of trace) {
    const position = frame['position'];
    if (typeof position !== 'object' || position === null) continue;
    const { filename, line } = position as JsonObject;
    if (typeof filename !== 'string' || typeof line !== 'number' || !Number.isSafeInteger(line) || line < 1) continue;
    const path = pathOf(filename.startsWith('/') ? filename : posix.join(folder, filename));
    if (path !== undefined && request.source(path) !== undefined) return { path, line };
  }
  return undefined;
}
