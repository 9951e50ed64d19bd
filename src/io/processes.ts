import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { coverInheritedDescriptors } from './process-descriptors.js';
import { killTree, TREE_VARIABLE } from './process-tree.js';

/** A child process to start. Nothing is inherited that is not named here. */
export interface ProcessRequest {
  /** Absolute path of the program. */
  readonly executable: string;
  readonly args: readonly string[];
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  /** Text for standard input, which is closed otherwise. */
  readonly stdin?: string;
  /** Bytes that the child reads from descriptor 3. */
  readonly descriptor3?: Uint8Array;
  readonly timeoutMs: number;
  /** Largest size of standard output; a child that writes more is killed. */
  readonly maxStdoutBytes: number;
  /** Standard error beyond this is read and dropped, oldest first. */
  readonly maxStderrBytes: number;
  readonly signal?: AbortSignal;
  /**
   * Called with the process id once it runs, may end it by calling `stop` with a reason. What it
   * returns is called when the process has ended.
   */
  readonly onStart?: (pid: number, stop: (reason: string) => void) => () => void;
}

interface Output {
  readonly stdout: Buffer;
  /** The last `maxStderrBytes` of standard error. */
  readonly stderr: Buffer;
  readonly durationMs: number;
}

/** How a child ended. Never thrown. */
export type ProcessResult =
  | ({ readonly status: 'exited'; readonly exitCode: number } & Output)
  /** Ended by a signal that we did not send. */
  | ({ readonly status: 'signalled'; readonly signalName: string } & Output)
  /** Killed by us with everything that it started. */
  | ({ readonly status: 'killed'; readonly cause: KillCause; readonly reason: string } & Output)
  | { readonly status: 'not-started'; readonly error: string };

/** `stopped` is by `onStart`, as a watchdog does. */
export type KillCause = 'timeout' | 'output' | 'cancelled' | 'stopped';

/** How long the pipes may stay open after the child has ended: descendants can hold them. */
const DRAIN_MS = 1000;

/**
 * Starts a program without a shell, in a process group of its own, and collects what it prints.
 * Whatever happens, nothing of its process group is alive when the promise settles. Never rejects.
 */
export function runProcess(request: ProcessRequest): Promise<ProcessResult> {
  if (request.signal?.aborted === true) {
    return Promise.resolve({ status: 'not-started', error: 'cancelled before it was started' });
  }
  const mark = randomUUID();
  let child: ChildProcess;
  try {
    child = spawn(request.executable, [...request.args], {
      cwd: request.cwd,
      env: { ...request.env, [TREE_VARIABLE]: mark },
      shell: false,
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: coverInheritedDescriptors([
        request.stdin === undefined ? ('ignore' as const) : ('pipe' as const),
        'pipe' as const,
        'pipe' as const,
        ...(request.descriptor3 === undefined ? [] : ['pipe' as const]),
      ]),
    });
  } catch (error) {
    // Node throws for a null byte in an argument and the like.
    return Promise.resolve({ status: 'not-started', error: describe(error) });
  }
  return new Promise((resolve) => supervise(child, mark, request, resolve));
}

function supervise(
  child: ChildProcess,
  mark: string,
  request: ProcessRequest,
  resolve: (result: ProcessResult) => void,
): void {
  const startedAt = performance.now();
  const stdout: Buffer[] = [];
  let stdoutBytes = 0;
  const stderr = createTail(request.maxStderrBytes);
  let killed: { cause: KillCause; reason: string } | undefined;
  let ended: { code: number | null; signalName: NodeJS.Signals | null } | undefined;
  let drain: NodeJS.Timeout | undefined;
  let settled = false;

  const kill = (cause: KillCause, reason: string): void => {
    if (killed !== undefined || ended !== undefined || child.pid === undefined) return;
    killed = { cause, reason };
    killTree(child.pid, mark);
  };
  const onAbort = (): void => kill('cancelled', 'cancelled');
  const timer = setTimeout(
    () => kill('timeout', `did not finish within ${formatSeconds(request.timeoutMs)}`),
    request.timeoutMs,
  );
  request.signal?.addEventListener('abort', onAbort, { once: true });

  const settle = (result: ProcessResult): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    clearTimeout(drain);
    request.signal?.removeEventListener('abort', onAbort);
    resolve(result);
  };
  const finish = (): void => {
    if (ended === undefined) return;
    const output: Output = {
      stdout: Buffer.concat(stdout, stdoutBytes),
      stderr: stderr.value(),
      durationMs: performance.now() - startedAt,
    };
    if (killed !== undefined) settle({ status: 'killed', ...killed, ...output });
    else if (ended.code !== null) settle({ status: 'exited', exitCode: ended.code, ...output });
    else settle({ status: 'signalled', signalName: ended.signalName ?? 'unknown', ...output });
  };

  child.on('error', (error) => {
    // Also emitted when a signal can't be sent to a running child; only a failed start has no pid.
    if (child.pid === undefined) settle({ status: 'not-started', error: describe(error) });
  });
  child.stdout?.on('data', (chunk: Buffer) => {
    if (killed?.cause === 'output') return;
    const room = request.maxStdoutBytes - stdoutBytes;
    const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
    stdout.push(part);
    stdoutBytes += part.length;
    if (chunk.length > room) kill('output', `printed more than ${formatMegabytes(request.maxStdoutBytes)}`);
  });
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  for (const stream of [child.stdout, child.stderr]) stream?.on('error', () => {});
  feed(child.stdin, request.stdin);
  feed(child.stdio[3] as Writable | null | undefined, request.descriptor3);

  let onEnd: (() => void) | undefined;
  child.on('exit', (code, signalName) => {
    ended = { code, signalName };
    onEnd?.();
    if (child.pid !== undefined) killTree(child.pid, mark);
    drain = setTimeout(() => {
      for (const stream of child.stdio) (stream as Readable | null | undefined)?.destroy();
      finish();
    }, DRAIN_MS);
  });
  child.on('close', finish);
  if (child.pid !== undefined) onEnd = request.onStart?.(child.pid, (reason) => kill('stopped', reason));
}

function feed(stream: Writable | null | undefined, data: string | Uint8Array | undefined): void {
  if (stream === null || stream === undefined || data === undefined) return;
  // A child that closes its input early is no error of ours.
  stream.on('error', () => {});
  stream.end(data);
}

/** Keeps the last `limit` bytes of a stream in at most twice that memory. */
function createTail(limit: number): { push(chunk: Buffer): void; value(): Buffer } {
  let chunks: Buffer[] = [];
  let size = 0;
  const compact = (): void => {
    const all = Buffer.concat(chunks, size);
    const kept = Buffer.from(all.subarray(Math.max(0, all.length - limit)));
    chunks = [kept];
    size = kept.length;
  };
  return {
    push(chunk) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > 2 * limit + 65_536) compact();
    },
    value() {
      compact();
      return chunks[0] as Buffer;
    },
  };
}

function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'the program or its interpreter does not exist';
  if (code === 'EACCES') return 'the program may not be executed';
  if (code === 'E2BIG') return 'the argument list is too long';
  return message;
}

function formatSeconds(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}

function formatMegabytes(bytes: number): string {
  return bytes % 1_048_576 === 0 ? `${bytes / 1_048_576} MB` : `${bytes} bytes`;
}
