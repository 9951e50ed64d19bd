import type { ToolRequest } from '../io/process-runner.js';
import type { ProcessResult } from '../io/processes.js';

/** What programs and libraries say when there is no network, or when they may not write. */
const NO_NETWORK = /network is unreachable|ENETUNREACH|temporary failure in name resolution|name or service not known|EAI_AGAIN|ENOTFOUND|no such host|could not resolve host|dial tcp/i;
const NO_WRITING = /read-only file system|EROFS/i;

/**
 * Adds to the log of a program that failed what it seems to have needed without its adapter declaring it, so that the failure names
 * the need. A guess from the log, which changes nothing but the log.
 */
export function explainRefusal(request: ToolRequest, result: ProcessResult): ProcessResult {
  if (result.status !== 'exited' || result.exitCode === 0) return result;
  const log = result.stderr.toString('utf8');
  const needs = [
    ...(request.capabilities.network.length === 0 && NO_NETWORK.test(log) ? ['the network'] : []),
    ...(NO_WRITING.test(log) ? ['to write outside of its home and temporary directory'] : []),
  ];
  if (needs.length === 0) return result;
  const line = `sandbox: ${request.tool} seems to need ${needs.join(' and ')}, which its adapter does not declare`;
  return { ...result, stderr: Buffer.concat([result.stderr, Buffer.from(`${log.endsWith('\n') || log === '' ? '' : '\n'}${line}\n`)]) };
}
