import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actionlint } from '../../../src/scanners/actionlint.js';
import { describeAdapter } from '../adapter.js';
import { entries, isInstalled } from '../request.js';
import { runTool, summarise } from '../run-tool.js';

describeAdapter(actionlint, {
  folder: 'actionlint/mixed',
  files: entries('github-workflow', ['ci.yml']),
  output: 'actionlint/mixed/output.json',
  exitCode: 1,
  expected: [
    'expression ci.yml:15:24-15:38 low/high',
    'id ci.yml:6:3-6:9 low/high',
    'untrusted ci.yml:12:7-12:15 high/high',
    'untrusted ci.yml:14:23-14:47 high/high',
  ],
});

describe.skipIf(!isInstalled(actionlint))('actionlint itself, in detail', () => {
  it('is not weakened by a configuration of the repository, nor confused by file names', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    mkdirSync(join(root, '.github/workflows'), { recursive: true });
    for (const name of ['actionlint.yaml', 'actionlint.yml']) writeFileSync(join(root, '.github', name), 'paths:\n  "**/*":\n    ignore:\n      - ".*"\n');
    const paths = ['.github/workflows/a b.yml', '.github/workflows/-x.yml', '-version.yml'];
    for (const path of paths) writeFileSync(join(root, path), 'on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.issue.title }}\n');
    expect(summarise(await runTool(actionlint, root, entries('github-workflow', paths)))).toEqual(paths.map((path) => `untrusted ${path}:6:23-6:47 high/high`).sort());
  });

  it('fails when a file can not be read', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    expect(summarise(await runTool(actionlint, root, entries('github-workflow', ['gone.yml'])))[0]).toMatch(/^failed: ended with exit code 3/);
  });
});
