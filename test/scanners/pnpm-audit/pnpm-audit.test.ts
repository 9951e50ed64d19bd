import { describe, expect, it } from 'vitest';
import { pnpmAudit } from '../../../src/scanners/pnpm-audit.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

/** Not a recording: the tool can't be had here. Written to its documented format. */
const SAMPLE: Case = {
  folder: 'pnpm-audit',
  root: '/workspace',
  files: entries('pnpm-lock', ['pnpm-lock.yaml']),
  output: 'pnpm-audit/output.json',
  exitCode: 1,
  expected: ['GHSA-0000-0000-0003 pnpm-lock.yaml critical/high'],
  real: 'none',
};

describeAdapter(pnpmAudit, SAMPLE);

describe('pnpm-audit, in detail', () => {
  it('states the package, its other names and what repairs it', () => {
    expect(parseCase(pnpmAudit, SAMPLE).findings[0]?.package).toEqual({ purl: 'pkg:npm/minimist@1.2.0', version: '1.2.0', manifest: 'pnpm-lock.yaml', aliases: ['CVE-2026-0003', 'GHSA-0000-0000-0003'], fixedVersions: ['1.2.6'] });
  });

  it('fails when the registry refused', () => {
    expect(() => parseCase(pnpmAudit, SAMPLE, JSON.stringify({ error: { code: 'ERR_PNPM_AUDIT_BAD_RESPONSE', message: 'The audit endpoint responded with 500' } }))).toThrow('responded with 500');
  });
});
