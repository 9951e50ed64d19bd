import { posix } from 'node:path';
import type { Scanner } from '../core/index.js';
import { NPM_CANARY } from './shared/canary-packages.js';
import { NPM_SEVERITY, parseNpmAudit } from './shared/npm-audit.js';
import { readOptions } from './shared/options.js';
import { appliesTo, toArgument } from './shared/paths.js';

const REGISTRY = 'https://registry.npmjs.org/';

/**
 * npm's own audit, for the first package-lock.json. Written with npm 10 and its documentation: 0 no findings, 1 findings
 * or a failure, told apart by the output (seen here: a refused request gives 1 and JSON with `message`). The registry is
 * given, since an `.npmrc` of the repository could send the list of packages elsewhere. It sends
 * names and versions to the registry and is therefore started only when it is switched on by name.
 */
export const npmAudit: Scanner = {
  name: 'npm-audit',
  executable: 'npm',
  informationUri: 'https://docs.npmjs.com/cli/commands/npm-audit',
  capabilities: { network: ['registry.npmjs.org'], secrets: [] },
  severityTable: NPM_SEVERITY,
  options: {},
  exitCodes: { '0': 'no findings', '1': 'findings, or a failure: then there is no result' },
  splittable: false,
  version: { args: ['--version'], parse: (stdout) => /^([0-9]+\.[0-9]+\.\S+)/m.exec(stdout)?.[1] },
  applies: appliesTo(['npm-lock'], 'npm lock file'),
  command: (request) => {
    readOptions('npm-audit', {}, request.options);
    return {
      args: ['audit', '--json', '--package-lock-only', '--ignore-scripts', '--registry', REGISTRY, '--prefix', toArgument(posix.dirname(request.files[0]?.path ?? '.'))],
      completedCodes: [0, 1],
    };
  },
  parse: (output, request) => parseNpmAudit('npm-audit', output.stdout, request),
  canary: NPM_CANARY,
};
