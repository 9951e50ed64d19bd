import { existsSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { FileEntry, Scanner } from '../../src/core/index.js';
import { findExecutable } from '../../src/io/process-path.js';
import { DEFAULT_LIMITS } from '../../src/io/process-runner.js';
import { checkCanary } from '../../src/run/canary.js';
import { createSandbox } from '../../src/sandbox/index.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { SCANNERS } from '../../src/scanners/index.js';
import { caseFolder, entries } from '../scanners/request.js';
import { runTool, summarise } from '../scanners/run-tool.js';

interface Sample {
  readonly root: string;
  readonly files: readonly FileEntry[];
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Samples with more in them than the scanner's canary. */
const SAMPLES: Readonly<Record<string, Sample>> = {
  'actionlint': { root: caseFolder('actionlint/mixed'), files: entries('github-workflow', ['ci.yml']) },
  'ansible-lint': { root: caseFolder('ansible-lint/mixed'), files: entries('ansible', ['site.yml']) },
  'bandit': { root: caseFolder('bandit/mixed'), files: entries('python', ['app.py']) },
  'cfn-lint': { root: caseFolder('cfn-lint/mixed'), files: entries('cloudformation', ['stack.yaml']) },
  'checkov': { root: caseFolder('checkov/mixed'), files: entries('dockerfile', ['Dockerfile']) },
  'conftest': { root: caseFolder('conftest/mixed'), files: entries('terraform', ['main.tf']) },
  'eslint': { root: caseFolder('eslint/mixed'), files: entries('javascript', ['a.js']) },
  'gitleaks': { root: caseFolder('gitleaks/mixed'), files: entries('python', ['settings.ini']) },
  'gosec': { root: caseFolder('gosec/mixed'), files: entries('go', ['main.go']) },
  'hadolint': { root: caseFolder('hadolint/mixed'), files: entries('dockerfile', ['Dockerfile']) },
  'njsscan': { root: caseFolder('njsscan/mixed'), files: entries('javascript', ['app.js']) },
  'opa': { root: caseFolder('opa/mixed'), files: entries('terraform', ['plan.json']), options: { plan: 'plan.json' } },
  'semgrep': { root: caseFolder('semgrep/mixed'), files: entries('javascript', ['server.js']) },
  'shellcheck': { root: caseFolder('shellcheck/mixed'), files: entries('shell', ['a.sh', 'b.sh']) },
  'zizmor': { root: caseFolder('zizmor/mixed'), files: entries('github-workflow', ['ci.yml']) },
};
/** They take long, or start slowly: four runs of each are for `npm run test:sandbox`. */
const HEAVY = ['ansible-lint', 'cfn-lint', 'checkov', 'conftest', 'eslint', 'gosec', 'govulncheck', 'kube-linter', 'njsscan', 'opa', 'semgrep', 'tflint'];
const ALL = process.env['BARTIZAN_PROBE_UNCONFINED'] === '1';

/** Where `npm run test:scanners` links what it has installed. */
const INSTALLED = fileURLToPath(new URL('../../.tools/installed', import.meta.url));
if (existsSync(INSTALLED)) process.env['PATH'] = `${INSTALLED}${delimiter}${process.env['PATH'] ?? ''}`;
const path = process.env['PATH'] ?? '';

/** Files in which the scanner finds something: a recorded case of its adapter, or its canary. */
function sampleOf({ name, canary }: Scanner): Sample | undefined {
  if (SAMPLES[name] !== undefined) return SAMPLES[name];
  if (canary === undefined || 'impossible' in canary) return undefined;
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bartizan-test-')));
  const all = { ...canary.around, ...Object.fromEntries(Object.entries(canary.files).map(([file, { text }]) => [file, text])) };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return { root, files: Object.entries(canary.files).map(([file, { format }]) => ({ path: file, format, reason: 'canary' })), options: canary.options ?? {} };
}

/** Why the scanner can't be run here at all, or undefined when it can. */
function obstacle({ name, executable, capabilities, database }: Scanner): string | undefined {
  if (!findExecutable(executable, path, '/nonexistent').found) return 'which is not installed';
  if (capabilities.network.length > 0) return `which asks ${capabilities.network.join(', ')}`;
  if (name === 'kics' || name === 'terrascan') return 'whose rules come from its maker';
  if (database !== undefined) return `whose database comes from ${database.hosts.join(', ')}`;
  if (HEAVY.includes(name) && !ALL) return 'which takes long; `npm run test:sandbox` runs it';
  return undefined;
}

async function open(scanner: Scanner, root: string, mechanism: 'bubblewrap' | 'sudo-bubblewrap' | 'landlock'): Promise<Sandbox | undefined> {
  const sandbox = await createSandbox({ mode: 'auto', workspace: root, pathVariable: path, mechanisms: [mechanism] });
  if (sandbox.isolation.mechanism === mechanism) return sandbox;
  process.stderr.write(`SKIPPED: ${scanner.name} with ${mechanism}, which this machine does not offer: ${sandbox.isolation.reason}\n`);
  return undefined;
}

describe.skipIf(process.platform !== 'linux')('inside the sandbox', { timeout: 600_000 }, () => {
  for (const scanner of SCANNERS) {
    const sample = sampleOf(scanner);
    const problem = sample === undefined ? 'for which there is no sample' : obstacle(scanner);
    if (problem !== undefined) process.stderr.write(`SKIPPED: ${scanner.name} inside and outside of the sandbox, ${problem}\n`);
    describe.skipIf(problem !== undefined)(scanner.name, () => {
      for (const mechanism of ['bubblewrap', 'sudo-bubblewrap', 'landlock'] as const) {
        // It has no database of its own here, so that its canary alone can show something.
        if (scanner.name === 'govulncheck') {
          it(`finds its canary with ${mechanism}`, async (context) => {
            const { root } = sample as Sample;
            const sandbox = await open(scanner, root, mechanism);
            if (sandbox === undefined) return context.skip();
            const found = findExecutable(scanner.executable, path, '/nonexistent');
            const base = { tool: scanner.name, executable: found.found ? found.path : '', workspace: root, readable: [], capabilities: scanner.capabilities, limits: DEFAULT_LIMITS };
            expect(await checkCanary(scanner, base, sandbox)).toBeUndefined();
            sandbox.close();
          });
          continue;
        }
        it(`finds the same with ${mechanism} as without`, async (context) => {
          const { root, files, options = {} } = sample as Sample;
          const sandbox = await open(scanner, root, mechanism);
          if (sandbox === undefined) return context.skip();
          const outside = await runTool(scanner, root, files, { options });
          const inside = await runTool(scanner, root, files, { options, runner: sandbox });
          sandbox.close();
          expect(summarise(inside)).toEqual(summarise(outside));
          expect(inside.outcome).toMatchObject({ status: 'completed' });
          expect(summarise(inside).length).toBeGreaterThan(0);
          expect(inside.tool.version).toBe(outside.tool.version);
          expect(inside.isolation).toMatchObject({ mechanism, level: mechanism === 'landlock' ? 'partial' : 'full' });
        });
      }
    });
  }
});
