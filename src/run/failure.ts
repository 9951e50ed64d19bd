import type { ProcessResult } from '../io/processes.js';

const LOG_LINES = 10;
const LINE_LENGTH = 500;

/**
 * Why a scanner's process did not give usable results, followed by the last lines of its log.
 * `problem` is what is wrong with the output of a process that ended as it should.
 */
export function describeFailure(result: ProcessResult, problem?: string): string {
  if (result.status === 'not-started') return `could not be started: ${result.error}`;
  const log = lastLines(result.stderr);
  return log === '' ? `${cause(result, problem)}` : `${cause(result, problem)}\n${log}`;
}

function cause(result: Exclude<ProcessResult, { status: 'not-started' }>, problem: string | undefined): string {
  switch (result.status) {
    case 'killed':
      return `was stopped: ${result.reason}`;
    case 'signalled':
      return `crashed (${result.signalName})`;
    case 'exited':
      return problem === undefined ? `ended with exit code ${result.exitCode}` : `${problem} (exit code ${result.exitCode})`;
  }
}

/** The end of a log. Not escaped: every renderer does that for its own format. */
function lastLines(log: Uint8Array): string {
  const lines = new TextDecoder('utf-8')
    .decode(log)
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '');
  return lines
    .slice(-LOG_LINES)
    .map((line) => (line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line))
    .join('\n');
}
