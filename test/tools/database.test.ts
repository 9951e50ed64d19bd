import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ToolRequest, Runner } from '../../src/io/process-runner.js';
import { plainRunner } from '../../src/io/process-runner.js';
import { createSandbox } from '../../src/sandbox/index.js';
import { prepareDatabase } from '../../src/tools/index.js';
import type { DatabaseRequest } from '../../src/tools/index.js';
import { startReleaseServer } from './release-server.js';

const DAY = 86_400_000;
let directory: string;
let time: number;
let requests: ToolRequest[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
  mkdirSync(join(directory, 'bin'));
  time = 1_000 * DAY;
  requests = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A tool whose download is a shell script, with the directory as its first argument. */
function tool(script: string): Pick<DatabaseRequest, 'scanner' | 'executable'> {
  const executable = join(directory, 'bin', 'example');
  rmSync(executable, { force: true });
  writeFileSync(executable, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { executable, scanner: { name: 'example', database: { hosts: ['db.example.org'], command: (to) => ({ args: [to] }) } } };
}

function recording(runner: Runner = plainRunner(['/usr/bin', '/bin'])): Runner {
  return {
    isolation: runner.isolation,
    run: (request) => {
      requests.push(request);
      return runner.run(request);
    },
  };
}

function prepare(script: string, more: Partial<DatabaseRequest> = {}): ReturnType<typeof prepareDatabase> {
  return prepareDatabase({ ...tool(script), cache: join(directory, 'cache'), runner: recording(), fetch: true, now: () => time, ...more });
}

describe('a vulnerability database', () => {
  it('is fetched with its hosts, no workspace and no secret, and kept for a day', async () => {
    const first = await prepare('echo data > "$1/db"');
    expect(first).toMatchObject({ note: 'Its vulnerability database was fetched less than an hour ago.' });
    expect(requests).toHaveLength(1);
    const [request] = requests;
    expect(request?.capabilities).toEqual({ network: ['db.example.org'], secrets: [] });
    expect(existsSync(request?.workspace ?? '/')).toBe(false);
    expect(request?.readable).toEqual([]);
    time += DAY / 2;
    expect(await prepare('exit 1')).toMatchObject({ note: 'Its vulnerability database was fetched 12 hours ago.' });
    expect(requests).toHaveLength(1);
    time += DAY;
    await prepare('echo newer > "$1/db"');
    expect(requests).toHaveLength(2);
  });

  it('is used with its age where a newer one can not be had, and never when it is older than five days', async () => {
    await prepare('echo data > "$1/db"');
    time += 3 * DAY;
    expect(await prepare('echo refused >&2; exit 3')).toMatchObject({ note: expect.stringMatching(/3 days ago, since a newer one could not be had: .*exit code 3: refused/) as string });
    expect(await prepare('', { fetch: false })).toMatchObject({ note: expect.stringContaining('3 days ago') as string });
    time += 3 * DAY;
    expect(await prepare('', { fetch: false })).toEqual({ problem: expect.stringContaining('was fetched 6 days ago and is too old') as string });
    expect(await prepare('exit 3')).toEqual({ problem: expect.stringContaining('too old') as string });
  });

  it('that is missing, empty, of the future, or with a link in it is none', async () => {
    expect(await prepare('', { fetch: false })).toEqual({ problem: expect.stringContaining('is missing; nothing is fetched unless') as string });
    expect(requests).toEqual([]);
    expect(await prepare('true')).toEqual({ problem: expect.stringContaining('left nothing behind') as string });
    expect(await prepare('ln -s /etc/passwd "$1/db"')).toEqual({ problem: expect.stringContaining('has a link, db') as string });
    await prepare('echo data > "$1/db"');
    time -= 2 * DAY;
    expect(await prepare('', { fetch: false })).toEqual({ problem: expect.stringContaining('too old') as string });
  });

  it('that has changed since it was fetched is not used', async () => {
    const state = await prepare('echo data > "$1/db"');
    const database = 'directory' in state ? state.directory : '';
    expect(readFileSync(join(database, 'db'), 'utf8')).toBe('data\n');
    chmodSync(join(database, 'db'), 0o644);
    writeFileSync(join(database, 'db'), 'forged');
    expect(await prepare('', { fetch: false })).toEqual({ problem: expect.stringContaining('db has changed') as string });
  });

  it('is fetched inside the sandbox, which lets nothing but the database out', async (context) => {
    const sandbox = await createSandbox({ mode: 'auto', workspace: directory, pathVariable: '/usr/bin:/bin' });
    const server = await startReleaseServer();
    try {
      if (sandbox.isolation.level !== 'full') {
        context.skip(`no full sandbox here: ${sandbox.isolation.reason}`);
        return;
      }
      const port = new URL(server.url).port;
      const outside = join(directory, 'outside');
      const script = `echo data > "$1/db"; echo x > ${outside} 2>/dev/null; ls ${directory} > "$1/seen" 2>&1; env > "$1/env"
python3 -c "import socket; socket.create_connection(('127.0.0.1', ${port}), 3)" 2>/dev/null && echo reached > "$1/loopback"; true`;
      const state = await prepare(script, { runner: recording(sandbox) });
      expect(state).toHaveProperty('directory');
      const database = 'directory' in state ? state.directory : '';
      expect(readFileSync(join(database, 'db'), 'utf8')).toBe('data\n');
      expect(existsSync(outside)).toBe(false);
      // The server on this machine is not reached, although the tool has the network to its hosts.
      expect(existsSync(join(database, 'loopback'))).toBe(false);
      expect(server.requests).toEqual([]);
      expect(readFileSync(join(database, 'env'), 'utf8')).toMatch(/https_proxy=http:\/\/127\.0\.0\.1:/i);
    } finally {
      sandbox.close();
      await server.close();
    }
  });
});
