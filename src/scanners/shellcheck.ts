import type { Diagnostic, Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, requestedPaths, toArgument } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';

/** Shellcheck speaks of mistakes, not of risk: what it calls an error is often a syntax that other shells lack. */
const SEVERITY: Readonly<Record<string, Severity>> = { error: 'medium', warning: 'low', info: 'note', style: 'note' };
/** The parser gave up here: the rest of the file was not checked. */
const PARSE_ERRORS: ReadonlySet<number> = new Set([1072, 1073, 1088]);
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  enable: { type: 'strings', description: 'Optional checks by name, as `shellcheck --list-optional` prints them.' },
};

/**
 * Shellcheck, for shell scripts. Verified with 0.11.0: 0 no findings, 1 findings, 2 a file could not be read (the
 * findings of the others are printed), 3 and 4 wrong usage. Columns count characters, ends are exclusive.
 * It has no flag against `# shellcheck disable=` comments: they are counted and stated.
 */
export const shellcheck: Scanner = {
  name: 'shellcheck',
  executable: 'shellcheck',
  informationUri: 'https://www.shellcheck.net/',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  verifiedWith: '0.11.0',
  exitCodes: { '0': 'no findings', '1': 'findings', '2': 'a file could not be read', '3': 'wrong usage', '4': 'wrong usage' },
  splittable: true,
  pure: true,
  version: { args: ['--version'], parse: (stdout) => /^version: (\S+)/m.exec(stdout)?.[1] },
  applies: appliesTo(['shell'], 'shell script'),
  command: (request) => {
    const enable = readOptions('shellcheck', OPTIONS, request.options).list('enable');
    return {
      // Without `.shellcheckrc`, which could disable checks; without following `source` into other files.
      args: ['--norc', '--format', 'json1', '--color=never', ...(enable.length === 0 ? [] : [`--enable=${enable.join(',')}`]), '--', ...request.files.map((file) => toArgument(file.path))],
      completedCodes: [0, 1],
    };
  },
  parse: parseShellcheck,
  canary: { files: { 'canary.sh': { format: 'shell', text: '#!/bin/sh\nrm -rf "$1/"*\n' } }, ruleId: 'SC2115' },
};

function parseShellcheck(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = requestedPaths(request.files);
  const regionOf = createRegions(request.source, 'code-point');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = [];
  const root = asObject(parseJson(output.stdout), 'the document');
  let foreign = 0;
  for (const [index, entry] of asArray(root['comments'], 'comments').entries()) {
    const place = `comments[${index}]`;
    const comment = asObject(entry, place);
    const path = pathOf(asString(comment['file'], `${place}.file`));
    const code = wholeNumber(comment['code'], 1000);
    const message = asString(comment['message'], `${place}.message`);
    if (path === undefined || code === undefined || code > 9999) {
      foreign++;
      continue;
    }
    const region = regionOf(path, {
      startLine: wholeNumber(comment['line'], 1) ?? 1,
      startColumn: wholeNumber(comment['column'], 1),
      endLine: wholeNumber(comment['endLine'], 1),
      endColumn: wholeNumber(comment['endColumn'], 1),
    });
    if (PARSE_ERRORS.has(code)) {
      diagnostics.push({ level: 'warning', code: 'scanner-could-not-read', message: `shellcheck did not check the rest of this file: ${message}`, path, region });
      continue;
    }
    const severity = lookUp(SEVERITY, comment['level'], 'low');
    const ruleId = `SC${code}`;
    rules.add(createRule({ id: ruleId, title: `ShellCheck ${ruleId}`, severity, confidence: 'high', tags: ['shell'], helpUri: `https://www.shellcheck.net/wiki/${ruleId}` }));
    findings.push(createFinding({ tool: 'shellcheck', ruleId, severity, confidence: 'high', message, path, region }));
  }
  if (foreign > 0) diagnostics.push({ level: 'warning', code: 'foreign-path', message: `shellcheck reported ${foreign} findings that are not of its files or codes; they are left out.` });
  const silenced = request.files.reduce((sum, { path }) => sum + (request.source(path)?.match(/^[ \t]*#[ \t]*shellcheck[ \t]+(?:[a-z-]+=\S+[ \t]+)*disable=/gm)?.length ?? 0), 0);
  if (silenced > 0) diagnostics.push({ level: 'note', code: 'suppressed-in-source', message: `\`# shellcheck disable\` comments silence shellcheck at ${silenced} places; it has no option against them.` });
  return { rules: rules.list(), findings, diagnostics };
}
