import { appendFileSync, chmodSync, existsSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findInstalled, installTool } from '../../src/tools/index.js';
import { installInto, lockOf, sha256, startReleaseServer, tarGz } from './release-server.js';
import type { ReleaseServer, Sandboxed, TarItem } from './release-server.js';

const PATH = 'example/v1/example.tar.gz';
const PROGRAM = '#!/bin/sh\necho example 1.0.0\n';
const GOOD = tarGz([{ path: 'README.md', content: 'x' }, { path: 'example', content: PROGRAM }]);

let server: ReleaseServer;
let place: Sandboxed;
beforeEach(async () => {
  server = await startReleaseServer();
  place = installInto(server);
});
afterEach(async () => {
  place.remove();
  await server.close();
});

/** Everything below the cache, to see that nothing of a failed installation stays. */
function leftOver(): string[] {
  const cache = join(place.directory, 'cache', 'example');
  return existsSync(cache) ? readdirSync(cache) : [];
}

async function failure(lock: ReturnType<typeof lockOf>): Promise<string> {
  const error = await installTool(lock.tool, place.context(lock.lock)).then(
    () => undefined,
    (reason: unknown) => reason as Error,
  );
  expect(error?.name).toBe('InstallError');
  expect(leftOver()).toEqual([]);
  return error?.message ?? '';
}

