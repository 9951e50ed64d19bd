import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seccompFilter } from '../../src/sandbox/seccomp.js';
import type { SeccompArchitecture, SeccompOptions } from '../../src/sandbox/seccomp.js';

const AUDIT: Record<SeccompArchitecture, number> = { x64: 0xc000003e, arm64: 0xc00000b7 };
const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const error = (errno: number): number => 0x50000 | errno;

/** Runs a filter as the kernel does; throws where the kernel would refuse to load it. */
function run(program: Buffer, number: number, args: readonly number[] = [], architecture = AUDIT.x64): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number >>> 0, 0);
  data.writeUInt32LE(architecture >>> 0, 4);
  args.forEach((value, index) => data.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), 16 + 8 * index));
  let accumulator = 0;
  for (let at = 0; ; at++) {
    expect(at * 8).toBeLessThan(program.length);
    const code = program.readUInt16LE(at * 8);
    const ifTrue = program.readUInt8(at * 8 + 2);
    const ifFalse = program.readUInt8(at * 8 + 3);
    const operand = program.readUInt32LE(at * 8 + 4);
    if (code === 0x06) return operand;
    if (code === 0x20) accumulator = data.readUInt32LE(operand);
    else if (code === 0x15) at += accumulator === operand ? ifTrue : ifFalse;
    else if (code === 0x35) at += accumulator >= operand ? ifTrue : ifFalse;
    else if (code === 0x54) accumulator = (accumulator & operand) >>> 0;
    else if (code === 0x45) at += (accumulator & operand) !== 0 ? ifTrue : ifFalse;
    else throw new Error(`no such instruction: ${code}`);
  }
}

/** Numbers of the kernel's tables, [x86_64, aarch64]. */
const CALLS = {
  read: [0, 63], openat: [257, 56], execve: [59, 221], mmap: [9, 222], futex: [202, 98], exit_group: [231, 94], socketpair: [53, 199], prctl: [157, 167], kill: [62, 129], setsid: [112, 157],
  keyctl: [250, 219], bpf: [321, 280], ptrace: [101, 117], unshare: [272, 97], setns: [308, 268], mount: [165, 40], open_by_handle_at: [304, 265], process_vm_readv: [310, 270],
  inotify_init1: [294, 26], quotactl_fd: [443, 443], mseal: [462, 462], setxattrat: [463, 463], future: [4000, 4000], io_uring_setup: [425, 425], clone3: [435, 435], clone: [56, 220], socket: [41, 198], ioctl: [16, 29], shmget: [29, 194], prlimit64: [302, 261],
} as const;

describe.each<[SeccompArchitecture, SeccompOptions['shares']]>([
  ['x64', 'nothing'],
  ['x64', 'proxy'],
  ['x64', 'everything'],
  ['arm64', 'nothing'],
  ['arm64', 'proxy'],
  ['arm64', 'everything'],
])('the filter for %s that shares %s', (architecture, shares) => {
  const program = seccompFilter(architecture, { shares });
  const call = (name: keyof typeof CALLS, ...args: number[]): number =>
    run(program, CALLS[name][architecture === 'x64' ? 0 : 1], args, AUDIT[architecture]);

  it('lets ordinary work pass', () => {
    for (const name of ['read', 'openat', 'execve', 'mmap', 'futex', 'exit_group', 'socketpair', 'prctl', 'kill', 'setsid'] as const) expect(call(name), name).toBe(ALLOW);
  });

  it('refuses what reaches beyond the process', () => {
    for (const name of ['keyctl', 'bpf', 'ptrace', 'unshare', 'setns', 'mount', 'open_by_handle_at', 'process_vm_readv'] as const) expect(call(name), name).toBe(error(1));
    for (const name of ['io_uring_setup', 'clone3', 'inotify_init1'] as const) expect(call(name), name).toBe(error(38));
  });

  it('does not have what it does not know', () => {
    expect(call('mseal')).toBe(ALLOW);
    for (const name of ['setxattrat', 'future'] as const) expect(call(name), name).toBe(error(38));
  });

  it('tells threads and processes from namespaces', () => {
    expect(call('clone', 17)).toBe(ALLOW);
    expect(call('clone', 0x3d0f00)).toBe(ALLOW);
    for (const flag of [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]) expect(call('clone', 17 | flag)).toBe(error(1));
  });

  it('judges sockets by their family', () => {
    const closed = shares === 'everything' ? error(13) : undefined;
    for (const family of [2, 10]) {
      for (const [type, protocol] of [[1, 0], [1, 6], [2, 17], [0x80801, 6], [3, 1], [3, 58]] as const) expect(call('socket', family, type, protocol)).toBe(closed ?? ALLOW);
      // SCTP, UDP-Lite, MPTCP, and DCCP by its type alone.
      for (const [type, protocol] of [[1, 132], [2, 136], [1, 262], [6, 0], [5, 0]] as const) expect(call('socket', family, type, protocol)).toBe(closed ?? error(93));
    }
    expect(call('socket', 16, 3, 0)).toBe(closed ?? ALLOW);
    for (const protocol of [4, 6, 9, 12, 15, 16]) expect(call('socket', 16, 3, protocol)).toBe(closed ?? error(93));
    expect(call('socket', 1, 1, 0)).toBe(closed ?? (shares === 'proxy' ? ALLOW : error(97)));
    for (const family of [17, 29, 31, 38, 40, 44]) expect(call('socket', family)).toBe(closed ?? error(97));
  });

  it('protects neighbours where they are shared', () => {
    expect(call('shmget')).toBe(shares === 'everything' ? error(1) : ALLOW);
    expect(call('prlimit64', 0)).toBe(ALLOW);
    expect(call('prlimit64', 123)).toBe(shares === 'everything' ? error(1) : ALLOW);
  });

  it('keeps characters out of terminals, whatever the upper half of the argument', () => {
    expect(call('ioctl', 0, 0x5412)).toBe(error(1));
    expect(call('ioctl', 0, 0x1_0000_5412)).toBe(error(1));
    expect(call('ioctl', 0, 0x5401)).toBe(ALLOW);
  });

  it('kills a foreign architecture and the x32 interface', () => {
    expect(run(program, 0, [], 0x40000003)).toBe(KILL);
    expect(run(program, 0, [], AUDIT[architecture === 'x64' ? 'arm64' : 'x64'])).toBe(KILL);
    if (architecture === 'x64') expect(run(program, 0x40000000 | 1, [], AUDIT.x64)).toBe(KILL);
  });

  it('ends with an answer for every call', () => {
    expect(program.length % 8).toBe(0);
    expect(program.length / 8).toBeLessThan(4096);
    fc.assert(fc.property(fc.nat(0xffffffff), fc.array(fc.nat(0xffffffff), { maxLength: 6 }), (number, args) => {
      run(program, number, args, AUDIT[architecture]);
    }));
  });
});
