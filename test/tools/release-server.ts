import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import type { InstallContext, Lock, LockedTool, ReleaseAsset } from '../../src/tools/index.js';

/** A host of releases on this machine: answers by path, counts requests. */
export interface ReleaseServer {
  readonly url: string;
  readonly requests: string[];
  /** Bytes, or what is done with each request. */
  serve(path: string, answer: Buffer | ((response: ServerResponse, count: number) => void)): void;
  close(): Promise<void>;
}

export async function startReleaseServer(): Promise<ReleaseServer> {
  const answers = new Map<string, Buffer | ((response: ServerResponse, count: number) => void)>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').slice(1);
    requests.push(path);
    const answer = answers.get(path);
    if (answer === undefined) response.writeHead(404).end();
    else if (typeof answer === 'function') answer(response, requests.filter((one) => one === path).length);
    else response.writeHead(200, { 'content-length': answer.length }).end(answer);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    serve: (path, answer) => void answers.set(path, answer),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** One entry of a tar archive, of any type that the format has. */
export interface TarItem {
  readonly path: string;
  readonly content?: string | Buffer;
  readonly type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link' | 'CharacterDevice';
  readonly linkpath?: string;
}

/** A tar.gz of entries as they are given, however unusual. */
export function tarGz(items: readonly TarItem[]): Buffer {
  const blocks = items.flatMap(({ path, content = '', type = 'File', linkpath }) => {
    const body = Buffer.from(content);
    const header = new Header({ path, mode: 0o755, size: type === 'File' ? body.length : 0, type, uid: 0, gid: 0, mtime: new Date(0), ...(linkpath === undefined ? {} : { linkpath }) });
    const block = Buffer.alloc(512);
    header.encode(block, 0);
    return type === 'File' ? [block, body, Buffer.alloc((512 - (body.length % 512)) % 512)] : [block];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

export function sha256(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** A private folder with an empty cache, and a context that installs into it from a server. */
export interface Sandboxed {
  readonly directory: string;
  context(lock: Lock): InstallContext;
  remove(): void;
}

export function installInto(server: Pick<ReleaseServer, 'url'>): Sandboxed {
  const directory = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
  return {
    directory,
    context: (lock) => ({ lock, cache: join(directory, 'cache'), platform: 'linux-amd64', releaseHost: server.url, searchPath: [], environment: {}, pauseMs: 1 }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** A lock with one tool `example` of one release file. */
export function lockOf(asset: Partial<ReleaseAsset> & Pick<ReleaseAsset, 'sha256'>, denied: Readonly<Record<string, string>> = {}): { readonly lock: Lock; readonly tool: LockedTool } {
  const full: ReleaseAsset = { path: 'example/v1/example.tar.gz', archive: 'tar.gz', member: 'example', confirmedBy: ['a/a:x', 'b/b:y'], ...asset };
  const tool: LockedTool = { name: 'example', ways: [{ kind: 'release', version: '1.0.0', assets: { 'linux-amd64': full } }] };
  return { tool, lock: { tools: new Map([['example', tool]]), denied: new Map(Object.entries(denied)) } };
}

/** Puts a program into a folder that can be searched. */
export function program(directory: string, name: string, text: string): string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), text, { mode: 0o755 });
  return directory;
}
