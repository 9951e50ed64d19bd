import { lookup } from 'node:dns/promises';
import { createServer, request } from 'node:http';
import { request as requestSecure } from 'node:https';
import { BlockList, connect, isIPv6 } from 'node:net';
import type { Socket } from 'node:net';

/** A proxy that is listening, until closed; every connection through it ends then. */
export interface AllowListProxy {
  close(): void;
}

/** Addresses that are nobody's on the internet: this machine, its networks, the cloud's metadata service (RFC 6890, RFC 4193, RFC 4291), and ways to write those as others (NAT64, 6to4, Teredo). */
const PRIVATE_V4 = new BlockList();
for (const [address, bits] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['168.63.129.16', 32], ['224.0.0.0', 3]] as const) {
  PRIVATE_V4.addSubnet(address, bits, 'ipv4');
}
/** Of their own: a list with `::ffff:0:0/96` in it answers to every IPv4 address. */
const PRIVATE_V6 = new BlockList();
for (const [address, bits] of [['::', 96], ['::ffff:0:0', 96], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8]] as const) {
  PRIVATE_V6.addSubnet(address, bits, 'ipv6');
}

/** Whether an address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  return isIPv6(address) ? !PRIVATE_V6.check(address, 'ipv6') : !PRIVATE_V4.check(address, 'ipv4');
}

/** How connections are made; for tests. */
export interface ProxyOptions {
  readonly port?: number;
  readonly mayConnect?: (address: string) => boolean;
  /** The proxy of the runner's own network for a host, if there is one. */
  readonly upstreamFor?: (host: string) => Promise<URL | undefined>;
  readonly limits?: Partial<ProxyLimits>;
}

/** What may go through one proxy while a tool runs; a tunnel beyond is closed. */
export interface ProxyLimits {
  /** At a time. */
  readonly tunnels: number;
  /** Bytes of all tunnels together, to the hosts and from them. */
  readonly sent: number;
  readonly received: number;
  /** How long a tunnel may be silent. */
  readonly idleMs: number;
}

const MEBIBYTE = 1_048_576;
/** Enough for the largest database (1 GB) and for reports about the largest workspace. */
const LIMITS: ProxyLimits = { tunnels: 64, sent: 256 * MEBIBYTE, received: 4_096 * MEBIBYTE, idleMs: 120_000 };

const HTTPS_PORT = 443;
const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Listens on a Unix socket for HTTP CONNECT and lets pass what goes to one of the hosts on the port for HTTPS, by
 * names only and to public addresses only, so that a name can't be turned into the runner's own network. All else
 * is answered with 403. Rejects when the socket can't be made.
 */
export async function startAllowListProxy(
  socketPath: string,
  hosts: readonly string[],
  { port: wantedPort = HTTPS_PORT, mayConnect = isPublicAddress, upstreamFor = runnerProxy, limits: given = {} }: ProxyOptions = {},
): Promise<AllowListProxy> {
  const allowed = new Set(hosts.map((host) => host.toLowerCase()));
  const limits = { ...LIMITS, ...given };
  const sockets = new Set<Socket>();
  const counted = { tunnels: 0, sent: 0, received: 0 };
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((_request, response) => response.writeHead(403).end());
  server.on('connection', keep);
  server.on('connect', (request, client: Socket, head: Buffer) => {
    const text = `http://${request.url ?? ''}`;
    const target = URL.canParse(text) ? new URL(text) : undefined;
    // URL drops the port that is the default of its scheme, which is never the wanted one.
    if (target === undefined || !allowed.has(target.hostname.toLowerCase()) || target.port !== String(wantedPort)) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    if (counted.tunnels >= limits.tunnels) {
      client.end('HTTP/1.1 429 Too Many Requests\r\n\r\n');
      return;
    }
    counted.tunnels++;
    client.once('close', () => counted.tunnels--);
    void open(target.hostname, wantedPort, mayConnect, upstreamFor).then((upstream) => {
      if (upstream === undefined) {
        client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
        return;
      }
      keep(upstream);
      if (client.destroyed) {
        upstream.destroy();
        return;
      }
      const end = (): void => {
        client.destroy();
        upstream.destroy();
      };
      upstream.setTimeout(limits.idleMs, end);
      upstream.on('data', (chunk: Buffer) => (counted.received += chunk.length) > limits.received && end());
      client.on('data', (chunk: Buffer) => (counted.sent += chunk.length) > limits.sent && end());
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      counted.sent += head.length;
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
      upstream.on('close', () => client.destroy());
      client.on('close', () => upstream.destroy());
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return {
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A connection to the host, by the runner's own proxy where there is one; undefined when there can be none. */
async function open(host: string, port: number, mayConnect: (address: string) => boolean, upstreamFor: (host: string) => Promise<URL | undefined>): Promise<Socket | undefined> {
  try {
    const upstream = await upstreamFor(host);
    if (upstream !== undefined) return await throughProxy(upstream, host, port);
    const { address } = await lookup(host);
    // Connects to the address that was judged, not to the name again.
    return mayConnect(address) ? await connected(connect({ host: address, port })) : undefined;
  } catch {
    return undefined;
  }
}

function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('timeout')));
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket));
  });
}

/** Where the runner reaches the network by a proxy only, names are looked up there: its addresses can't be judged here. */
function throughProxy(proxy: URL, host: string, port: number): Promise<Socket> {
  const authorization = proxy.username === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`).toString('base64')}` };
  return new Promise((resolve, reject) => {
    const target = `${host}:${port}`;
    const outgoing = (proxy.protocol === 'https:' ? requestSecure : request)({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: target, headers: { host: target, ...authorization }, timeout: CONNECT_TIMEOUT_MS });
    outgoing.on('connect', (response, socket: Socket, head: Buffer) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        reject(new Error(`the proxy answered with status ${response.statusCode}`));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('timeout')));
    outgoing.on('response', (response) => reject(new Error(`the proxy answered with status ${response.statusCode}`)));
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** The proxy that the environment names for a host (`HTTPS_PROXY`, `NO_PROXY`). */
async function runnerProxy(host: string): Promise<URL | undefined> {
  if ((process.env['HTTPS_PROXY'] ?? process.env['https_proxy'] ?? '') === '') return undefined;
  const { getProxyUrl } = await import('@actions/http-client');
  const url = getProxyUrl(`https://${host}`);
  return url === '' ? undefined : new URL(url);
}
