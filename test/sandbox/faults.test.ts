import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findExecutable } from '../../src/io/process-path.js';
import { DEFAULT_LIMITS } from '../../src/io/process-runner.js';
import type { Runner, ToolRequest } from '../../src/io/process-runner.js';
import { bubblewrapArguments, USER_NAMESPACE } from '../../src/sandbox/bubblewrap.js';
import { createSandbox } from '../../src/sandbox/index.js';
import { landlockArguments, landlockOptions } from '../../src/sandbox/landlock.js';
import { namespaceRestriction } from '../../src/sandbox/namespace-restriction.js';
import { remedyFor } from '../../src/sandbox/remedy.js';
import { seccompFilter } from '../../src/sandbox/seccomp.js';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.js';

const PATH = process.env['PATH'] ?? '';
const isLinux = process.platform === 'linux';
let hasBubblewrap = false;
let sandbox: Sandbox | undefined;

beforeAll(async () => {
  const probe = await createSandbox({ mode: 'auto', workspace: workspace(), pathVariable: PATH, mechanisms: ['bubblewrap'] });
  hasBubblewrap = probe.isolation.level === 'full';
  probe.close();
  if (!hasBubblewrap) process.stderr.write(`SKIPPED: tests of bubblewrap, which this machine does not offer: ${probe.isolation.reason}\n`);
});

afterEach(() => {
  sandbox?.close();
  sandbox = undefined;
});

function workspace(name = 'workspace'): string {
  const root = join(realpathSync(mkdtempSync(join(tmpdir(), 'bartizan-test-'))), name);
  mkdirSync(root);
  return root;
}

async function open(root: string, more: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  sandbox = await createSandbox({ mode: 'auto', workspace: root, pathVariable: PATH, ...more });
  return sandbox;
}

/** Runs a shell script as if it were a scanner. */
async function shell(runner: Runner, root: string, script: string, more: Partial<ToolRequest> = {}) {
  const result = await runner.run({
    tool: 'test',
    executable: '/bin/sh',
    args: ['-c', script],
    workspace: root,
    readable: [],
    capabilities: { network: [], secrets: [] },
    limits: { ...DEFAULT_LIMITS, timeoutMs: 30_000 },
    ...more,
  });
  return 'stdout' in result ? { ...result, stdout: result.stdout.toString('utf8'), stderr: result.stderr.toString('utf8') } : result;
}

function put(root: string, path: string, text: string): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

/** A PATH on which a program of this name answers with a message and exit code 1. */
function pathWith(name: string, message: string, before = ''): string {
  const directory = mkdtempSync(join(tmpdir(), 'bartizan-path-'));
  const file = put(directory, name, `#!/bin/sh\n${before}\necho '${message}' >&2\nexit 1\n`);
  chmodSync(file, 0o755);
  return `${directory}:${PATH}`;
}

