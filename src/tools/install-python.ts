import { join } from 'node:path';
import { pathKind, readStart } from '../io/process-files.js';
import { readText, toolFiles } from '../io/tool-files.js';
import { InstallError } from './install-error.js';
import type { InstallContext } from './install.js';
import type { Way } from './lock.js';
import { runInstaller } from './run-installer.js';

const SUPPORTED = /^3\.(\d+)/;

/**
 * One environment a tool, from wheels alone, each with a hash of the lock: no code of a package runs while it is installed.
 * Its programs are started by `python -I -B`, so that neither the environment, the working directory nor a user's
 * packages are read. Gives the program's path relative to `directory`.
 */
export async function installPython(way: Extract<Way, { kind: 'python' }>, name: string, directory: string, context: InstallContext): Promise<string> {
  if (context.platform?.startsWith('windows') === true) throw new InstallError(`${name} is not installed from the Python index on Windows yet.`, true);
  const run = (args: readonly string[]): Promise<string> => runInstaller({ program: 'python3', args: ['-I', ...args], cwd: directory, env: { PIP_NO_INPUT: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1' } }, name, context);
  const version = (await run(['-c', 'import sys; print(sys.version.split()[0])'])).trim();
  if (Number(SUPPORTED.exec(version)?.[1] ?? 0) < Number(SUPPORTED.exec(way.minimumPython)?.[1])) {
    throw new InstallError(`${name} is locked for Python ${way.minimumPython} or later, and python3 is ${version}.`, true);
  }
  const requirements = join(directory, 'requirements.txt');
  toolFiles.write(requirements, `${way.requirements.join('\n')}\n`);
  await run(['-m', 'venv', '--without-pip', directory]);
  const python = join(directory, 'bin', 'python');
  await run(['-m', 'pip', '--python', python, 'install', '--quiet', '--require-hashes', '--only-binary', ':all:', '--no-deps', '--no-cache-dir', '-r', requirements]);
  isolate(join(directory, 'bin'), python);
  const executable = `bin/${name}`;
  if (pathKind(join(directory, executable)) !== 'file') throw new InstallError(`The package ${way.package} ${way.version} has no program ${name}.`, false);
  return executable;
}

/** Adds `-I -B` to the first line of every script that Python runs. */
function isolate(bin: string, python: string): void {
  for (const name of toolFiles.names(bin)) {
    const path = join(bin, name);
    if (pathKind(path) !== 'file' || readStart(path, 2)?.toString('latin1') !== '#!') continue;
    const text = readText(path) ?? '';
    const [first = ''] = text.split('\n', 1);
    if (first !== `#!${python}` && !new RegExp(`^#!${python.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}[0-9.]*$`).test(first)) continue;
    toolFiles.rewrite(path, `${first} -IB${text.slice(first.length)}`);
  }
}
