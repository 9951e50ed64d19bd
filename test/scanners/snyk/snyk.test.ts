import { describe, expect, it } from 'vitest';
import { snyk } from '../../../src/scanners/snyk.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

/** Not a recording: the tool can't be had here. Written to its documented format. */
const SAMPLE: Case = {
  folder: 'snyk',
  root: '/workspace',
  files: entries('npm-lock', ['web/package-lock.json']),
  output: 'snyk/output.json',
  exitCode: 1,
  expected: ['SNYK-JS-LODASH-1 web/package-lock.json high/high'],
  real: 'none',
};

describeAdapter(snyk, SAMPLE);

describe('snyk, in detail', () => {
  it('states the package, its other names and what repairs it', () => {
    expect(parseCase(snyk, SAMPLE).findings[0]?.package).toEqual({ purl: 'pkg:npm/lodash@4.17.15', version: '4.17.15', manifest: 'web/package-lock.json', aliases: ['CVE-2026-0001', 'SNYK-JS-LODASH-1'], fixedVersions: ['4.17.21'] });
  });

  it('fails when it says so', () => {
    expect(() => parseCase(snyk, SAMPLE, JSON.stringify({ ok: false, error: 'Missing node_modules folder', path: '/x' }))).toThrow('Missing node_modules');
  });
});
