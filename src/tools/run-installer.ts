import { join } from 'node:path';
import { blamesNetwork } from '../core/index.js';
import type { Environment, EnvironmentVariable } from '../io/environment.js';
import { createScratchDirectory, removeDirectory } from '../io/process-directory.js';
import { findExecutable } from '../io/process-path.js';
import { runProcess } from '../io/processes.js';
import { removeReadOnly } from '../io/tool-files.js';
import { InstallError } from './install-error.js';
import type { InstallContext } from './install.js';

/** What installers are given of the job's environment: ways to registries, nothing else. */
const PASSED_ON: readonly EnvironmentVariable[] = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'no_proxy', 'SSL_CERT_FILE', 'PIP_INDEX_URL', 'PIP_CERT', 'GOPROXY', 'NPM_CONFIG_REGISTRY'];

const TIMEOUT_MS = 1_800_000;
const OUTPUT_BYTES = 4 * 1_048_576;
const LOG_BYTES = 16_384;
const MESSAGE_LINES = 3;

/** One start of a package installer. */
export interface InstallerRun {
  /** Name of a program on the search path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a package installer with a cleared environment, a home that vanishes and no secret of the job, and gives what it printed.
 * Throws `InstallError` when the program is missing or fails.
 */
export async function runInstaller({ program, args, cwd, env }: InstallerRun, name: string, context: InstallContext): Promise<string> {
  const executable = findProgram(program, name, context);
  const home = createScratchDirectory();
  try {
    const result = await runProcess({
      executable,
      args,
      cwd,
      env: {
        ...passedOn(context.environment),
        PATH: context.searchPath.join(process.platform === 'win32' ? ';' : ':'),
        HOME: join(home, 'home'),
        TMPDIR: join(home, 'tmp'),
        LANG: 'C.UTF-8',
        ...env,
      },
      timeoutMs: TIMEOUT_MS,
      maxStdoutBytes: OUTPUT_BYTES,
      maxStderrBytes: LOG_BYTES,
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
    if (result.status === 'not-started') throw new InstallError(`${name} could not be installed: ${program} could not be started: ${result.error}.`, true);
    const output = result.stdout.toString('utf8');
    if (result.status === 'exited' && result.exitCode === 0) return output;
    if (result.status === 'killed') throw new InstallError(`${name} could not be installed: ${program} ${result.reason}.`, result.cause === 'timeout');
    const log = `${output}\n${result.stderr.toString('utf8')}`;
    const last = log.split('\n').map((line) => line.trim()).filter((line) => line !== '').slice(-MESSAGE_LINES).join(' | ');
    throw new InstallError(`${name} could not be installed: ${program} failed: ${last.slice(0, 600)}.`, blamesNetwork(log));
  } finally {
    // Go makes what it downloads read-only.
    removeReadOnly(join(home, 'home'));
    removeDirectory(home);
  }
}

/** Path of a program that installs. Throws `InstallError` when there is none. */
export function findProgram(program: string, name: string, { searchPath }: Pick<InstallContext, 'searchPath'>): string {
  const lookup = findExecutable(program, searchPath.join(process.platform === 'win32' ? ';' : ':'), '/nonexistent');
  if (!lookup.found) throw new InstallError(`${name} could not be installed: \`${program}\` is not installed.`, true);
  return lookup.path;
}

function passedOn(environment: Environment): Record<string, string> {
  return Object.fromEntries(PASSED_ON.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));
}
