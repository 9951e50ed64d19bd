import { describe, expect, it } from 'vitest';
import { osvScanner } from '../../../src/scanners/osv-scanner.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

const SAMPLE: Case = {
  folder: 'osv-scanner/mixed',
  root: '/workspace',
  files: entries('npm-lock', ['package-lock.json']),
  output: 'osv-scanner/mixed.json',
  exitCode: 1,
  expected: ['GHSA-0000-0000-0001 package-lock.json critical/high'],
  real: 'none',
};

describeAdapter(osvScanner, SAMPLE);

describe('osv-scanner, in detail', () => {
  it('states the package, its other names and what repairs it', () => {
    expect(parseCase(osvScanner, SAMPLE).findings[0]?.package).toEqual({ purl: 'pkg:npm/lodash@4.17.15', version: '4.17.15', manifest: 'package-lock.json', aliases: ['CVE-2026-0001', 'GHSA-0000-0000-0001'], fixedVersions: ['4.17.21'], published: '2026-01-01' });
  });

  it('is no clean scan without the database of an ecosystem', () => {
    expect(() => parseCase(osvScanner, { ...SAMPLE, stderr: 'could not find local databases for ecosystems: PyPI\n' })).toThrow('no database for PyPI');
  });
});
