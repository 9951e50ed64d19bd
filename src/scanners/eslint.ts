import type { Diagnostic, Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, requestedAbsolutePaths, toArgument } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';

/** The plugin has no severities; ours are by what its rules speak of. `detect-object-injection` is mostly wrong. */
const SEVERITY: Readonly<Record<string, Severity>> = {
  'detect-eval-with-expression': 'high',
  'detect-child-process': 'medium',
  'detect-unsafe-regex': 'medium',
  'detect-non-literal-require': 'medium',
  'detect-bidi-characters': 'high',
  'detect-object-injection': 'note',
  'any other rule': 'low',
};
const CONFIG_NAME = 'eslint.config.mjs';
/** The plugin is taken from where eslint itself lies: never from the workspace, whose packages are code of a pull request. */
const CONFIG = (noInlineConfig: boolean): string => `import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
const security = createRequire(realpathSync(process.argv[1]))('eslint-plugin-security');
const rules = Object.fromEntries(Object.keys(security.rules).map((name) => ['security/' + name, 'warn']));
export default [{ files: ['**/*.js', '**/*.mjs', '**/*.cjs', '**/*.jsx'], languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } }, plugins: { security }, rules, linterOptions: { noInlineConfig: ${noInlineConfig}, reportUnusedDisableDirectives: 'off' } }];
`;
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  'ignore-comments': { type: 'boolean', description: 'Reports also what `eslint-disable` comments silence.' },
};

/**
 * ESLint with eslint-plugin-security, for JavaScript. Verified with 10.15.0 and plugin 4.1.0: 0 and 1
 * finished, 2 crash or a wrong configuration (also when the plugin is not installed beside eslint). Lines and columns
 * count from 1 in UTF-16 code units, ends are exclusive. `--config` replaces every configuration of the repository.
 */
export const eslint: Scanner = {
  name: 'eslint',
  executable: 'eslint',
  informationUri: 'https://github.com/eslint-community/eslint-plugin-security',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  verifiedWith: '10.15.0',
  exitCodes: { '0': 'finished, warnings or none', '1': 'finished, a file has syntax errors', '2': 'failure' },
  splittable: true,
  version: { args: ['--version'], parse: (stdout) => /^v([0-9]+\.[0-9]+\.\S+)/m.exec(stdout)?.[1] },
  applies: appliesTo(['javascript'], 'JavaScript file'),
  command: (request) => ({
    args: ['--config', `${request.configDirectory}/${CONFIG_NAME}`, '--no-ignore', '--no-error-on-unmatched-pattern', '--format', 'json', '--', ...request.files.map((file) => toArgument(file.path))],
    files: { [CONFIG_NAME]: CONFIG(readOptions('eslint', OPTIONS, request.options).flag('ignore-comments')) },
    completedCodes: [0, 1],
  }),
  parse: parseEslint,
  canary: { files: { 'canary.js': { format: 'javascript', text: 'eval(input);\n' } }, ruleId: 'security/detect-eval-with-expression' },
};

function parseEslint(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = requestedAbsolutePaths(request.root, request.files);
  const regionOf = createRegions(request.source, 'utf16');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  for (const [index, entry] of asArray(parseJson(output.stdout), 'the document').entries()) {
    const file = asObject(entry, `[${index}]`);
    const path = pathOf(asString(file['filePath'], `[${index}].filePath`));
    if (path === undefined) continue;
    seen.add(path);
    for (const [at, value] of asArray(file['messages'], `[${index}].messages`).entries()) {
      const place = `[${index}].messages[${at}]`;
      const message = asObject(value, place);
      const text = asString(message['message'], `${place}.message`);
      const region = regionOf(path, {
        startLine: wholeNumber(message['line'], 1) ?? 1,
        startColumn: wholeNumber(message['column'], 1),
        endLine: wholeNumber(message['endLine'], 1),
        endColumn: wholeNumber(message['endColumn'], 1),
      });
      const ruleId = message['ruleId'];
      if (typeof ruleId !== 'string') {
        diagnostics.push({ level: 'warning', code: 'scanner-could-not-read', message: `eslint did not check this file: ${text.slice(0, 500)}`, path, region });
        continue;
      }
      // Comments of the file can switch other rules on.
      const name = /^security\/([a-z-]{1,60})$/.exec(ruleId)?.[1];
      if (name === undefined) continue;
      const severity = lookUp(SEVERITY, name, 'low');
      rules.add(
        createRule({
          id: ruleId,
          title: name.replaceAll('-', ' ').replace(/^d/, 'D'),
          severity,
          tags: ['javascript', 'security'],
          helpUri: `https://github.com/eslint-community/eslint-plugin-security/blob/main/docs/rules/${name}.md`,
        }),
      );
      findings.push(createFinding({ tool: 'eslint', ruleId, severity, message: text, path, region }));
    }
  }
  for (const { path } of request.files) {
    if (!seen.has(path)) diagnostics.push({ level: 'warning', code: 'scanner-could-not-read', message: 'eslint did not check this file and gave no reason.', path });
  }
  return { rules: rules.list(), findings, diagnostics };
}
