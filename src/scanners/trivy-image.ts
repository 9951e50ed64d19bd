import { ConfigurationError } from '../core/index.js';
import type { Scanner, ScannerOption } from '../core/index.js';
import { readOptions } from './shared/options.js';
import { parseTrivy, TRIVY_SEVERITY } from './shared/trivy.js';
import { TRIVY_FILES, trivyFlags } from './trivy.js';

const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  archive: { type: 'string', path: true, description: 'Image as `docker save` writes it, in the workspace. Without it this scanner does not run.' },
};

/**
 * Trivy, for a container image that an earlier step has saved (`trivy image --input`): a registry or a Docker
 * daemon can't be reached from the sandbox. Flags after the documentation of 0.58.0.
 */
export const trivyImage: Scanner = {
  name: 'trivy-image',
  executable: 'trivy',
  informationUri: 'https://trivy.dev/',
  capabilities: { network: [], secrets: [] },
  severityTable: TRIVY_SEVERITY,
  options: OPTIONS,
  exitCodes: { '0': 'finished (with `--exit-code 0`), findings or none', '1': 'failure' },
  splittable: false,
  version: { args: ['--version'], parse: (stdout) => /^Version: (\S+)/m.exec(stdout)?.[1] },
  applies: (_inventory, options = {}) => {
    const archive = options['archive'];
    if (typeof archive !== 'string') return { applies: false, reason: 'no `archive` of an image is configured' };
    return { applies: true, reason: `the image ${archive} is configured`, files: [{ path: archive, format: 'dockerfile', reason: 'configured' }] };
  },
  command: (request) => {
    const archive = readOptions('trivy-image', OPTIONS, request.options).text('archive');
    if (archive === undefined) throw new ConfigurationError('Scanner `trivy-image` has no `archive` to look at.');
    return {
      directory: 'config',
      args: ['image', '--scanners', 'vuln', ...trivyFlags(request.configDirectory, request.database), '--input', `${request.root}/${archive}`],
      files: TRIVY_FILES,
      completedCodes: [0],
    };
  },
  parse: (output, request) => parseTrivy('trivy-image', output, request, request.files[0]?.path ?? 'image'),
  canary: { impossible: 'it looks at the image of a container, and an image is no small file' },
};
