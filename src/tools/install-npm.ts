import { join } from 'node:path';
import { pathKind } from '../io/process-files.js';
import { toolFiles } from '../io/tool-files.js';
import { InstallError } from './install-error.js';
import type { InstallContext } from './install.js';
import type { Way } from './lock.js';
import { runInstaller } from './run-installer.js';

/** What `npm ci` installs by a lock file, whose every entry has a hash; install scripts never run. */
export async function installNpm(way: Extract<Way, { kind: 'npm' }>, name: string, directory: string, context: InstallContext): Promise<string> {
  toolFiles.write(join(directory, 'package.json'), JSON.stringify(way.manifest));
  toolFiles.write(join(directory, 'package-lock.json'), JSON.stringify(way.lockfile));
  await runInstaller({ program: 'npm', args: ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev', '--no-update-notifier'], cwd: directory }, name, context);
  const executable = `node_modules/.bin/${name}`;
  if (pathKind(join(directory, executable)) === 'missing') throw new InstallError(`The package ${way.package} ${way.version} has no program ${name}.`, false);
  return executable;
}
