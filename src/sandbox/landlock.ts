import { join } from 'node:path';
import { listDirectory } from '../io/process-files.js';
import { contains } from '../io/process-path.js';
import { fileBytes, processorSeconds } from './bubblewrap.js';
import { LANDLOCK_LAUNCHER } from './landlock-launcher.js';
import type { Profile } from './profile.js';

/** What the launcher is told, as JSON. */
interface LauncherOptions {
  /** Files and folders that can be read and executed. */
  readonly execute: readonly string[];
  /** Files and folders that can be read. */
  readonly read: readonly string[];
  /** Folders of which only the names can be listed. */
  readonly list: readonly string[];
  /** Folders in which everything is allowed. */
  readonly write: readonly string[];
  /** Device files. */
  readonly devices: readonly string[];
  /** Seccomp filter in base64. */
  readonly filter: string;
  /** Resource name to limit. */
  readonly limits: Readonly<Record<string, number>>;
  readonly directory: string;
}

const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
/** As for bubblewrap, without the private keys of the machine. */
const ETC = ['ld.so.cache', 'alternatives', 'localtime', 'ssl/certs', 'ssl/cert.pem', 'ssl/openssl.cnf', 'ca-certificates', 'pki/tls/certs', 'pki/tls/cert.pem', 'pki/tls/openssl.cnf', 'pki/ca-trust', 'mime.types'].map((name) => `/etc/${name}`);
/** How much of the processors there is to be had: programs that choose their number of threads by it end where they may not read it. */
const QUOTAS = ['cpu.max', 'cpu/cpu.cfs_quota_us', 'cpu/cpu.cfs_period_us'].map((name) => `/sys/fs/cgroup/${name}`);
const DEVICES = ['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom'];

/** Arguments of `python3` that confine and start a program without namespaces. */
export function landlockArguments(profile: Profile): string[] {
  // Isolated mode, without `site`: no file of the workspace, the user or an installed package is executed.
  return ['-I', '-S', '-c', LANDLOCK_LAUNCHER, profile.executable, ...profile.args];
}

/**
 * What the launcher reads from descriptor 3, `scratch` being a private directory with `home` and `tmp` in it. No argument: around a
 * hidden file thousands of paths can be named, and one argument has 128 KiB at most.
 */
export function landlockOptions(profile: Profile, filter: Uint8Array, scratch: string): Buffer {
  const { workspace, hidden } = profile;
  const options: LauncherOptions = {
    execute: [...SYSTEM, ...profile.readable],
    read: [...ETC, ...QUOTAS, ...readableParts(workspace, hidden)],
    list: hidden.length === 0 ? [] : [workspace],
    write: [scratch, ...(profile.output === undefined ? [] : [profile.output]), ...(profile.fills === undefined ? [] : [profile.fills])],
    devices: DEVICES,
    filter: Buffer.from(filter).toString('base64'),
    limits: {
      RLIMIT_CORE: 0,
      RLIMIT_NOFILE: 8192,
      RLIMIT_NPROC: 1024,
      RLIMIT_FSIZE: fileBytes(profile),
      RLIMIT_DATA: profile.memoryBytes,
      RLIMIT_CPU: processorSeconds(profile),
    },
    directory: profile.directory,
  };
  return Buffer.from(JSON.stringify(options));
}

/** Landlock only adds rights: around a hidden file its folder's other entries are named one by one. */
function readableParts(directory: string, hidden: readonly string[]): string[] {
  if (!hidden.some((path) => contains(directory, path))) return [directory];
  return listDirectory(directory)
    .filter(({ kind }) => kind === 'file' || kind === 'directory')
    .map(({ name }) => join(directory, name))
    .filter((path) => !hidden.includes(path))
    .flatMap((path) => readableParts(path, hidden));
}
