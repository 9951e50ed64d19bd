import { describe, expect, it } from 'vitest';
import { terrascan } from '../../../src/scanners/terrascan.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

/** Not a recording: the tool can't be had here. Written to its documented format. */
const SAMPLE: Case = {
  folder: 'terrascan',
  root: '/workspace',
  files: entries('terraform', ['infra/main.tf']),
  output: 'terrascan/output.json',
  exitCode: 3,
  expected: ['AC_AWS_0001 infra/main.tf:1:1-1:1 high/medium'],
  real: 'none',
};

describeAdapter(terrascan, SAMPLE);

describe('terrascan, in detail', () => {
  it('is no clean scan without policies', () => {
    expect(() => parseCase(terrascan, SAMPLE, JSON.stringify({ results: { violations: null, scan_summary: { policies_validated: 0 } } }))).toThrow('no policy');
  });
});
