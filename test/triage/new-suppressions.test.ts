import { describe, expect, test } from 'vitest';
import { findingsOf, suppressedFindings, type Finding } from '../../src/core/index.js';
import { countAgain, newlySuppressed } from '../../src/triage/new-suppressions.js';
import { completed, failed, finding } from '../support/report.js';

const COMMENT = '# bartizan-ignore[a/b]: reviewed';

/** Findings in lines that contain `bad`, silenced by a comment in the line above. */
function suppressedIn(text: string, path = 'x.sh'): Finding[] {
  return text.split('\n').flatMap((line, index) => {
    if (!line.includes('bad')) return [];
    const place = { path, region: { startLine: index, startColumn: 1, endLine: index, endColumn: 2 } };
    return [finding({ severity: 'high', path, line: index + 1, suppression: { kind: 'inSource', by: 'bartizan', reason: 'reviewed', place } })];
  });
}

function fresh(head: string, base: string | undefined): number[] {
  const results = [{ ...completed('policies', []), suppressed: suppressedIn(head) }];
  return newlySuppressed(results, () => head, () => base).map(({ finding: { locations } }) => locations[0].region?.startLine ?? 0);
}

describe('a comment that silences', () => {
  const old = `first\n${COMMENT}\nbad one\nlast`;
  test.each<[string, string, string | undefined, number[]]>([
    ['is known when nothing changed', old, old, []],
    ['stays known when its lines move or are indented', `new\nnew\nfirst\n  ${COMMENT}\n    bad  one\nlast`, old, []],
    ['is new in a new file', old, undefined, [3]],
    ['is new when it is new', old, 'first\nbad one\nlast', [3]],
    ['is new when the code below it changes', `first\n${COMMENT}\nbad two\nlast`, old, [3]],
    ['is new when it changes', old.replace('reviewed', 'other'), old, [3]],
    ['is new as often as the base does not have it', `${COMMENT}\nbad one\nx\n${COMMENT}\nbad one`, old, [5]],
    ['is new far away from the code that it was about', `${COMMENT}\nbad one`, `${COMMENT}\n${'x\n'.repeat(50)}bad one`, [2]],
  ])('%s', (_name, head, base, expected) => {
    expect(fresh(head, base)).toEqual(expected);
  });

  test('is told from an entry of the configuration, and from a finding about a whole file', () => {
    const entry = finding({ severity: 'high', suppression: { kind: 'external', by: 'bartizan', reason: 'x', place: { path: '.bartizan.yml' } } });
    const whole = finding({ severity: 'high', suppression: { kind: 'inSource', by: 'bartizan', reason: 'x', place: { path: 'file.yml', region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 } } } });
    const results = [{ ...completed('policies', []), suppressed: [entry, whole] }];
    expect(newlySuppressed(results, () => COMMENT, () => `${COMMENT}\nmore`)).toEqual([]);
    expect(newlySuppressed(results, () => COMMENT, () => `x\n${COMMENT}`)).toHaveLength(1);
  });

  test('silences nothing when it is refused', () => {
    const [one, two] = suppressedIn(`${COMMENT}\nbad\n${COMMENT}\nbad`);
    const results = [{ ...completed('policies', []), suppressed: [one as Finding, two as Finding] }, { ...failed('trivy', 'x'), suppressed: [] }];
    const again = countAgain(results, new Set([one as Finding]));
    expect(again.flatMap(findingsOf).map(({ suppression, locations }) => [suppression, locations[0].region?.startLine])).toEqual([[undefined, 2]]);
    expect(suppressedFindings(again)).toEqual([two]);
    expect(countAgain(results, new Set())).toBe(results);
  });
});
