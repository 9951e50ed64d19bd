import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { zizmor } from '../../../src/scanners/zizmor.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries, isInstalled } from '../request.js';
import { runTool, summarise } from '../run-tool.js';

const MIXED: Case = {
  folder: 'zizmor/mixed',
  files: entries('github-workflow', ['ci.yml']),
  output: 'zizmor/mixed/output.json',
  expected: [
    'artipacked ci.yml:9:9-11:57 medium/low',
    'dangerous-triggers ci.yml:3:3-3:22 high/medium',
    'template-injection ci.yml:13:25-13:56 high/high',
    'unpinned-uses ci.yml:9:15-9:34 high/high',
  ],
};

describeAdapter(zizmor, MIXED);

describe('zizmor, in detail', () => {
  it('marks what comments silence with their place, and reports it when asked to', () => {
    const silenced = parseCase(zizmor, MIXED).findings.filter(({ suppression }) => suppression !== undefined);
    expect(silenced).toMatchObject([{ ruleId: 'template-injection', suppression: { kind: 'inSource', by: 'zizmor', place: { path: 'ci.yml', region: { startLine: 14 } } } }]);
    const { findings } = parseCase(zizmor, { ...MIXED, options: { 'ignore-comments': true } });
    expect(findings.map(({ ruleId, locations: [{ region }] }) => `${ruleId}:${region?.startLine}`)).toContain('template-injection:14');
    expect(findings.every(({ suppression }) => suppression === undefined)).toBe(true);
  });

  it('is no clean scan when no file could be parsed', () => {
    const stderr = ' WARN collect_inputs: zizmor::registry::input: failed to parse input: did not find expected node content\n';
    expect(() => parseCase(zizmor, { ...MIXED, stderr }, '[]')).toThrow('none of the files');
  });
});

describe.skipIf(!isInstalled(zizmor))('zizmor itself, in detail', () => {
  const workflow = 'on: pull_request_target\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo ${{ github.event.pull_request.title }}\n';

  it('is not weakened by a configuration of the repository, nor confused by file names', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    for (const name of ['zizmor.yml', '.zizmor.yml']) writeFileSync(join(root, name), 'rules:\n  template-injection:\n    disable: true\n');
    const paths = ['--help.yml', 'a b.yml', '*.yml'];
    for (const path of paths) writeFileSync(join(root, path), workflow);
    const found = summarise(await runTool(zizmor, root, entries('github-workflow', paths))).filter((line) => line.startsWith('template-injection'));
    expect(found.map((line) => line.replace(/:\d.*/, ''))).toEqual(paths.map((path) => `template-injection ${path}`).sort());
  });

  it('fails when nothing can be read', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    writeFileSync(join(root, 'a.yml'), 'jobs: {');
    expect(summarise(await runTool(zizmor, root, entries('github-workflow', ['a.yml'])))[0]).toMatch(/^failed: ended with exit code 3/);
  });
});
