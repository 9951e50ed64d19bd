import { describe, expect, it } from 'vitest';
import { yarnAudit } from '../../../src/scanners/yarn-audit.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

/** Not a recording: the tool can't be had here. Written to its documented format. */
const SAMPLE: Case = {
  folder: 'yarn-audit',
  root: '/workspace',
  files: entries('yarn-lock', ['yarn.lock']),
  output: 'yarn-audit/output.json',
  exitCode: 16,
  lines: true,
  expected: ['GHSA-0000-0000-0003 yarn.lock critical/high'],
  real: 'none',
};

describeAdapter(yarnAudit, SAMPLE);

describe('yarn-audit, in detail', () => {
  it('states the package, its other names and what repairs it', () => {
    expect(parseCase(yarnAudit, SAMPLE).findings[0]?.package).toEqual({ purl: 'pkg:npm/minimist@1.2.0', version: '1.2.0', manifest: 'yarn.lock', aliases: ['CVE-2026-0003', 'GHSA-0000-0000-0003'], fixedVersions: ['1.2.6'] });
  });

  it('has not finished without its summary', () => {
    expect(() => parseCase(yarnAudit, SAMPLE, '{"type":"auditAction","data":{}}\n')).toThrow('summary is missing');
  });

  it('fails when it says so', () => {
    expect(() => parseCase(yarnAudit, SAMPLE, '{"type":"error","data":"An unexpected error occurred"}\n')).toThrow('unexpected error');
  });
});
