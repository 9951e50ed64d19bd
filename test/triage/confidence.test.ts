import { describe, expect, it } from 'vitest';
import type { Confidence, Finding, ScanResult } from '../../src/core/index.js';
import { dropUnsure } from '../../src/triage/confidence.js';

function finding(confidence: Confidence): Finding {
  return {
    ruleId: `rule-${confidence}`, tool: 'tool', severity: 'high', confidence, message: 'm', reasons: [],
    locations: [{ path: 'a' }], related: [], flow: [], fingerprints: {}, alsoReportedBy: [],
  };
}

function result(outcome: ScanResult['outcome']): ScanResult {
  return { tool: { name: 'tool' }, rules: [], outcome, diagnostics: [], startedAt: 0, endedAt: 0 };
}

const findings = [finding('high'), finding('medium'), finding('low')];

describe('dropUnsure', () => {
  it('drops what is less sure, and says how many', () => {
    const [only] = dropUnsure([result({ status: 'completed', findings })], 'medium');
    expect(only?.outcome).toEqual({ status: 'completed', findings: findings.slice(0, 2) });
    expect(only?.diagnostics).toEqual([
      { level: 'note', code: 'confidence', message: '1 finding of lower confidence than medium is not reported; `confidence: low` reports all.' },
    ]);
  });

  it('drops from what a failed scanner had found, and leaves the failure', () => {
    const [only] = dropUnsure([result({ status: 'failed', error: 'crashed', partial: findings })], 'high');
    expect(only?.outcome).toEqual({ status: 'failed', error: 'crashed', partial: findings.slice(0, 1) });
  });

  it('keeps everything with low, and skipped scanners as they are', () => {
    const results = [result({ status: 'completed', findings }), result({ status: 'skipped', reason: 'r' })];
    expect(dropUnsure(results, 'low')).toBe(results);
    expect(dropUnsure(results, 'high')[1]).toBe(results[1]);
  });
});
