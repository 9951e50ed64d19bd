import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Canary, Scanner } from '../../src/core/index.js';
import { removeDirectory, createPrivateDirectory, writePrivateTree } from '../../src/io/process-directory.js';
import { DEFAULT_LIMITS } from '../../src/io/process-runner.js';
import type { Runner, ToolRequest } from '../../src/io/process-runner.js';
import { checkCanary } from '../../src/run/canary.js';
import { SCANNERS } from '../../src/scanners/index.js';

/** What a tool prints that works as it should and has found nothing, by scanner. */
const NOTHING_FOUND: Readonly<Record<string, string>> = {
  'actionlint': '[]',
  'ansible-lint': '[]',
  'bandit': '{"errors":[],"metrics":{"_totals":{"loc":2},"./canary.py":{"loc":2}},"results":[]}',
  'cfn-lint': '[]',
  'checkov': '{"check_type":"dockerfile","results":{"failed_checks":[],"parsing_errors":[]},"summary":{"passed":5,"failed":0,"skipped":0,"parsing_errors":0}}',
  'conftest': '[{"filename":"canary.tf","namespace":"bartizan.terraform","successes":3}]',
  'eslint': '[]',
  'gitleaks': '[]',
  'gosec': '{"Golang errors":{},"Issues":[],"Stats":{"files":1,"lines":5,"nosec":0,"found":0}}',
  'govulncheck': '{"config":{"protocol_version":"v1.0.0","scanner_name":"govulncheck"}}\n{"SBOM":{"go_version":"go1.26"}}',
  'grype': '{"matches":[],"source":{},"distro":{},"descriptor":{}}',
  'hadolint': '[]',
  'kics': '{"files_scanned":1,"files_parsed":1,"files_failed_to_scan":0,"queries_total":1000,"queries":[]}',
  'kube-linter': '{"Checks":[],"Reports":null,"Summary":{"ChecksStatus":"Passed"}}',
  'njsscan': '{"errors":[],"files":["canary.js"],"nodejs":{},"templates":{}}',
  'npm-audit': '{"auditReportVersion":2,"vulnerabilities":{},"metadata":{"vulnerabilities":{"total":0}}}',
  'opa': '{"result":[{"expressions":[{"value":[],"text":"data.bartizan.terraform.findings"}]}]}',
  'osv-scanner': '{"results":[],"experimental_config":{}}',
  'pip-audit': '{"dependencies":[{"name":"jinja2","version":"2.4.1","vulns":[]}],"fixes":[]}',
  'pnpm-audit': '{"actions":[],"advisories":{},"muted":[],"metadata":{"vulnerabilities":{}}}',
  'poutine': '{"findings":[],"rules":{}}',
  'semgrep': '{"version":"1.100.0","results":[],"errors":[],"paths":{"scanned":["canary.js"]}}',
  'shellcheck': '{"comments":[]}',
  'snyk': '{"vulnerabilities":[],"ok":true,"packageManager":"npm","displayTargetFile":"package-lock.json"}',
  'terrascan': '{"results":{"scan_errors":[],"violations":[],"scan_summary":{"policies_validated":100}}}',
  'tflint': '{"issues":[],"errors":[]}',
  'trivy': '{"SchemaVersion":2,"Results":[]}',
  'yarn-audit': '{"type":"auditSummary","data":{"vulnerabilities":{}}}',
  'zizmor': '[]',
};
/** They look at what small files of ours can't be. */
const IMPOSSIBLE = ['dockle', 'trivy-image', 'zap'];

/** Says what it is told, whatever it is asked; remembers what it was asked. */
function saying(stdout: string, exitCode = 0): Runner & { readonly asked: ToolRequest[]; readonly seen: string[] } {
  const asked: ToolRequest[] = [];
  const seen: string[] = [];
  return {
    asked,
    seen,
    isolation: { level: 'full', mechanism: 'bubblewrap' },
    run: (request) => {
      asked.push(request);
      seen.push(...readdirSync(request.workspace, { recursive: true, encoding: 'utf8' }));
      return Promise.resolve({ status: 'exited', exitCode, stdout: Buffer.from(stdout), stderr: Buffer.alloc(0), durationMs: 1 });
    },
  };
}

