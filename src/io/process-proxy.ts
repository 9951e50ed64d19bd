import { lookup } from 'node:dns/promises';
import { createServer } from 'node:http';
import { BlockList, connect, isIPv6 } from 'node:net';
import type { Socket } from 'node:net';

/** A proxy that is listening, until closed; every connection through it ends then. */
export interface AllowListProxy {
  close(): void;
}

/** Addresses that are nobody's on the internet: this machine, its networks, the cloud's metadata service (RFC 6890, RFC 4193, RFC 4291). */
const PRIVATE_V4 = new BlockList();
for (const [address, bits] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.168.0.0', 16], ['168.63.129.16', 32], ['224.0.0.0', 3]] as const) {
  PRIVATE_V4.addSubnet(address, bits, 'ipv4');
}
/** Of their own: a list with `::ffff:0:0/96` in it answers to every IPv4 address. */
const PRIVATE_V6 = new BlockList();
for (const [address, bits] of [['::', 96], ['::ffff:0:0', 96], ['64:ff9b::', 96], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8]] as const) {
  PRIVATE_V6.addSubnet(address, bits, 'ipv6');
}

/** Whether an address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  return isIPv6(address) ? !PRIVATE_V6.check(address, 'ipv6') : !PRIVATE_V4.check(address, 'ipv4');
}

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
  { port: wantedPort = HTTPS_PORT, mayConnect = isPublicAddress }: { readonly port?: number; readonly mayConnect?: (address: string) => boolean } = {},
): Promise<AllowListProxy> {
  const allowed = new Set(hosts.map((host) => host.toLowerCase()));
  const sockets = new Set<Socket>();
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
    void open(target.hostname, wantedPort, mayConnect).then((upstream) => {
      if (upstream === undefined) {
        client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
        return;
      }
      keep(upstream);
      upstream.setTimeout(CONNECT_TIMEOUT_MS, () => upstream.destroy());
      upstream.on('connect', () => {
        upstream.setTimeout(0);
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.write(head);
        upstream.pipe(client).pipe(upstream);
      });
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

/** Connects to the address that was judged, not to the name again. */
async function open(host: string, port: number, mayConnect: (address: string) => boolean): Promise<Socket | undefined> {
  try {
    const { address } = await lookup(host);
    return mayConnect(address) ? connect({ host: address, port }) : undefined;
  } catch {
    return undefined;
  }
}
