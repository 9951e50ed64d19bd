import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { setTimeout } from 'node:timers/promises';
import { scan, type Ports, type ScanRequest } from './app.js';
import type { GitHubRepository } from './configuration.js';
import { cancellation } from './commands/cancellation.js';
import { describeError } from './commands/errors.js';
import { systemPorts } from './commands/ports.js';
import { scanCommandLine } from './commands/command-line.js';
import { overridesFromInputs } from './config/inputs.js';
import { publicationFromInputs, type Publication } from './config/publication.js';
import { shardingFromInputs } from './config/sharding.js';
import { ConfigurationError, SEVERITIES, type Report } from './core/index.js';
import { actionsRunner, type ActionsRunner } from './io/actions.js';
import { readEnvironment } from './io/environment.js';
import type { Files } from './io/files.js';
import { gitHeadReader } from './io/git-head.js';
import type { GitHub } from './io/github.js';
import { baseOf, readRun, type GitHubRun } from './io/github-run.js';
import { writeReport } from './io/new-file.js';
import { hardenProcess } from './io/process-hygiene.js';
import { publishToActions, UNPUBLISHED } from './publish/actions.js';
import type { GitHubPublication, GitHubResult } from './publish/github.js';
import { checkedOut } from './publish/target.js';
import { allAnnotations, annotate, hiddenSentence } from './report/annotations.js';
import { renderComment } from './report/comment.js';
import { logLine } from './report/escape.js';
import { firstLogLines } from './report/first-lines.js';
import { headline } from './report/headline.js';
import { paragraph } from './report/paragraph.js';
import { SUMMARY_BYTES } from './report/summary.js';
import { renderLines } from './report/terminal.js';
import { jsonText } from './report/json.js';
import { toSarif } from './sarif/to-sarif.js';
import { buildUpload } from './sarif/upload.js';
import { versionControlOf } from './sarif/version-control.js';
import { VERSION } from './version.js';

/** Where the SARIF file goes when the input `sarif-file` is empty; relative to the runner's temporary folder. */
const SARIF_FILE = 'bartizan.sarif';

/** Runs as the Action: inputs in; log, annotations, summary, outputs and what GitHub itself shows out. */
async function main(runner: ActionsRunner): Promise<void> {
  const cache = runner.input('cache');
  const environment = { ...readEnvironment(), ...(cache !== '' && { BARTIZAN_CACHE: cache }) };
  const token = runner.input('github-token');
  if (token !== '') runner.mask(token);
  const publication = publicationFromInputs((name) => runner.input(name));
  const sharding = shardingFromInputs((name) => runner.input(name));
  const workspace = environment.GITHUB_WORKSPACE ?? process.cwd();
  const root = resolve(workspace, runner.input('path'));
  const config = runner.input('config');
  const overrides = overridesFromInputs((name) => runner.input(name));
  const ports = { ...systemPorts(root, environment.PATH ?? '', environment.BARTIZAN_THREADS), environment };
  const cancel = cancellation();
  const run = readRun(environment, publication.matrix);
  const base = run === undefined ? undefined : baseOf(run);
  const request: ScanRequest = {
    overrides,
    ...(config !== '' && { configFile: config }),
    ...(base !== undefined && { base: { revision: base.sha, branch: base.branch } }),
    reproduce: scanCommandLine(overrides.values, { path: runner.input('path'), config, base: base?.sha ?? '' }),
    signal: cancel.signal,
    onEvent: (event) => {
      if (event.type === 'started') runner.info(`${event.tool}: started`);
    },
  };
  const connected = { ...ports, ...(run !== undefined && token !== '' && { github: () => repository(run, token, runner), online: onlineOf(run, token, runner) }) };
  const step = { sharding, request, ports: connected, environment, workspace };
  if (sharding.mode === 'plan' || sharding.mode === 'shard') {
    const { planStep, shardStep } = await import('./action-shards.js');
    await (sharding.mode === 'plan' ? planStep : shardStep)(step, runner);
    cancel.dispose();
    return;
  }
  const report = sharding.mode === 'merge' ? await (await import('./action-shards.js')).mergeStep(step) : await scan(request, connected);
  cancel.dispose();
  const { gzip } = buildUpload(report, { versionControl: versionControlOf(environment), category: matrixWords(publication.matrix) });
  const sarifFile = resolve(workspace, publication.sarifFile ?? join(environment.RUNNER_TEMP ?? workspace, SARIF_FILE));
  // The very bytes that are uploaded; without a finished scanner the full report, for whoever looks for the reason.
  writeReport(sarifFile, gzip === undefined ? jsonText(toSarif(report, { variant: 'full' })) : gunzipSync(gzip).toString(), workspace);
  const reportFile = publication.report === undefined ? '' : resolve(workspace, publication.report);
  if (reportFile !== '') {
    const { renderHtml } = await import('./report/html/index.js');
    writeReport(reportFile, renderHtml(report), workspace);
  }
  const annotations = publication.annotations === 'off' ? { shown: [], hidden: { error: 0, warning: 0, notice: 0 } } : annotate(report);
  await publishToActions(
    {
      verdict: report.verdict,
      log: [...firstLogLines(report), ...renderLines(report).trimEnd().split('\n')],
      annotations: annotations.shown,
      hidden: hiddenSentence(annotations),
      summary: (notes) => renderComment(report, notes, SUMMARY_BYTES),
      paragraph: paragraph(report),
      outputs: outputs(report, sarifFile, reportFile),
    },
    runner,
    () => toGitHub({ report, publication, token, run, files: ports.files, gzip }, runner),
  );
}

