import { join } from 'node:path';
import type { Capabilities, Isolation } from '../core/index.js';
import { createScratchDirectory, removeDirectory } from './process-directory.js';
import { watchMemory } from './process-memory.js';
import { runProcess } from './processes.js';
import type { ProcessResult } from './processes.js';

/** One start of a scanner's program, before it is decided how it is confined. */
export interface ToolRequest {
  /** Name of the scanner. */
  readonly tool: string;
  /** Absolute path of its program. */
  readonly executable: string;
  readonly args: readonly string[];
  readonly stdin?: string;
  /** Variables that the tool needs besides those that every program gets; never a secret. */
  readonly env?: Readonly<Record<string, string>>;
  /** Absolute path. */
  readonly workspace: string;
  /** Absolute path of the working directory, one of those that are readable; the workspace when not given. */
  readonly directory?: string;
  /** Further absolute paths that the program reads. */
  readonly readable: readonly string[];
  /** Where it writes its result instead of printing it: an empty directory in a readable one, and a file in it. */
  readonly result?: { readonly directory: string; readonly file: string };
  /** Absolute path of an empty directory outside of the workspace that it fills with a database; never given while it scans. */
  readonly fills?: string;
  readonly capabilities: Capabilities;
  readonly limits: ToolLimits;
  readonly signal?: AbortSignal;
}

/** What one start of a program may use up. */
export interface ToolLimits {
  readonly timeoutMs: number;
  readonly maxStdoutBytes: number;
  /** How much of the end of standard error is kept. */
  readonly maxStderrBytes: number;
  /** Resident memory of the process and all that it starts, and data segment of each of them. */
  readonly memoryBytes: number;
}

export const DEFAULT_LIMITS: ToolLimits = {
  timeoutMs: 600_000,
  maxStdoutBytes: 64 * 1_048_576,
  maxStderrBytes: 65_536,
  memoryBytes: 4 * 1024 * 1_048_576,
};

/** Starts scanners' programs; the application decides which runner there is. Never rejects. */
export interface Runner {
  /** How it confines what it starts. */
  readonly isolation: Isolation;
  run(request: ToolRequest): Promise<ProcessResult>;
}

/**
 * Prints the result file as the last thing on standard output, from inside the confinement: the
 * file may be a link to anything, and inside there is nothing to be had by one.
 */
const COLLECT = 'result=$1; shift; "$@" >&2; code=$?; if [ -f "$result" ] && [ ! -L "$result" ]; then cat "$result"; fi; exit $code';

/** Program and arguments with the result file collected, where there is one. */
export function collectingCommand({ executable, args, result }: Pick<ToolRequest, 'executable' | 'args' | 'result'>): { readonly executable: string; readonly args: readonly string[] } {
  if (result === undefined) return { executable, args };
  return { executable: '/bin/sh', args: ['-c', COLLECT, 'sh', join(result.directory, result.file), executable, ...args] };
}

/**
 * A runner that confines nothing but the environment: the program gets a search path, an empty home
 * and a temporary directory, no variable of ours, no standard input and no descriptor.
 */
export function plainRunner(searchPath: readonly string[], isolation: Isolation = { level: 'none', mechanism: 'none' }): Runner {
  return {
    isolation,
    async run(request) {
      let home: string;
      try {
        home = createScratchDirectory();
      } catch (error) {
        return { status: 'not-started', error: `no temporary directory: ${(error as Error).message}` };
      }
      try {
        const { stdin, workspace, limits, signal, capabilities } = request;
        if (capabilities.secrets.length > 0) {
          return { status: 'not-started', error: `it needs the secret ${capabilities.secrets[0]}, which is given in a full sandbox only` };
        }
        return await runProcess({
          ...collectingCommand(request),
          cwd: request.directory ?? workspace,
          env: {
            ...request.env,
            PATH: searchPath.join(process.platform === 'win32' ? ';' : ':'),
            HOME: join(home, 'home'),
            TMPDIR: join(home, 'tmp'),
            LANG: 'C.UTF-8',
          },
          ...(stdin === undefined ? {} : { stdin }),
          timeoutMs: limits.timeoutMs,
          maxStdoutBytes: limits.maxStdoutBytes,
          maxStderrBytes: limits.maxStderrBytes,
          onStart: (pid, stop) => watchMemory(pid, limits.memoryBytes, stop),
          ...(signal === undefined ? {} : { signal }),
        });
      } finally {
        removeDirectory(home);
      }
    },
  };
}
