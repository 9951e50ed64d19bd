import { resolve } from 'node:path';
import { planScan, scan, type ScanRequest } from '../app.js';
import { ConfigurationError, plural } from '../core/index.js';
import { isPlainPath } from '../io/files.js';
import { createFile, replaceFile } from '../io/new-file.js';
import { BASELINE_FILE, baselineOf, baselineText, readBaseline } from '../triage/baseline.js';
import { systemPorts } from './ports.js';
import type { CommandContext } from './index.js';

/**
 * `baseline [path]`: scans and writes what is found as known; suppressed findings are no part of it.
 * @throws ConfigurationError when a scanner did not finish: then nobody knows what is gone.
 */
export async function baselineCommand(path: string, context: CommandContext): Promise<void> {
  const root = resolve(context.directory, path);
  const ports = systemPorts(root, context.environment.PATH ?? '', context.environment.BARTIZAN_THREADS);
  const request: ScanRequest = { overrides: { source: 'flag', values: {} }, reproduce: 'bartizan baseline', ignoreBaseline: true };
  const { settings } = await planScan(request, ports);
  const target = settings.baseline === undefined || settings.baseline === 'none' || settings.baseline === 'auto' ? BASELINE_FILE : settings.baseline;
  if (!isPlainPath(target)) throw new ConfigurationError(`The baseline ${target} must be a path in the workspace, relative to its top.`);
  const exists = ports.files.kind(target) !== undefined;
  const former = exists ? (readBaseline(ports.files, target) ?? []) : [];
  const report = await scan(request, ports);
  const failed = report.results.flatMap(({ tool, outcome }) => (outcome.status === 'failed' ? [tool.name] : []));
  if (failed.length > 0) throw new ConfigurationError(`${failed.join(', ')} did not finish, so nobody knows which findings are gone; ${target} stays as it is. \`bartizan scan\` tells more.`);
  const entries = baselineOf(report.results, former);
  const text = baselineText(entries);
  if (exists) replaceFile(ports.files.root, target, text);
  else if (!createFile(ports.files.root, target, text)) throw new ConfigurationError(`${target} was written by somebody else in the meantime. Run the command again.`);
  const before = new Set(former.map(({ fingerprint }) => fingerprint));
  const added = entries.filter(({ fingerprint }) => !before.has(fingerprint)).length;
  const gone = before.size - (entries.length - added);
  await context.out.write(`${target}: ${plural(entries.length, 'known finding')}, ${added} added, ${gone} gone\n`);
}
