import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES, CONFIDENCES, SCANNER_CATEGORIES, SEVERITIES, categories, reaches, thresholdOf, type FailOn, type Finding } from '../../src/core/index.js';
import { judge } from '../../src/gate/gate.js';
import { SCANNERS } from '../../src/scanners/index.js';
import { dropMinor } from '../../src/triage/report-from.js';
import { headline } from '../../src/report/headline.js';
import { completed, finding, report, rule, settings } from '../support/report.js';

const NOW = Date.parse('2027-03-10T12:00:00Z');
const advisory = (published?: string, given: Partial<Finding> = {}): Finding =>
  finding({ severity: 'high', tool: 'osv-scanner', ruleId: 'CVE-2027-1', path: 'package-lock.json', ...given, package: { purl: 'pkg:npm/a@1.0.0', version: '1.0.0', manifest: 'package-lock.json', aliases: ['CVE-2027-1'], fixedVersions: [], ...(published !== undefined && { published }) } });
const reasons = (verdict: ReturnType<typeof judge>): string => verdict.reasons.map(({ message }) => message).join('\n');

describe('thresholds', () => {
  it('has a category for every scanner and no other', () => {
    expect(Object.keys(SCANNER_CATEGORIES).sort()).toEqual(SCANNERS.map(({ name }) => name).sort());
  });

  it('tells categories by package, credential, scanner and domain', () => {
    const of = categories([completed('trivy', [], [rule({ id: 'aws-key', tags: ['secrets'] })])]);
    expect(of(advisory())).toBe('dependencies');
    expect(of({ tool: 'trivy', ruleId: 'aws-key' })).toBe('secrets');
    expect(of({ tool: 'trivy', ruleId: 'AVD-1' })).toBe('infrastructure');
    expect(of({ tool: 'policies', ruleId: 'pipeline/a' })).toBe('pipeline');
    expect(of({ tool: 'somebody', ruleId: 'constructor' })).toBe('other');
  });

  it('fails by category and scanner, and holds back by confidence', () => {
    const code = finding({ severity: 'medium', tool: 'bandit', ruleId: 'B1' });
    const unsure = finding({ severity: 'high', ruleId: 'pipeline/x', confidence: 'low' });
    const results = [completed('policies', [unsure]), completed('bandit', [code])];
    expect(judge(results, settings()).blocking).toEqual([unsure]);
    const verdict = judge(results, settings({ thresholds: { scanner: { bandit: 'medium' }, confidence: { low: 'critical' } } }));
    expect(verdict.blocking).toEqual([code]);
    expect(verdict.threshold).toBe('fail-on: scanner bandit medium');
    expect(reasons(verdict)).toContain('1 medium finding reaches the threshold (fail-on: scanner bandit medium).');
    expect(judge(results, settings({ failOn: 'never', thresholds: { category: { code: 'medium' } } })).blocking).toEqual([code]);
  });

  it('takes the strictest of the scanners that report the same', () => {
    const both = finding({ severity: 'high', tool: 'semgrep', ruleId: 'x', alsoReportedBy: [{ tool: 'bandit', ruleId: 'B1' }] });
    expect(judge([completed('semgrep', [both])], settings({ thresholds: { scanner: { semgrep: 'never' } } })).result).toBe('fail');
    expect(judge([completed('semgrep', [both])], settings({ thresholds: { scanner: { semgrep: 'never', bandit: 'never' } } })).result).toBe('pass');
  });

  it('is never stricter by a threshold for a confidence, and only by what is written otherwise', () => {
    const failOn = fc.constantFrom<FailOn>(...SEVERITIES, 'never');
    fc.assert(
      fc.property(failOn, failOn, failOn, fc.constantFrom(...CONFIDENCES), fc.constantFrom(...CATEGORIES), fc.constantFrom(...SEVERITIES), (base, category, sure, confidence, name, severity) => {
        const found = finding({ severity, confidence, tool: 'bandit' });
        const without = thresholdOf(found, name, { failOn: base, thresholds: { category: { [name]: category } } });
        expect(without.from).toBe(category);
        const withSure = thresholdOf(found, name, { failOn: base, thresholds: { category: { [name]: category }, confidence: { [confidence]: sure } } });
        expect(reaches(severity, withSure.from)).toBe(reaches(severity, category) && reaches(severity, sure));
      }),
    );
  });

  it('fails by number below the threshold, without what is known', () => {
    const three = [1, 2, 3].map((line) => finding({ severity: 'medium', ruleId: 'a/b', line }));
    expect(judge([completed('policies', three)], settings({ maxFindings: { medium: 3 } })).result).toBe('pass');
    const verdict = judge([completed('policies', three)], settings({ maxFindings: { medium: 2 } }));
    expect(verdict).toMatchObject({ result: 'fail', exitCode: 1, blocking: [], overCount: [{ severity: 'medium', found: 3, limit: 2 }] });
    expect(reasons(verdict)).toBe('3 medium findings, and at most 2 are allowed (max-findings): repair 1.');
    expect(headline(report([completed('policies', three)], { settings: { maxFindings: { medium: 2 } } }))).toBe('3 medium findings (max-findings: 2)');
    const known = three.map((one) => ({ ...one, baselineState: 'unchanged' as const }));
    expect(judge([completed('policies', known)], settings({ maxFindings: { medium: 2 }, newOnly: true })).result).toBe('pass');
    expect(judge([completed('policies', known)], settings({ maxFindings: { medium: 2 } })).result).toBe('fail');
  });

  it('gives fresh advisories time, until their day', () => {
    const judged = (published: string | undefined, days = 7) => judge([completed('osv-scanner', [advisory(published)])], settings({ graceDays: days }), NOW);
    expect(judged('2027-03-08')).toMatchObject({ result: 'pass', grace: { counts: { high: 1 }, until: '2027-03-15' } });
    expect(reasons(judged('2027-03-08'))).toBe('No other findings.\n1 finding of dependencies does not fail the build yet, since its advisory was published less than 7 days ago (grace-days); it counts from 2027-03-15 on.');
    expect(judged('2027-03-04').result).toBe('pass');
    expect(judged('2027-03-03').result).toBe('fail');
    // No date, or one that can't be: no grace.
    expect(judged(undefined).result).toBe('fail');
    expect(judged('2027-03-11').result).toBe('fail');
    expect(judge([completed('osv-scanner', [advisory('2027-03-08')])], settings({ graceDays: 7 })).result).toBe('fail');
    expect(judge([completed('policies', [finding({ severity: 'high' })])], settings({ graceDays: 7 }), NOW).result).toBe('fail');
  });
});

describe('dropMinor', () => {
  it('leaves out what is below, never what fails the build', () => {
    const low = finding({ severity: 'low', ruleId: 'a/low' });
    const medium = finding({ severity: 'medium', ruleId: 'a/medium' });
    const secret = finding({ severity: 'low', tool: 'gitleaks', ruleId: 'key' });
    const chosen = settings({ reportFrom: 'medium', thresholds: { category: { secrets: 'low' } } });
    const results = [completed('policies', [low, medium]), completed('gitleaks', [secret])];
    const [own, leaks] = dropMinor(results, chosen, judge(results, chosen));
    expect(own?.outcome).toEqual({ status: 'completed', findings: [medium] });
    expect(own?.diagnostics.map(({ message }) => message)).toEqual(['1 finding below medium is not reported; `report-from: note` reports all.']);
    expect(leaks?.outcome).toEqual({ status: 'completed', findings: [secret] });
    const counted = settings({ reportFrom: 'high', maxFindings: { low: 0 } });
    expect(dropMinor(results, counted, judge(results, counted)).flatMap(({ outcome }) => (outcome.status === 'completed' ? outcome.findings : []))).toEqual([low, secret]);
  });
});