describe.skipIf(!isLinux)('a machine that does not offer bubblewrap', () => {
  it('says that it is not installed and how to install it', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'bartizan-path-'));
    const { isolation } = await open(workspace(), { pathVariable: empty });
    expect(isolation).toMatchObject({ level: 'none', mechanism: 'none', reason: expect.stringContaining('`bwrap` is not installed'), remedy: 'Install it: sudo apt-get install -y bubblewrap' });
  });

  it.each([
    ['too old', 'bwrap: Unknown option --disable-userns', 'Install bubblewrap 0.8 or later.'],
    ['refused by a security module', 'bwrap: setting up uid map: Permission denied', 'allow user namespaces'],
    ['refused in a container', 'bwrap: No permissions to create new namespace', 'container'],
  ])('goes on with what is left when bubblewrap is %s', async (_name, message, remedy) => {
    const { isolation } = await open(workspace(), { pathVariable: pathWith('bwrap', message), mechanisms: ['bubblewrap'] });
    expect(isolation).toMatchObject({ level: 'none', reason: `bubblewrap: ${message}`, remedy: expect.stringContaining(remedy) });
  });

  it('is refused by its version when that is too old, whatever it can do', async () => {
    const { isolation } = await open(workspace(), { pathVariable: pathWith('bwrap', 'unused', 'echo bubblewrap 0.6.1'), mechanisms: ['bubblewrap'] });
    expect(isolation).toMatchObject({ level: 'none', reason: expect.stringMatching(/^bubblewrap: bubblewrap 0\.6\.1 \(.*\/bwrap\) is too old, 0\.8 or later is needed$/), remedy: 'Install bubblewrap 0.8 or later.' });
  });

  it('is refused by the kernel in a container without capabilities', async () => {
    if (!hasBubblewrap) return process.stderr.write('SKIPPED: a container without capabilities, which bubblewrap stands in for\n');
    const bwrap = findExecutable('bwrap', PATH, '/nonexistent');
    // What a container is to bubblewrap: namespaces around it, no capability, and no user namespace to be had.
    const outer = `case "$1" in --version) exec ${bwrap.found && bwrap.path} --version;; esac; exec ${bwrap.found && bwrap.path} --bind / / --dev-bind /dev /dev --unshare-user --disable-userns --cap-drop ALL -- ${bwrap.found && bwrap.path} "$@"`;
    const { isolation } = await open(workspace(), { pathVariable: pathWith('bwrap', 'unused', outer), mechanisms: ['bubblewrap'] });
    expect(isolation).toMatchObject({ level: 'none', reason: expect.stringMatching(/^bubblewrap: bwrap: .*(?:namespace|permitted|No space left)/i), remedy: expect.stringContaining('container') });
  });

  it.each([
    ['kernel/apparmor_restrict_unprivileged_userns', '1', 'AppArmor restricts user namespaces', 'extra-profiles/bwrap-userns-restrict'],
    ['kernel/unprivileged_userns_clone', '0', 'kernel.unprivileged_userns_clone', 'sysctl -w kernel.unprivileged_userns_clone=1'],
    ['user/max_user_namespaces', '0', 'user.max_user_namespaces', 'sysctl -w user.max_user_namespaces=10000'],
  ])('names the setting %s of the machine, and what to do', (path, value, reason, remedy) => {
    const settings = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    expect(namespaceRestriction(settings)).toBeUndefined();
    put(settings, path, value === '1' ? '0\n' : '1\n');
    expect(namespaceRestriction(settings)).toBeUndefined();
    put(settings, path, `${value}\n`);
    expect(namespaceRestriction(settings)).toContain(reason);
    expect(remedyFor('linux', [`bubblewrap: bwrap: setting up uid map: Permission denied (${namespaceRestriction(settings)})`])).toContain(remedy);
  });

  it('is partial with Landlock, and says why not full', async () => {
    const root = workspace();
    const { isolation } = await open(root, { pathVariable: pathWith('bwrap', 'bwrap: No permissions'), mechanisms: ['bubblewrap', 'landlock'] });
    if (isolation.mechanism !== 'landlock') return process.stderr.write(`SKIPPED: Landlock is not to be had: ${isolation.reason}\n`);
    expect(isolation).toMatchObject({ level: 'partial', reason: 'bubblewrap: bwrap: No permissions' });
  });

  it('starts nothing when the sandbox is required', async () => {
    const root = workspace();
    const runner = await open(root, { mode: 'required', pathVariable: pathWith('bwrap', 'bwrap: No permissions'), mechanisms: ['bubblewrap', 'landlock'] });
    const result = await shell(runner, root, 'echo started');
    expect(result).toMatchObject({ status: 'not-started', error: expect.stringMatching(/^the sandbox is required but .*No permissions/) });
    expect(runner.isolation.level).toBe('none');
  });

  it('does not trust sudo that asks for a password', async () => {
    const { isolation } = await open(workspace(), { pathVariable: pathWith('sudo', 'sudo: a password is required'), mechanisms: ['sudo-bubblewrap'] });
    expect(isolation.level).toBe('none');
    expect(isolation.reason).toMatch(/a password is required|already root|not installed/);
  });

  // The second one is there and can't be written to, not even by root.
  it.each(['/nonexistent', '/proc'])('has none with the temporary directory %s, and says so', async (directory) => {
    const root = workspace();
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = directory;
    try {
      const { isolation } = await open(root);
      expect(isolation).toMatchObject({ level: 'none', reason: expect.stringContaining('no temporary directory') });
      const strict = await createSandbox({ mode: 'required', workspace: root, pathVariable: PATH });
      expect(await shell(strict, root, 'true')).toMatchObject({ status: 'not-started' });
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  });

  it('confines by environment and limits only when switched off', async () => {
    const root = workspace();
    process.env['CANARY_SECRET'] = 'canary';
    const runner = await open(root, { mode: 'off' });
    expect(runner.isolation).toMatchObject({ level: 'none', reason: 'the sandbox is switched off' });
    const result = await shell(runner, root, 'env');
    expect(result).toMatchObject({ status: 'exited', stdout: expect.not.stringContaining('canary') });
  });
});

