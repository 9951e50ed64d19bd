import { describe, expect, it } from 'vitest';
import { trivy } from '../../../src/scanners/trivy.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

/** Not a recording: the tool can't be had here. Written to its documented format. */
const SAMPLE: Case = {
  folder: 'trivy',
  root: '/workspace',
  files: entries('dockerfile', ['Dockerfile', 'package-lock.json', 'settings.ini']),
  output: 'trivy/output.json',
  expected: [
    'CVE-2026-0001 package-lock.json critical/high',
    'DS002 Dockerfile:2:1-2:10 high/high',
    'aws-access-key-id settings.ini:1:1-1:1 critical/medium',
  ],
  real: 'none',
};

describeAdapter(trivy, SAMPLE);

describe('trivy, in detail', () => {
  it('states the package, its other names and what repairs it', () => {
    expect(parseCase(trivy, SAMPLE).findings[0]?.package).toEqual({ purl: 'pkg:npm/%40scope/lodash@4.17.15', version: '4.17.15', manifest: 'package-lock.json', aliases: ['CVE-2026-0001'], fixedVersions: ['4.17.21', '5.0.0'] });
  });

  it('refuses another schema', () => {
    expect(() => parseCase(trivy, SAMPLE, JSON.stringify({ SchemaVersion: 1, Results: [] }))).toThrow('SchemaVersion');
  });

  it('carries nothing of the line of a secret', () => {
    expect(JSON.stringify(parseCase(trivy, SAMPLE))).not.toContain('********');
  });
});
