import { describe, expect, it } from 'vitest';
import { tflint } from '../../../src/scanners/tflint.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

/** Not a recording: the tool can't be had here. Written to its documented format. */
const SAMPLE: Case = {
  folder: 'tflint',
  root: '/workspace',
  files: entries('terraform', ['infra/main.tf']),
  output: 'tflint/output.json',
  expected: ['terraform_required_version infra/main.tf:1:1-1:5 low/medium'],
  real: 'none',
};

describeAdapter(tflint, SAMPLE);

describe('tflint, in detail', () => {
  it('fails when there are errors and nothing else', () => {
    expect(() => parseCase(tflint, SAMPLE, JSON.stringify({ issues: [], errors: [{ message: 'Failed to load configurations' }] }))).toThrow('Failed to load');
  });
});
