import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { jsonReport, jsonText } from '../../src/report/json.js';
import { findByFingerprint, renderWhy } from '../../src/report/why.js';
import { hostileReport } from '../support/arbitrary-report.js';
import { completed, finding, report } from '../support/report.js';
import { run, workspace, type Workspace } from './support.js';

const INJECTION = `on: issues
permissions: {}
jobs:
  triage:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: echo "\${{ github.event.issue.title }}"
`;

let open: Workspace | undefined;
afterEach(() => open?.remove());

describe('why', () => {
  it('tells the way of a finding, from a scan and from its report', async () => {
    open = workspace({ '.github/workflows/a.yml': INJECTION, '.bartizan.yml': 'external: off\nfail-on: {severity: critical, category: {pipeline: low}}\n' });
    const { out } = await run(open.root, ['scan', '.', '--format', 'json']);
    const scanned = JSON.parse(out) as { findings: { rule: string; fingerprints: Record<string, string> }[] };
    const fingerprint = scanned.findings.find(({ rule }) => rule === 'pipeline/script-injection')?.fingerprints['bartizan/v1'] ?? '';
    const fresh = await run(open.root, ['why', fingerprint.slice(0, 12)]);
    expect(fresh).toMatchObject({ code: 0, err: '' });
    expect(fresh.out).toMatch(/^tool {10}policies \d/m);
    expect(fresh.out).toMatch(/^reported {6}pipeline\/script-injection at \.github\/workflows\/a\.yml:8:\d+: /m);
    expect(fresh.out).toMatch(/^suppression {3}none$/m);
    expect(fresh.out).toMatch(/^baseline {6}there is none$/m);
    expect(fresh.out).toMatch(/^gate {10}fails the build: medium reaches fail-on\.category\.pipeline: low$/m);
    expect(fresh.out).toContain(fingerprint);
    open.write('report.json', out);
    expect((await run(open.root, ['why', fingerprint, '--from', 'report.json'])).out).toBe(fresh.out);
  });

  it('finds what reports leave out, and says why they do', async () => {
    open = workspace({ '.github/workflows/a.yml': INJECTION, '.bartizan.yml': 'external: off\nfail-on: critical\nreport-from: critical\n' });
    const { out } = await run(open.root, ['scan', '.', '--format', 'json', '--report-from', 'note']);
    const scanned = JSON.parse(out) as { findings: { rule: string; fingerprints: Record<string, string> }[] };
    const fingerprint = scanned.findings.find(({ rule }) => rule === 'pipeline/script-injection')?.fingerprints['bartizan/v1'] ?? '';
    expect((await run(open.root, ['why', fingerprint])).out).toMatch(/^confidence {4}.*Left out of reports: it is below `report-from`$/m);
  });

  it('ends with one message for what is wrong', async () => {
    open = workspace({ '.bartizan.yml': 'external: off\n', 'broken.json': '{', 'other.json': '{"version": 1}' });
    const { root } = open;
    const said = async (...args: string[]): Promise<string> => {
      const { code, out, err } = await run(root, ['why', ...args]);
      expect([code, out]).toEqual([3, '']);
      return err;
    };
    expect(await said('xyz')).toContain('A fingerprint has 32 hexadecimal digits');
    expect(await said('0'.repeat(32))).toContain('There is no finding');
    expect(await said('0'.repeat(32), '--from', 'broken.json')).toContain('broken.json is no valid JSON');
    expect(await said('0'.repeat(32), '--from', 'other.json')).toContain('other.json is no report of `bartizan scan --format json`: version:');
    expect(await said('0'.repeat(32), '--from', 'none.json')).toContain("none.json can't be read");
    const two = [1, 2].map((line) => finding({ severity: 'high', line, fingerprints: { 'bartizan/v1': `abcdef01${String(line).repeat(24)}` } }));
    open.write('two.json', jsonText(jsonReport(report([completed('policies', two)]))));
    expect(await said('abcdef01', '--from', 'two.json')).toContain('2 findings begin with abcdef01');
    expect(readFileSync(`${root}/two.json`, 'utf8')).toContain('"effect": "fails"');
  });

  it('is one safe line a stage, whatever a repository or a scanner sends', () => {
    fc.assert(
      fc.property(hostileReport, (given) => {
        const data = jsonReport(given);
        for (const one of [...data.findings, ...data.suppressed]) {
          const text = renderWhy(data, one, undefined);
          expect(text.split('\n').length).toBeLessThanOrEqual(15);
          expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066]/);
        }
        expect(findByFingerprint(data, 'zz')).toEqual([]);
      }),
    );
  });
});
