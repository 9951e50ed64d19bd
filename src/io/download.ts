import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** One file to fetch. */
export interface DownloadRequest {
  /** `https:`, or `http:` to a loopback address. */
  readonly url: string;
  /** Absolute path of the file to write, which must not exist. */
  readonly to: string;
  /** More than this is never written. */
  readonly maxBytes: number;
  /** Longest silence of the server; 30 s when not given. */
  readonly idleMs?: number;
  /** Longest time for one try; 10 min when not given. */
  readonly totalMs?: number;
  readonly tries?: number;
  /** Before the second try; doubled for each further one. */
  readonly pauseMs?: number;
  readonly signal?: AbortSignal;
}

export interface Downloaded {
  /** In hexadecimal, of what was written. */
  readonly sha256: string;
  readonly bytes: number;
}

/** A file could not be fetched. `transient` causes lie in the network: another try or another source may help. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  constructor(
    message: string,
    readonly transient: boolean,
  ) {
    super(message);
  }
}

const REQUEST_TIMEOUT = 408;
const TOO_MANY_REQUESTS = 429;

/**
 * Fetches a file through the proxies of the environment (`HTTPS_PROXY`, `NO_PROXY`), hashing what it writes. Causes
 * in the network are tried again with growing pauses; others, and a file that is larger than allowed, are not.
 * Throws `DownloadError`; what was written until then is the caller's to remove.
 */
export async function download(request: DownloadRequest): Promise<Downloaded> {
  const { tries = 3, pauseMs = 1_000, signal } = request;
  refuseUnsafe(request.url);
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchOnce(request);
    } catch (error) {
      const failure = toDownloadError(error, request.url);
      if (!failure.transient || attempt >= tries || signal?.aborted === true) throw failure;
      await pause(pauseMs * 2 ** (attempt - 1), undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    }
  }
}

async function fetchOnce({ url, to, maxBytes, idleMs = 30_000, totalMs = 600_000, signal }: DownloadRequest): Promise<Downloaded> {
  const { HttpClient } = await import('@actions/http-client');
  // Redirects from https to http are refused by the client itself.
  const client = new HttpClient('bartizan', [], { socketTimeout: idleMs, allowRetries: false, maxRedirects: 5, keepAlive: false });
  const deadline = AbortSignal.timeout(totalMs);
  const stop = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  const file = await open(to, 'w', 0o600);
  try {
    const { message } = await client.get(url);
    const status = message.statusCode ?? 0;
    const onStop = (): void => void message.destroy(new Error(signal?.aborted === true ? 'cancelled' : `it took longer than ${totalMs / 1000} s`));
    stop.addEventListener('abort', onStop, { once: true });
    if (stop.aborted) onStop();
    try {
      if (status !== 200) {
        message.destroy();
        throw new DownloadError(`${shown(url)} answered with status ${status}`, status >= 500 || status === REQUEST_TIMEOUT || status === TOO_MANY_REQUESTS);
      }
      const announced = Number(message.headers['content-length']);
      if (announced > maxBytes) {
        message.destroy();
        throw tooLarge(url, maxBytes);
      }
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of message as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw tooLarge(url, maxBytes);
        hash.update(chunk);
        await file.write(chunk);
      }
      if (Number.isFinite(announced) && bytes !== announced) throw new DownloadError(`${shown(url)} ended after ${bytes} of ${announced} bytes`, true);
      return { sha256: hash.digest('hex'), bytes };
    } finally {
      stop.removeEventListener('abort', onStop);
    }
  } finally {
    await file.close();
    client.dispose();
  }
}

function tooLarge(url: string, maxBytes: number): DownloadError {
  return new DownloadError(`${shown(url)} is larger than ${maxBytes} bytes`, false);
}

/** Plain HTTP can be read and changed on its way: it is for tests and mirrors on this very machine. */
function refuseUnsafe(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) throw new DownloadError(`${url.slice(0, 200)} is not a URL`, false);
  const loopback = parsed.hostname === '127.0.0.1' || parsed.hostname === '[::1]' || parsed.hostname === 'localhost';
  if (parsed.protocol !== 'https:' && !(parsed.protocol === 'http:' && loopback)) throw new DownloadError(`${shown(url)} is not fetched: only https is`, false);
}

/** Without user, password and query, which may hold credentials. */
function shown(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function toDownloadError(error: unknown, url: string): DownloadError {
  if (error instanceof DownloadError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new DownloadError('the disk is full', false);
  if (code === 'EACCES' || code === 'EROFS' || code === 'EEXIST') return new DownloadError(`it can't be written: ${message}`, false);
  return new DownloadError(`${shown(url)} can't be reached: ${message === '' ? (code ?? 'unknown') : message}`, true);
}
