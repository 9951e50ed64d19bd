import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJsonSchema } from '../src/config/index.js';
import { ConfigurationError } from '../src/core/index.js';
import type { Scanner } from '../src/core/index.js';
import { factReference, loadPolicies, packPolicies, policyIndex, policyPage } from '../src/engine/check.js';
import type { PolicyPack } from '../src/engine/index.js';
import { declarationsFromSchemas } from '../src/facts/declarations.js';
import { SCANNERS } from '../src/scanners/index.js';
import { adapterNames, registrySource } from './new-scanner.js';
import { platformMatrix } from './platforms.js';

/** Folders in which every file is generated: one that is not in the list is left over. */
export const GENERATED_FOLDERS = ['docs/generated', 'schema', 'src/generated'] as const;

/**
 * Every generated file of the repository, by path, with the text that it should have.
 * @throws ConfigurationError when a built-in policy is wrong; the message names file and line.
 */
export function generatedFiles(root: string): ReadonlyMap<string, string> {
  const declarations = declarationsFromSchemas();
  const sources = policySources(root);
  const { policies, diagnostics } = loadPolicies(
    sources.map((source) => ({ ...source, builtin: true })),
    declarations,
  );
  const errors = diagnostics.filter(({ level }) => level === 'error');
  if (errors.length > 0) {
    throw new ConfigurationError(errors.map(({ path, region, message }) => `${path}:${region?.startLine ?? 1}: ${message}`).join('\n'), errors);
  }
  const sorted = policies.toSorted((a, b) => (a.definition.id < b.definition.id ? -1 : 1));
  return new Map([
    ['src/scanners/index.ts', registrySource(adapterNames(root))],
    ['src/facts/empty.json', `${JSON.stringify({ empty: declarations.empty }, null, 1)}\n`],
    ['src/generated/policies.json', packText(packPolicies(sources, declarations))],
    ['src/scanners/shared/own-rules.json', `${JSON.stringify(scannerRules(root), null, 1)}\n`],
    ['schema/bartizan.schema.json', `${JSON.stringify(createJsonSchema({ policies: sorted.map(({ definition }) => definition), scanners: SCANNERS.map(({ name }) => name) }), null, 2)}\n`],
    ['docs/generated/facts.md', factReference(declarations)],
    ['docs/generated/scanners.md', scannerReference(SCANNERS)],
    ['docs/generated/platforms.md', platformMatrix(sorted, (id) => `policies/${id}.md`)],
    ['docs/generated/policies/README.md', policyIndex(sorted, (id) => `${id}.md`)],
    ...sorted.map((policy): [string, string] => [`docs/generated/policies/${policy.definition.id}.md`, policyPage(policy)]),
  ]);
}

/** A pack as JSON: its expressions on one line for each policy, all else readable. */
function packText(pack: PolicyPack): string {
  const lines = pack.policies.map(({ lowered, ...rest }) => {
    const readable = JSON.stringify(rest, null, 1).replaceAll('\n', '\n  ');
    return `  ${lowered === undefined ? readable : readable.replace(/\n {2}\}$/, () => `,\n   "lowered": ${JSON.stringify(lowered)}\n  }`)}`;
  });
  return `{\n "policies": [\n${lines.join(',\n')}\n ]\n}\n`;
}

/** Paths, below the generated folders, of files that no generator has made. */
export function leftovers(root: string, files: ReadonlyMap<string, string>): string[] {
  return GENERATED_FOLDERS.filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1).replaceAll('\\', '/')),
    )
    .filter((path) => !files.has(path))
    .sort();
}

