import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cfnLint } from '../../../src/scanners/cfn-lint.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries, isInstalled } from '../request.js';
import { runTool, summarise } from '../run-tool.js';

const MIXED: Case = {
  folder: 'cfn-lint/mixed',
  root: '/workspace',
  files: entries('cloudformation', ['stack.yaml']),
  output: 'cfn-lint/mixed.json',
  exitCode: 6,
  expected: ['E3002 stack.yaml:7:7-7:18 medium/high', 'E3045 stack.yaml:5:5-5:15 medium/high', 'W3045 stack.yaml:6:7-6:20 low/high'],
  real: 'heavy',
};

describeAdapter(cfnLint, MIXED);

describe('cfn-lint, in detail', () => {
  const match = { Filename: '/workspace/stack.yaml', Level: 'Error', Location: { Start: { LineNumber: 1, ColumnNumber: 1 }, End: { LineNumber: 1, ColumnNumber: 2 } }, Message: 'broken', Rule: { Id: 'E0000', ShortDescription: 'Parsing error' } };

  it('states a template that can not be parsed, as no finding', () => {
    const { findings, diagnostics } = parseCase(cfnLint, MIXED, JSON.stringify([match]));
    expect(findings).toEqual([]);
    expect(diagnostics).toEqual([expect.objectContaining({ code: 'scanner-could-not-read', path: 'stack.yaml' })]);
  });

  it('fails when a file was not found', () => {
    expect(() => parseCase(cfnLint, MIXED, JSON.stringify([{ ...match, Filename: null, Message: 'could not be processed by glob.glob' }]))).toThrow('glob.glob');
  });
});

describe.skipIf(!isInstalled(cfnLint, true))('cfn-lint itself', () => {
  it('is not weakened by a configuration of the repository', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    writeFileSync(join(root, '.cfnlintrc'), 'ignore_checks: [E, W]\n');
    writeFileSync(join(root, '-x y.yaml'), "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      Nope: 1\n");
    expect(summarise(await runTool(cfnLint, root, entries('cloudformation', ['-x y.yaml'])))).toEqual(['E3002 -x y.yaml:6:7-6:11 medium/high']);
  });
});
