import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { linkChain, pathKind, realPath } from '../io/process-files.js';
import { TREE_VARIABLE } from '../io/process-tree.js';
import { INNER_HOME, INNER_TEMP } from './profile.js';
import type { Profile } from './profile.js';
import { isSystemPath } from './tool-paths.js';

/** Descriptor from which bubblewrap reads the seccomp filter. */
export const SECCOMP_DESCRIPTOR = 3;
/** Descriptor from which it reads further arguments, where they can't come by the environment. */
export const ARGUMENTS_DESCRIPTOR = 4;

const MEBIBYTE = 1_048_576;
const TEMP_BYTES = 256 * MEBIBYTE;
const DATABASE_BYTES = 4_096 * MEBIBYTE;
const SHARED_MEMORY_BYTES = 64 * MEBIBYTE;

/** Private keys of the machine, which root could read: in `/etc/ssl` and `/etc/pki`, beside the certificates. */
const PRIVATE_KEYS = ['/etc/ssl/private', '/etc/pki/tls/private'];

/** What of /etc a program needs to start, to know the time and to trust certificates. Nothing about users or hosts. */
const ETC = ['ld.so.cache', 'alternatives', 'localtime', 'ssl', 'ca-certificates', 'pki', 'mime.types'];

/** Largest file that a process may write: a vulnerability database has more than 1 GB, nothing else is large. */
export function fileBytes({ fills }: Pick<Profile, 'fills'>): number {
  return fills === undefined ? TEMP_BYTES : DATABASE_BYTES;
}

/** Seconds of processor time of one process: all cores until its time is over, should nobody be left to end it then. */
export function processorSeconds({ timeoutMs }: Pick<Profile, 'timeoutMs'>): number {
  return (Math.ceil(timeoutMs / 1000) + 5) * availableParallelism();
}

/** Limits of a process and its files, as arguments of util-linux's `prlimit`. */
export function resourceLimits(profile: Pick<Profile, 'memoryBytes' | 'fills' | 'timeoutMs'>): string[] {
  return ['--core=0', '--nofile=8192', '--nproc=1024', `--fsize=${fileBytes(profile)}`, `--data=${profile.memoryBytes}`, `--cpu=${processorSeconds(profile)}`];
}

/** How the process gets its identity and namespaces. */
export interface BubblewrapIdentity {
  /** Arguments of bubblewrap for user namespace and capabilities. */
  readonly args: readonly string[];
  /** Put in front of the program inside, `workspace` being where it shall run. */
  readonly wrapper: (workspace: string) => readonly string[];
  /** Where the wrapper is started. */
  readonly directory: (workspace: string) => string;
  /**
   * Arguments that leave of the environment what the profile gives. `inherited`: bubblewrap is started with the secrets as its
   * environment; `described`: it reads them from a descriptor.
   */
  readonly environment: 'inherited' | 'described';
  /** Mode of the writable directories: they belong to root when root makes them for another user. */
  readonly writableMode: string;
}

/** In a user namespace of its own; nothing is dropped to since there was nothing to begin with. */
export const USER_NAMESPACE: BubblewrapIdentity = {
  args: ['--unshare-user', '--disable-userns', '--cap-drop', 'ALL'],
  wrapper: () => [],
  directory: (workspace) => workspace,
  environment: 'inherited',
  writableMode: '0700',
};

/**
 * Made by root through sudo, and left for good as the caller: no user namespace, the three
 * capabilities only until `setpriv` has dropped them. `timeout` ends it should we be killed,
 * because root's processes get no signal of our death.
 */
export function droppingIdentity(uid: number, gid: number, timeoutMs: number): BubblewrapIdentity {
  return {
    args: ['--cap-drop', 'ALL', '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID', '--cap-add', 'CAP_SETPCAP'],
    // Root without capabilities can't enter the caller's private directories; the caller can.
    directory: () => '/',
    // sudo hands on no variable.
    environment: 'described',
    wrapper: (workspace) => [
      'setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs', '--',
      'env', `--chdir=${workspace}`,
      'timeout', '--signal=KILL', String(Math.ceil(timeoutMs / 1000) + 5),
    ],
    writableMode: '1777',
  };
}

/**
 * The argument list of bubblewrap (0.8 or later) for a profile, without the program `bwrap` itself.
 * `blank` is an empty regular file: bind mounts are `nodev`, a null device could not be read through one.
 */