describe.skipIf(!isLinux)('bubblewrap', () => {
  const bubblewrapped = (name: string, test: () => Promise<void>): void => {
    it(name, async (context) => {
      if (!hasBubblewrap) return context.skip();
      await test();
    });
  };

  bubblewrapped('takes paths with spaces, quotes, newlines and dashes', async () => {
    for (const name of ['a b', "it's \"quoted\"", 'line\nbreak', '--ro-bind', '::error::x', '$(id)']) {
      const root = workspace(name);
      put(root, 'file', 'content');
      const runner = await open(root);
      expect(await shell(runner, root, 'pwd; cat file')).toMatchObject({ status: 'exited', stdout: `${root}\ncontent` });
      runner.close();
    }
  });

  bubblewrapped('takes a workspace with 10,000 files at its root', async () => {
    const root = workspace();
    for (let i = 0; i < 10_000; i++) writeFileSync(join(root, `file-${i}`), '');
    put(root, '.git/config', 'token');
    for (const mechanism of ['bubblewrap', 'landlock'] as const) {
      const runner = await open(root, { mechanisms: [mechanism] });
      if (mechanism === 'landlock' && runner.isolation.reason?.includes('Landlock') === true) continue;
      expect(runner.isolation.mechanism).toBe(mechanism);
      const result = await shell(runner, root, 'ls | wc -l; cat file-9999 && echo read; cat .git/config');
      expect(result).toMatchObject({ status: 'exited', stdout: expect.stringMatching(/^10000\nread\n$/) });
      runner.close();
    }
  });

  bubblewrapped('blanks files through links, and never mounts over what lies outside', async () => {
    const root = workspace();
    const outside = put(dirname(root), 'outside/config', 'outside');
    put(root, 'real-git/config', 'token');
    symlinkSync('real-git', join(root, '.git'));
    symlinkSync(outside, join(root, '.npmrc'));
    symlinkSync('/nonexistent', join(root, '.netrc'));
    symlinkSync('.pypirc', join(root, '.pypirc'));
    mkdirSync(join(root, 'gha-creds-x.json'));
    mkdirSync(join(root, 'sub/.git'), { recursive: true });
    symlinkSync('../../secret', join(root, 'sub/.git/config'));
    put(root, 'secret', 'linked token');
    const runner = await open(root);
    expect(runner.isolation.level).toBe('full');
    const result = await shell(runner, root, 'cat .git/config real-git/config .npmrc sub/.git/config secret 2>/dev/null; echo end');
    expect(result).toMatchObject({ status: 'exited', stdout: 'end\n' });
    expect(readFileSync(outside, 'utf8')).toBe('outside');
    expect(readFileSync(join(root, 'real-git/config'), 'utf8')).toBe('token');
  });

  bubblewrapped('fails when a mount target becomes a link after it was looked at', async () => {
    const root = workspace();
    const config = put(root, '.git/config', 'token');
    const runner = await open(root);
    rmSync(config);
    symlinkSync('/etc/passwd', config);
    const result = await shell(runner, root, 'cat .git/config');
    expect('stdout' in result && result.stdout).not.toContain('root:');
    expect(readFileSync('/etc/passwd', 'utf8')).not.toBe('');
  });

  bubblewrapped('shows files that the repository holds as they are', async () => {
    const root = workspace();
    put(root, '.npmrc', 'committed');
    const runner = await open(root, { isPublic: (path) => path === '.npmrc' });
    expect(await shell(runner, root, 'cat .npmrc')).toMatchObject({ stdout: 'committed' });
  });

  bubblewrapped('refuses a workspace that is a directory of the system', async () => {
    const runner = await open(workspace());
    for (const path of ['/', '/usr', '/tmp']) expect(await shell(runner, path, 'true')).toMatchObject({ status: 'not-started', error: expect.stringContaining(`system directory ${path};`) });
    expect(await shell(runner, '/nonexistent', 'true')).toMatchObject({ status: 'not-started', error: 'the workspace does not exist' });
  });

  bubblewrapped('refuses undeclarable needs by their name', async () => {
    const root = workspace();
    const partial = await open(root, { mechanisms: ['landlock'] });
    expect(await shell(partial, root, 'true', { capabilities: { network: ['semgrep.dev'], secrets: [] } })).toMatchObject({ status: 'not-started', error: expect.stringContaining('semgrep.dev') });
    partial.close();
    const runner = await open(root);
    expect(await shell(runner, root, 'true', { capabilities: { network: [], secrets: ['SNYK_TOKEN'] } })).toMatchObject({ status: 'not-started', error: 'it needs the secret SNYK_TOKEN, which is not given' });
  });

  bubblewrapped('names what a scanner needs without declaring it', async () => {
    const root = workspace();
    const runner = await open(root);
    const python = (code: string, more: Partial<ToolRequest> = {}) => shell(runner, root, '', { executable: '/usr/bin/python3', args: ['-c', code], ...more });
    const network = await python('import socket; socket.create_connection(("192.0.2.1", 443), 2)');
    expect(network).toMatchObject({ status: 'exited', exitCode: 1, stderr: expect.stringMatching(/Network is unreachable\nsandbox: test seems to need the network, which its adapter does not declare\n$/) });
    const name = await python('import socket; socket.getaddrinfo("example.com", 443)');
    expect(name).toMatchObject({ stderr: expect.stringContaining('test seems to need the network') });
    const write = await shell(runner, root, 'touch result');
    expect(write).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('test seems to need to write outside of its home') });
    expect(await shell(runner, root, 'echo "Read-only file system" >&2')).toMatchObject({ exitCode: 0, stderr: 'Read-only file system\n' });
    expect(await shell(runner, root, 'true', { capabilities: { network: [], secrets: [], programs: ['no-such-program'] } })).toMatchObject({ status: 'not-started', error: 'it needs the program no-such-program, which is not installed' });
  });

  bubblewrapped('finds the other programs that a scanner declares, and no others', async () => {
    const root = workspace();
    const directory = mkdtempSync(join(tmpdir(), 'bartizan-path-'));
    chmodSync(put(directory, 'companion', '#!/bin/sh\necho here\n'), 0o755);
    const runner = await open(root, { pathVariable: `${directory}:${PATH}` });
    expect(await shell(runner, root, 'companion', { capabilities: { network: [], secrets: [], programs: ['companion'] } })).toMatchObject({ stdout: 'here\n' });
    expect(await shell(runner, root, 'companion')).toMatchObject({ exitCode: 127 });
  });

  bubblewrapped('starts a program by a link as it would outside', async () => {
    const root = workspace();
    const tools = realpathSync(mkdtempSync(join(tmpdir(), 'bartizan-path-')));
    put(tools, 'real/bin/beside', 'beside');
    chmodSync(put(tools, 'real/bin/tool', '#!/bin/sh\ncat "$(dirname "$(readlink -f "$0")")/beside"\n'), 0o755);
    put(tools, 'real/lib/x', '');
    mkdirSync(join(tools, 'links'));
    symlinkSync('../real/bin/tool', join(tools, 'links/middle'));
    symlinkSync('middle', join(tools, 'links/tool'));
    const runner = await open(root);
    const started = await shell(runner, root, '', { executable: join(tools, 'links/tool'), args: [], readable: [join(tools, 'real/bin/beside')] });
    expect(started).toMatchObject({ status: 'exited', exitCode: 0, stdout: 'beside' });
  });

  bubblewrapped('hands a secret to the one scanner that declares it, at level full only', async () => {
    const root = workspace();
    const secret = (name: string): string | undefined => (name === 'SNYK_TOKEN' ? 'value' : undefined);
    const declared = { capabilities: { network: [], secrets: ['SNYK_TOKEN'] } };
    const full = await open(root, { secret });
    expect(await shell(full, root, 'echo "$SNYK_TOKEN"', declared)).toMatchObject({ stdout: 'value\n' });
    expect(await shell(full, root, 'echo "$SNYK_TOKEN"')).toMatchObject({ stdout: '\n' });
    full.close();
    for (const options of [{ mechanisms: ['landlock'] as const }, { mode: 'off' as const }]) {
      const lower = await open(root, { secret, ...options });
      expect(await shell(lower, root, 'echo "$SNYK_TOKEN"', declared)).toMatchObject({ status: 'not-started', error: expect.stringContaining('SNYK_TOKEN') });
      lower.close();
    }
  });

  bubblewrapped('shows a secret to nobody who lists processes', async () => {
    const root = workspace();
    const value = `secret-${process.pid}-${Date.now()}`;
    const declared = { capabilities: { network: [], secrets: ['SNYK_TOKEN'] } };
    for (const mechanism of ['bubblewrap', 'sudo-bubblewrap'] as const) {
      const runner = await open(root, { secret: () => value, mechanisms: [mechanism] });
      if (runner.isolation.mechanism !== mechanism) {
        process.stderr.write(`SKIPPED: secrets with ${mechanism}, which this machine does not offer: ${runner.isolation.reason}\n`);
        continue;
      }
      const marker = `marker-${process.pid}-${mechanism}`;
      const running = shell(runner, root, `sleep 2; echo "$SNYK_TOKEN"; env | grep -c BARTIZAN; : ${marker}`, declared);
      let lists = '';
      await eventually(() => (lists = commandLines()).includes(marker));
      expect(lists).not.toContain(value);
      expect(await running).toMatchObject({ stdout: `${value}\n0\n` });
      runner.close();
    }
  });

  bubblewrapped('has a name and a version, which the report repeats', async () => {
    const { isolation } = await open(workspace());
    expect(isolation).toMatchObject({ level: 'full', version: expect.stringMatching(/^\d+\.\d+/), program: expect.stringMatching(/^\/.*\/bwrap$/) });
  });

  bubblewrapped('stays in force when a pull request brings thousands of names of credentials', async () => {
    const root = workspace();
    for (let i = 0; i < 1_000; i++) put(root, `a/${i}/.npmrc`, '');
    put(root, '.git/config', 'token');
    const runner = await open(root, { secret: () => 'value' });
    expect(runner.isolation).toMatchObject({ level: 'partial', mechanism: 'bubblewrap', reason: expect.stringContaining('1001 files with names of credentials') });
    expect(await shell(runner, root, 'cat .git/config; touch x')).toMatchObject({ status: 'exited', exitCode: 1, stdout: '' });
    expect(await shell(runner, root, 'true', { capabilities: { network: [], secrets: ['SNYK_TOKEN'] } })).toMatchObject({ status: 'not-started', error: expect.stringContaining('SNYK_TOKEN') });
  });

  bubblewrapped('gives a networked scanner the proxy as its only way out', async () => {
    const root = workspace();
    const runner = await open(root);
    const script = `
import os, socket, sys, urllib.parse
proxy = urllib.parse.urlsplit(os.environ['HTTPS_PROXY'])
def ask(target):
    with socket.create_connection((proxy.hostname, proxy.port), 5) as connection:
        connection.sendall(('CONNECT %s HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' % target).encode())
        return connection.recv(100).split(b'\\r\\n')[0].decode()
for target in ('other.example:443', 'localhost:443', 'localhost:80', '169.254.169.254:443'):
    print(target, ask(target))
try:
    socket.create_connection(('192.0.2.1', 443), 2)
    print('direct')
except OSError as error:
    print(error.strerror)
sys.exit(5)
`;
    const result = await shell(runner, root, '', { executable: '/usr/bin/python3', args: ['-c', script], capabilities: { network: ['localhost'], secrets: [] } });
    expect(result).toMatchObject({ status: 'exited', exitCode: 5 });
    expect('stdout' in result && result.stdout).toBe(
      ['other.example:443', 'localhost:443', 'localhost:80', '169.254.169.254:443'].map((target) => `${target} HTTP/1.1 403 Forbidden\n`).join('') + 'Network is unreachable\n',
    );
  });

  bubblewrapped('gives standard input, exit codes and both outputs through', async () => {
    const root = workspace();
    const runner = await open(root);
    expect(await shell(runner, root, 'cat; echo log >&2; exit 3', { stdin: 'input' })).toMatchObject({ status: 'exited', exitCode: 3, stdout: 'input', stderr: 'log\n' });
    expect(await shell(runner, root, 'cat')).toMatchObject({ status: 'exited', exitCode: 0, stdout: '' });
  });

  bubblewrapped('collects a result that is written to a file, and follows no link', async () => {
    const root = workspace();
    const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'bartizan-test-')));
    const secret = put(scratch, 'secret', 'canary');
    const directory = join(scratch, 'output');
    mkdirSync(directory);
    const result = { directory, file: 'r.json' };
    for (const options of [{}, { mechanisms: ['landlock'] as const }, { mode: 'off' as const }]) {
      const runner = await open(root, options);
      const write = (script: string) => shell(runner, root, script, { readable: [directory], result });
      expect(await write(`echo log; echo '{}' > ${directory}/r.json; exit 4`)).toMatchObject({ status: 'exited', exitCode: 4, stdout: '{}\n', stderr: 'log\n' });
      rmSync(join(directory, 'r.json'), { force: true });
      expect(await write('exit 0')).toMatchObject({ exitCode: 0, stdout: '' });
      expect(await write(`ln -s ${secret} ${directory}/r.json`)).toMatchObject({ stdout: '' });
      rmSync(join(directory, 'r.json'), { force: true });
      expect(await write(`mkfifo ${directory}/r.json`)).toMatchObject({ stdout: '' });
      rmSync(join(directory, 'r.json'), { force: true });
      if (runner.isolation.level === 'full') expect(await write(`ln ${secret} ${directory}/r.json; cat ${secret}`)).toMatchObject({ stdout: '' });
      expect(await shell(runner, root, '', { args: ['-c', 'yes'], readable: [directory], result, limits: { ...DEFAULT_LIMITS, maxStdoutBytes: 1000, timeoutMs: 700 } })).toMatchObject({ status: 'killed' });
      runner.close();
    }
  });

  bubblewrapped('ends a flood of output', async () => {
    const root = workspace();
    const runner = await open(root);
    const result = await shell(runner, root, 'yes', { limits: { ...DEFAULT_LIMITS, maxStdoutBytes: 100_000 } });
    expect(result).toMatchObject({ status: 'killed', cause: 'output' });
  });

  bubblewrapped('leaves nothing behind', async () => {
    const root = workspace();
    put(root, '.git/config', 'token');
    const runner = await open(root);
    await shell(runner, root, 'echo x > "$HOME/x"; echo x > "$TMPDIR/x"; echo x > /tmp/y');
    expect(existsSync('/tmp/y')).toBe(false);
    expect(readdirSync(root)).toEqual(['.git']);
  });

  bubblewrapped('ends with its parent, even when that is killed', async () => {
    const root = workspace();
    const nonce = `bartizan-orphan-${process.pid}`;
    const bwrap = findExecutable('bwrap', PATH, root);
    if (!bwrap.found) throw new Error('bwrap has gone');
    const blank = put(dirname(root), 'blank', '');
    const profile = { executable: '/bin/sh', args: ['-c', `while :; do sleep 1; done; : ${nonce}`], workspace: root, directory: root, readable: [], hidden: [], environment: { PATH: '/usr/bin:/bin' }, secrets: {}, proxied: false, memoryBytes: 1 << 30, timeoutMs: 60_000 };
    const args = bubblewrapArguments(profile, USER_NAMESPACE, blank).filter((arg, index, all) => arg !== '--seccomp' && all[index - 1] !== '--seccomp');
    const parent = spawn(process.execPath, ['-e', `require('child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: 'ignore', detached: true }); setInterval(() => {}, 1e6)`, '--', bwrap.path, ...args], { stdio: 'ignore' });
    await eventually(() => running(nonce) > 0);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await eventually(() => running(nonce) === 0);
  });
});

