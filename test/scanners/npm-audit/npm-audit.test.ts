import { describe, expect, it } from 'vitest';
import { npmAudit } from '../../../src/scanners/npm-audit.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

/** Not a recording: the tool can't be had here. Written to its documented format. */
const SAMPLE: Case = {
  folder: 'npm-audit',
  root: '/workspace',
  files: entries('npm-lock', ['package-lock.json']),
  output: 'npm-audit/output.json',
  exitCode: 1,
  expected: ['GHSA-0000-0000-0001 package-lock.json medium/high'],
  real: 'none',
};

describeAdapter(npmAudit, SAMPLE);

describe('npm-audit, in detail', () => {
  it('states the package, its other names and what repairs it', () => {
    expect(parseCase(npmAudit, SAMPLE).findings[0]?.package).toEqual({ purl: 'pkg:npm/lodash@4.17.15', version: '4.17.15', manifest: 'package-lock.json', aliases: ['GHSA-0000-0000-0001'], fixedVersions: [] });
  });

  it('fails when the registry refused', () => {
    expect(() => parseCase(npmAudit, SAMPLE, JSON.stringify({ message: '405 Method Not Allowed', statusCode: 405, error: { summary: '', detail: '' } }))).toThrow('405 Method Not Allowed');
  });

  it('says which lock files it did not audit', () => {
    const { diagnostics } = parseCase(npmAudit, { ...SAMPLE, files: entries('npm-lock', ['package-lock.json', 'web/package-lock.json']) });
    expect(diagnostics).toEqual([expect.objectContaining({ path: 'web/package-lock.json', level: 'warning' })]);
  });
});
