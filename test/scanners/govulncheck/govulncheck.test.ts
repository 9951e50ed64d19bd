import { describe, expect, it } from 'vitest';
import { govulncheck } from '../../../src/scanners/govulncheck.js';
import { describeAdapter, parseCase, requestOf } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

const MIXED: Case = {
  folder: 'govulncheck/mixed',
  root: '/workspace',
  files: entries('go-module', ['go.mod']),
  output: 'govulncheck/mixed.json',
  expected: ['GO-2026-9999 go.mod high/high'],
  lines: true,
  real: 'none',
};

describeAdapter(govulncheck, MIXED);

describe('govulncheck, in detail', () => {
  it('says which package, what repairs it and where it is called', () => {
    const [finding] = parseCase(govulncheck, MIXED).findings;
    expect(finding?.package).toEqual({ purl: 'pkg:golang/stdlib@v1.26.8', version: 'v1.26.8', manifest: 'go.mod', aliases: ['CVE-2026-9999', 'GO-2026-9999'], fixedVersions: ['v1.99.0'], published: '2026-01-01' });
    expect(finding?.related).toEqual([expect.objectContaining({ path: 'main.go', region: expect.objectContaining({ startLine: 13 }) })]);
  });

  it('never scans without a database of ours', () => {
    expect(govulncheck.command(requestOf(govulncheck, MIXED)).args).toContain('file:///config/no-database');
  });
});
