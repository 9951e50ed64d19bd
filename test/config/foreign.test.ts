import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foreignSuppressions } from '../../src/config/foreign.js';
import { readOpenVex } from '../../src/config/openvex.js';
import { snapshotFiles } from '../../src/io/snapshot.js';
import { createEntries } from '../../src/triage/entries.js';
import { suppressResults } from '../../src/triage/suppress.js';
import { correlateResults } from '../../src/correlate/index.js';
import { completed, finding, settings } from '../support/report.js';

const NOW = Date.parse('2027-03-10T12:00:00Z');
const tree = (files: Readonly<Record<string, string>>) => snapshotFiles('/w', new Map(Object.entries(files).map(([path, text]) => [path, { bytes: Buffer.from(text) }])));
const dependency = (id: string, purl: string, aliases: readonly string[] = [], tool = 'osv-scanner') =>
  finding({ severity: 'high', tool, ruleId: id, path: 'package-lock.json', package: { purl, version: '1.0.0', manifest: 'package-lock.json', aliases: [id, ...aliases], fixedVersions: [] } });
const vex = (...statements: object[]): string => JSON.stringify({ '@context': 'https://openvex.dev/ns/v0.2.0', '@id': 'x', author: 'security@example.com', timestamp: '2027-01-01T00:00:00Z', version: 1, statements });
const about = (status: string, more: object = {}): object => ({ vulnerability: { name: 'CVE-2027-1' }, products: [{ '@id': 'pkg:npm/a@1.0.0' }], status, ...more });

describe('OpenVEX documents', () => {
  const silences = (text: string, one = dependency('GHSA-1', 'pkg:npm/a@1.0.0', ['CVE-2027-1'])): boolean => {
    const entries = readOpenVex(text, '.vex/a.json');
    return typeof entries !== 'string' && createEntries(entries, NOW).find(one) !== undefined;
  };

  test('silence what is not affected, with a justification, or fixed', () => {
    expect(silences(vex(about('not_affected', { justification: 'vulnerable_code_not_in_execute_path' })))).toBe(true);
    expect(silences(vex(about('not_affected', { impact_statement: 'never called' })))).toBe(true);
    expect(silences(vex(about('fixed')))).toBe(true);
    expect(silences(vex(about('not_affected')))).toBe(false);
    expect(silences(vex(about('affected', { action_statement: 'update' })))).toBe(false);
    expect(silences(vex(about('under_investigation')))).toBe(false);
    expect(readOpenVex(vex(about('not_affected', { justification: 'component_not_present' })), 'v.json')).toMatchObject([{ by: 'openvex', owner: 'security@example.com', reason: 'not_affected: component not present', package: 'pkg:npm/a@1.0.0' }]);
  });

  test('are about their package, version and vulnerability only', () => {
    const fixed = vex(about('fixed'));
    expect(silences(fixed, dependency('CVE-2027-2', 'pkg:npm/a@1.0.0'))).toBe(false);
    expect(silences(fixed, dependency('CVE-2027-1', 'pkg:npm/a@1.0.01'))).toBe(false);
    expect(silences(fixed, dependency('CVE-2027-1', 'pkg:npm/ab@1.0.0'))).toBe(false);
    expect(silences(vex({ ...about('fixed'), products: [{ '@id': 'pkg:npm/a' }] }))).toBe(true);
    expect(silences(vex({ ...about('fixed'), products: [{ '@id': 'pkg:oci/app', subcomponents: [{ '@id': 'pkg:npm/a' }] }] }))).toBe(true);
    expect(silences(vex({ ...about('fixed'), products: [{ '@id': 'our-product' }] }))).toBe(false);
  });

  test('count as what they say last', () => {
    expect(silences(vex(about('fixed', { timestamp: '2027-02-01T00:00:00Z' }), about('affected', { timestamp: '2027-01-01T00:00:00Z' })))).toBe(true);
    expect(silences(vex(about('fixed', { timestamp: '2027-01-01T00:00:00Z' }), about('affected', { timestamp: '2027-02-01T00:00:00Z' })))).toBe(false);
    // Another name of the same vulnerability.
    expect(silences(vex(about('fixed'), { ...about('affected'), vulnerability: { name: 'GHSA-1', aliases: ['CVE-2027-1'] } }))).toBe(false);
  });

  test('that are none silence nothing and say so', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const read = readOpenVex(text, 'v.json');
        expect(typeof read === 'string' ? read : read.length === 0 ? 'silences nothing' : '').toContain('silences nothing');
      }),
    );
    const { entries, diagnostics } = foreignSuppressions(tree({ '.vex/a.json': '{', '.vex/b.json': vex(about('fixed')), '.snyk': '[' }), tree({}), settings({ vex: ['none.json'] }));
    expect(entries).toHaveLength(1);
    expect(diagnostics.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      '.snyk: It silences nothing, since it is no valid policy file of snyk.',
      'none.json: This OpenVEX document of the setting `vex` does not exist; it silences nothing.',
      '.vex/a.json: This OpenVEX document is no valid JSON; it silences nothing.',
    ]);
  });
});

