import { posix } from 'node:path';
import { ScannerOutputError } from '../core/index.js';
import type { ParsedOutput, ScanOutput, Scanner, ScanRequest } from '../core/index.js';
import { YARN_CANARY } from './shared/canary-packages.js';
import { asObject } from './shared/json.js';
import { parseJsonStream } from './shared/json-lines.js';
import { NPM_SEVERITY, npmFindings } from './shared/npm-audit.js';
import type { NpmAdvisory } from './shared/npm-audit.js';
import { readOptions } from './shared/options.js';
import { appliesTo, toArgument } from './shared/paths.js';

/**
 * Yarn 1's own audit, for the first yarn.lock. After its documentation: the exit code is a sum of 1 info, 2 low, 4 moderate,
 * 8 high, 16 critical. It prints a JSON document in each line, at the end a summary, without which it has not
 * finished. It sends names and versions to the registry and is therefore started only when it is switched on by name.
 */
export const yarnAudit: Scanner = {
  name: 'yarn-audit',
  executable: 'yarn',
  informationUri: 'https://classic.yarnpkg.com/en/docs/cli/audit',
  capabilities: { network: ['registry.yarnpkg.com'], secrets: [] },
  severityTable: NPM_SEVERITY,
  options: {},
  exitCodes: { '0': 'no findings', '1 to 31': 'findings, a sum of 1 info, 2 low, 4 moderate, 8 high, 16 critical; or a failure: then there is no summary' },
  splittable: false,
  version: { args: ['--version'], parse: (stdout) => /^(1\.[0-9]+\.\S+)/m.exec(stdout)?.[1] },
  applies: appliesTo(['yarn-lock'], 'yarn lock file'),
  command: (request) => {
    readOptions('yarn-audit', {}, request.options);
    return {
      args: ['--no-default-rc', '--cwd', toArgument(posix.dirname(request.files[0]?.path ?? '.')), 'audit', '--json', '--registry', 'https://registry.yarnpkg.com'],
      completedCodes: Array.from({ length: 32 }, (_, code) => code),
    };
  },
  parse: parseYarnAudit,
  canary: YARN_CANARY,
};

function parseYarnAudit(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const advisories: NpmAdvisory[] = [];
  let summary = false;
  for (const [index, value] of parseJsonStream(output.stdout).entries()) {
    const line = asObject(value, `document ${index + 1}`);
    if (line['type'] === 'error') throw new ScannerOutputError(`says that it failed: ${String(line['data']).slice(0, 300)}`);
    if (line['type'] === 'auditSummary') summary = true;
    if (line['type'] !== 'auditAdvisory') continue;
    const advisory = asObject(asObject(line['data'], 'data')['advisory'], 'data.advisory');
    const found = Array.isArray(advisory['findings']) ? (advisory['findings'] as unknown[])[0] : undefined;
    const version = typeof found === 'object' && found !== null ? (found as { version?: unknown }).version : undefined;
    advisories.push({ advisory, name: typeof advisory['module_name'] === 'string' ? advisory['module_name'] : '', version: typeof version === 'string' ? version : '' });
  }
  if (!summary) throw new ScannerOutputError('did not finish: its summary is missing');
  return npmFindings('yarn-audit', advisories, request);
}
