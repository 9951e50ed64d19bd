"""Stand-ins for what a runner has around a scanner: a worker with a secret in memory and
environment, services on sockets, a key, shared memory. Prints what malware would know as JSON,
ends and cleans up when its standard input is closed.
"""
import ctypes
import json
import os
import socket
import sys
import threading

CANARY = b'CANARY-' + b'7f3a'
directory, nonce = sys.argv[1], int(sys.argv[2])
libc = ctypes.CDLL(None, use_errno=True)
ARM = os.uname().machine == 'aarch64'


def serve(listener):
    while True:
        try:
            connection, _ = listener.accept()
            connection.sendall(CANARY)
            connection.close()
        except OSError:
            pass


def listen(family, address):
    listener = socket.socket(family)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind(address)
    listener.listen()
    threading.Thread(target=serve, args=(listener,), daemon=True).start()
    return listener.getsockname()


def answer(udp):
    while True:
        _, sender = udp.recvfrom(100)
        udp.sendto(CANARY, sender)


def own_address():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        try:
            udp.connect(('192.0.2.1', 9))
            return udp.getsockname()[0]
        except OSError:
            return '127.0.0.1'


port = listen(socket.AF_INET, ('0.0.0.0', 0))[1]
try:
    listen(socket.AF_INET6, ('::1', port))
except OSError:
    pass
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(('0.0.0.0', 0))
threading.Thread(target=answer, args=(udp,), daemon=True).start()
docker, agent, abstract = directory + '/docker.sock', directory + '/agent.sock', 'bartizan-%d' % nonce
in_workspace = directory + '/workspace/.git/fsmonitor--daemon.ipc'
deep = directory + '/workspace/a/b/c/d/e/s'
os.makedirs(os.path.dirname(deep))
for path in (in_workspace, deep):
    # The path of a socket is short.
    os.chdir(os.path.dirname(path))
    listen(socket.AF_UNIX, os.path.basename(path))
pipe = directory + '/workspace/pipe'
os.mkfifo(pipe)
# Somebody has to read it for anybody to write.
kept_pipe = os.open(pipe, os.O_RDWR)
listen(socket.AF_UNIX, docker)
listen(socket.AF_UNIX, agent)
listen(socket.AF_UNIX, '\0' + abstract)

# Open but without a name: to be had through /proc alone.
kept = open(directory + '/kept', 'w+b')
kept.write(CANARY)
kept.flush()
os.unlink(directory + '/kept')
secret = ctypes.create_string_buffer(CANARY, 16)
key = libc.syscall(ctypes.c_long(217 if ARM else 248), b'user', b'bartizan_canary', CANARY, ctypes.c_size_t(len(CANARY)), ctypes.c_int(-4))
segment_key = 0x62000000 | nonce & 0xFFFFFF
segment = libc.shmget(ctypes.c_int(segment_key), ctypes.c_size_t(4096), ctypes.c_int(0o1600))
if segment >= 0:
    libc.shmat.restype = ctypes.c_void_p
    ctypes.memmove(libc.shmat(segment, None, 0), CANARY, len(CANARY))
semaphores = libc.semget(ctypes.c_int(segment_key), 1, ctypes.c_int(0o1600))
queue = '/bartizan-%d' % nonce
libc.mq_open(queue.encode(), ctypes.c_int(os.O_CREAT | os.O_RDWR), ctypes.c_uint(0o600), None)
shared = '/dev/shm/bartizan-%d' % nonce
with open(shared, 'wb') as file:
    file.write(CANARY)

print(json.dumps({
    'worker': os.getpid(), 'address': ctypes.addressof(secret), 'port': port, 'udpPort': udp.getsockname()[1], 'address4': own_address(),
    'dockerSocket': docker, 'agentSocket': agent, 'abstract': abstract, 'segmentKey': segment_key, 'nonce': nonce,
    'workspaceSocket': in_workspace, 'deepSocket': deep, 'workspacePipe': pipe, 'queue': queue,
}), flush=True)
sys.stdin.read()
os.unlink(shared)
libc.mq_unlink(queue.encode())
if semaphores >= 0:
    libc.semctl(semaphores, 0, 0)
if segment >= 0:
    libc.shmctl(segment, 0, None)
if key >= 0:
    libc.syscall(ctypes.c_long(219 if ARM else 250), ctypes.c_int(3), ctypes.c_int(key))
