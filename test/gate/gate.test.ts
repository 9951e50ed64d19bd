import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEVERITIES, isAtLeast, type FailOn, type ScanResult } from '../../src/core/index.js';
import { judge } from '../../src/gate/gate.js';
import { completed, failed, finding, rule, settings, skipped } from '../support/report.js';

const high = finding({ severity: 'high', ruleId: 'a/high', path: 'b.yml', line: 7 });
const critical = finding({ severity: 'critical', ruleId: 'a/critical', path: 'z.yml', line: 3 });
const medium = finding({ severity: 'medium', ruleId: 'a/medium', path: 'a.yml', line: 1 });
const broken = {
  level: 'error',
  code: 'yaml-syntax',
  path: '.github/workflows/ci.yml',
  region: { startLine: 4, startColumn: 1, endLine: 4, endColumn: 2 },
  message: 'Bad indentation of a mapping. Nothing in this file was judged.',
} as const;

const text = (results: readonly ScanResult[], overrides: Parameters<typeof settings>[0] = {}) =>
  judge(results, settings(overrides)).reasons.map((reason) => reason.message).join('\n');

describe('judge', () => {
  it('passes without findings', () => {
    const verdict = judge([completed('policies', [])], settings());
    expect(verdict).toMatchObject({ result: 'pass', exitCode: 0, blocking: [] });
    expect(verdict.reasons).toEqual([{ kind: 'none', message: 'No findings.' }]);
  });

  it('fails at the threshold and names rule, place and repair, worst first', () => {
    const rules = [rule({ id: 'a/critical', title: 'Runs foreign code', repair: 'Use `pull_request` instead.' })];
    const verdict = judge([completed('policies', [medium, high, critical], rules)], settings());
    expect(verdict).toMatchObject({ result: 'fail', exitCode: 1, blocking: [critical, high] });
    expect(verdict.counts).toEqual({ critical: 1, high: 1, medium: 1, low: 0, note: 0 });
    expect(verdict.reasons.map((reason) => reason.message)).toEqual([
      '1 critical and 1 high finding reach the threshold (fail-on: high).',
      'critical a/critical at z.yml:3: Runs foreign code; to repair it: Use `pull_request` instead.',
      'high a/high at b.yml:7: A message.',
    ]);
  });

  it('groups the places of one rule and counts what it does not name', () => {
    const many = Array.from({ length: 8 }, (_, i) => finding({ severity: 'high', ruleId: `r/${i}`, path: 'a.yml', line: i + 1 }));
    const reasons = text([completed('policies', [...many, finding({ severity: 'high', ruleId: 'r/0', path: 'b.yml', line: 2 })])]);
    expect(reasons).toContain('high r/0 in 2 places, first at a.yml:1');
    expect(reasons).toContain('3 more rules have findings at or above the threshold.');
  });

  it('passes below the threshold and says so', () => {
    expect(text([completed('policies', [medium])])).toBe('1 medium finding, below the threshold (fail-on: high).');
    expect(text([completed('policies', [critical])], { failOn: 'never' })).toBe('1 critical finding, reported only (fail-on: never).');
  });

  it('fails closed when a scanner fails, unless asked to warn; the reason stays either way', () => {
    const results = [completed('policies', []), failed('trivy', 'database is 19 days old')];
    expect(judge(results, settings())).toMatchObject({ result: 'error', exitCode: 2 });
    expect(text(results)).toBe('trivy did not finish: database is 19 days old.');
    expect(judge(results, settings({ onScannerError: 'warn' }))).toMatchObject({ result: 'pass', exitCode: 0 });
    expect(text(results, { onScannerError: 'warn' })).toBe('trivy did not finish: database is 19 days old.\nNo findings in what was scanned.');
    expect(judge(results, settings({ failOn: 'never' })).exitCode).toBe(2);
  });

  it('lets findings win over a failed scanner and names both', () => {
    const verdict = judge([completed('policies', [high]), failed('trivy', 'crashed')], settings());
    expect(verdict.exitCode).toBe(1);
    expect(verdict.reasons.map((reason) => reason.kind)).toEqual(['findings', 'findings', 'scanner-failed']);
  });

  it('counts what a failed scanner had found', () => {
    const verdict = judge([failed('semgrep', 'timed out', [critical])], settings());
    expect(verdict).toMatchObject({ result: 'fail', exitCode: 1, blocking: [critical] });
  });

  it('never calls a file clean that could not be judged', () => {
    const results = [completed('policies', [], [], [broken])];
    expect(judge(results, settings())).toMatchObject({ result: 'error', exitCode: 2 });
    expect(text(results)).toBe(
      '.github/workflows/ci.yml:4 could not be judged by policies: Bad indentation of a mapping. Nothing in this file was judged; repair or exclude the file.',
    );
    expect(judge(results, settings({ onScannerError: 'warn' })).exitCode).toBe(0);
    expect(judge([completed('policies', [], [], [{ ...broken, level: 'warning' }])], settings()).exitCode).toBe(0);
  });

  it('is an error when nothing ran, and says when nothing applied', () => {
    expect(judge([], settings())).toMatchObject({ result: 'error', exitCode: 2 });
    expect(text([skipped('bandit', 'no Python files')])).toBe('Nothing was scanned: bandit did not apply.');
  });

  it('does not depend on the order of scanners and findings', () => {
    const findings = fc.array(
      fc.record({ severity: fc.constantFrom(...SEVERITIES), path: fc.constantFrom('a', 'b'), line: fc.integer({ min: 1, max: 3 }) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(findings, fc.constantFrom<FailOn[]>(...SEVERITIES, 'never'), (items, failOn) => {
        const all = items.map((item) => finding({ ...item, ruleId: 'r' }));
        const one = judge([completed('policies', all)], settings({ failOn }));
        const other = judge([completed('policies', all.toReversed())], settings({ failOn }));
        expect(other).toEqual(one);
        const expected = failOn === 'never' ? 0 : all.filter((item) => isAtLeast(item.severity, failOn)).length;
        expect(one.blocking).toHaveLength(expected);
        expect(one.exitCode).toBe(expected > 0 ? 1 : 0);
        expect(one.reasons.length).toBeGreaterThan(0);
      }),
    );
  });
});
