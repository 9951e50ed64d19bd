import { describe, expect, test } from 'vitest';
import { ConfigurationError, findingsOf } from '../../src/core/index.js';
import { judge } from '../../src/gate/gate.js';
import { openFiles } from '../../src/io/files.js';
import { jsonReport } from '../../src/report/json.js';
import { renderLines } from '../../src/report/terminal.js';
import { toSarif } from '../../src/sarif/to-sarif.js';
import { baselineOf, baselineText, compareWithBaseline, readBaseline, type BaselineEntry } from '../../src/triage/baseline.js';
import { workspace } from '../commands/support.js';
import { completed, failed, finding, report, settings, skipped } from '../support/report.js';

const id = (number: number): string => number.toString(16).padStart(32, '0');
const at = (number: number, severity: 'critical' | 'high' | 'low' = 'high') => finding({ severity, line: number, fingerprints: { 'bartizan/v1': id(number) } });
const known = (number: number, severity: BaselineEntry['severity'] = 'high'): BaselineEntry => ({ fingerprint: id(number), rule: 'rule', path: 'file.yml', severity });
const states = (results: ReturnType<typeof compareWithBaseline>) => results.flatMap(findingsOf).map(({ baselineState }) => baselineState);

function read(text: string | Uint8Array, path?: string, name = 'bartizan.baseline.json') {
  const folder = workspace({ [name]: text });
  try {
    return readBaseline(openFiles(folder.root), path);
  } finally {
    folder.remove();
  }
}

describe('a baseline', () => {
  test('is written sorted, a finding a line, and read back', () => {
    const entries = baselineOf([completed('policies', [at(2), at(1)]), completed('hadolint', [finding({ severity: 'low', tool: 'hadolint', ruleId: 'DL1', path: 'Dockerfile', fingerprints: { 'bartizan/v1': id(3) } })])], []);
    const text = baselineText(entries);
    expect(text).toBe(`{
  "format": "bartizan-baseline/v1",
  "findings": [
    {"path":"Dockerfile","rule":"hadolint/DL1","severity":"low","fingerprint":"${id(3)}"},
    {"path":"file.yml","rule":"rule","severity":"high","fingerprint":"${id(1)}"},
    {"path":"file.yml","rule":"rule","severity":"high","fingerprint":"${id(2)}"}
  ]
}
`);
    expect(read(text)).toEqual(entries.map((entry) => ({ ...entry })));
    expect(read(baselineText([]))).toEqual([]);
  });

  test('loses what is gone, and keeps what belongs to a scanner that was skipped', () => {
    const former = [known(1), { ...known(2), rule: 'trivy/X' }, { ...known(3), rule: 'hadolint/DL1' }];
    expect(baselineOf([completed('policies', []), skipped('trivy', 'not installed'), completed('hadolint', [])], former)).toEqual([former[1]]);
  });

  test('is optional, can be turned off, and must be there when it is named', () => {
    expect(read('', undefined, 'other.json')).toBeUndefined();
    expect(read('broken', 'none')).toBeUndefined();
    expect(() => read('', 'known.json')).toThrow(ConfigurationError);
    expect(() => read('', '../known.json')).toThrow(ConfigurationError);
  });

  test.each([
    ['', 'is no valid JSON'],
    ['{"format": "bartizan-baseline/v1", "findings": [', 'is no valid JSON'],
    ['null', 'is no baseline of Bartizan'],
    ['[]', 'is no baseline of Bartizan'],
    ['{"version": "1.4.0", "results": {}}', 'is no baseline of Bartizan'],
    ['{"format": "bartizan-baseline/v2", "findings": []}', 'is no baseline of Bartizan'],
    ['{"format": "bartizan-baseline/v1", "findings": {}}', 'is no baseline of Bartizan'],
    ['{"format": "bartizan-baseline/v1", "findings": [null]}', 'at position 1'],
    [baselineText([known(1), { ...known(2), fingerprint: 'x' }]), 'at position 2'],
    [baselineText([{ ...known(1), severity: 'terrible' as never }]), 'at position 1'],
    [`{"format": "bartizan-baseline/v1", "findings": [${'0,'.repeat(100_001)}0]}`, 'more than 100000'],
    [new Uint8Array([0xff, 0xfe, 0x00]), "can't be read"],
    [new Uint8Array(20_000_001).fill(32), "can't be read"],
  ])('that is wrong is a configuration error, never a smaller baseline (%#)', (text, message) => {
    expect(() => read(text)).toThrow(ConfigurationError);
    expect(() => read(text)).toThrow(message);
  });
});

