import { describe, expect, it } from 'vitest';
import { grype } from '../../../src/scanners/grype.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

/** Not a recording: the tool can't be had here. Written to its documented format. */
const SAMPLE: Case = {
  folder: 'grype',
  root: '/workspace',
  files: entries('npm-lock', ['web/package-lock.json', 'app/requirements.txt']),
  output: 'grype/output.json',
  expected: ['CVE-2026-0005 app/requirements.txt note/high', 'GHSA-0000-0000-0001 web/package-lock.json critical/high'],
  real: 'none',
};

describeAdapter(grype, SAMPLE);

describe('grype, in detail', () => {
  it('states the package, its other names and what repairs it', () => {
    expect(parseCase(grype, SAMPLE).findings[0]?.package).toEqual({ purl: 'pkg:npm/lodash@4.17.15', version: '4.17.15', manifest: 'web/package-lock.json', aliases: ['CVE-2026-0001', 'GHSA-0000-0000-0001'], fixedVersions: ['4.17.21'] });
  });

  it('leaves out what is below its cut-off', () => {
    expect(parseCase(grype, { ...SAMPLE, options: { 'fail-on': 'high' } }).findings.map(({ ruleId }) => ruleId)).toEqual(['GHSA-0000-0000-0001']);
  });
});