/** The values of a matrix as words: `os=ubuntu-24.04 node=24`; what is no object stays as it is. */
function matrixWords(matrix: string): string {
  try {
    const values: unknown = JSON.parse(matrix);
    if (typeof values !== 'object' || values === null) return matrix;
    return Object.entries(values).map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`).join(' ');
  } catch {
    return matrix;
  }
}

/** The repository of the run, asked with the token of the job. */
async function repository(run: GitHubRun, token: string, runner: ActionsRunner): Promise<GitHubRepository> {
  const { owner, repo, pullRequest } = run;
  return { github: await connect(run, token, runner), owner, repo, pullRequest };
}

/** Actions of an Enterprise Server may come from github.com: what it does not have says nothing. */
function onlineOf(run: GitHubRun, token: string, runner: ActionsRunner): Ports['online'] {
  return run.serverUrl === 'https://github.com' ? () => connect(run, token, runner) : { unavailable: 'an Enterprise Server can not tell about actions of github.com' };
}

async function connect({ apiUrl }: GitHubRun, token: string, runner: ActionsRunner): Promise<GitHub> {
  const { connectGitHub } = await import('./io/github.js');
  return connectGitHub({
    token,
    apiUrl,
    userAgent: `bartizan/${VERSION}`,
    onWait: (seconds) => runner.info(`GitHub limits the rate of requests; waiting ${seconds} s.`),
  });
}

interface Publishing {
  readonly report: Report;
  readonly publication: Publication;
  readonly token: string;
  /** Undefined outside of GitHub Actions. */
  readonly run: GitHubRun | undefined;
  readonly files: Files;
  /** The upload; undefined when there is nothing to upload. */
  readonly gzip: Uint8Array | undefined;
}

async function toGitHub(given: Publishing, runner: ActionsRunner): Promise<GitHubResult> {
  const { publication, token, run } = given;
  const { upload, comment, annotations } = publication;
  if (upload === 'off' && comment === 'off' && annotations !== 'check') return UNPUBLISHED;
  const missing = run === undefined ? 'this is no run of GitHub Actions' : token === '' ? 'the input github-token is empty' : undefined;
  if (run === undefined || missing !== undefined) {
    const message = `Nothing was published to GitHub itself: ${missing}.`;
    return upload === 'on' ? { ...UNPUBLISHED, failures: [message] } : { ...UNPUBLISHED, notes: [message] };
  }
  const { publishToGitHub } = await import('./publish/github.js');
  return publishToGitHub(await wanted(given, run), run, await connect(run, token, runner), (seconds) => setTimeout(seconds * 1000));
}

async function wanted({ report, publication, files, gzip }: Publishing, run: GitHubRun): Promise<GitHubPublication> {
  const [{ uploadTarget }, { COMMENT_LENGTH, commentMarker }, { CHECK_SUMMARY_LENGTH }] = await Promise.all([
    import('./publish/target.js'),
    import('./publish/comment.js'),
    import('./publish/check-run.js'),
  ]);
  const { upload, comment, annotations } = publication;
  const { verdict } = report;
  const found = SEVERITIES.some((severity) => verdict.counts[severity] > 0);
  return {
    upload: upload === 'off' ? undefined : { gzip, target: uploadTarget(run, checkedOut(gitHeadReader(files.root))), startedAt: report.startedAt, required: upload === 'on' },
    check:
      annotations === 'check'
        ? { verdict: verdict.result, title: headline(report), summary: renderComment(report, [], CHECK_SUMMARY_LENGTH), annotations: allAnnotations(report) }
        : undefined,
    comment:
      comment === 'off'
        ? undefined
        : {
            required: comment === 'on',
            worthwhile: found || verdict.result !== 'pass',
            body: (notes) => renderComment(report, notes, COMMENT_LENGTH - commentMarker(run.job).length - 1),
          },
  };
}

function outputs({ verdict }: Report, sarifFile: string, reportFile: string): Record<string, string> {
  const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, String(verdict.counts[severity])]));
  return {
    verdict: verdict.result,
    reasons: JSON.stringify(verdict.reasons.map(({ message }) => message)),
    findings: String(SEVERITIES.reduce((sum, severity) => sum + verdict.counts[severity], 0)),
    ...counts,
    'sarif-file': sarifFile,
    'report-file': reportFile,
    matrix: '',
    'plan-file': '',
    'part-file': '',
  };
}

const runner = actionsRunner();
hardenProcess();
try {
  await main(runner);
} catch (error) {
  const { RUNNER_DEBUG } = readEnvironment();
  const message = describeError(error, RUNNER_DEBUG === '1').trimEnd();
  runner.fail(logLine(error instanceof ConfigurationError ? `Bartizan was not started: ${message}` : `Bartizan ended early: ${message}`));
  runner.output('verdict', 'error');
}