describe('findings', () => {
  const results = [completed('policies', [at(1), at(2), at(3, 'critical')]), failed('trivy', 'broken', [at(4, 'low')])];
  const compared = compareWithBaseline(results, [known(1), known(3), known(9)]);

  test('say whether they are known; one that became worse is not', () => {
    expect(states(compared)).toEqual(['unchanged', 'new', 'updated', 'new']);
    expect(compareWithBaseline(results, undefined)).toBe(results);
    expect(states(compareWithBaseline([completed('policies', [finding({ severity: 'high' })])], [known(1)]))).toEqual(['new']);
    expect(states(compareWithBaseline([completed('policies', [at(1)])], [known(1), known(1, 'low')]))).toEqual(['updated']);
  });

  test('that are known block unless only new ones are to', () => {
    expect(judge(compared, settings()).blocking).toHaveLength(3);
    expect(judge(compared, settings())).not.toHaveProperty('known');
    const verdict = judge(compared, settings({ newOnly: true }));
    expect(verdict.blocking.map(({ fingerprints }) => fingerprints['bartizan/v1'])).toEqual([id(3), id(2)]);
    expect(verdict).toMatchObject({ exitCode: 1, counts: { high: 2, critical: 1 }, known: { high: 1, critical: 0 } });
    expect(verdict.reasons.at(-1)?.message).toBe('Not counted, since the baseline knows them (new-only): 1 high finding.');
    // Without a baseline everything is new.
    expect(judge(results, settings({ newOnly: true })).blocking).toHaveLength(3);
  });

  test('are counted in words that are true', () => {
    const all = report(compareWithBaseline([completed('policies', [at(1)])], [known(1)]), { settings: { newOnly: true } });
    expect(all.verdict).toMatchObject({ result: 'pass', exitCode: 0 });
    expect(all.verdict.reasons.map(({ message }) => message)).toEqual(['No new findings.', 'Not counted, since the baseline knows them (new-only): 1 high finding.']);
    expect(renderLines(all)).toContain('PASS: no new findings; 1 known');
    const some = report(compareWithBaseline([completed('policies', [at(1), at(2, 'low')])], [known(1)]), { settings: { newOnly: true } });
    expect(renderLines(some)).toContain('PASS: 1 low finding, none at fail-on: high or worse; 1 known');
  });

  test('carry it in JSON and SARIF', () => {
    const shown = report(compared);
    expect(jsonReport(shown).findings.map(({ baselineState }) => baselineState)).toEqual(['updated', 'unchanged', 'new', 'new']);
    expect(toSarif(shown, { variant: 'full' }).runs[0]?.results?.map(({ baselineState }) => baselineState)).toEqual(['updated', 'unchanged', 'new', 'absent']);
    expect(toSarif(shown, { variant: 'upload' }).runs[0]?.results?.map(({ baselineState }) => baselineState)).toEqual(['updated', 'unchanged', 'new']);
  });
});

describe('findings that moved', () => {
  const moved = (number: number, name: number, severity: 'high' | 'critical' = 'high') => finding({ severity, line: number, fingerprints: { 'bartizan/v1': id(number), 'bartizan/moved/v1': id(name) } });
  const entry = (number: number, name: number): BaselineEntry => ({ ...known(number), moved: id(name) });

  test('stay known by the fingerprint without folders, each known one once', () => {
    expect(states(compareWithBaseline([completed('policies', [moved(1, 7), moved(2, 7), moved(3, 7)])], [entry(8, 7), entry(9, 7)]))).toEqual(['unchanged', 'unchanged', 'new']);
    // The one that is still in its place is not found a second time elsewhere.
    expect(states(compareWithBaseline([completed('policies', [moved(1, 7), moved(2, 7)])], [entry(1, 7)]))).toEqual(['unchanged', 'new']);
    expect(states(compareWithBaseline([completed('policies', [moved(1, 7, 'critical')])], [entry(8, 7)]))).toEqual(['updated']);
  });

  test('stay known in a renamed file, by the fingerprint that they had there', () => {
    expect(states(compareWithBaseline([completed('policies', [at(1), at(2)])], [known(8)], new Map([[id(1), id(8)], [id(2), id(8)]])))).toEqual(['unchanged', 'new']);
  });

  test('keep their second fingerprint in the file, which is checked', () => {
    const entries = baselineOf([completed('policies', [moved(1, 7)])], []);
    expect(entries[0]?.moved).toBe(id(7));
    expect(read(baselineText(entries))).toEqual(entries);
    expect(() => read(baselineText([{ ...known(1), moved: 'x' }]))).toThrow('at position 1');
  });
});

describe('findings that are gone', () => {
  test('are absent where their scanner finished', () => {
    const entries = [known(1), { ...known(2), rule: 'trivy/X' }, { ...known(3), rule: 'hadolint/DL1' }, { ...known(4), rule: 'pipeline/x' }];
    const compared = compareWithBaseline([completed('policies', [at(1)]), failed('trivy', 'broken'), completed('hadolint', [])], entries);
    expect(compared.map(({ absent }) => absent?.map(({ fingerprint }) => fingerprint))).toEqual([[id(4)], undefined, [id(3)]]);
  });
});

describe('max-known', () => {
  const results = compareWithBaseline([completed('policies', [at(1), at(2), at(3, 'low')])], [known(1), known(2), known(3, 'low')]);

  test('fails when more known findings are left than it allows, whatever the threshold', () => {
    const shown = report(results, { settings: { failOn: 'never', newOnly: true, maxKnown: { high: 1, low: 1 } } });
    expect(shown.verdict).toMatchObject({ result: 'fail', exitCode: 1, overLimit: [{ severity: 'high', known: 2, limit: 1 }] });
    expect(shown.verdict.reasons[0]?.message).toBe('2 known high findings, and at most 1 may be left (max-known): repair 1, instead of adding to the baseline.');
    expect(renderLines(shown)).toContain('FAIL: 2 known high findings (max-known: 1); 3 known');
  });

  test('passes at the limit, and counts what is worse than known but not what is new', () => {
    expect(judge(results, settings({ newOnly: true, maxKnown: { high: 2, low: 5, critical: 0 } })).result).toBe('pass');
    const worse = compareWithBaseline([completed('policies', [at(1, 'critical'), at(9, 'critical')])], [known(1)]);
    expect(judge(worse, settings({ maxKnown: { critical: 0 } })).overLimit).toEqual([{ severity: 'critical', known: 1, limit: 0 }]);
  });
});
