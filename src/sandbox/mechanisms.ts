import { dirname, join } from 'node:path';
import { findExecutable } from '../io/process-path.js';
import type { ProcessResult } from '../io/processes.js';
import { runProcess } from '../io/processes.js';
import { TREE_VARIABLE } from '../io/process-tree.js';
import type { SandboxLevel, SandboxMechanism } from '../core/index.js';
import { bubblewrapArguments, droppingIdentity, resourceLimits, SECCOMP_DESCRIPTOR, USER_NAMESPACE } from './bubblewrap.js';
import type { ConfinedCommand } from './command.js';
import { landlockArguments } from './landlock.js';
import type { Profile } from './profile.js';
import { seccompFilter } from './seccomp.js';
import type { SeccompArchitecture } from './seccomp.js';

/** A way to confine a process, found usable or not by running it. */
export interface Mechanism {
  readonly name: Exclude<SandboxMechanism, 'none'>;
  readonly level: SandboxLevel;
  readonly version?: string;
  /** `scratch` is a private directory that is there until the process has ended. */
  command(profile: Profile, scratch: string, timeoutMs: number): ConfinedCommand;
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
export const FILTER_FILE = 'filter.bpf';

/** Whether the seccomp filter is written for this machine. */
export function seccompArchitecture(architecture: string): SeccompArchitecture | undefined {
  return architecture === 'x64' || architecture === 'arm64' ? architecture : undefined;
}

/** bubblewrap in a user namespace. `directory` holds the files named above. */
export async function bubblewrap(machine: Machine, directory: string, architecture: SeccompArchitecture): Promise<MechanismResult> {
  const programs = find(machine, ['bwrap', 'prlimit']);
  if ('missing' in programs) return programs;
  const version = await bubblewrapVersion(programs.paths.bwrap as string);
  const filter = seccompFilter(architecture, { shares: 'nothing' });
  const { bwrap, prlimit } = programs.paths as { bwrap: string; prlimit: string };
  return {
    mechanism: {
      name: 'bubblewrap',
      level: 'full',
      ...(version === undefined ? {} : { version }),
      command: (profile) => ({
        executable: prlimit,
        args: [...resourceLimits(profile), '--', bwrap, ...bubblewrapArguments(profile, USER_NAMESPACE, join(directory, BLANK_FILE))],
        env: {},
        descriptor3: filter,
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
  return {
    mechanism: {
      name: 'sudo-bubblewrap',
      level: 'full',
      ...(version === undefined ? {} : { version }),
      command: (profile, _scratch, timeoutMs) => ({
        executable: sudo,
        args: [
          // sudo closes every descriptor above 2, so the filter is opened behind it.
          ...['-n', '--', sh, '-c', `exec ${SECCOMP_DESCRIPTOR}<"$1"; shift; exec "$@"`, 'sh', join(directory, FILTER_FILE)],
          ...[prlimit, ...resourceLimits(profile), '--'],
          ...[bwrap, ...bubblewrapArguments(profile, droppingIdentity(machine.uid, machine.gid, timeoutMs), join(directory, BLANK_FILE))],
        ],
        env: { PATH: '/usr/bin:/bin' },
      }),
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
        args: landlockArguments(profile, filter, scratch),
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
  return result.status === 'exited' ? /^bubblewrap ([\w.-]{1,32})$/m.exec(result.stdout.toString('utf8'))?.[1] : undefined;
}
