import { expect, it } from 'vitest';
import type { Finding, ScanResult } from '../../src/core/index.js';
import { dropUnselected } from '../../src/triage/selection.js';

function finding(path: string): Finding {
  return {
    ruleId: 'rule', tool: 'tool', severity: 'high', confidence: 'high', message: 'm', reasons: [],
    locations: [{ path }], related: [], flow: [], fingerprints: {}, alsoReportedBy: [],
  };
}

it('drops what a scanner found in files that are left out, whether it finished or not', () => {
  const findings = [finding('src/a'), finding('vendor/b')];
  const of = (outcome: ScanResult['outcome']): ScanResult => ({ tool: { name: 'tool' }, rules: [], outcome, diagnostics: [], startedAt: 0, endedAt: 0 });
  const results = dropUnselected(
    [of({ status: 'completed', findings }), of({ status: 'failed', error: 'e', partial: findings }), of({ status: 'skipped', reason: 'r' })],
    (path) => !path.startsWith('vendor/'),
  );
  expect(results.map(({ outcome }) => outcome)).toEqual([
    { status: 'completed', findings: findings.slice(0, 1) },
    { status: 'failed', error: 'e', partial: findings.slice(0, 1) },
    { status: 'skipped', reason: 'r' },
  ]);
});
