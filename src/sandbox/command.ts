import type { ProcessRequest } from '../io/processes.js';
import type { ToolRequest } from '../io/process-runner.js';

/** What a mechanism starts in place of the tool: a program with arguments, and what it reads from descriptor 3. */
export interface ConfinedCommand {
  readonly executable: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly descriptor3?: Uint8Array;
}

/** Puts the limits and the input of the tool around a confined command. */
export function processRequest(command: ConfinedCommand, request: ToolRequest): ProcessRequest {
  const { stdin, signal, limits } = request;
  return {
    ...command,
    // Neither launcher reads anything by a relative path.
    cwd: '/',
    ...(stdin === undefined ? {} : { stdin }),
    timeoutMs: limits.timeoutMs,
    maxStdoutBytes: limits.maxStdoutBytes,
    maxStderrBytes: limits.maxStderrBytes,
    ...(signal === undefined ? {} : { signal }),
  };
}
