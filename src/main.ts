import { join, resolve } from 'node:path';
import { scan } from './app.js';
import { describeError } from './commands/errors.js';
import { systemPorts } from './commands/ports.js';
import { overridesFromInputs } from './config/inputs.js';
import { ConfigurationError, SEVERITIES, type Report } from './core/index.js';
import { actionsRunner, type ActionsRunner } from './io/actions.js';
import { readEnvironment } from './io/environment.js';
import { writeReport } from './io/new-file.js';
import { publishToActions } from './publish/actions.js';
import { annotate, hiddenSentence } from './report/annotations.js';
import { logLine } from './report/escape.js';
import { paragraph } from './report/paragraph.js';
import { renderSummary } from './report/summary.js';
import { renderLines } from './report/terminal.js';
import { jsonText } from './report/json.js';
import { toSarif } from './sarif/to-sarif.js';

/** Where the SARIF file goes when the input `sarif-file` is empty; relative to the runner's temporary folder. */
const SARIF_FILE = 'bartizan.sarif';

/** Runs as the Action: inputs in, log, annotations, summary and outputs out. */
async function main(runner: ActionsRunner): Promise<void> {
  const environment = readEnvironment();
  const workspace = environment.GITHUB_WORKSPACE ?? process.cwd();
  const path = runner.input('path') || '.';
  const root = resolve(workspace, path);
  const config = runner.input('config');
  const failOn = runner.input('fail-on');
  const report = await scan(
    {
      overrides: overridesFromInputs((name) => runner.input(name)),
      ...(config !== '' && { configFile: config }),
      reproduce: `bartizan scan ${path}${failOn === '' ? '' : ` --fail-on ${failOn}`}`,
      onEvent: (event) => {
        if (event.type === 'started') runner.info(`${event.tool}: started`);
      },
    },
    systemPorts(root, environment.PATH ?? ''),
  );
  const sarifFile = resolve(workspace, runner.input('sarif-file') || join(environment.RUNNER_TEMP ?? workspace, SARIF_FILE));
  writeReport(sarifFile, jsonText(toSarif(report, { variant: 'upload' })));
  const annotations = annotate(report);
  await publishToActions(
    {
      verdict: report.verdict,
      log: renderLines(report).trimEnd().split('\n'),
      annotations: annotations.shown,
      hidden: hiddenSentence(annotations),
      summary: renderSummary(report),
      paragraph: paragraph(report),
      outputs: outputs(report, sarifFile),
    },
    runner,
  );
}

function outputs({ verdict }: Report, sarifFile: string): Record<string, string> {
  const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, String(verdict.counts[severity])]));
  return {
    verdict: verdict.result,
    reasons: JSON.stringify(verdict.reasons.map(({ message }) => message)),
    findings: String(SEVERITIES.reduce((sum, severity) => sum + verdict.counts[severity], 0)),
    ...counts,
    'sarif-file': sarifFile,
  };
}

const runner = actionsRunner();
try {
  await main(runner);
} catch (error) {
  const { RUNNER_DEBUG } = readEnvironment();
  const message = describeError(error, RUNNER_DEBUG === '1').trimEnd();
  runner.fail(logLine(error instanceof ConfigurationError ? `Bartizan was not started: ${message}` : `Bartizan ended early: ${message}`));
  runner.output('verdict', 'error');
}
