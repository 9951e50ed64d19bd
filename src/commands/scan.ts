import { relative, resolve, isAbsolute } from 'node:path';
import { planScan, scan, type ScanRequest } from '../app.js';
import { overridesFromFlags } from '../config/inputs.js';
import { writeReport } from '../io/new-file.js';
import { renderPlan } from '../report/plan.js';
import { jsonReport, jsonText } from '../report/json.js';
import { renderLines, renderTerminal } from '../report/terminal.js';
import type { Report } from '../core/index.js';
import { toSarif } from '../sarif/to-sarif.js';
import { versionControlOf, versionControlOfCheckout } from '../sarif/version-control.js';
import { baseRequest } from './base.js';
import { cancellation } from './cancellation.js';
import { quoted } from './command-line.js';
import type { CommandContext } from './index.js';
import { UsageError } from './errors.js';
import { onlineOf, systemPorts } from './ports.js';
import { progressLine } from './progress.js';

/** Flags of `scan` besides those of the settings. */
export interface ScanFlags {
  readonly format: 'text' | 'json' | 'sarif' | 'html';
  readonly output?: string;
  readonly all?: boolean;
  readonly explainPlan?: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly config?: string;
  /** False: `--no-cache`. */
  readonly cache?: boolean;
  /** The commit whose configuration decides. */
  readonly base?: string;
  /** `K/N`: this machine does one part of a spread scan. */
  readonly shard?: string;
  readonly plan?: string;
  readonly [flag: string]: unknown;
}

/** Where and how a report is written. */
export type OutputFlags = Pick<ScanFlags, 'format' | 'output' | 'all' | 'color'>;

/** `scan [path]`: runs the scan, writes what was asked for and gives the exit code of the verdict. */
export async function scanCommand(path: string, options: Record<string, unknown>, context: CommandContext): Promise<number> {
  const flags = options as unknown as ScanFlags;
  if (flags.shard !== undefined) return (await import('./shard.js')).shardCommand(path, flags, flags.shard, context);
  if (flags.plan !== undefined) throw new UsageError('--plan goes with --shard: a scan that is not spread has no plan.');
  const root = resolve(context.directory, path);
  const ports = { ...systemPorts(root, context.environment.PATH ?? '', context.environment.BARTIZAN_THREADS), environment: context.environment, online: onlineOf(context) };
  const cancel = cancellation();
  const progress = progressLine(context, flags.format === 'text' || flags.output !== undefined);
  const request: ScanRequest = { ...requestOf(flags, root, context, context.args), signal: cancel.signal, onEvent: progress.onEvent };
  try {
    if (flags.explainPlan === true) {
      const plan = await planScan(request, ports);
      progress.clear();
      await context.out.write(renderPlan(plan.inventory, plan.diagnostics, plan.scanners));
      return 0;
    }
    const report = await scan(request, ports);
    progress.clear();
    await writeScan(report, flags, context);
    return report.verdict.exitCode;
  } finally {
    progress.clear();
    cancel.dispose();
  }
}

/** A request by the flags that are settings. `args`: what repeats the scan. */
export function requestOf(flags: Pick<ScanFlags, 'config' | 'base' | 'cache'>, root: string, context: CommandContext, args: readonly string[]): ScanRequest {
  const base = baseRequest(flags.base, root, context.environment);
  return {
    overrides: overridesFromFlags(flagsByInput(flags)),
    ...(base !== undefined && { base }),
    ...(flags.cache === false && { cache: false }),
    ...(flags.config !== undefined && { configFile: insideWorkspace(flags.config, root, context.directory) }),
    reproduce: `bartizan ${args.map(quoted).join(' ')}`,
  };
}

/** Writes a report to where the flags say. */
export async function writeScan(report: Report, flags: OutputFlags, context: CommandContext): Promise<void> {
  const { out } = context;
  if (flags.output !== undefined) {
    writeReport(resolve(context.directory, flags.output), await document(report, flags.format, context), report.inventory.root);
    await out.write(text(report, flags, context));
    return;
  }
  await out.write(flags.format === 'text' ? text(report, flags, context) : await document(report, flags.format, context));
}

async function document(report: Report, format: ScanFlags['format'], { environment }: CommandContext): Promise<string> {
  if (format === 'html') return (await import('../report/html/index.js')).renderHtml(report);
  if (format === 'json') return jsonText(jsonReport(report));
  if (format === 'text') return renderLines(report);
  const [{ withFixes }, { shellParserAssets }] = await Promise.all([import('../repair-workspace.js'), import('../io/assets.js')]);
  return jsonText(toSarif(await withFixes(report, { shellParser: shellParserAssets }), { variant: 'full', versionControl: versionControlOf(environment) ?? (await ofCheckout(report.inventory.root, environment.PATH)) }));
}

/** Where the files come from, outside of a job that says it. */
async function ofCheckout(root: string, path = ''): Promise<ReturnType<typeof versionControlOf>> {
  const checkout = await (await import('../io/git-checkout.js')).localCheckout(path, root);
  return checkout === undefined ? undefined : versionControlOfCheckout(checkout);
}

function text(report: Report, flags: OutputFlags, { out, environment }: CommandContext): string {
  const color = flags.color === 'always' || (flags.color === 'auto' && wantsColor(out.isTerminal, environment));
  if (!out.isTerminal && flags.all !== true && flags.color !== 'always') return renderLines(report);
  return renderTerminal(report, { color, width: out.columns ?? 100, height: out.rows ?? 40, all: flags.all === true });
}

/** NO_COLOR and FORCE_COLOR as at no-color.org and force-color.org. */
function wantsColor(isTerminal: boolean, { NO_COLOR, FORCE_COLOR, TERM }: CommandContext['environment']): boolean {
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  return isTerminal && TERM !== 'dumb';
}

/** The argument parser names flags in camel case; inputs have their written names. */
function flagsByInput(flags: object): Record<string, string | boolean | undefined> {
  const values: Record<string, string | boolean | undefined> = {};
  for (const [flag, value] of Object.entries(flags)) {
    if (typeof value !== 'string' && typeof value !== 'boolean') continue;
    const name = flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    // `--no-external` gives `external: true` when it is absent: that is not a given value.
    if (name === 'external' && value === true) continue;
    values[name] = value;
  }
  return values;
}

/** The configuration file as a path in the workspace. */
function insideWorkspace(file: string, root: string, directory: string): string {
  const inside = relative(root, resolve(directory, file));
  if (inside !== '' && !inside.startsWith('..') && !isAbsolute(inside)) return inside.replaceAll('\\', '/');
  throw new UsageError(`The configuration file ${file} lies outside of the scanned folder. Give a file inside of it.`);
}