describe('a release', () => {
  it('is verified, unpacked, made read-only, and found again without the network', async () => {
    server.serve(PATH, GOOD);
    const { lock, tool } = lockOf({ sha256: sha256(GOOD), size: GOOD.length });
    const installed = await installTool(tool, place.context(lock));
    expect(readFileSync(installed.executable, 'utf8')).toBe(PROGRAM);
    expect(statSync(installed.executable).mode & 0o777).toBe(0o555);
    expect(statSync(dirname(installed.executable)).mode & 0o777).toBe(0o555);
    // Nothing but the program: the archive is gone, and what else was in it was never written.
    expect(readdirSync(dirname(dirname(installed.executable)), { recursive: true })).toEqual(['bin', 'bin/example']);
    expect(statSync(place.context(lock).cache).mode & 0o777).toBe(0o700);
    const requests = server.requests.length;
    expect(await findInstalled(tool, place.context(lock))).toEqual({ status: 'ready', tool: installed });
    expect(server.requests).toHaveLength(requests);
  });

  it('that is the program itself needs no archive', async () => {
    const bytes = Buffer.from(PROGRAM);
    server.serve('example/v1/example-linux', bytes);
    const { lock, tool } = lockOf({ sha256: sha256(bytes), archive: 'none', path: 'example/v1/example-linux' });
    expect(readFileSync((await installTool(tool, place.context(lock))).executable, 'utf8')).toBe(PROGRAM);
  });

  it('with another checksum is deleted before it is opened, and both sums are said', async () => {
    const tampered = tarGz([{ path: 'example', content: 'evil' }]);
    server.serve(PATH, tampered);
    const message = await failure(lockOf({ sha256: sha256(GOOD) }));
    expect(message).toContain(sha256(GOOD));
    expect(message).toContain(sha256(tampered));
  });

  it('of another size is refused', async () => {
    server.serve(PATH, GOOD);
    expect(await failure(lockOf({ sha256: sha256(GOOD), size: GOOD.length + 1 }))).toContain('size');
    // More than the lock says is not even fetched.
    expect(await failure(lockOf({ sha256: sha256(GOOD), size: 10 }))).toContain('larger than 10 bytes');
  });

  it('on the list of malicious ones is refused, by the lock and by what came', async () => {
    server.serve(PATH, GOOD);
    const digest = sha256(GOOD);
    expect(await failure(lockOf({ sha256: digest }, { [digest]: 'known malware' }))).toContain('known malware');
    expect(server.requests).toEqual([]);
    expect(await failure(lockOf({ sha256: '0'.repeat(64) }, { [digest]: 'known malware' }))).toContain('known to be malicious');
  });

  it.each<[string, TarItem[], string]>([
    ['a symbolic link', [{ path: 'example', content: PROGRAM }, { path: 'x', type: 'SymbolicLink', linkpath: '/etc/passwd' }], 'SymbolicLink'],
    ['a hard link', [{ path: 'example', content: PROGRAM }, { path: 'x', type: 'Link', linkpath: 'example' }], 'Link'],
    ['the program as a link', [{ path: 'example', type: 'SymbolicLink', linkpath: '/bin/sh' }], 'SymbolicLink'],
    ['a device', [{ path: 'example', content: PROGRAM }, { path: 'x', type: 'CharacterDevice' }], 'CharacterDevice'],
    ['a way out', [{ path: '../example', content: PROGRAM }], 'leaves the archive'],
    ['a way out in the middle', [{ path: 'example', content: PROGRAM }, { path: 'a/../../x', content: '' }], 'leaves the archive'],
    ['an absolute name', [{ path: 'example', content: PROGRAM }, { path: '/tmp/x', content: '' }], 'absolute'],
    ['two programs', [{ path: 'example', content: PROGRAM }, { path: './example', content: 'other' }], 'two files'],
    ['no program', [{ path: 'README.md', content: 'x' }], 'has no file'],
  ])('whose archive has %s is refused as a whole', async (_name, items, wanted) => {
    const archive = tarGz(items);
    server.serve(PATH, archive);
    const message = await failure(lockOf({ sha256: sha256(archive) }));
    expect(message).toContain(wanted);
    expect(existsSync(join(place.directory, 'x'))).toBe(false);
  });

  it('whose archive is cut short or no archive is refused', async () => {
    for (const bytes of [GOOD.subarray(0, 60), Buffer.from('not an archive'), Buffer.alloc(0)]) {
      server.serve(PATH, bytes);
      expect(await failure(lockOf({ sha256: sha256(bytes) }))).toMatch(/can't be unpacked|has no file/);
    }
  });

  it('that the server has not, or whose server is silent or fails, is said so', async () => {
    expect(await failure(lockOf({ sha256: sha256(GOOD) }))).toContain('status 404');
    expect(server.requests).toHaveLength(1);
    server.serve(PATH, (response) => void response.writeHead(503).end());
    expect(await failure(lockOf({ sha256: sha256(GOOD) }))).toContain('status 503');
    expect(server.requests).toHaveLength(4);
  });

  it('is tried again where the network fails', async () => {
    server.serve(PATH, (response, count) => {
      if (count === 1) response.writeHead(502).end();
      else if (count === 2) {
        response.writeHead(200, { 'content-length': GOOD.length });
        response.write(GOOD.subarray(0, 20), () => response.destroy());
      } else response.writeHead(200, { 'content-length': GOOD.length }).end(GOOD);
    });
    const { lock, tool } = lockOf({ sha256: sha256(GOOD) });
    expect((await installTool(tool, place.context(lock))).version).toBe('1.0.0');
    expect(server.requests).toHaveLength(3);
  });

  it('for another platform is said to be missing', async () => {
    const { lock, tool } = lockOf({ sha256: sha256(GOOD) });
    await expect(installTool(tool, { ...place.context(lock), platform: 'darwin-arm64' })).rejects.toThrow('no locked release of example for darwin-arm64');
  });
});

describe('an installed tool', () => {
  async function install(): Promise<{ executable: string; find: () => ReturnType<typeof findInstalled>; lock: ReturnType<typeof lockOf> }> {
    server.serve(PATH, GOOD);
    const lock = lockOf({ sha256: sha256(GOOD) });
    const { executable } = await installTool(lock.tool, place.context(lock.lock));
    chmodSync(executable, 0o755);
    chmodSync(dirname(executable), 0o755);
    chmodSync(dirname(dirname(executable)), 0o755);
    return { executable, lock, find: () => findInstalled(lock.tool, place.context(lock.lock)) };
  }

  it('that was changed, or beside which a file or a link was put, is not used', async () => {
    const { executable, find } = await install();
    expect((await find()).status).toBe('ready');
    writeFileSync(join(dirname(executable), 'added'), '');
    expect(await find()).toEqual({ status: 'changed', problem: 'bin/added was added' });
    symlinkSync('/etc/passwd', join(dirname(executable), 'aaa'));
    expect((await find()).status).toBe('changed');
    appendFileSync(executable, '\n');
    expect(await find()).toEqual({ status: 'changed', problem: 'bin/example has changed' });
  });

  it('whose program became a link is not used', async () => {
    const { executable, find } = await install();
    const { rmSync } = await import('node:fs');
    rmSync(executable);
    symlinkSync('/bin/sh', executable);
    expect(await find()).toEqual({ status: 'changed', problem: 'bin/example has changed' });
  });

  it('is installed anew after that, and the old files are removed', async () => {
    const { executable, find, lock } = await install();
    appendFileSync(executable, '\n');
    const { executable: fresh } = await installTool(lock.tool, place.context(lock.lock));
    expect(fresh).not.toBe(executable);
    expect(existsSync(executable)).toBe(false);
    expect((await find()).status).toBe('ready');
  });

  it('is not taken for one of another entry of the lock', async () => {
    await install();
    const other = lockOf({ sha256: sha256(Buffer.from('other')) });
    expect(await findInstalled(other.tool, place.context(other.lock))).toEqual({ status: 'missing' });
  });

  it('whose record points elsewhere is not used', async () => {
    const { find } = await install();
    const record = leftOver().find((name) => name.endsWith('.json')) as string;
    const path = join(place.directory, 'cache', 'example', record);
    const content = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    for (const change of [{ directory: '../../elsewhere' }, { executable: '../../../../bin/sh' }, { files: null }]) {
      writeFileSync(path, JSON.stringify({ ...content, ...change }));
      expect((await find()).status).toBe('missing');
    }
    writeFileSync(path, '{');
    expect((await find()).status).toBe('missing');
  });

  it('in a cache that others may write to is not used', async () => {
    const { find } = await install();
    chmodSync(join(place.directory, 'cache', 'example'), 0o777);
    expect(await find()).toMatchObject({ status: 'changed', problem: expect.stringContaining('others may write') as string });
  });
});
