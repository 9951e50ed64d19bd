import { placeOf, plural, redactCredentials, type Format, type Isolation, type Report, type ScanResult } from '../core/index.js';
import { fit, wrap } from './display.js';
import { oneLine } from './escape.js';
import { duration } from './headline.js';
import type { Style } from './style.js';

/** Where `<format> file` is not what people say. */
const FORMAT_WORDS: Partial<Record<Format, readonly [one: string, more: string]>> = {
  'github-workflow': ['GitHub workflow', 'GitHub workflows'],
  'github-action': ['GitHub action', 'GitHub actions'],
  dependabot: ['Dependabot file', 'Dependabot files'],
  shell: ['shell script', 'shell scripts'],
  dockerfile: ['Dockerfile', 'Dockerfiles'],
  javascript: ['JavaScript file', 'JavaScript files'],
  typescript: ['TypeScript file', 'TypeScript files'],
  csharp: ['C# file', 'C# files'],
  php: ['PHP file', 'PHP files'],
  'npm-manifest': ['npm package', 'npm packages'],
  'gitlab-ci': ['GitLab CI file', 'GitLab CI files'],
  travis: ['Travis file', 'Travis files'],
  'azure-pipelines': ['Azure pipeline', 'Azure pipelines'],
  'bitbucket-pipelines': ['Bitbucket pipeline', 'Bitbucket pipelines'],
  jenkinsfile: ['Jenkinsfile', 'Jenkinsfiles'],
  circleci: ['CircleCI file', 'CircleCI files'],
  'argo-workflow': ['Argo workflow', 'Argo workflows'],
  codebuild: ['AWS CodeBuild file', 'AWS CodeBuild files'],
  'cloud-build': ['Google Cloud Build file', 'Google Cloud Build files'],
};

/** Files with problems that are named on a screen. */
const NAMED_FILES = 3;

/** Version, how many files were looked at, and what they are. */
export function header(report: Report, width: number, look: Style): string {
  const { files, total } = report.inventory;
  const counts = new Map<Format, number>();
  for (const { format } of files) counts.set(format, (counts.get(format) ?? 0) + 1);
  const kinds = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([format, count]) => `${count.toLocaleString('en-US')} ${formatWord(format, count)}`);
  const words = `${files.length.toLocaleString('en-US')} of ${plural(total, 'file')} scanned`;
  const rest = [words, ...(kinds.length > 0 ? [kinds.join(', ')] : [])].join(' · ');
  const name = `Bartizan ${oneLine(report.version, 30)}`;
  return `${look.strong(name)} · ${fit(rest, width - name.length - 3)}`;
}

function formatWord(format: Format, count: number): string {
  const words = FORMAT_WORDS[format];
  if (words !== undefined) return words[count === 1 ? 0 : 1];
  const name = format.replaceAll('-', ' ');
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)} file${count === 1 ? '' : 's'}`;
}

/** A line for each scanner that ran, one for those that were skipped, and the files that could not be judged. */
export function scannerLines(report: Report, width: number, look: Style, all: boolean): readonly string[] {
  const ran = report.results.filter(({ outcome }) => outcome.status !== 'skipped');
  const column = Math.min(20, Math.max(8, ...ran.map(({ tool }) => oneLine(tool.name, 20).length)));
  const lines = ran.flatMap((result) => scannerLine(result, column, width, look));
  const byReason = new Map<string, string[]>();
  for (const { tool, outcome } of report.results) {
    if (outcome.status !== 'skipped') continue;
    const reason = oneLine(outcome.reason, 80);
    byReason.set(reason, [...(byReason.get(reason) ?? []), oneLine(tool.name, 40)]);
  }
  const skipped = [...byReason].map(([reason, names]) => `${names.join(', ')} (${reason})`);
  if (skipped.length > 0) {
    const text = wrap(`skipped: ${skipped.join('; ')}`, width - 4, all ? 40 : 2);
    lines.push(...text.map((line, index) => look.faint(`  ${index === 0 ? '–' : ' '} ${line}`)));
  }
  return [...lines, ...diagnosticLines(report, width, look, all)];
}

function scannerLine({ tool, outcome, startedAt, endedAt, isolation }: ScanResult, column: number, width: number, look: Style): readonly string[] {
  const name = fit(oneLine(tool.name, 40), column).padEnd(column);
  if (outcome.status === 'failed') {
    const error = wrap(`failed: ${oneLine(redactCredentials(outcome.error), 400)}`, width - column - 6, 2);
    return error.map((line, index) => (index === 0 ? `  ${look.bad('✖')} ${name}  ${line}` : `${' '.repeat(column + 6)}${line}`));
  }
  const count = outcome.status === 'completed' ? outcome.findings.length : 0;
  const time = duration(endedAt - startedAt).padEnd(8);
  return [`  ${look.good('✔')} ${name}  ${look.faint(time)}  ${(count === 0 ? 'no findings' : plural(count, 'finding')).padEnd(13)}  ${look.faint(confinement(isolation))}`.trimEnd()];
}

/** How a scanner was confined, in a word or two; the policies run in this process and start nothing. */
function confinement(isolation: Isolation | undefined): string {
  if (isolation === undefined) return 'in process';
  const network = isolation.network === undefined || isolation.network.length === 0 ? '' : ` · network: ${oneLine(isolation.network.join(', '), 60)}`;
  return `sandbox ${isolation.level}${network}`;
}

function diagnosticLines(report: Report, width: number, look: Style, all: boolean): readonly string[] {
  const order = { error: 0, warning: 1, note: 2 } as const;
  const found = report.results
    .flatMap(({ tool, diagnostics }) => diagnostics.map((diagnostic) => ({ tool, diagnostic })))
    .sort((a, b) => order[a.diagnostic.level] - order[b.diagnostic.level]);
  const shown = all ? found : found.slice(0, NAMED_FILES);
  const lines = shown.map(({ tool, diagnostic: { level, path, region, message } }) => {
    const place = path === undefined ? oneLine(tool.name, 60) : oneLine(placeOf({ path, ...(region && { region }) }), 200);
    const sign = level === 'error' ? look.bad('✖') : '!';
    return `  ${sign} ${fit(`${place}  ${level === 'error' ? 'not judged: ' : ''}${oneLine(redactCredentials(message), 400)}`, width - 4)}`;
  });
  if (found.length > shown.length) lines.push(`    … ${plural(found.length - shown.length, 'problem')} more (add --all)`);
  return lines;
}