test('.trivyignore and .snyk silence their scanners, with reason and end, and only where they are honoured', () => {
  const files = tree({
    '.trivyignore': '# never called\nCVE-2027-1\nCVE-2027-2 exp:2027-01-01\nCVE-2027-3 exp:2027-02-30\nAVD-DS-0002 # runs as root\n',
    '.snyk': 'version: v1.25.0\nignore:\n  SNYK-JS-A-1:\n    - "*":\n        reason: no way in\n        expires: 2027-12-31T00:00:00.000Z\n  SNYK-JS-A-2:\n    - "a > b": {reason: x}\n',
  });
  const { entries } = foreignSuppressions(files, files, settings());
  expect(entries.filter(({ rule }) => !(rule ?? '').startsWith('trivy-image/')).map(({ rule, reason, expires, place }) => [rule, reason, expires, place.path, place.region?.startLine])).toEqual([
    ['trivy/CVE-2027-1', 'never called', undefined, '.trivyignore', 2],
    ['trivy/CVE-2027-2', 'no reason is given', '2027-01-01', '.trivyignore', 3],
    ['trivy/AVD-DS-0002', 'runs as root', undefined, '.trivyignore', 5],
    ['snyk/SNYK-JS-A-1', 'no way in', '2027-12-31', '.snyk', undefined],
  ]);
  expect(foreignSuppressions(files, files, settings({ foreignSuppressions: 'report' })).entries).toEqual([]);
});

describe('comments of scanners', () => {
  const suppression = { kind: 'inSource', by: 'bandit', reason: 'no reason is given', place: { path: 'a.py' } } as const;
  const silenced = finding({ severity: 'high', tool: 'bandit', ruleId: 'B324', path: 'a.py', line: 3, fingerprints: {}, suppression });
  const context = (given: Parameters<typeof settings>[0] = {}) => ({ settings: settings(given), known: { policies: [], scanners: ['bandit', 'semgrep'] }, now: NOW, source: () => undefined, files: [] });

  test('are shown as suppressed, or count', () => {
    const [honoured] = suppressResults([completed('bandit', [silenced])], context());
    expect(honoured).toMatchObject({ outcome: { findings: [] }, suppressed: [{ suppression: { by: 'bandit' } }] });
    const [reported] = suppressResults([completed('bandit', [silenced])], context({ foreignSuppressions: 'report' }));
    expect(reported).toMatchObject({ outcome: { findings: [{ ruleId: 'B324' }] } });
    expect(JSON.stringify(reported)).not.toContain('suppression');
  });

  test('silence nothing that another scanner reports as well', () => {
    const again = { ...silenced, message: 'the same' };
    const { suppression: _, ...open } = again;
    const merged = correlateResults([completed('bandit', [again, open])], () => undefined).flatMap(({ outcome }) => (outcome.status === 'completed' ? outcome.findings : []));
    expect(merged).toHaveLength(1);
    expect(merged[0]).not.toHaveProperty('suppression');
  });
});
