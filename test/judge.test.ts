import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtinPolicies } from '../src/app.js';
import type { Inventory } from '../src/core/index.js';
import { pathParts, recogniseByPath } from '../src/discover/recognise.js';
import type { Policy } from '../src/engine/index.js';
import { shellParserAssets } from '../src/io/assets.js';
import { openFiles } from '../src/io/files.js';
import { systemThreads, type Threads } from '../src/io/threads.js';
import { judgeWorkspace, type Judged } from '../src/judge.js';
import { LINE_HASH, STABLE } from '../src/sarif/fingerprint.js';
import { compileSources, type CompiledSources } from './support/compiled.js';

let compiled: CompiledSources;
let threads: Threads;
let policies: readonly Policy[];

beforeAll(async () => {
  compiled = compileSources();
  threads = systemThreads(compiled.url('worker.js'));
  policies = await builtinPolicies();
});
afterAll(() => compiled.remove());

const TRIGGERS = ['push', 'pull_request', 'pull_request_target', 'issue_comment', 'workflow_call', 'workflow_dispatch'];
const STEPS = [
  'run: echo "${{ github.event.issue.title }}"',
  'run: echo "${{ inputs.title }}" >> "$GITHUB_OUTPUT"',
  'run: curl -fsSL https://example.com/install.sh | sudo bash',
  'uses: actions/checkout@v4',
  'uses: actions/checkout@v4\n        with: { ref: "${{ github.head_ref }}" }',
  'uses: ./.github/actions/local\n        with: { title: "${{ github.event.comment.body }}" }',
  'run: [not, a, script]',
];

/** Files that know of each other: callers and what they call, a workflow that follows another by name. */
const repository = fc
  .array(
    fc.record({
      trigger: fc.constantFrom(...TRIGGERS),
      steps: fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 4 }),
      calls: fc.option(fc.nat(50), { nil: undefined }),
      follows: fc.option(fc.nat(50), { nil: undefined }),
      broken: fc.boolean(),
    }),
    { minLength: 20, maxLength: 60 },
  )
  .map((workflows) => {
    const files: Record<string, string> = {
      '.github/actions/local/action.yml': 'name: local\ninputs: { title: {} }\nruns:\n  using: composite\n  steps:\n    - run: echo "${{ inputs.title }}"\n      shell: bash\n',
      'scripts/a.sh': '#!/bin/sh\ncurl https://example.com | sh\n',
      '.github/workflows/unreadable.yml': '\u0000',
    };
    workflows.forEach(({ trigger, steps, calls, follows, broken }, index) => {
      const on = follows === undefined ? trigger : `\n  ${trigger}:\n  workflow_run: { workflows: ["Workflow ${follows % workflows.length}"] }`;
      const call = calls === undefined ? '' : `  call:\n    uses: ./.github/workflows/w${calls % workflows.length}.yml\n    with: { title: "\${{ github.event.issue.title }}" }\n    secrets: inherit\n`;
      const jobs = `  work:\n    runs-on: ubuntu-latest\n    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}${call}`;
      files[`.github/workflows/w${index}.yml`] = `name: Workflow ${index}\non: ${on}\njobs:\n${jobs}${broken && index % 7 === 0 ? '   bad: [\n' : ''}`;
    });
    return files;
  });

function write(files: Readonly<Record<string, string>>): { root: string; inventory: Inventory } {
  const root = mkdtempSync(join(tmpdir(), 'bartizan-judge-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const entries = Object.keys(files)
    .sort()
    .map((path) => ({ path, ...(recogniseByPath(pathParts(path)) ?? { format: 'shell', reason: '' }) }) as Inventory['files'][number]);
  return { root, inventory: { root, total: entries.length, files: entries, source: 'walk' } };
}

function judge({ root, inventory }: ReturnType<typeof write>, threadCount: number, signal?: AbortSignal): Promise<Judged> {
  return judgeWorkspace({ inventory, policies, settings: { policies: {} }, signal }, { files: openFiles(root), shellParser: shellParserAssets, threads, threadCount });
}

test('the report does not depend on the number of threads', async () => {
  const property = fc.asyncProperty(repository, async (files) => {
    const written = write(files);
    try {
      const [none, ...some] = [await judge(written, 0), await judge(written, 1), await judge(written, 2), await judge(written, 3)];
      expect(none.findings.length).toBeGreaterThan(0);
      for (const other of some) expect(other).toEqual(none);
    } finally {
      rmSync(written.root, { recursive: true, force: true });
    }
  });
  await fc.assert(property, { numRuns: 3, endOnFailure: true });
});

test('what can not be read is said once; every finding has its fingerprints', async () => {
  const written = write({ '.github/workflows/unreadable.yml': '\u0000', '.github/workflows/w.yml': 'on: push\njobs: { a: { runs-on: x, steps: [{ uses: some/action@main }] } }\n' });
  const { findings, diagnostics, incomplete } = await judge(written, 1);
  expect(diagnostics).toMatchObject([{ level: 'error', path: '.github/workflows/unreadable.yml' }]);
  expect(findings.map(({ ruleId }) => ruleId)).toContain('pipeline/unpinned-reference');
  for (const { fingerprints } of findings) expect(Object.keys(fingerprints)).toEqual(expect.arrayContaining([LINE_HASH, STABLE]));
  expect(incomplete).toBeUndefined();
  rmSync(written.root, { recursive: true, force: true });
});

test('what was interrupted is not complete', async () => {
  const written = write({ '.github/workflows/w.yml': 'on: push\njobs: {}\n' });
  for (const count of [0, 2]) expect((await judge(written, count, AbortSignal.abort())).incomplete).toBe('it was stopped before all files were judged');
  rmSync(written.root, { recursive: true, force: true });
});
