import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCollector, csvOf, htmlOf, parseCsv, readReport, type Overview, type RolledFinding } from '../../src/rollup/index.js';
import { hostileText } from '../support/arbitrary-report.js';

const NOW = Date.parse('2026-06-30T00:00:00Z');
const finding = (more: Partial<RolledFinding> = {}): RolledFinding => ({ repository: 'o/r', tool: 't', rule: 'a', severity: 'low', firstSeen: undefined, ...more });
const page = (overview: Overview): string => [...htmlOf(overview, { style: '', styleSource: 'x', line: (text) => text.replaceAll('<', '&lt;') })].join('');

function overview(findings: readonly RolledFinding[], before: Parameters<typeof createCollector>[0] = []): Overview {
  const collector = createCollector(before, NOW);
  for (const one of findings) collector.add(one);
  return collector.overview();
}

describe('reports', () => {
  test('SARIF: repository, rule without its severity, suppressed and absent results left out, unfinished scanners counted', () => {
    const log = {
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'Bartizan', rules: [{ id: 'a/b' }, { id: 'a/b/high', properties: { 'bartizan/rule': 'a/b', 'security-severity': '8.0' } }] } },
          versionControlProvenance: [{ repositoryUri: 'https://github.com/owner/name.git' }],
          invocations: [{ executionSuccessful: false }],
          results: [
            { ruleId: 'a/b/high', ruleIndex: 1, provenance: { firstDetectionTimeUtc: '2026-01-01T00:00:00Z' } },
            { ruleId: 'a/b', properties: { severity: 'critical' } },
            { ruleId: 'c', level: 'note' },
            { ruleId: 'a/b', suppressions: [{ kind: 'external' }] },
            { ruleId: 'a/b', baselineState: 'absent' },
            { ruleId: 'a/b', kind: 'pass' },
          ],
        },
      ],
    };
    expect(readReport(log, 'file', NOW)).toEqual({
      repository: 'owner/name',
      unfinished: 1,
      findings: [
        { repository: 'owner/name', tool: 'Bartizan', rule: 'a/b', severity: 'high', firstSeen: Date.parse('2026-01-01T00:00:00Z') },
        { repository: 'owner/name', tool: 'Bartizan', rule: 'a/b', severity: 'critical', firstSeen: undefined },
        { repository: 'owner/name', tool: 'Bartizan', rule: 'c', severity: 'low', firstSeen: undefined },
      ],
    });
  });

  test('our JSON: the repository is what the file is called', () => {
    const report = { findings: [{ rule: 'a', tool: 't', severity: 'high' }], outcomes: [{ status: 'failed' }, { status: 'completed' }] };
    expect(readReport(report, 'owner/name', NOW)).toEqual({ repository: 'owner/name', unfinished: 1, findings: [finding({ repository: 'owner/name', severity: 'high' })] });
  });

  test('nothing is thrown, whatever is in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        readReport(a, 'f', NOW);
        const read = readReport({ runs: [{ tool: { driver: { rules: [a, b] } }, results: [a, b, { ruleIndex: -1 }, { ruleId: b, ruleIndex: 1e9 }], versionControlProvenance: b }, a] }, 'f', NOW);
        for (const { repository, rule, tool } of read?.findings ?? []) expect([repository, rule, tool]).not.toContain('');
      }),
    );
    expect(readReport({ runs: 1 }, 'f', NOW)).toBeUndefined();
  });
});

describe('an overview', () => {
  test('adds up by repository and rule, with the worst severity and the oldest', () => {
    const { rows, repositories } = overview([finding(), finding({ severity: 'high', firstSeen: 5 }), finding({ repository: 'o/s' }), finding({ rule: 'b', firstSeen: 7 })]);
    expect(rows).toEqual([
      { repository: 'o/r', tool: 't', rule: 'a', severity: 'high', count: 2, firstSeen: 5 },
      { repository: 'o/r', tool: 't', rule: 'b', severity: 'low', count: 1, firstSeen: 7 },
      { repository: 'o/s', tool: 't', rule: 'a', severity: 'low', count: 1, firstSeen: NOW },
    ]);
    expect(repositories.map(({ repository, findings }) => [repository, findings])).toEqual([['o/r', 3], ['o/s', 1]]);
  });

  test('knows from the last one since when there are findings', () => {
    const last = [...csvOf({ ...overview([finding({ firstSeen: NOW - 86_400_000 * 40 })]), now: NOW })].join('');
    const { rows } = overview([finding(), finding({ rule: 'b' })], parseCsv(last, NOW));
    expect(rows.map(({ rule, firstSeen }) => [rule, firstSeen])).toEqual([['a', NOW - 86_400_000 * 40], ['b', NOW]]);
    expect(page(overview([finding(), finding({ rule: 'b' })], parseCsv(last, NOW)))).toMatch(/up to a quarter<\/td><td>1</);
  });

  test('is CSV that a spreadsheet does not run, and that can be read again', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (repository, rule) => {
        const read = readReport({ findings: [{ rule, tool: '=cmd()', severity: 'low' }], outcomes: [] }, repository, NOW)?.findings ?? [];
        const text = [...csvOf(overview(read))].join('');
        expect(text.split('\r\n')).toHaveLength(3);
        for (const cell of text.split('\r\n')[1]?.split(/,(?="|')/) ?? []) expect(cell).not.toMatch(/^"?[=+@-]/);
        expect(parseCsv(text, NOW)).toEqual([{ repository: read[0]?.repository, rule: read[0]?.rule, tool: '=cmd()', firstSeen: NOW }]);
      }),
    );
  });

  test('is a page on which names stay text, and that says what is missing', () => {
    const collector = createCollector([], NOW);
    collector.add(finding({ rule: '<script>' }));
    collector.saw('o/r', 1);
    collector.problem('x.json is no JSON');
    const html = page(collector.overview());
    expect(html).toContain('<h1>1 finding in 1 repository</h1>');
    expect(html).not.toContain('<script');
    expect(html).toContain('Scanners did not finish in 1 repository');
    expect(html).toContain('x.json is no JSON');
  });
});
