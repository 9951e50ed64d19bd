import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { ConfigurationError, plural } from '../core/index.js';
import { GitHubError } from '../io/github.js';
import { openInput } from '../io/input-file.js';
import { filesBelow, listFolder } from '../io/input-folder.js';
import { writePieces } from '../io/output-file.js';
import { htmlLine } from '../report/escape.js';
import { STYLE } from '../report/html/style.js';
import { createCollector, csvOf, htmlOf, organizationAlerts, parseCsv, readReport, repositoryCount, type Collector } from '../rollup/index.js';
import { wholeText } from '../sarif/read-text.js';
import { UsageError } from './errors.js';
import type { CommandContext } from './index.js';
import { githubWith } from './ports.js';

export interface RollupFlags {
  readonly html?: string;
  readonly csv?: string;
  /** CSV of an earlier overview. */
  readonly since?: string;
  readonly org?: string;
}

/** Largest report that is read, in bytes; one is in memory at a time. */
const MAX_REPORT_BYTES = 128 << 20;
const MAX_REPORTS = 100_000;
const REPORT = /\.(?:sarif\.json|sarif|json)$/;

/**
 * `rollup [folder]`: reads reports of many repositories, or the alerts of an organisation, one after the other, and writes one
 * overview. Gives 0, or 2 when a report could not be read.
 */
export async function rollupCommand(folder: string | undefined, flags: RollupFlags, context: CommandContext, now = Date.now()): Promise<number> {
  if ((folder === undefined) === (flags.org === undefined)) throw new UsageError('`rollup` takes a folder with reports, or --org with the name of an organisation.');
  if (flags.html === undefined && flags.csv === undefined) throw new UsageError('Say what to write: --html <file>, --csv <file> or both.');
  const before = flags.since === undefined ? [] : parseCsv(wholeText(openInput(resolve(context.directory, flags.since), flags.since)), now);
  const collector = createCollector(before, now);
  if (folder !== undefined) readFolder(resolve(context.directory, folder), folder, collector, now);
  else await readOrganization(flags.org ?? '', collector, context, now);
  const overview = collector.overview();
  if (flags.csv !== undefined) writePieces(resolve(context.directory, flags.csv), csvOf(overview));
  if (flags.html !== undefined) writePieces(resolve(context.directory, flags.html), htmlOf(overview, { style: STYLE, styleSource: `sha256-${createHash('sha256').update(STYLE).digest('base64')}`, line: (text) => htmlLine(text, 300) }));
  const total = overview.repositories.reduce((sum, { findings }) => sum + findings, 0);
  await context.out.write(`${plural(total, 'finding')} in ${repositoryCount(overview.repositories.length)}\n`);
  const { logLine, oneLine } = await import('../report/escape.js');
  for (const problem of overview.problems) await context.err.write(`${logLine(oneLine(problem, 500))}\n`);
  return overview.problems.length === 0 ? 0 : 2;
}

function readFolder(path: string, name: string, collector: Collector, now: number): void {
  if (listFolder(path) === undefined) throw new ConfigurationError(`${name} is no folder that can be read.`);
  for (const file of filesBelow(path, MAX_REPORTS)) {
    if (!REPORT.test(file)) continue;
    const problem = readFile(join(path, file), file, collector, now);
    if (problem !== undefined) collector.problem(`${file} ${problem}`);
  }
}

function readFile(path: string, name: string, collector: Collector, now: number): string | undefined {
  let value: unknown;
  try {
    const input = openInput(path, name);
    if (input.size > MAX_REPORT_BYTES) return `is larger than ${MAX_REPORT_BYTES} bytes`;
    value = JSON.parse(wholeText(input));
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof SyntaxError)) throw error;
    return 'is no JSON';
  }
  const report = readReport(value, name.replace(REPORT, ''), now);
  if (report === undefined) return 'is neither a SARIF log nor a report of `bartizan scan --format json`';
  collector.saw(report.repository, report.unfinished);
  for (const finding of report.findings) collector.add(finding);
  return undefined;
}

async function readOrganization(org: string, collector: Collector, context: CommandContext, now: number): Promise<void> {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/.test(org)) throw new UsageError(`\`${org}\` is no name of an organisation.`);
  const token = context.environment.BARTIZAN_GITHUB_TOKEN;
  if (token === undefined || token === '') throw new UsageError('--org needs a token that may read code scanning alerts of the organisation, in the environment variable BARTIZAN_GITHUB_TOKEN.');
  const github = await githubWith(token, context);
  try {
    for await (const finding of organizationAlerts(github, org, now)) collector.add(finding);
  } catch (error) {
    if (error instanceof GitHubError) throw new ConfigurationError(`GitHub gave no alerts of ${org}: ${error.message}`);
    throw error;
  }
}
