import type { Format, Scanner, ScannerOption } from '../core/index.js';
import { NPM_CANARY } from './shared/canary-packages.js';
import { readOptions } from './shared/options.js';
import { appliesTo } from './shared/paths.js';
import { parseTrivy, TRIVY_SEVERITY } from './shared/trivy.js';

const FORMATS: readonly Format[] = ['npm-lock', 'pnpm-lock', 'yarn-lock', 'python-requirements', 'python-lock', 'go-module', 'lock-file', 'terraform', 'kubernetes', 'helm-chart', 'cloudformation', 'dockerfile'];
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  scanners: { type: 'strings', values: ['vuln', 'misconfig', 'secret'], description: '`vuln` and `misconfig` when not given.' },
};
/** Its configuration, its list of findings to ignore and its rules for secrets could all be files of the repository. */
export const TRIVY_FILES = { 'trivy.yaml': '{}\n', '.trivyignore': '', 'secret.yaml': '{}\n' } as const;

/** Flags of every command: offline, nothing of the repository obeyed. */
export function trivyFlags(configDirectory: string, database: string | undefined): string[] {
  return [
    '--quiet', '--format', 'json', '--exit-code', '0', '--offline-scan', '--skip-db-update', '--skip-java-db-update', '--skip-check-update',
    '--cache-dir', database ?? `${configDirectory}/no-database`, '--cache-backend', 'memory',
    '--config', `${configDirectory}/trivy.yaml`, '--ignorefile', `${configDirectory}/.trivyignore`, '--secret-config', `${configDirectory}/secret.yaml`,
  ];
}

/**
 * Trivy, for lock files and infrastructure (`trivy fs`). Flags after the documentation of 0.58.0: with
 * `--exit-code 0` every other code is a failure, a missing database one of them. The workspace is given by its
 * absolute path, and it is started in a directory of ours.
 */
export const trivy: Scanner = {
  name: 'trivy',
  executable: 'trivy',
  informationUri: 'https://trivy.dev/',
  capabilities: { network: [], secrets: [] },
  severityTable: TRIVY_SEVERITY,
  options: OPTIONS,
  exitCodes: { '0': 'finished (with `--exit-code 0`), findings or none', '1': 'failure' },
  splittable: false,
  version: { args: ['--version'], parse: (stdout) => /^Version: (\S+)/m.exec(stdout)?.[1] },
  database: {
    hosts: ['ghcr.io', 'mirror.gcr.io'],
    command: (directory) => ({ args: ['fs', '--download-db-only', '--cache-dir', directory] }),
  },
  applies: appliesTo(FORMATS, 'lock file or file of infrastructure', 'lock files and files of infrastructure'),
  command: (request) => {
    const scanners = readOptions('trivy', OPTIONS, request.options).list('scanners');
    return {
      directory: 'config',
      args: ['fs', '--scanners', scanners.length === 0 ? 'vuln,misconfig' : scanners.join(','), ...trivyFlags(request.configDirectory, request.database), request.root],
      files: TRIVY_FILES,
      completedCodes: [0],
    };
  },
  parse: (output, request) => parseTrivy('trivy', output, request),
  canary: NPM_CANARY,
};
