import type { FileEntry, ScanResult, Scanner } from '../../src/core/index.js';
import { findExecutable, trustedDirectories } from '../../src/io/process-path.js';
import { DEFAULT_LIMITS, plainRunner } from '../../src/io/process-runner.js';
import type { Runner } from '../../src/io/process-runner.js';
import { runScanners } from '../../src/run/schedule.js';
import { scanRequest } from './request.js';
import { testPath } from './tools.js';

/** Runs the real tool over files of a folder, by default with nothing but a clean environment. */
export async function runTool(
  scanner: Scanner,
  root: string,
  files: readonly FileEntry[],
  { options = {}, runner }: { options?: Record<string, unknown>; runner?: Runner } = {},
): Promise<ScanResult> {
  const searchPath = testPath();
  const entry = { scanner, decision: 'run' as const, reason: 'test', files, options, wantsRule: () => true };
  const [result] = await runScanners([entry], {
    root,
    runner: runner ?? plainRunner(trustedDirectories(searchPath, root)),
    find: (name) => findExecutable(name, searchPath, root),
    source: scanRequest(root, files).source,
    limits: DEFAULT_LIMITS,
  });
  return result as ScanResult;
}

/** `rule path:line:column-line:column severity/confidence` of each finding that no comment silences, sorted. */
export function summarise(result: Pick<ScanResult, 'outcome'>): string[] {
  const { outcome } = result;
  if (outcome.status !== 'completed') return [`${outcome.status}: ${outcome.status === 'failed' ? outcome.error : outcome.reason}`];
  return outcome.findings
    .filter(({ suppression }) => suppression === undefined)
    .map(({ ruleId, locations: [{ path, region }], severity, confidence }) => {
      const place = region === undefined ? '' : `:${region.startLine}:${region.startColumn}-${region.endLine}:${region.endColumn}`;
      return `${ruleId} ${path}${place} ${severity}/${confidence}`;
    })
    .sort();
}
