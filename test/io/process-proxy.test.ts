import { createServer, connect } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { isPublicAddress, startAllowListProxy } from '../../src/io/process-proxy.js';
import type { AllowListProxy, ProxyLimits } from '../../src/io/process-proxy.js';

let upstream: Server | undefined;
let proxy: AllowListProxy | undefined;

afterEach(() => {
  proxy?.close();
  upstream?.close();
});

/** Says a request to the proxy and answers with all that comes back. */
function ask(socketPath: string, request: string, then = ''): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(socketPath, () => socket.write(request));
    socket.on('data', (chunk) => {
      if (answer === '' && then !== '') socket.write(then);
      answer += chunk.toString('utf8');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', () => resolve(answer));
  });
}

async function start(mayConnect?: (address: string) => boolean): Promise<{ socketPath: string; port: number }> {
  upstream = createServer((socket) => socket.on('data', (chunk) => socket.end(`echo ${chunk.toString('utf8')}`)));
  await new Promise<void>((resolve) => upstream?.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  const socketPath = join(mkdtempSync(join(tmpdir(), 'bartizan-test-')), 'proxy');
  proxy = await startAllowListProxy(socketPath, ['127.0.0.1'], { port, ...(mayConnect === undefined ? {} : { mayConnect }) });
  return { socketPath, port };
}

it('lets an allowed host on the wanted port pass', async () => {
  const { socketPath, port } = await start(() => true);
  expect(await ask(socketPath, `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n\r\n`, 'hello')).toBe('HTTP/1.1 200 Connection established\r\n\r\necho hello');
});

it('refuses every other host, port and method', async () => {
  const { socketPath, port } = await start(() => true);
  for (const target of [`localhost:${port}`, `127.0.0.1.evil.example:${port}`, `127.0.0.1:${port + 1}`, '127.0.0.1', '', `user@127.0.0.1@evil.example:${port}`, `[::1]:${port}`]) {
    expect(await ask(socketPath, `CONNECT ${target} HTTP/1.1\r\nHost: x\r\n\r\n`), target).toMatch(/^HTTP\/1\.1 40[03]/);
  }
  expect(await ask(socketPath, `GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403/);
});

it('refuses an allowed name with an address of the machine or its networks', async () => {
  const { socketPath, port } = await start();
  expect(await ask(socketPath, `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403/);
});

it('goes by the proxy of the runner where there is one, with its password, and refuses where that refuses', async () => {
  const { socketPath: unused, port } = await start(() => true);
  expect(unused).not.toBe('');
  const seen: string[] = [];
  const outer = createHttpServer();
  outer.on('connect', (request, client: Socket) => {
    seen.push(`${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`);
    if (seen.length > 1) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    const inner = connect({ host: '127.0.0.1', port }, () => inner.pipe(client).pipe(inner));
    inner.on('error', () => client.destroy());
    client.on('error', () => inner.destroy());
  });
  await new Promise<void>((resolve) => {
    outer.listen(0, '127.0.0.1', resolve);
  });
  try {
    proxy?.close();
    const socketPath = join(mkdtempSync(join(tmpdir(), 'bartizan-test-')), 'proxy');
    const url = new URL(`http://user:pass%40@127.0.0.1:${(outer.address() as AddressInfo).port}`);
    // The name is looked up by the runner's proxy: no address is judged here.
    proxy = await startAllowListProxy(socketPath, ['db.example.org'], { port, mayConnect: () => false, upstreamFor: () => Promise.resolve(url) });
    const request = `CONNECT db.example.org:${port} HTTP/1.1\r\nHost: x\r\n\r\n`;
    expect(await ask(socketPath, request, 'hello')).toBe('HTTP/1.1 200 Connection established\r\n\r\necho hello');
    expect(seen).toEqual([`db.example.org:${port} Basic ${Buffer.from('user:pass@').toString('base64')}`]);
    expect(await ask(socketPath, request)).toMatch(/^HTTP\/1\.1 403/);
    expect(await ask(socketPath, `CONNECT other.example.org:${port} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403/);
    expect(seen).toHaveLength(2);
  } finally {
    outer.closeAllConnections();
    outer.close();
  }
});

/** A proxy with small limits before a server that answers each byte with `times` bytes, and never ends by itself. */
async function limited(limits: Partial<ProxyLimits>, times = 1): Promise<{ socketPath: string; hello: string }> {
  upstream = createServer((socket) => {
    socket.on('data', (chunk) => socket.write(Buffer.alloc(chunk.length * times, 'x')));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => upstream?.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  const socketPath = join(mkdtempSync(join(tmpdir(), 'bartizan-test-')), 'proxy');
  proxy = await startAllowListProxy(socketPath, ['127.0.0.1'], { port, mayConnect: () => true, limits });
  return { socketPath, hello: `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n\r\n` };
}

const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';

it('ends a tunnel that is silent for too long', async () => {
  const { socketPath, hello } = await limited({ idleMs: 50 });
  expect(await ask(socketPath, hello)).toBe(ESTABLISHED);
});

it('ends a tunnel through which too much is sent or received, and lets no more through afterwards', async () => {
  const sending = await limited({ sent: 1000, idleMs: 5000 });
  expect((await ask(sending.socketPath, sending.hello, 'y'.repeat(2000))).length).toBeLessThan(4000);
  expect(await ask(sending.socketPath, sending.hello, 'y')).toBe(ESTABLISHED);
  proxy?.close();
  upstream?.close();
  const receiving = await limited({ received: 1000, idleMs: 5000 }, 5000);
  expect((await ask(receiving.socketPath, receiving.hello, 'y')).startsWith(ESTABLISHED)).toBe(true);
  expect((await ask(receiving.socketPath, receiving.hello, 'y')).length).toBeLessThan(10_000);
});

it('has so many tunnels at a time and no more', async () => {
  const { socketPath, hello } = await limited({ tunnels: 2, idleMs: 5000 });
  const open = await Promise.all([0, 1].map(() => new Promise<Socket>((resolve) => {
    const socket = connect(socketPath, () => socket.write(hello));
    socket.once('data', () => resolve(socket));
  })));
  expect(await ask(socketPath, hello)).toMatch(/^HTTP\/1\.1 429/);
  for (const socket of open) socket.destroy();
});

it('ends all tunnels when it is closed', async () => {
  const { socketPath, hello } = await limited({ idleMs: 60_000 });
  const answer = new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(socketPath, () => socket.write(hello));
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      proxy?.close();
    });
    socket.on('close', () => resolve(text));
  });
  expect(await answer).toBe(ESTABLISHED);
});

it('knows public addresses', () => {
  for (const address of ['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.0.1', '169.254.169.254', '168.63.129.16', '100.64.0.1', '0.0.0.0', '255.255.255.255', '::1', '::', '::ffff:127.0.0.1', 'fe80::1', 'fd00::1', 'ff02::1', '2002:7f00:1::', '2001:0:7f00:1::', '64:ff9b::7f00:1', 'fec0::1', '198.18.0.1']) {
    expect(isPublicAddress(address), address).toBe(false);
  }
  for (const address of ['1.1.1.1', '140.82.112.3', '172.15.0.1', '2606:4700::1111']) expect(isPublicAddress(address), address).toBe(true);
});