describe.skipIf(!isLinux)('Landlock', () => {
  it('ends with its parent, even when that is killed', async () => {
    const root = workspace();
    const probe = await open(root, { mechanisms: ['landlock'] });
    if (probe.isolation.mechanism !== 'landlock') return process.stderr.write(`SKIPPED: Landlock and a parent that is killed: ${probe.isolation.reason}\n`);
    const nonce = `bartizan-orphan-landlock-${process.pid}`;
    const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'bartizan-test-')));
    const profile = { executable: '/bin/sh', args: ['-c', `while :; do sleep 1; done; : ${nonce}`], workspace: root, directory: root, readable: [], hidden: [], environment: {}, secrets: {}, proxied: false, memoryBytes: 1 << 30, timeoutMs: 60_000 };
    const options = landlockOptions(profile, seccompFilter(process.arch === 'arm64' ? 'arm64' : 'x64', { shares: 'everything' }), scratch);
    const script = `require('child_process').spawn('python3', process.argv.slice(2), { stdio: ['ignore', 'ignore', 'inherit', 'pipe'], detached: true }).stdio[3].end(process.argv[1]); setInterval(() => {}, 1e6)`;
    const parent = spawn(process.execPath, ['-e', script, '--', options.toString('utf8'), ...landlockArguments(profile)], { stdio: ['ignore', 'ignore', 'inherit'] });
    await eventually(() => running(nonce) > 0);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await eventually(() => running(nonce) === 0);
  });
});

/** All argument lists of the machine. */
function commandLines(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');
}

/** Number of confined processes with a word in their command line. */
function running(word: string): number {
  return readdirSync('/proc').filter((name) => {
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      return command.startsWith('/bin/sh\0') && command.includes(word);
    } catch {
      return false;
    }
  }).length;
}

async function eventually(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(condition()).toBe(true);
}
