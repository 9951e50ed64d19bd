import { posix } from 'node:path';
import type { Scanner } from '../core/index.js';
import { PNPM_CANARY } from './shared/canary-packages.js';
import { NPM_SEVERITY, parseNpmAudit } from './shared/npm-audit.js';
import { readOptions } from './shared/options.js';
import { appliesTo, toArgument } from './shared/paths.js';

/**
 * pnpm's own audit, for the first pnpm-lock.yaml. After its documentation: 0 no findings, 1 findings or a failure.
 * `--ignore-registry-errors` is not used: it would turn a failure into a clean scan. It sends names and versions
 * to the registry and is therefore started only when it is switched on by name.
 */
export const pnpmAudit: Scanner = {
  name: 'pnpm-audit',
  executable: 'pnpm',
  informationUri: 'https://pnpm.io/cli/audit',
  capabilities: { network: ['registry.npmjs.org'], secrets: [] },
  severityTable: NPM_SEVERITY,
  options: {},
  exitCodes: { '0': 'no findings', '1': 'findings, or a failure: then there is no result' },
  splittable: false,
  version: { args: ['--version'], parse: (stdout) => /^([0-9]+\.[0-9]+\.\S+)/m.exec(stdout)?.[1] },
  applies: appliesTo(['pnpm-lock'], 'pnpm lock file'),
  command: (request) => {
    readOptions('pnpm-audit', {}, request.options);
    return {
      args: ['--dir', toArgument(posix.dirname(request.files[0]?.path ?? '.')), 'audit', '--json'],
      // An `.npmrc` of the repository could send the list of packages elsewhere.
      env: { npm_config_registry: 'https://registry.npmjs.org/', npm_config_manage_package_manager_versions: 'false' },
      completedCodes: [0, 1],
    };
  },
  parse: (output, request) => parseNpmAudit('pnpm-audit', output.stdout, request),
  canary: PNPM_CANARY,
};
