import { ConfigurationError, type Diagnostic } from '../core/index.js';
import { logLine, oneLine } from '../report/escape.js';

/** The command line was used wrongly; the message says how it is used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Problems listed one by one; more are counted. */
const LISTED = 20;

/** An error for a person: what, where, next step. A stack trace only when asked for. Ends with a line feed. */
export function describeError(error: unknown, debug: boolean): string {
  const lines: string[] = [];
  if (error instanceof ConfigurationError) {
    if (error.diagnostics.length === 0) lines.push(`error: ${error.message}`);
    for (const diagnostic of error.diagnostics.slice(0, LISTED)) lines.push(describeDiagnostic(diagnostic));
    const rest = error.diagnostics.length - LISTED;
    if (rest > 0) lines.push(`… and ${rest} more`);
  } else {
    lines.push(`error: ${error instanceof Error ? error.message : String(error)}`);
    if (!(error instanceof UsageError) && !debug) lines.push('This is a defect of Bartizan: please report it, with the output of --debug.');
  }
  if (debug && error instanceof Error && error.stack !== undefined) lines.push(...error.stack.split('\n').slice(1));
  return `${lines.map((line) => logLine(oneLine(line, 2_000))).join('\n')}\n`;
}

/** `path:line:column: error: message`. */
export function describeDiagnostic({ path, region, level, message }: Diagnostic): string {
  const place = path === undefined ? '' : `${path}${region === undefined ? '' : `:${region.startLine}:${region.startColumn}`}: `;
  return `${place}${level}: ${message}`;
}
