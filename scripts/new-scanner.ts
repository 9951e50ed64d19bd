import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** `osv-scanner` as the name of a constant: `osvScanner`. */
function constantName(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Names of the adapters: the files of `src/scanners`, helpers live in its folder `shared`. */
export function adapterNames(root: string): string[] {
  return readdirSync(join(root, 'src/scanners'), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'index.ts')
    .map((entry) => entry.name.slice(0, -3))
    .sort();
}

/** Text of `src/scanners/index.ts`, the registry, for these adapters. */
export function registrySource(names: readonly string[]): string {
  const imports = names.map((name) => `import { ${constantName(name)} } from './${name}.js';`);
  return [
    '// Generated from the files of this folder by scripts/new-scanner.ts; a test compares them.',
    "import type { Scanner } from '../core/index.js';",
    ...imports,
    '',
    '/** Every external scanner, by name. */',
    `export const SCANNERS: readonly Scanner[] = [${names.map(constantName).join(', ')}];`,
    '',
  ].join('\n');
}

/**
 * Writes the adapter, its test with a first case, and the registry.
 * Throws an `Error` for a name that is not lower-case words joined by hyphens, or that is taken.
 */
export function createScanner(root: string, name: string): string[] {
  if (!NAME.test(name)) throw new Error(`A scanner's name is lower-case words joined by hyphens, such as osv-scanner; not "${name}".`);
  const adapter = `src/scanners/${name}.ts`;
  const folder = `test/scanners/${name}`;
  for (const path of [adapter, folder]) {
    if (existsSync(join(root, path))) throw new Error(`${path} exists already.`);
  }
  mkdirSync(join(root, folder, 'empty'), { recursive: true });
  const files: Record<string, string> = {
    [adapter]: adapterSource(name),
    [`${folder}/${name}.test.ts`]: testSource(name),
    [`${folder}/empty/output.json`]: '[]\n',
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text, { flag: 'wx' });
  writeFileSync(join(root, 'src/scanners/index.ts'), registrySource(adapterNames(root)));
  return [...Object.keys(files), 'src/scanners/index.ts'];
}

function adapterSource(name: string): string {
  return `import type { Finding, ParsedOutput, ScanOutput, Scanner, ScanRequest, Severity } from '../core/index.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import { requestedPaths, toArgument } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';

const SEVERITY: Readonly<Record<string, Severity>> = { error: 'high', warning: 'medium', info: 'note' };

/** Say what it finds, with which version the format and the exit codes were verified, and how its columns count. */
export const ${constantName(name)}: Scanner = {
  name: '${name}',
  executable: '${name}',
  informationUri: 'https://example.com/${name}',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  splittable: true,
  version: { args: ['--version'], parse: (stdout) => /([0-9]+\\.[0-9.]+)/.exec(stdout)?.[1] },
  applies(inventory) {
    const files = inventory.files.filter((file) => file.format === 'shell');
    if (files.length === 0) return { applies: false, reason: 'no shell scripts' };
    return { applies: true, reason: \`\${files.length} shell scripts\`, files };
  },
  command: (request) => ({
    args: ['--format', 'json', ...request.files.map((file) => toArgument(file.path))],
    completedCodes: [0],
  }),
  parse,
};

function parse(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const pathOf = requestedPaths(request.files);
  const regionOf = createRegions(request.source, 'code-point');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  for (const [index, entry] of asArray(parseJson(output.stdout), 'the document').entries()) {
    const result = asObject(entry, \`[\${index}]\`);
    const path = pathOf(asString(result['file'], \`[\${index}].file\`));
    if (path === undefined) continue;
    const ruleId = asString(result['rule'], \`[\${index}].rule\`);
    const severity = SEVERITY[asString(result['level'], \`[\${index}].level\`)] ?? 'medium';
    rules.add({ id: ruleId, title: ruleId, severity, confidence: 'medium', tags: [], help: ruleId });
    findings.push({
      ruleId,
      tool: '${name}',
      severity,
      confidence: 'medium',
      message: asString(result['message'], \`[\${index}].message\`),
      reasons: [],
      locations: [{ path, region: regionOf(path, { startLine: wholeNumber(result['line'], 1) ?? 1 }) }],
      related: [],
      flow: [],
      fingerprints: {},
      alsoReportedBy: [],
    });
  }
  return { rules: rules.list(), findings, diagnostics: [] };
}
`;
}

function testSource(name: string): string {
  const constant = constantName(name);
  return `import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ScannerOutputError } from '../../../src/core/index.js';
import type { ScanRequest } from '../../../src/core/index.js';
import { ${constant} } from '../../../src/scanners/${name}.js';

const request: ScanRequest = {
  root: '/workspace',
  files: [],
  options: {},
  configDirectory: '/config',
  outputDirectory: '/output',
  source: () => undefined,
};

it('finds nothing in an empty result', () => {
  const stdout = readFileSync(new URL('empty/output.json', import.meta.url), 'utf8');
  expect(${constant}.parse({ stdout, stderr: '', exitCode: 0 }, request).findings).toEqual([]);
});

it('fails on truncated output', () => {
  expect(() => ${constant}.parse({ stdout: '[{', stderr: '', exitCode: 0 }, request)).toThrow(ScannerOutputError);
});
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const created = createScanner(process.cwd(), process.argv[2] ?? '');
    process.stdout.write(`${created.map((path) => `wrote ${path}`).join('\n')}\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 3;
  }
}
