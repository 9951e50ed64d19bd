import { describe, expect, it } from 'vitest';
import { kubeLinter } from '../../../src/scanners/kube-linter.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

/** Not a recording: the tool can't be had here. Written to its documented format. */
const SAMPLE: Case = {
  folder: 'kube-linter',
  root: '/workspace',
  files: entries('kubernetes', ['deployment.yaml']),
  output: 'kube-linter/output.json',
  exitCode: 1,
  expected: ['latest-tag deployment.yaml medium/medium'],
  real: 'none',
};

describeAdapter(kubeLinter, SAMPLE);

describe('kube-linter, in detail', () => {
  it('is no result without the status of the checks', () => {
    expect(() => parseCase(kubeLinter, SAMPLE, JSON.stringify({ Checks: [], Reports: null }))).toThrow('ChecksStatus');
  });
});