function check(scanner: Scanner, runner: Runner): Promise<string | undefined> {
  const base = { tool: scanner.name, executable: '/nonexistent', workspace: '/nonexistent', readable: [], capabilities: scanner.capabilities, limits: DEFAULT_LIMITS };
  return checkCanary(scanner, base, runner, { database: '/nonexistent/database' });
}

/** The canary of an adapter, or undefined with the reason. */
function canaryOf({ canary }: Scanner): Canary | undefined {
  return canary === undefined || 'impossible' in canary ? undefined : canary;
}

it('is there for every scanner that can have one, and a reason for every other', () => {
  expect(SCANNERS.filter((scanner) => canaryOf(scanner) === undefined).map(({ name }) => name)).toEqual(IMPOSSIBLE);
  for (const { name, canary } of SCANNERS) {
    expect(canary, name).toBeDefined();
    if (canary !== undefined && 'impossible' in canary) expect(canary.impossible).toMatch(/\S/);
  }
  expect(Object.keys(NOTHING_FOUND)).toEqual(SCANNERS.map(({ name }) => name).filter((name) => !IMPOSSIBLE.includes(name)));
});

describe.each(SCANNERS.filter((scanner) => canaryOf(scanner) !== undefined).map((scanner) => [scanner.name, scanner] as const))('%s', (name, scanner) => {
  const canary = canaryOf(scanner) as Canary;

  it('applies to its own canary, and is asked to look at it', async () => {
    const files = Object.entries(canary.files).map(([path, { format }]) => ({ path, format, reason: 'canary' }));
    expect(scanner.applies({ root: '/w', total: files.length, files, source: 'walk' }, canary.options ?? {})).toMatchObject({ applies: true });
    const runner = saying('');
    await check(scanner, runner);
    expect(runner.asked).toHaveLength(1);
    expect(runner.seen).toEqual(expect.arrayContaining(Object.keys(canary.files)));
    // It has nothing that the scan itself would not have.
    expect(runner.asked[0]?.capabilities).toBe(scanner.capabilities);
  });

  it('has failed when it prints nothing', async () => {
    expect(await check(scanner, saying(''))).toMatch(/^could not check a test file: it printed no results/);
  });

  it('has failed when it says that there is nothing', async () => {
    const parsed = scanner.parse({ stdout: NOTHING_FOUND[name] as string, stderr: '', exitCode: 0 }, {
      root: '/w',
      files: Object.entries(canary.files).map(([path, { format }]) => ({ path, format, reason: 'canary' })),
      options: canary.options ?? {},
      configDirectory: '/c',
      outputDirectory: '/o',
      source: (path) => canary.files[path]?.text,
    });
    // Otherwise this would only be a test of outputs that can't be read.
    expect(parsed.findings).toEqual([]);
    expect(await check(scanner, saying(NOTHING_FOUND[name] as string))).toMatch(/^did not find the known weakness of a test file/);
  });
});

it('is shown again to a program whose database has changed', async () => {
  const keys = new Set<string>();
  const scanner: Scanner = { ...(SCANNERS[0] as Scanner), parse: () => ({ rules: [], findings: [{ ruleId: 'untrusted' } as never], diagnostics: [] }) };
  const runner = saying('[]');
  for (const database of ['/cache/db-1', '/cache/db-1', '/cache/db-2']) {
    await checkCanary(scanner, { tool: 'x', executable: '/nonexistent', workspace: '/w', readable: [], capabilities: scanner.capabilities, limits: DEFAULT_LIMITS }, runner, { cache: keys, digest: 'a'.repeat(64), database });
  }
  expect(runner.asked).toHaveLength(2);
  expect(runner.asked[1]?.readable).toContain('/cache/db-2');
});

it('is written below its directory and nowhere else', () => {
  const directory = createPrivateDirectory();
  writePrivateTree(join(directory, 'fine'), { 'a/b/c': '', 'd': '' });
  expect(readdirSync(join(directory, 'fine'), { recursive: true, encoding: 'utf8' }).sort()).toEqual(['a', 'a/b', 'a/b/c', 'd']);
  for (const [index, path] of ['../x', '/x', 'a//b', 'a/../b', '', './a'].entries()) expect(() => writePrivateTree(join(directory, String(index)), { [path]: '' })).toThrow('not a path');
  removeDirectory(directory);
});
