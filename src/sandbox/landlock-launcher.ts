/**
 * Confines itself by Landlock, seccomp and limits, then becomes the program. Python, because the
 * standard library's `ctypes` reaches the system calls without a compiled helper of ours, and the
 * images in which namespaces are refused often have it: docs/adr/0010-sandbox-mechanisms.md.
 *
 * The parent stays outside as the subreaper of all that the program starts: a daemon becomes its
 * child, is found by whoever ends the tree, and is ended when the program has ended.
 *
 * Numbers are of <linux/landlock.h> and <linux/prctl.h>; the three Landlock calls have the same
 * number on all machines. Every failure ends it with code 125 before the program is started.
 */
export const LANDLOCK_LAUNCHER = `
import base64, ctypes, json, os, resource, signal, struct, sys

libc = ctypes.CDLL(None, use_errno=True)
with os.fdopen(3, 'rb') as description:
    options = json.loads(description.read())
command = sys.argv[1:]

def fail(what):
    sys.stderr.write('sandbox: %s: %s\\n' % (what, os.strerror(ctypes.get_errno())))
    sys.stderr.flush()
    os._exit(125)

def prctl(*numbers):
    return libc.prctl(*[ctypes.c_ulong(n) for n in (list(numbers) + [0, 0, 0, 0])[:5]])

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE, IOCTL_DEV = 1, 2, 4, 8, 1 << 14, 1 << 15
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

def restrict_files():
    abi = libc.syscall(444, None, ctypes.c_size_t(0), ctypes.c_uint(1))
    if abi < 3:
        fail('Landlock is older than version 3')
    all_rights = (1 << (16 if abi >= 5 else 15)) - 1
    attributes = struct.pack('QQQ', all_rights, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = libc.syscall(444, attributes, ctypes.c_size_t(size), ctypes.c_uint(0))
    if ruleset < 0:
        fail('no Landlock ruleset')
    def allow(paths, rights, required):
        for path in paths:
            try:
                parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except OSError as error:
                if required:
                    ctypes.set_errno(error.errno)
                    fail(path)
                continue
            is_directory = os.path.isdir('/proc/self/fd/%d' % parent)
            granted = rights & all_rights if is_directory else rights & FILE_RIGHTS & all_rights
            rule = struct.pack('=Qi', granted, parent)
            if libc.syscall(445, ctypes.c_int(ruleset), ctypes.c_uint(1), rule, ctypes.c_uint(0)) != 0:
                fail('no Landlock rule for ' + path)
            os.close(parent)
    allow(options['execute'], EXECUTE | READ_FILE | READ_DIR, False)
    allow(options['read'], READ_FILE | READ_DIR, False)
    allow(options['list'], READ_DIR, False)
    allow(options['write'], all_rights & ~EXECUTE, True)
    allow(options['devices'], READ_FILE | WRITE_FILE, False)
    if libc.syscall(446, ctypes.c_int(ruleset), ctypes.c_uint(0)) != 0:
        fail('Landlock refused')
    os.close(ruleset)

def drop_capabilities():
    for capability in range(64):
        prctl(24, capability)
    header = struct.pack('Ii', 0x20080522, 0)
    if libc.capset(header, struct.pack('6I', 0, 0, 0, 0, 0, 0)) != 0:
        fail('capabilities could not be dropped')

def filter_calls():
    program = base64.b64decode(options['filter'])
    buffer = ctypes.create_string_buffer(program, len(program))
    class Program(ctypes.Structure):
        _fields_ = [('length', ctypes.c_ushort), ('filter', ctypes.c_void_p)]
    whole = Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    if libc.prctl(ctypes.c_ulong(22), ctypes.c_ulong(2), ctypes.byref(whole), ctypes.c_ulong(0), ctypes.c_ulong(0)) != 0:
        fail('seccomp refused')

# Ends with whoever started it, which may be killed without a word.
if prctl(1, signal.SIGKILL) != 0 or prctl(36, 1) != 0:
    fail('no subreaper')
parent = os.getpid()
child = os.fork()
if child == 0:
    if prctl(1, signal.SIGKILL) != 0 or os.getppid() != parent:
        fail('orphaned')
    os.chdir(options['directory'])
    for name, value in options['limits'].items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (bound, bound))
    if prctl(38, 1) != 0:
        fail('no_new_privs refused')
    # Before Landlock: it takes the rights on /proc that this needs.
    os.closerange(3, 8192)
    drop_capabilities()
    restrict_files()
    filter_calls()
    try:
        os.execv(command[0], command)
    except OSError as error:
        ctypes.set_errno(error.errno)
        fail(command[0])

def descendants():
    found = []
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                with open('/proc/%s/stat' % name) as stat:
                    if int(stat.read().rpartition(')')[2].split()[1]) == os.getpid():
                        found.append(int(name))
            except (OSError, ValueError, IndexError):
                pass
    return found

status = None
while status is None:
    pid, result = os.wait()
    if pid == child:
        status = result
while True:
    # Each round ends those whose parents were ended in the last; a fork loses by the limit of processes.
    left = descendants()
    if not left:
        break
    for pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    for pid in left:
        try:
            os.waitpid(pid, 0)
        except OSError:
            pass
if os.WIFSIGNALED(status):
    number = os.WTERMSIG(status)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(number, signal.SIG_DFL) if number not in (signal.SIGKILL, signal.SIGSTOP) else None
    os.kill(os.getpid(), number)
os._exit(os.WEXITSTATUS(status))
`;
