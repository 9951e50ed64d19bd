import { dirname, join } from 'node:path';
import { findExecutable } from '../io/process-path.js';
import { writePrivateFiles } from '../io/process-directory.js';
import type { ProcessResult } from '../io/processes.js';
import { runProcess } from '../io/processes.js';
import { TREE_VARIABLE } from '../io/process-tree.js';
import type { SandboxLevel, SandboxMechanism } from '../core/index.js';
import { ARGUMENTS_DESCRIPTOR, bubblewrapArguments, droppingIdentity, hasSecrets, resourceLimits, secretArguments, SECCOMP_DESCRIPTOR, USER_NAMESPACE } from './bubblewrap.js';
import type { ConfinedCommand } from './command.js';
import { landlockArguments, landlockOptions } from './landlock.js';
import type { Profile } from './profile.js';
import { seccompFilter } from './seccomp.js';
import type { SeccompArchitecture } from './seccomp.js';

/** A way to confine a process, found usable or not by running it. */
export interface Mechanism {
  readonly name: Exclude<SandboxMechanism, 'none'>;
  readonly level: SandboxLevel;
  readonly version?: string;
  /** Absolute path of the program that confines. */
  readonly program?: string;
  /** `scratch` is a private directory that is there until the process has ended. */
  command(profile: Profile, scratch: string): ConfinedCommand;
}

/** What the machine offers to build mechanisms from. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly architecture: string;
  readonly uid: number;
  readonly gid: number;
  readonly pathVariable: string;
  readonly workspace: string;
}

/** A mechanism, or why there is none. */
export type MechanismResult = { readonly mechanism: Mechanism } | { readonly missing: string };

/** Files of the sandbox itself in its directory, made once a run. */
export const BLANK_FILE = 'blank';
const FILTER_FILES = { nothing: 'filter.bpf', proxy: 'filter-with-proxy.bpf' } as const;
/** Before it, bubblewrap can't forbid user namespaces inside. */
const OLDEST_BUBBLEWRAP = [0, 8] as const;

/** Contents of those files by name. */
export function sandboxFiles(architecture: SeccompArchitecture): Record<string, string | Uint8Array> {
  return {
    [BLANK_FILE]: '',
    [FILTER_FILES.nothing]: seccompFilter(architecture, { shares: 'nothing' }),
    [FILTER_FILES.proxy]: seccompFilter(architecture, { shares: 'proxy' }),
  };
}

/** Whether the seccomp filter is written for this machine. */
export function seccompArchitecture(architecture: string): SeccompArchitecture | undefined {
  return architecture === 'x64' || architecture === 'arm64' ? architecture : undefined;
}

/** bubblewrap in a user namespace. `directory` holds the files named above. */
export async function bubblewrap(machine: Machine, directory: string, architecture: SeccompArchitecture): Promise<MechanismResult> {
  const programs = find(machine, ['bwrap', 'prlimit']);
  if ('missing' in programs) return programs;
  const { bwrap, prlimit } = programs.paths as { bwrap: string; prlimit: string };
  const version = await bubblewrapVersion(bwrap);
  if (isTooOld(version)) return { missing: tooOld(bwrap, version) };
  const filters = { nothing: seccompFilter(architecture, { shares: 'nothing' }), proxy: seccompFilter(architecture, { shares: 'proxy' }) };
  return {
    mechanism: {
      name: 'bubblewrap',
      level: 'full',
      program: bwrap,
      ...(version === undefined ? {} : { version }),
      command: (profile) => ({
        executable: prlimit,
        args: [...resourceLimits(profile), '--', bwrap, ...bubblewrapArguments(profile, USER_NAMESPACE, join(directory, BLANK_FILE))],
        env: profile.secrets,
        descriptor3: filters[profile.proxied ? 'proxy' : 'nothing'],
      }),
    },
  };
}

