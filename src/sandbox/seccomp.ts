/** Machines that the filter is written for, as Node names them. */
export type SeccompArchitecture = 'x64' | 'arm64';

/** What the filter allows beyond computing and files. */
export interface SeccompOptions {
  /**
   * What the process shares with others. `nothing`: it has namespaces of its own, and sockets of the
   * internet and netlink families lead nowhere; those of the Unix family would lead to whoever listens on a socket
   * in the workspace, since a mount that is read-only does not keep anybody from connecting. `proxy`: the same with
   * sockets of the Unix family, for the way to our proxy. `everything`: no namespaces, hence no socket
   * at all, no System V or POSIX queues and shared memory, no call that disturbs a neighbour.
   */
  readonly shares: 'nothing' | 'proxy' | 'everything';
}

// Instructions of classic BPF, <linux/bpf_common.h>.
const LOAD_WORD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER_OR_EQUAL = 0x35;
const JUMP_ANY_BIT = 0x45;
const AND = 0x54;
const RETURN = 0x06;

// Offsets into struct seccomp_data, <linux/seccomp.h>; of the arguments the low word (both machines are little-endian).
const NUMBER = 0;
const ARCHITECTURE = 4;
const ARGUMENT = (index: number): number => 16 + 8 * index;

const KILL_PROCESS = 0x80000000;
const ALLOW = 0x7fff0000;
const ERROR = (errno: number): number => 0x00050000 | errno;

const EPERM = 1;
const EACCES = 13;
const ENOSYS = 38;
const EPROTONOSUPPORT = 93;
const EAFNOSUPPORT = 97;

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64, <linux/audit.h>. */
const AUDIT_ARCHITECTURE: Record<SeccompArchitecture, number> = { x64: 0xc000003e, arm64: 0xc00000b7 };
/** Calls of the x32 interface, which has numbers of its own above this bit. */
const X32_BIT = 0x40000000;

/** CLONE_NEW… of <linux/sched.h>: mount, cgroup, uts, ipc, user, pid and network namespaces. */
const NAMESPACE_FLAGS = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000;

const AF_UNIX = 1;
/** AF_INET, AF_INET6. */
const INTERNET = [2, 10];
const AF_NETLINK = 16;
/** Whatever was asked for by default, ICMP, TCP, UDP, ICMPv6: others would make the kernel load a module. */
const INTERNET_PROTOCOLS = [0, 1, 6, 17, 58];
/** Stream, datagram and raw; the flags of `type` lie above. */
const LAST_INTERNET_TYPE = 3;
const TYPE_MASK = 0xf;
/** NETLINK_ROUTE, by which libraries list network interfaces. */
const NETLINK_PROTOCOL = 0;

/**
 * The first number after those of Linux 6.10 (`mseal`), the same on both machines: a call that this filter does not know is
 * absent, and no program that runs on an older kernel needs it.
 */
const FIRST_UNKNOWN_CALL = 463;

/** TIOCSTI puts characters into a terminal's input, TIOCLINUX pastes. */
const TERMINAL_REQUESTS = [0x5412, 0x541c];

/**
 * Numbers of refused system calls as [x86_64, aarch64]; -1 where there is none.
 * From the kernel's `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h`.
 */
const REFUSED: Readonly<Record<string, readonly [number, number]>> = {
  // Keys of the session and the user.
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  // Large interfaces to the kernel that scanners don't need.
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  fanotify_init: [300, 262],
  modify_ldt: [154, -1],
  // Other processes.
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  process_madvise: [440, 440],
  // Namespaces, mounts and files by handle.
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  // The machine as a whole.
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  syslog: [103, 116],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  adjtimex: [159, 171],
  clock_adjtime: [305, 266],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  lookup_dcookie: [212, 18],
  iopl: [172, -1],
  ioperm: [173, -1],
  uselib: [134, -1],
};

/** Answered as if the kernel did not have them, so that programs fall back to what the filter can judge. */
const ABSENT: Readonly<Record<string, readonly [number, number]>> = {
  // Its flags lie in memory, which a filter can't read; libraries fall back to clone.
  clone3: [435, 435],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  // Tells what others do with files that both see, in the workspace and in /usr.
  inotify_init: [253, -1],
  inotify_init1: [294, 26],
};

/** Communication between processes by names that a process without namespaces shares with all others. */
const SHARED_NAMES: Readonly<Record<string, readonly [number, number]>> = {
  shmget: [29, 194],
  shmat: [30, 196],
  shmctl: [31, 195],
  semget: [64, 190],
  msgget: [68, 186],
  mq_open: [240, 180],
};

const CLONE: readonly [number, number] = [56, 220];
const SOCKET: readonly [number, number] = [41, 198];
const IOCTL: readonly [number, number] = [16, 29];

/**
 * Calls by which a process without namespaces could disturb others of its user, with the index of
 * the argument that names the other one; 0 means itself and is allowed.
 */
const ABOUT_OTHERS: Readonly<Record<string, readonly [number, number, argument: number]>> = {
  prlimit64: [302, 261, 0],
  setpriority: [141, 140, 1],
  sched_setparam: [142, 118, 0],
  sched_setscheduler: [144, 119, 0],
  sched_setaffinity: [203, 122, 0],
  sched_setattr: [314, 274, 0],
  ioprio_set: [251, 30, 1],
  migrate_pages: [256, 238, 0],
  move_pages: [279, 239, 0],
};

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];

