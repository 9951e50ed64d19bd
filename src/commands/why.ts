import { resolve } from 'node:path';
import { scan } from '../app.js';
import { overridesFromFlags } from '../config/inputs.js';
import { plural } from '../core/index.js';
import { jsonReport, type JsonReport } from '../report/json.js';
import { oneLine } from '../report/escape.js';
import { findByFingerprint, renderWhy } from '../report/why.js';
import { SCANNERS } from '../scanners/index.js';
import { readJsonReport } from './json-report.js';
import type { CommandContext } from './index.js';
import { UsageError } from './errors.js';
import { systemPorts } from './ports.js';
import { requestOf } from './scan.js';

/** Flags of `why`. */
export interface WhyFlags {
  /** A JSON report instead of a scan. */
  readonly from?: string;
  readonly base?: string;
  readonly config?: string;
}

/**
 * `why <fingerprint> [path]`: the way of one finding from the tool to the gate.
 * @throws UsageError when there is no such finding, or several whose fingerprints begin so.
 */
export async function whyCommand(fingerprint: string, path: string, flags: WhyFlags, context: CommandContext): Promise<void> {
  if (!/^[0-9a-f]{8,32}$/.test(fingerprint)) throw new UsageError('A fingerprint has 32 hexadecimal digits, of which the first 8 are enough: `bartizan scan --all` shows it below a finding, JSON and SARIF as `bartizan/v1`.');
  const { report, unreported } = flags.from === undefined ? await scanned(fingerprint, path, flags, context) : { report: readJsonReport(flags.from, context.directory), unreported: undefined };
  const found = findByFingerprint(report, fingerprint);
  const [finding, second] = found;
  if (finding === undefined) {
    throw new UsageError(`There is no finding ${fingerprint} in ${flags.from === undefined ? 'this scan' : flags.from}. It may be repaired, or its lines have changed, which gives it another fingerprint.`);
  }
  if (second !== undefined && second.fingerprints['bartizan/v1'] !== finding.fingerprints['bartizan/v1']) {
    throw new UsageError(`${plural(found.length, 'finding')} begin with ${fingerprint}: ${found.slice(0, 5).map((one) => `${one.fingerprints['bartizan/v1'] ?? ''} (${oneLine(one.rule, 100)})`).join(', ')}. Give more digits.`);
  }
  await context.out.write(renderWhy(report, finding, SCANNERS.find(({ name }) => name === finding.tool), unreported));
}

/** The scan as configured, and where the finding is not in it, one that leaves nothing out. */
async function scanned(fingerprint: string, path: string, flags: WhyFlags, context: CommandContext): Promise<{ readonly report: JsonReport; readonly unreported: string | undefined }> {
  const root = resolve(context.directory, path);
  const ports = { ...systemPorts(root, context.environment.PATH ?? '', context.environment.BARTIZAN_THREADS), environment: context.environment };
  const request = requestOf(flags, root, context, context.args);
  const report = jsonReport(await scan(request, ports));
  if (findByFingerprint(report, fingerprint).length > 0) return { report, unreported: undefined };
  const all = jsonReport(await scan({ ...request, overrides: overridesFromFlags({ confidence: 'low', 'report-from': 'note' }) }, ports));
  const [found] = findByFingerprint(all, fingerprint);
  if (found === undefined) return { report, unreported: undefined };
  const { confidence } = report.verdict;
  const unsure = confidence === 'high' ? found.confidence !== 'high' : confidence === 'medium' && found.confidence === 'low';
  return { report: { ...all, verdict: report.verdict }, unreported: unsure ? `it is less sure than \`confidence: ${confidence}\`` : `it is below \`report-from\`` };
}
