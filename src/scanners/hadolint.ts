import { LineIndex, type Diagnostic, type Finding, type ParsedOutput, type Rule, type ScanOutput, type Scanner, type ScanRequest, type Severity, type Suppression } from '../core/index.js';
import { lookUp } from './shared/finding.js';
import { HADOLINT_RULES } from './shared/hadolint-rules.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import { requestedPaths, toArgument } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';
import { createSilencer, NO_REASON, type SilencingComment } from './shared/silenced.js';

/**
 * Hadolint's levels speak of good practice, not of risk: its `error` includes a deprecated
 * instruction. They are therefore mapped one lower than their names suggest.
 */
const SEVERITY: Readonly<Record<string, Severity>> = { error: 'medium', warning: 'low', info: 'note', style: 'note' };
const CONFIG_NAME = 'hadolint.yaml';
const CODE = /^(DL|SC)[0-9]{4}$/;
/** Hadolint could not parse the file: nothing of it was checked. */
const PARSE_ERROR = 'DL1000';

/**
 * Hadolint, for Dockerfiles. Verified with 2.15.1: with `--no-fail` it exits 0 when it has finished
 * and 1 when a file could not be read (then it prints nothing at all); a given configuration file
 * replaces the repository's; lines are exact, columns are 1 but for parse errors.
 */
export const hadolint: Scanner = {
  name: 'hadolint',
  executable: 'hadolint',
  informationUri: 'https://github.com/hadolint/hadolint',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  splittable: true,
  pure: true,
  version: { args: ['--version'], parse: (stdout) => /^Haskell Dockerfile Linter v?(\S+)/m.exec(stdout)?.[1] },
  options: { 'ignore-pragmas': { type: 'boolean', description: 'Reports also what `# hadolint ignore` comments silence.' } },
  verifiedWith: '2.15.1',
  exitCodes: { '0': 'finished (with `--no-fail`), findings or none', '1': 'a file could not be read' },
  applies(inventory) {
    const files = inventory.files.filter((file) => file.format === 'dockerfile');
    if (files.length === 0) return { applies: false, reason: 'no Dockerfiles' };
    return { applies: true, reason: files.length === 1 ? '1 Dockerfile' : `${files.length} Dockerfiles`, files };
  },
  command: (request) => ({
    args: [
      '--format', 'json', '--no-fail', '--no-color',
      // Ours instead of `.hadolint.yaml` of the workspace, which could ignore rules.
      '--config', `${request.configDirectory}/${CONFIG_NAME}`,
      // What comments silence is reported, and marked by us: it does not vanish.
      '--disable-ignore-pragma',
      ...request.files.map((file) => toArgument(file.path)),
    ],
    files: { [CONFIG_NAME]: 'ignored: []\n' },
    completedCodes: [0],
  }),
  parse: parseHadolint,
  canary: { files: { Dockerfile: { format: 'dockerfile', text: 'FROM debian:latest\n' } }, ruleId: 'DL3007' },
};

function parseHadolint(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = requestedPaths(request.files);
  const regionOf = createRegions(request.source, 'code-point');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = [];
  const pragmaAbove = createSilencer(request.source, 'hadolint', (line) => readPragma(line, /^\s*#\s*hadolint\s+ignore\s*=\s*([\w\s,]+)$/));
  let foreign = 0;

  for (const [index, entry] of asArray(parseJson(output.stdout), 'the document').entries()) {
    const place = `[${index}]`;
    const result = asObject(entry, place);
    const path = pathOf(asString(result['file'], `${place}.file`));
    const code = asString(result['code'], `${place}.code`);
    const message = asString(result['message'], `${place}.message`);
    if (path === undefined || !CODE.test(code)) {
      foreign++;
      continue;
    }
    const startLine = wholeNumber(result['line'], 1) ?? 1;
    if (code === PARSE_ERROR) {
      const startColumn = wholeNumber(result['column'], 1);
      const region = regionOf(path, { startLine, startColumn });
      diagnostics.push({ level: 'warning', code: 'scanner-could-not-read', message: `hadolint did not check this file: ${message}`, path, region });
      continue;
    }
    const severity = lookUp(SEVERITY, asString(result['level'], `${place}.level`), 'low');
    rules.add(describeRule(code, severity));
    const location = { path, region: regionOf(path, { startLine }) };
    const suppression = request.options['ignore-pragmas'] === true ? undefined : (pragmaAbove(location, [code], { above: 1, own: false }) ?? globalPragma(request, path, code));
    findings.push({
      ruleId: code,
      tool: 'hadolint',
      severity,
      confidence: 'high',
      message,
      reasons: [],
      locations: [location],
      related: [],
      flow: [],
      fingerprints: {},
      alsoReportedBy: [],
      ...(suppression !== undefined && { suppression }),
    });
  }
  if (foreign > 0) {
    diagnostics.push({ level: 'warning', code: 'foreign-path', message: `hadolint reported ${foreign} findings that are not of its files or rules; they are left out.` });
  }
  return { rules: rules.list(), findings, diagnostics };
}

/** `# hadolint ignore=DL3008,SC2046` with nothing behind it, as hadolint has it. */
function readPragma(line: string, form: RegExp): SilencingComment | undefined {
  const found = form.exec(line);
  if (found === null) return undefined;
  return { ids: (found[1] ?? '').split(',').map((id) => id.trim()), reason: '', index: line.indexOf('#'), length: line.trim().length };
}

/** `# hadolint global ignore=…` anywhere in the file. */
function globalPragma({ source }: ScanRequest, path: string, code: string): Suppression | undefined {
  const text = source(path);
  if (text?.includes('global') !== true) return undefined;
  const lines = new LineIndex(text);
  for (let line = 1; line <= lines.lineCount; line++) {
    const comment = readPragma(lines.line(line).slice(0, 2_000), /^\s*#\s*hadolint\s+global\s+ignore\s*=\s*([\w\s,]+)$/);
    if (comment?.ids.includes(code) === true) return { kind: 'inSource', by: 'hadolint', reason: NO_REASON, place: { path, region: { startLine: line, startColumn: comment.index + 1, endLine: line, endColumn: comment.index + 1 + comment.length } } };
  }
  return undefined;
}

function describeRule(code: string, severity: Severity): Rule {
  const known = HADOLINT_RULES[code];
  const shell = code.startsWith('SC');
  const title = known?.title ?? (shell ? `ShellCheck ${code}` : `Hadolint ${code}`);
  const helpUri = shell ? `https://www.shellcheck.net/wiki/${code}` : `https://github.com/hadolint/hadolint/wiki/${code}`;
  return {
    id: code,
    title,
    severity,
    confidence: 'high',
    tags: [...(known?.tags ?? []), 'dockerfile', ...(shell ? ['shell'] : [])],
    help: `${title}.\n\nWhat it means and how to repair it: <${helpUri}>`,
    helpUri,
  };
}