export function bubblewrapArguments(profile: Profile, identity: BubblewrapIdentity, blank: string): string[] {
  const { workspace, directory, hidden, environment } = profile;
  const writable = (path: string, bytes: number): string[] => ['--perms', identity.writableMode, '--size', String(bytes), '--tmpfs', path];
  return [
    ...identity.args,
    ...['--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try', '--unshare-net'],
    ...['--die-with-parent', '--new-session', '--hostname', 'scan'],
    // Nothing else is in its environment: `runProcess` clears it.
    ...(identity.environment === 'inherited' ? ['--unsetenv', TREE_VARIABLE] : ['--clearenv']),
    ...(identity.environment === 'described' && hasSecrets(profile) ? ['--args', String(ARGUMENTS_DESCRIPTOR)] : []),
    ...Object.entries({ HOME: INNER_HOME, TMPDIR: INNER_TEMP, ...environment }).flatMap(([name, value]) => ['--setenv', name, value]),
    ...systemMounts(),
    // Started by root, the process is root to /proc/sys too, whatever its capabilities: without the
    // read-only mount it could set `kernel.core_pattern` and run a program outside.
    ...['--proc', '/proc', '--remount-ro', '/proc', '--dev', '/dev', '--perms', '1777', '--size', String(SHARED_MEMORY_BYTES), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...writable(INNER_TEMP, TEMP_BYTES),
    ...['--perms', '0755', '--dir', dirname(INNER_HOME)],
    ...writable(INNER_HOME, TEMP_BYTES),
    ...readOnlyMounts([...profile.readable, workspace, ...(profile.fills === undefined ? [] : [profile.fills])]),
    ...(profile.fills === undefined ? [] : ['--bind', profile.fills, profile.fills]),
    ...(profile.output === undefined ? [] : writable(profile.output, TEMP_BYTES)),
    ...hidden.flatMap((path) => ['--ro-bind', blank, path]),
    ...['--remount-ro', '/', '--chdir', identity.directory(directory)],
    ...['--seccomp', String(SECCOMP_DESCRIPTOR), '--'],
    ...identity.wrapper(directory),
    profile.executable,
    ...profile.args,
  ];
}

/** Whether something of the profile must not stand in an argument list. */
export function hasSecrets({ secrets }: Pick<Profile, 'secrets'>): boolean {
  return Object.keys(secrets).length > 0;
}

/** What is read from {@link ARGUMENTS_DESCRIPTOR}. */
export function secretArguments({ secrets }: Pick<Profile, 'secrets'>): string {
  return Object.entries(secrets).flatMap(([name, value]) => ['--setenv', name, value]).map((argument) => `${argument}\0`).join('');
}

/** `/usr`, and `/bin` and its kin as the links or directories that they are on this machine. */
function systemMounts(): string[] {
  const result = ['--ro-bind', '/usr', '/usr'];
  for (const name of ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']) {
    const path = `/${name}`;
    const kind = pathKind(path);
    if (kind === 'directory') result.push('--ro-bind', path, path);
    if (kind === 'link' && realPath(path)?.startsWith('/usr/') === true) result.push('--symlink', (realPath(path) as string).slice(1), path);
  }
  for (const name of ETC) result.push('--ro-bind-try', `/etc/${name}`, `/etc/${name}`);
  for (const path of PRIVATE_KEYS) if (pathKind(path) === 'directory') result.push('--size', '4096', '--tmpfs', path, '--remount-ro', path);
  return result;
}

/** Binds with the outer ones first, so that none hides another, and open directories on the way to them. */
function readOnlyMounts(paths: readonly string[]): string[] {
  const sorted = [...new Set(paths)].filter((path) => !isSystemPath(path)).sort((a, b) => (a < b ? -1 : 1));
  const result: string[] = [];
  const made = new Set(['/', '/home', INNER_TEMP]);
  for (const path of sorted) {
    const ancestors: string[] = [];
    for (let at = dirname(path); !made.has(at); at = dirname(at)) ancestors.unshift(at);
    for (const ancestor of ancestors) {
      made.add(ancestor);
      if (!sorted.some((bound) => ancestor === bound || ancestor.startsWith(`${bound}/`))) result.push('--perms', '0755', '--dir', ancestor);
    }
    const target = linkTarget(path);
    // A program that asks where it lies has to see the same links: bound, one would be a file of its own.
    if (target !== undefined && (isSystemPath(target) || sorted.some((bound) => target === bound || target.startsWith(`${bound}/`)))) result.push('--symlink', target, path);
    else result.push('--ro-bind', path, path);
  }
  return result;
}

/** Where a link leads to, one step; undefined for what is none. */
function linkTarget(path: string): string | undefined {
  return pathKind(path) === 'link' ? linkChain(path)[1] : undefined;
}
