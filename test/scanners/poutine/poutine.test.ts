import { describe, expect, it } from 'vitest';
import { poutine } from '../../../src/scanners/poutine.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

/** Not a recording: the tool can't be had here. Written to its documented format. */
const SAMPLE: Case = {
  folder: 'poutine',
  root: '/workspace',
  files: entries('github-workflow', ['.github/workflows/ci.yml']),
  output: 'poutine/output.json',
  expected: ['injection .github/workflows/ci.yml:4:1-4:1 medium/medium'],
  real: 'none',
};

describeAdapter(poutine, SAMPLE);

describe('poutine, in detail', () => {
  it('needs the description of its rules', () => {
    expect(() => parseCase(poutine, SAMPLE, JSON.stringify({ findings: [] }))).toThrow('rules');
  });
});
