import { ScannerOutputError } from '../core/index.js';
import type { Confidence, Diagnostic, Finding, Location, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import type { JsonObject } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, requestedPaths, toArgument } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';
import { createSilencer, statedSuppression, type SilencingComment } from './shared/silenced.js';

const SEVERITY: Readonly<Record<string, Severity>> = { High: 'high', Medium: 'medium', Low: 'low', Informational: 'note' };
const CONFIDENCE: Readonly<Record<string, Confidence>> = { High: 'high', Medium: 'medium', Low: 'low' };
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  persona: { type: 'string', values: ['regular', 'pedantic', 'auditor'], description: 'How much it reports; `regular` when not given.' },
  config: { type: 'string', path: true, description: 'Its configuration file in the workspace; none is read when not given.' },
  'ignore-comments': { type: 'boolean', description: 'Reports also what `# zizmor: ignore[…]` comments silence.' },
};

/**
 * Zizmor, for GitHub Actions and Dependabot. Verified with 1.32.0: with `--no-exit-codes` it exits 0 when it
 * has audited something, 3 when it could read none of its inputs, 1 for other failures; a file that can't be
 * parsed is only a warning on standard error. Rows and columns count from 0, columns bytes of UTF-8.
 */
export const zizmor: Scanner = {
  name: 'zizmor',
  executable: 'zizmor',
  informationUri: 'https://docs.zizmor.sh/',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  verifiedWith: '1.32.0',
  exitCodes: { '0': 'finished (with `--no-exit-codes`), findings or none', '1': 'failure', '3': 'nothing could be audited' },
  splittable: true,
  version: { args: ['--version'], parse: (stdout) => /^zizmor (\S+)/m.exec(stdout)?.[1] },
  applies: appliesTo(['github-workflow', 'github-action', 'dependabot'], 'file of GitHub Actions or Dependabot', 'files of GitHub Actions or Dependabot'),
  command: (request) => {
    const options = readOptions('zizmor', OPTIONS, request.options);
    const config = options.text('config');
    return {
      args: [
        '--offline', '--format', 'json-v1', '--no-exit-codes', '--no-progress', '--color', 'never', '--collect', 'all',
        // A `zizmor.yml` of the workspace could ignore findings.
        ...(config === undefined ? ['--no-config'] : ['--config', toArgument(config)]),
        // What comments silence is marked in the output, and counted here.
        '--no-ignores',
        '--persona', options.text('persona') ?? 'regular',
        ...request.files.map((file) => toArgument(file.path)),
      ],
      completedCodes: [0],
    };
  },
  parse: parseZizmor,
  canary: {
    files: { 'action.yml': { format: 'github-action', text: 'name: canary\nruns:\n  using: composite\n  steps:\n    - run: echo "${{ inputs.text }}"\n      shell: bash\ninputs:\n  text: {}\n' } },
    ruleId: 'template-injection',
  },
};

function parseZizmor(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = requestedPaths(request.files);
  const regionOf = createRegions(request.source, 'utf8');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = unreadable(output.stderr, request);
  let foreign = 0;
  const silencer = createSilencer(request.source, 'zizmor', readIgnore);

  for (const [index, entry] of asArray(parseJson(output.stdout), 'the document').entries()) {
    const place = `[${index}]`;
    const result = asObject(entry, place);
    const read = asArray(result['locations'], `${place}.locations`).map((value, at) => readLocation(value, `${place}.locations[${at}]`, pathOf, regionOf));
    const located = read.filter((item) => item !== undefined);
    const primary = located.find(({ kind }) => kind === 'Primary') ?? located[0];
    if (primary?.location.region === undefined) {
      foreign++;
      continue;
    }
    const determinations = asObject(result['determinations'], `${place}.determinations`);
    const ruleId = asString(result['ident'], `${place}.ident`);
    const severity = lookUp(SEVERITY, determinations['severity'], 'medium');
    const confidence = lookUp(CONFIDENCE, determinations['confidence'], 'medium');
    const title = asString(result['desc'], `${place}.desc`);
    rules.add(createRule({ id: ruleId, title, severity, confidence, tags: ['github-actions'], helpUri: typeof result['url'] === 'string' ? result['url'] : undefined }));
    const { path, region, message } = primary.location;
    const finding = createFinding({
      tool: 'zizmor',
      ruleId,
      severity,
      confidence,
      message: message === undefined || message === '' ? title : `${title}: ${message}`,
      path,
      region,
      related: located.filter((item) => item !== primary && item.kind === 'Related').map((item) => item.location),
    });
    const ignored = result['ignored'] === true && request.options['ignore-comments'] !== true;
    findings.push(ignored ? { ...finding, suppression: statedSuppression('zizmor', finding.locations[0], undefined, silencer(finding.locations[0], [ruleId])) } : finding);
  }
  if (foreign > 0) diagnostics.push({ level: 'warning', code: 'foreign-path', message: `zizmor reported ${foreign} findings without a place in the files that it was given; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}

interface Place {
  readonly kind: unknown;
  readonly location: Location;
}

function readLocation(value: unknown, place: string, pathOf: (printed: string) => string | undefined, regionOf: ReturnType<typeof createRegions>): Place | undefined {
  const location = asObject(value, place);
  const symbolic = asObject(location['symbolic'], `${place}.symbolic`);
  const local = asObject(symbolic['key'], `${place}.symbolic.key`)['Local'];
  const printed = typeof local === 'object' && local !== null ? ((local as JsonObject)['verbatim_path'] ?? (local as JsonObject)['given_path']) : undefined;
  const path = typeof printed === 'string' ? pathOf(printed) : undefined;
  if (path === undefined) return undefined;
  const concrete = asObject(asObject(location['concrete'], `${place}.concrete`)['location'], `${place}.concrete.location`);
  const start = asObject(concrete['start_point'], `${place}.start_point`);
  const end = asObject(concrete['end_point'], `${place}.end_point`);
  const from1 = (point: JsonObject, name: string): number | undefined => {
    const number = wholeNumber(point[name], 0);
    return number === undefined ? undefined : number + 1;
  };
  const region = regionOf(path, { startLine: from1(start, 'row') ?? 1, startColumn: from1(start, 'column'), endLine: from1(end, 'row'), endColumn: from1(end, 'column') });
  const annotation = symbolic['annotation'];
  return { kind: symbolic['kind'], location: { path, region, ...(typeof annotation === 'string' ? { message: annotation } : {}) } };
}

/** Inputs that zizmor skips are told on standard error alone, and without their name. */
function unreadable(stderr: string, request: ScanRequest): Diagnostic[] {
  const failed = stderr.split('\n').filter((line) => /\bWARN\b.*(?:failed to (?:parse|load|validate)|invalid)/.test(line.slice(0, 500)));
  if (failed.length > 0 && failed.length >= request.files.length && request.files.length > 0) {
    throw new ScannerOutputError('could read none of the files that it was given');
  }
  return failed.slice(0, 20).map((line) => ({ level: 'warning', code: 'scanner-could-not-read', message: `zizmor did not check a file: ${line.replace(/^.*?WARN\s*/, '').slice(0, 300)}` }));
}

/** `# zizmor: ignore[audit, audit] reason` */
function readIgnore(line: string): SilencingComment | undefined {
  const found = /#\s{0,20}zizmor: ignore\[([^\]]{0,1000})\]/.exec(line);
  if (found === null) return undefined;
  const ids = (found[1] ?? '').split(',').map((id) => id.trim());
  return { ids: ids.length === 0 ? [''] : ids, reason: line.slice(found.index + found[0].length), index: found.index, length: found[0].length };
}
