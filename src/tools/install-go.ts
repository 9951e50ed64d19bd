import { join } from 'node:path';
import { pathKind } from '../io/process-files.js';
import { toolFiles } from '../io/tool-files.js';
import { InstallError } from './install-error.js';
import type { InstallContext } from './install.js';
import type { Way } from './lock.js';
import { runInstaller } from './run-installer.js';

/** Names of `go install`'s programs that differ from the tool's: it calls them after the package. */
const MAJOR_VERSION = /^v[0-9]+$/;
/** Of the module that requires a tool: the first with complete lists of indirect requirements; the tool's own raises it. */
const LANGUAGE = '1.17';

/**
 * Builds a Go module at its version. The toolchain checks every module against the public checksum database, which no setting
 * of the machine can switch off here, and runs none of their code. Gives the program's path relative to `directory`.
 */
export async function installGo(way: Extract<Way, { kind: 'go' }>, name: string, directory: string, context: InstallContext): Promise<string> {
  const bin = join(directory, 'bin');
  toolFiles.makeDirectory(bin);
  const env = {
    GOBIN: bin,
    GOFLAGS: '-mod=mod -trimpath -modcacherw -buildvcs=false',
    GOENV: 'off',
    GOTOOLCHAIN: 'local',
    GOSUMDB: 'sum.golang.org',
    GONOSUMDB: '',
    GOPRIVATE: '',
    GOINSECURE: '',
    CGO_ENABLED: '0',
  };
  const suffix = process.platform === 'win32' ? '.exe' : '';
  if (way.required !== undefined) {
    toolFiles.write(join(directory, 'go.mod'), `module bartizan.invalid/tool\n\ngo ${LANGUAGE}\n\nrequire ${way.required} ${way.version}\n`);
    await runInstaller({ program: 'go', args: ['build', '-o', join(bin, `${name}${suffix}`), way.module], cwd: directory, env }, name, context);
    return `bin/${name}${suffix}`;
  }
  await runInstaller({ program: 'go', args: ['install', `${way.module}@${way.version}`], cwd: directory, env }, name, context);
  const parts = way.module.split('/');
  const last = parts.at(-1) ?? '';
  const built = `${MAJOR_VERSION.test(last) ? parts.at(-2) : last}${suffix}`;
  if (pathKind(join(bin, built)) !== 'file') throw new InstallError(`Building ${way.module} gave no program ${built}.`, false);
  if (built !== `${name}${suffix}`) toolFiles.move(join(bin, built), join(bin, `${name}${suffix}`));
  return `bin/${name}${suffix}`;
}
