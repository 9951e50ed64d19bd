import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { act, copyExample, runAction, WORKFLOW, type RunnerResult } from './act.js';
import { artifactStandIns, freePort } from './artifacts.js';

const text = readFileSync(resolve(import.meta.dirname, '../../.github/workflows/scan.yml'), 'utf8');
/** What only GitHub knows: the repository and commit of a called workflow. act takes both from the folder that it runs in. */
const local = text.replace(/^ +(?:repository|ref): \$\{\{ job\.workflow_.*\n/gm, '');

const CALLER = JSON.stringify({
  on: 'push',
  permissions: {},
  jobs: { security: { permissions: { contents: 'read', 'security-events': 'write' }, uses: './.github/workflows/spread.yml', with: { shards: '3' }, secrets: { 'shard-key': '${{ secrets.KEY }}' } } },
});

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bartizan-artifacts-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function spread(change: (workflow: string) => string = (workflow) => workflow): Promise<RunnerResult> {
  const workflow = change(local);
  return runAction({
    files: { [WORKFLOW]: CALLER, '.github/workflows/spread.yml': workflow, '.bartizan.yml': 'external: off\nexclude: [dist/**, action.yml]\n' },
    prepare: copyExample('vulnerable'),
    secrets: { KEY: 'long and random' },
    args: artifactStandIns(folder, workflow, await freePort()),
  });
}

test('only the job that reports may write, and only what it needs', () => {
  expect(text).toContain('\npermissions: {}\n');
  const jobs = text.split(/^ {2}(?=\w+:\n {4}name:)/m).slice(1);
  expect(jobs).toHaveLength(3);
  const rights = (job: string | undefined): string[] => [...(job?.matchAll(/^ {6}([\w-]+): (read|write)\b/gm) ?? [])].map(([, name, level]) => `${name}: ${level}`);
  expect(jobs.map(rights)).toEqual([['contents: read'], ['contents: read'], ['contents: read', 'security-events: write']]);
  for (const [, used] of text.matchAll(/uses: (\S+)/g)) expect(used).toMatch(/^\.\/bartizan$|@[0-9a-f]{40}$/);
});

describe.skipIf(act === undefined)('the reusable workflow in a runner', () => {
  test('plans, scans on several machines and reports once', async () => {
    const result = await spread();
    const report = result.commands.filter(({ name, properties }) => name === 'error' && properties['file'] === undefined).map(({ text: message }) => message);
    expect(report.join('\n'), result.raw).toMatch(/^Bartizan fails: 2 critical and \d+ high findings \(fail-on: high\)/);
    expect(result.outputs['verdict']).toBe('fail');
    expect(result.summary).toMatch(/^## Bartizan fails: /);
    expect(result.raw).not.toContain('is missing');
  });

  test('a shard that has failed makes the verdict an error, with its reason', async () => {
    const result = await spread((workflow) => workflow.replace('        id: shard\n', "        id: shard\n        if: ${{ matrix.index != 1 }}\n").replace('if-no-files-found: error', 'if-no-files-found: warn'));
    expect(result.exitCode, result.raw).not.toBe(0);
    expect(['error', 'fail']).toContain(result.outputs['verdict']);
    expect(result.outputs['reasons']).toMatch(/shard 1 of 3 is missing/);
  });
});