/** bubblewrap started by root, for machines that refuse user namespaces but have password-less sudo. */
export async function sudoBubblewrap(machine: Machine, directory: string): Promise<MechanismResult> {
  if (machine.uid === 0) return { missing: 'already root, so sudo would change nothing' };
  const programs = find(machine, ['bwrap', 'prlimit', 'sudo', 'setpriv', 'env', 'timeout', 'sh']);
  if ('missing' in programs) return programs;
  const { bwrap, prlimit, sudo, sh } = programs.paths as Record<'bwrap' | 'prlimit' | 'sudo' | 'sh', string>;
  const version = await bubblewrapVersion(bwrap);
  if (isTooOld(version)) return { missing: tooOld(bwrap, version) };
  return {
    mechanism: {
      name: 'sudo-bubblewrap',
      level: 'full',
      program: bwrap,
      ...(version === undefined ? {} : { version }),
      command: (profile, scratch) => {
        const further = join(scratch, 'arguments');
        if (hasSecrets(profile)) writePrivateFiles(further, { secrets: secretArguments(profile) });
        return {
          executable: sudo,
          args: [
            // sudo closes every descriptor above 2, so these are opened behind it.
            ...['-n', '--', sh, '-c', `exec ${SECCOMP_DESCRIPTOR}<"$1" ${ARGUMENTS_DESCRIPTOR}<"$2"; shift 2; exec "$@"`, 'sh'],
            ...[join(directory, FILTER_FILES[profile.proxied ? 'proxy' : 'nothing']), hasSecrets(profile) ? join(further, 'secrets') : '/dev/null'],
            ...[prlimit, ...resourceLimits(profile), '--'],
            ...[bwrap, ...bubblewrapArguments(profile, droppingIdentity(machine.uid, machine.gid, profile.timeoutMs), join(directory, BLANK_FILE))],
          ],
          env: { PATH: '/usr/bin:/bin' },
        };
      },
    },
  };
}

/** Landlock and seccomp by a launcher in Python, where namespaces are refused altogether. */
export function landlock(machine: Machine, architecture: SeccompArchitecture): MechanismResult {
  const programs = find(machine, ['python3']);
  if ('missing' in programs) return programs;
  const filter = seccompFilter(architecture, { shares: 'everything' });
  return {
    mechanism: {
      name: 'landlock',
      level: 'partial',
      command: (profile, scratch) => ({
        executable: programs.paths['python3'] as string,
        args: landlockArguments(profile),
        descriptor3: landlockOptions(profile, filter, scratch),
        env: { HOME: join(scratch, 'home'), TMPDIR: join(scratch, 'tmp'), ...profile.environment },
      }),
    },
  };
}

/**
 * What a mechanism is probed with, in place of a tool: prints its own status and environment, and
 * writes to its home.
 */
export const PROBE = {
  executable: '/bin/sh',
  args: ['-c', 'cat /proc/self/status 2>/dev/null; env; : >"$HOME/probe" && : >"$TMPDIR/probe" && echo probe=written'],
};

/** Why the answer to the probe is not that of a confined process, or undefined when it is. */
export function judgeProbe(mechanism: Mechanism, result: ProcessResult): string | undefined {
  if (result.status === 'not-started') return result.error;
  const log = result.stderr.toString('utf8').trim().split('\n').at(-1) ?? '';
  if (result.status !== 'exited') return result.status === 'killed' ? result.reason : `crashed (${result.signalName})`;
  const output = result.stdout.toString('utf8');
  if (result.exitCode !== 0 || !/^probe=written$/m.test(output)) return log === '' ? `ended with exit code ${result.exitCode}` : log.slice(0, 300);
  // Landlock hides /proc; the launcher itself stops when one of these could not be had.
  if (mechanism.name === 'landlock') return undefined;
  if (!/^NoNewPrivs:\s+1$/m.test(output)) return 'new privileges are possible inside';
  if (!/^Seccomp:\s+2$/m.test(output)) return 'no seccomp filter is in force inside';
  if (!/^CapEff:\s+0+$/m.test(output) || !/^CapBnd:\s+0+$/m.test(output)) return 'capabilities are left inside';
  if (new RegExp(`^${TREE_VARIABLE}=`, 'm').test(output)) return 'the environment is not cleared inside';
  return undefined;
}

function find(machine: Machine, names: readonly string[]): { readonly paths: Readonly<Record<string, string>> } | { readonly missing: string } {
  const paths: Record<string, string> = {};
  for (const name of names) {
    const lookup = findExecutable(name, machine.pathVariable, machine.workspace);
    if (!lookup.found) return { missing: `\`${name}\` is not installed` };
    paths[name] = lookup.path;
  }
  return { paths };
}

/** A version that it does not tell is for the probe to judge. */
function isTooOld(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return version !== undefined && (major < OLDEST_BUBBLEWRAP[0] || (major === OLDEST_BUBBLEWRAP[0] && minor < OLDEST_BUBBLEWRAP[1]));
}

function tooOld(program: string, version: string | undefined): string {
  return `bubblewrap ${version} (${program}) is too old, ${OLDEST_BUBBLEWRAP.join('.')} or later is needed`;
}

async function bubblewrapVersion(bwrap: string): Promise<string | undefined> {
  const result = await runProcess({
    executable: bwrap,
    args: ['--version'],
    env: {},
    cwd: dirname(bwrap),
    timeoutMs: 5000,
    maxStdoutBytes: 1000,
    maxStderrBytes: 1000,
  });
  return result.status === 'exited' ? /^bubblewrap (\d[\w.-]{0,31})$/m.exec(result.stdout.toString('utf8'))?.[1] : undefined;
}