/**
 * A seccomp filter program as an array of `struct sock_filter` (8 bytes each, little-endian), in
 * the form that bubblewrap's `--seccomp` and `prctl(PR_SET_SECCOMP)` take. It lets everything
 * pass that is not named here; a foreign architecture is killed, since its numbers mean other calls.
 */
export function seccompFilter(architecture: SeccompArchitecture, options: SeccompOptions): Buffer {
  const column = architecture === 'x64' ? 0 : 1;
  const program: Instruction[] = [
    [LOAD_WORD, 0, 0, ARCHITECTURE],
    [JUMP_EQUAL, 1, 0, AUDIT_ARCHITECTURE[architecture]],
    [RETURN, 0, 0, KILL_PROCESS],
    [LOAD_WORD, 0, 0, NUMBER],
  ];
  if (architecture === 'x64') program.push([JUMP_GREATER_OR_EQUAL, 0, 1, X32_BIT], [RETURN, 0, 0, KILL_PROCESS]);
  const refuse = (calls: Readonly<Record<string, readonly [number, number]>>, errno: number): void => {
    for (const numbers of Object.values(calls)) {
      if (numbers[column] === -1) continue;
      program.push([JUMP_EQUAL, 0, 1, numbers[column] as number], [RETURN, 0, 0, ERROR(errno)]);
    }
  };
  program.push([JUMP_GREATER_OR_EQUAL, 0, 1, FIRST_UNKNOWN_CALL], [RETURN, 0, 0, ERROR(ENOSYS)]);
  refuse(REFUSED, EPERM);
  refuse(ABSENT, ENOSYS);
  if (options.shares === 'everything') {
    refuse(SHARED_NAMES, EPERM);
    for (const numbers of Object.values(ABOUT_OTHERS)) program.push(...judgeOther(numbers[column], numbers[2]));
  }
  program.push(...judgeClone(CLONE[column] as number));
  program.push(...judgeSocket(SOCKET[column] as number, options.shares));
  program.push(...judgeIoctl(IOCTL[column] as number));
  program.push([RETURN, 0, 0, ALLOW]);
  return assemble(program);
}

/** Processes and threads may be made, namespaces may not. */
function judgeClone(number: number): Instruction[] {
  return [
    [JUMP_EQUAL, 0, 4, number],
    [LOAD_WORD, 0, 0, ARGUMENT(0)],
    [JUMP_ANY_BIT, 0, 1, NAMESPACE_FLAGS],
    [RETURN, 0, 0, ERROR(EPERM)],
    [RETURN, 0, 0, ALLOW],
  ];
}

function judgeSocket(number: number, shares: SeccompOptions['shares']): Instruction[] {
  if (shares === 'everything') {
    return [
      [JUMP_EQUAL, 0, 1, number],
      [RETURN, 0, 0, ERROR(EACCES)],
    ];
  }
  const allow: Instruction = [RETURN, 0, 0, ALLOW];
  const judge: Instruction[] = [
    [LOAD_WORD, 0, 0, ARGUMENT(0)],
    ...(shares === 'proxy' ? ([[JUMP_EQUAL, 0, 1, AF_UNIX], allow] as const) : []),
    ...branch(AF_NETLINK, [[LOAD_WORD, 0, 0, ARGUMENT(2)], [JUMP_EQUAL, 0, 1, NETLINK_PROTOCOL], allow, [RETURN, 0, 0, ERROR(EPROTONOSUPPORT)]]),
    ...INTERNET.flatMap((family) =>
      branch(family, [
        [LOAD_WORD, 0, 0, ARGUMENT(1)],
        [AND, 0, 0, TYPE_MASK],
        [JUMP_GREATER_OR_EQUAL, 0, 1, LAST_INTERNET_TYPE + 1],
        [RETURN, 0, 0, ERROR(EPROTONOSUPPORT)],
        [LOAD_WORD, 0, 0, ARGUMENT(2)],
        ...INTERNET_PROTOCOLS.flatMap((protocol): Instruction[] => [[JUMP_EQUAL, 0, 1, protocol], allow]),
        [RETURN, 0, 0, ERROR(EPROTONOSUPPORT)],
      ]),
    ),
    [RETURN, 0, 0, ERROR(EAFNOSUPPORT)],
  ];
  return branch(number, judge);
}

/** Instructions for one value of what was loaded; they have to end with an answer. */
function branch(value: number, instructions: readonly Instruction[]): Instruction[] {
  return [[JUMP_EQUAL, 0, instructions.length, value], ...instructions];
}

function judgeOther(number: number, argument: number): Instruction[] {
  return [
    [JUMP_EQUAL, 0, 4, number],
    [LOAD_WORD, 0, 0, ARGUMENT(argument)],
    [JUMP_EQUAL, 1, 0, 0],
    [RETURN, 0, 0, ERROR(EPERM)],
    [RETURN, 0, 0, ALLOW],
  ];
}

function judgeIoctl(number: number): Instruction[] {
  const requests = TERMINAL_REQUESTS.flatMap((request): Instruction[] => [
    [JUMP_EQUAL, 0, 1, request],
    [RETURN, 0, 0, ERROR(EPERM)],
  ]);
  return [[JUMP_EQUAL, 0, requests.length + 2, number], [LOAD_WORD, 0, 0, ARGUMENT(1)], ...requests, [RETURN, 0, 0, ALLOW]];
}

function assemble(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, ifTrue, ifFalse, operand], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(operand >>> 0, index * 8 + 4);
  });
  return bytes;
}