/** The policies' files: `policies/<domain>/<id>/policy.yaml`. */
function policySources(root: string): { path: string; text: string }[] {
  return readdirSync(join(root, 'policies'), { recursive: true, encoding: 'utf8' })
    .map((path) => `policies/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('/policy.yaml'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** The rules that adapters bring for their tools, `rules/<tool>/<file>`, by tool and file. */
function scannerRules(root: string): Record<string, Record<string, string>> {
  const folder = (name: string): Record<string, string> =>
    Object.fromEntries(
      readdirSync(join(root, 'rules', name))
        .sort()
        .map((file) => [file, readFileSync(join(root, 'rules', name, file), 'utf8')]),
    );
  return { semgrep: folder('semgrep'), rego: folder('rego') };
}

/** Page about the external scanners: what each needs, what is run and how its severities are read. */
function scannerReference(scanners: readonly Scanner[]): string {
  const parts = scanners.map((scanner) => {
    const { name, informationUri, capabilities, severityTable, exitCodes, options = {}, verifiedWith, database, canary } = scanner;
    const { network, secrets } = capabilities;
    return [
      `## ${name}`,
      `<${informationUri}>`,
      [
        `- runs where: ${whereItRuns(scanner)}${network.length > 0 ? ', and it is switched on by its name' : ''}`,
        `- network while scanning: ${network.length === 0 ? 'none' : network.join(', ')}`,
        `- secrets: ${secrets.length === 0 ? 'none' : secrets.map((secret) => `\`${secret}\``).join(', ')}`,
        ...(database === undefined ? [] : [`- database: fetched before the scan from ${database.hosts.join(', ')}; without one the scanner has failed`]),
        `- verified with: ${verifiedWith === undefined ? 'its documentation only' : `version ${verifiedWith}`}${describeCanary(canary)}`,
      ].join('\n'),
      ['```text', shownCommand(scanner), '```'].join('\n'),
      table([`${name} says`, 'severity'], Object.entries(severityTable)),
      ...(exitCodes === undefined ? [] : [table(['exit code', 'meaning'], Object.entries(exitCodes))]),
      ...(Object.keys(options).length === 0 ? [] : [table(['option', 'meaning'], Object.entries(options).map(([option, { type, values, description }]) => [`\`${option}\` (${values === undefined ? type : values.join(', ')})`, description]))]),
    ].join('\n\n');
  });
  const about = 'Found on the PATH, outside of the workspace. One that is missing is skipped, and the report says so. The findings decide, never the exit code alone; a scanner that has read nothing, or does not find its test file, has failed.';
  return `${['# Scanners', about, ...parts].join('\n\n')}\n`;
}

function describeCanary(canary: Scanner['canary']): string {
  if (canary === undefined) return '';
  if ('impossible' in canary) return `; it is not tried on a test file of ours first, since ${canary.impossible}`;
  return `; it has to find ${canary.ruleId === undefined ? 'something' : `\`${canary.ruleId}\``} in a test file of ours first`;
}

function table(head: readonly [string, string], rows: readonly (readonly [string, string])[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  return [`| ${head[0]} | ${head[1]} |`, '|---|---|', ...rows.map(([a, b]) => `| ${cell(a)} | ${cell(b)} |`)].join('\n');
}

/** What a scanner says of a workspace without any of its files is what it needs. */
function whereItRuns(scanner: Scanner): string {
  const applicability = scanner.applies({ root: '/workspace', total: 0, files: [], source: 'walk' }, {});
  if (!applicability.reason.startsWith('no ')) return applicability.reason;
  const option = /^no (`\w+`) .*is configured$/.exec(applicability.reason)?.[1];
  return option === undefined ? `there are ${applicability.reason.slice(3)}` : `the option ${option} is given`;
}

/** The command line of a scan of one file, shortened to what tells something. */
function shownCommand(scanner: Scanner): string {
  const archive = scanner.options?.['archive'] !== undefined && scanner.name !== 'grype';
  const options = archive ? { archive: 'image.tar' } : scanner.options?.['target'] !== undefined ? { target: 'https://app.example.com/' } : scanner.options?.['plan'] !== undefined ? { plan: 'plan.json' } : {};
  const { args, directory } = scanner.command({
    root: '/workspace',
    files: [{ path: 'FILE', format: 'python', reason: 'example' }],
    options,
    configDirectory: '/config',
    outputDirectory: '/output',
    source: () => undefined,
    database: '/database',
  });
  const line = [scanner.executable, ...args].map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`)).join(' ');
  return directory === 'config' ? `cd /config && ${line}` : line;
}
