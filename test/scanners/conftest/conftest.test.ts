import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conftest } from '../../../src/scanners/conftest.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries, isInstalled } from '../request.js';
import { runTool, summarise } from '../run-tool.js';

const MIXED: Case = {
  folder: 'conftest/mixed',
  root: '/workspace',
  files: entries('terraform', ['main.tf']),
  output: 'conftest/mixed.json',
  expected: [
    'missing-tags main.tf:16:1-16:39 low/high',
    'missing-tags main.tf:1:1-1:37 low/high',
    'missing-tags main.tf:6:1-6:38 low/high',
    'public-bucket main.tf:1:1-1:37 high/high',
    'unencrypted-database main.tf:6:1-6:38 high/high',
  ],
  real: 'quick',
};

describeAdapter(conftest, MIXED);

describe('conftest, in detail', () => {
  it('is no clean scan when nothing was tested', () => {
    expect(() => parseCase(conftest, MIXED, '[]')).toThrow('tested none');
  });
});

describe.skipIf(!isInstalled(conftest))('conftest itself', () => {
  const root = (files: Record<string, string>): string => {
    const folder = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return folder;
  };

  it('judges Terraform by our policies whatever `conftest.toml` says', async () => {
    const folder = root({ 'conftest.toml': 'policy = "none"\nnamespace = "none"\n', 'a b.tf': 'resource "aws_db_instance" "a" {\n  storage_encrypted = false\n  tags = var.tags\n}\n', 'ok.tf': 'resource "aws_db_instance" "b" {\n  storage_encrypted = true\n  tags = { Environment = "x", Owner = "x", CostCenter = "x", Project = "x" }\n}\n' });
    expect(summarise(await runTool(conftest, folder, entries('terraform', ['a b.tf', 'ok.tf'])))).toEqual(['unencrypted-database a b.tf:1:1-1:33 high/high']);
  });

  it('runs policies of the user', async () => {
    const folder = root({ 'policy/own.rego': 'package own\n\nimport rego.v1\n\nwarn contains "a pod without an owner" if {\n\tinput.kind == "Pod"\n\tnot input.metadata.labels.owner\n}\n', 'pod.yaml': 'apiVersion: v1\nkind: Pod\n' });
    expect(summarise(await runTool(conftest, folder, entries('kubernetes', ['pod.yaml']), { options: { policies: ['policy'] } }))).toEqual(['own pod.yaml low/high']);
  });

  it('fails for a file that it can not parse', async () => {
    expect(summarise(await runTool(conftest, root({ 'a.tf': 'x {' }), entries('terraform', ['a.tf'])))[0]).toMatch(/^failed: ended with exit code 1/);
  });
});
