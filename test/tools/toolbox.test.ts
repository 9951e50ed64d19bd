import { appendFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findExecutable } from '../../src/io/process-path.js';
import { installTool, prepareTools } from '../../src/tools/index.js';
import type { ToolboxRequest } from '../../src/tools/index.js';
import { installInto, lockOf, program, sha256, startReleaseServer, tarGz } from './release-server.js';
import type { ReleaseServer, Sandboxed } from './release-server.js';

const PATH = 'example/v1/example.tar.gz';
const GOOD = tarGz([{ path: 'example', content: '#!/bin/sh\n' }]);
const LOCK = lockOf({ sha256: sha256(GOOD) });

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

async function look(settings: Partial<ToolboxRequest['settings']>, { onPath = false, name = 'example' } = {}): Promise<unknown> {
  const searchPath = onPath ? program(join(place.directory, 'bin'), name, '#!/bin/sh\n') : '/nonexistent';
  const find = await prepareTools({
    executables: [name],
    settings: { install: 'never', offline: false, mirror: server.url, ...settings },
    environment: {},
    searchPath,
    workspace: '/nonexistent/workspace',
    onPath: (executable) => findExecutable(executable, searchPath, '/nonexistent/workspace'),
    lock: LOCK.lock,
    cache: join(place.directory, 'cache'),
    pauseMs: 1,
  });
  return find(name);
}

const fromPath = (): unknown => ({ found: true, path: join(place.directory, 'bin', 'example') });

describe('the tools of a scan', () => {
  it('that are not installed come from the PATH, or are said to be missing with what installs them', async () => {
    expect(await look({}, { onPath: true })).toEqual(fromPath());
    expect(await look({})).toEqual({ found: false, missing: expect.stringContaining('`bartizan tools install example`') as string });
    expect(await look({ install: 'auto', offline: true })).toEqual({ found: false, missing: expect.stringContaining('`tools.offline` is set') as string });
    expect(server.requests).toEqual([]);
  });

  it('are installed with `auto` and go before the PATH', async (context) => {
    server.serve(PATH, GOOD);
    // A release for this platform only: the test's lock has linux-amd64.
    if (process.platform !== 'linux' || process.arch !== 'x64') return void context.skip('the lock of this test has a release for linux-amd64 alone');
    expect(await look({ install: 'auto' }, { onPath: true })).toMatchObject({ found: true, path: expect.stringContaining('cache') as string });
    expect(server.requests).toHaveLength(1);
    expect(await look({ install: 'never' }, { onPath: true })).toMatchObject({ found: true, path: expect.stringContaining('cache') as string });
    expect(server.requests).toHaveLength(1);
  });

  it('come from the PATH when the network fails, and fail when there is none either', async () => {
    server.serve(PATH, (response) => void response.writeHead(503).end());
    expect(await look({ install: 'auto' }, { onPath: true })).toEqual(fromPath());
    place.remove();
    expect(await look({ install: 'auto' })).toEqual({ found: false, problem: expect.stringContaining('503') as string });
  });

  it('whose download is not what the lock says fail, whatever is on the PATH', async () => {
    server.serve(PATH, tarGz([{ path: 'example', content: 'evil' }]));
    expect(await look({ install: 'auto' }, { onPath: true })).toEqual({ found: false, problem: expect.stringContaining('checksum of example differs') as string });
  });

  it('that have changed fail, whatever is on the PATH, and are installed anew with `auto`', async () => {
    server.serve(PATH, GOOD);
    const { executable } = await installTool(LOCK.tool, place.context(LOCK.lock));
    chmodSync(executable, 0o755);
    appendFileSync(executable, 'evil');
    expect(await look({}, { onPath: true })).toEqual({ found: false, problem: expect.stringContaining('is not what was installed (bin/example has changed)') as string });
    expect(await look({ install: 'auto' })).toMatchObject({ found: true });
  });

  it('that the lock does not know come from the PATH', async () => {
    expect(await look({ install: 'auto' }, { onPath: true, name: 'unknown' })).toEqual({ found: true, path: join(place.directory, 'bin', 'unknown') });
  });
});
