import { ConfigurationError } from '../core/index.js';
import type { Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { createRuleSet } from './shared/rules.js';

const SEVERITY: Readonly<Record<string, Severity>> = { FATAL: 'high', WARN: 'medium', INFO: 'low', SKIP: 'note', PASS: 'note' };
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  archive: { type: 'string', path: true, description: 'Image as `docker save` writes it, in the workspace. Without it this scanner does not run.' },
};

/**
 * Dockle, for how a container image is made. After its documentation: with `--exit-code 0` every other code is a failure.
 * Started in a directory of ours, since a `.dockleignore` of the working directory could ignore checks.
 */
export const dockle: Scanner = {
  name: 'dockle',
  executable: 'dockle',
  informationUri: 'https://github.com/goodwithtech/dockle',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  exitCodes: { '0': 'finished (with `--exit-code 0`), findings or none', 'others': 'failure' },
  splittable: false,
  version: { args: ['--version'], parse: (stdout) => /dockle version v?(\S+)/.exec(stdout)?.[1] },
  applies: (_inventory, options = {}) => {
    const archive = options['archive'];
    if (typeof archive !== 'string') return { applies: false, reason: 'no `archive` of an image is configured' };
    return { applies: true, reason: `the image ${archive} is configured`, files: [{ path: archive, format: 'dockerfile', reason: 'configured' }] };
  },
  command: (request) => {
    const archive = readOptions('dockle', OPTIONS, request.options).text('archive');
    if (archive === undefined) throw new ConfigurationError('Scanner `dockle` has no `archive` to look at.');
    return { directory: 'config', args: ['--format', 'json', '--exit-code', '0', '--no-color', '--input', `${request.root}/${archive}`], env: { DOCKLE_VERSION_CHECK: 'false' }, completedCodes: [0] };
  },
  parse: parseDockle,
  canary: { impossible: 'it looks at the image of a container, and an image is no small file' },
};

function parseDockle(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const root = asObject(parseJson(output.stdout), 'the document');
  asObject(root['summary'], 'summary');
  for (const [index, entry] of asArray(root['details'], 'details').entries()) {
    const place = `details[${index}]`;
    const detail = asObject(entry, place);
    const level = asString(detail['level'], `${place}.level`);
    if (level === 'PASS' || level === 'SKIP') continue;
    const ruleId = asString(detail['code'], `${place}.code`);
    const title = asString(detail['title'], `${place}.title`);
    if (!/^[A-Z]{2,6}-[A-Z]{2,6}-[0-9]{1,6}$/.test(ruleId)) continue;
    const severity = lookUp(SEVERITY, level, 'low');
    rules.add(createRule({ id: ruleId, title, severity, tags: ['container'], helpUri: `https://github.com/goodwithtech/dockle/blob/master/CHECKPOINT.md#${ruleId.toLowerCase()}` }));
    for (const alert of asArray(detail['alerts'] ?? [], `${place}.alerts`)) {
      if (typeof alert !== 'string') continue;
      findings.push(createFinding({ tool: 'dockle', ruleId, severity, message: `${title}: ${alert}`, path: request.files[0]?.path ?? 'image' }));
    }
  }
  return { rules: rules.list(), findings, diagnostics: [] };
}
