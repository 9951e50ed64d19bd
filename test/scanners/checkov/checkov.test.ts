import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkov } from '../../../src/scanners/checkov.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries, isInstalled } from '../request.js';
import { runTool, summarise } from '../run-tool.js';

const MIXED: Case = {
  folder: 'checkov/mixed',
  files: entries('dockerfile', ['Dockerfile']),
  output: 'checkov/mixed.json',
  expected: ['CKV_DOCKER_2 Dockerfile:1:1-2:10 medium/medium', 'CKV_DOCKER_7 Dockerfile:1:1-1:19 medium/medium', 'CKV_DOCKER_8 Dockerfile:2:1-2:10 medium/medium'],
  real: 'heavy',
};

describeAdapter(checkov, MIXED);

describe('checkov, in detail', () => {
  it('is no clean scan when it checked nothing of what always has checks', () => {
    const nothing = JSON.stringify({ passed: 0, failed: 0, skipped: 0, parsing_errors: 0, resource_count: 0, checkov_version: '3.3.30' });
    expect(() => parseCase(checkov, MIXED, nothing)).toThrow('checked nothing');
    expect(parseCase(checkov, { ...MIXED, files: entries('terraform', ['variables.tf']) }, nothing).findings).toEqual([]);
  });

  it('states what comments silence and what could not be parsed', () => {
    const report = { check_type: 'terraform', results: { failed_checks: [] }, summary: { passed: 1, failed: 0, skipped: 2, parsing_errors: 3 } };
    expect(parseCase(checkov, MIXED, JSON.stringify(report)).diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining('3 files'), expect.stringContaining('2 places')]);
  });
});

describe.skipIf(!isInstalled(checkov, true))('checkov itself, in detail', () => {
  it('reads the pipelines of other platforms that it applies to', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    writeFileSync(join(root, '.gitlab-ci.yml'), 'build:\n  script:\n    - curl --insecure https://example.com/$CI_COMMIT_TITLE\n');
    writeFileSync(join(root, 'bitbucket-pipelines.yml'), 'image: node:latest\npipelines:\n  default:\n    - step:\n        script: [echo hi]\n');
    writeFileSync(join(root, 'argo.yaml'), 'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: x-}\nspec:\n  entrypoint: main\n  templates:\n    - name: main\n      container: {image: "alpine:latest", command: [echo]}\n');
    const files = [...entries('gitlab-ci', ['.gitlab-ci.yml']), ...entries('argo-workflow', ['argo.yaml']), ...entries('bitbucket-pipelines', ['bitbucket-pipelines.yml'])];
    expect(checkov.applies({ root, total: 3, files, source: 'walk' }).applies).toBe(true);
    const found = new Set(summarise(await runTool(checkov, root, files)).map((line) => line.split(':')[0]?.split(' ').slice(0, 2).join(' ')));
    for (const expected of ['CKV_GITLABCI_1 .gitlab-ci.yml', 'CKV_ARGO_1 argo.yaml', 'CKV_BITBUCKETPIPELINES_1 bitbucket-pipelines.yml']) expect([...found]).toContain(expected);
  });

  it('neither obeys a configuration of the repository nor executes its code', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    writeFileSync(join(root, 'Dockerfile'), 'FROM debian:latest\nUSER root\n');
    mkdirSync(join(root, 'evil'));
    const proof = join(root, 'executed');
    for (const name of ['__init__.py', 'x.py']) writeFileSync(join(root, 'evil', name), `open(${JSON.stringify(proof)}, "w")\n`);
    for (const name of ['.checkov.yaml', '.checkov.yml']) writeFileSync(join(root, name), 'skip-check: [CKV_DOCKER_7]\nskip-path: [Dockerfile]\nframework: [terraform]\nexternal-checks-dir: [evil]\n');
    expect(summarise(await runTool(checkov, root, entries('dockerfile', ['Dockerfile'])))).toEqual(MIXED.expected);
    expect(existsSync(proof)).toBe(false);
  });
});
