import { describe, expect, it } from 'vitest';
import { pipAudit } from '../../../src/scanners/pip-audit.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

/** Not a recording: the tool can't be had here. Written to its documented format. */
const SAMPLE: Case = {
  folder: 'pip-audit',
  root: '/workspace',
  files: entries('python-requirements', ['requirements.txt']),
  output: 'pip-audit/output.json',
  exitCode: 1,
  expected: ['PYSEC-2026-1 requirements.txt high/high'],
  real: 'none',
};

describeAdapter(pipAudit, SAMPLE);

describe('pip-audit, in detail', () => {
  it('states the package, its other names and what repairs it', () => {
    expect(parseCase(pipAudit, SAMPLE).findings[0]?.package).toEqual({ purl: 'pkg:pypi/flask@2.0.0', version: '2.0.0', manifest: 'requirements.txt', aliases: ['CVE-2026-0002', 'PYSEC-2026-1'], fixedVersions: ['2.0.1'] });
  });

  it('is no clean scan when every package was skipped', () => {
    expect(() => parseCase(pipAudit, SAMPLE, JSON.stringify({ dependencies: [{ name: 'a', skip_reason: 'not found' }], fixes: [] }))).toThrow('none of the 1 packages');
  });
});
