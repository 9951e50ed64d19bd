import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingsOf, type Finding, type Rule } from '../../src/core/index.js';
import { STABLE, LINE_HASH, MOVED, fingerprintResults } from '../../src/sarif/fingerprint.js';
import { lineHashes } from '../../src/sarif/line-hash.js';
import { completed, finding, rule } from '../support/report.js';

/** Our fingerprints of findings in one file, in the order given. */
function stable(text: string | undefined, findings: readonly Finding[], rules: readonly Rule[] = []): string[] {
  const results = fingerprintResults([completed('policies', findings, rules)], () => text);
  return findingsOf(results[0] as (typeof results)[number]).map((one) => one.fingerprints[STABLE] as string);
}

const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 6 });
const file = fc.array(words, { minLength: 1, maxLength: 12 });
/** A finding on the first word of each line. */
const onEachLine = (lines: readonly (readonly string[])[], shift: number, indent: number): Finding[] =>
  lines.map((line, index) =>
    finding({ severity: 'high', line: index + 1 + shift, column: indent + 1, length: (line[0] as string).length }),
  );

describe('fingerprintResults', () => {
  it('fills in both and keeps others', () => {
    const text = 'a\nb\n';
    const given = { ...finding({ severity: 'high', line: 2 }), fingerprints: { other: 'x' } };
    const [result] = fingerprintResults([completed('policies', [given])], () => text);
    const [out] = findingsOf(result as NonNullable<typeof result>);
    expect(out?.fingerprints).toEqual({
      other: 'x',
      [LINE_HASH]: lineHashes(text)[1],
      [STABLE]: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      [MOVED]: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    });
  });

  it('survives shifted lines, other indentation, other line ends and reworded messages', () => {
    fc.assert(
      fc.property(file, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 6 }), fc.constantFrom('\n', '\r\n', '\r'), (lines, shift, indent, end) => {
        const before = stable(lines.map((line) => line.join(' ')).join('\n'), onEachLine(lines, 0, 0));
        const moved = [...Array<string>(shift).fill('# new'), ...lines.map((line) => ' '.repeat(indent) + line.join('   '))].join(end);
        const reworded = onEachLine(lines, shift, indent).map((one) => ({ ...one, message: 'Other words' }));
        expect(stable(moved, reworded)).toEqual(before);
      }),
    );
  });

  it('survives the renaming of a folder above, in one of the two', () => {
    const folder = fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 3 });
    fc.assert(
      fc.property(file, folder, folder, (lines, before, after) => {
        const text = lines.map((line) => line.join(' ')).join('\n');
        const below = (folders: readonly string[]): string[] => {
          const path = [...folders, 'f.py'].join('/');
          const given = onEachLine(lines, 0, 0).map((one) => ({ ...one, locations: [{ ...one.locations[0], path }] as const }));
          const [result] = fingerprintResults([completed('policies', given)], () => text);
          return findingsOf(result as NonNullable<typeof result>).map((one) => one.fingerprints[MOVED] as string);
        };
        expect(below(after)).toEqual(below(before));
        expect(new Set(below(before)).size).toBe(lines.length);
      }),
    );
  });

  it('differs for every finding, also on equal lines, and does not depend on the order of findings', () => {
    fc.assert(
      fc.property(file, (lines) => {
        const text = lines.map((line) => line.join(' ')).join('\n');
        const findings = onEachLine(lines, 0, 0);
        const values = stable(text, findings);
        expect(new Set(values).size).toBe(values.length);
        expect(stable(text, findings.toReversed())).toEqual(values.toReversed());
      }),
    );
  });

  it('differs by tool, rule and path', () => {
    const base = finding({ severity: 'high', line: 1 });
    const others = [base, { ...base, ruleId: 'other' }, { ...base, tool: 'bandit' }, finding({ severity: 'high', line: 1, path: 'other' })];
    expect(new Set(others.flatMap((one) => stable('x', [one]))).size).toBe(4);
  });

  it('says nothing about a secret: another value of any length gives the same', () => {
    const secret = rule({ id: 'rule', tags: ['secret'] });
    const fingerprint = (value: string) =>
      stable(`password: ${value}`, [finding({ severity: 'high', line: 1, length: 10 + value.length })], [secret]);
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9!$%]{2,30}$/), fc.stringMatching(/^[A-Za-z0-9!$%]{2,30}$/), (a, b) => {
        expect(fingerprint(a)).toEqual(fingerprint(b));
      }),
    );
  });

  it('works without the file and without a line', () => {
    const values = stable(undefined, [finding({ severity: 'high', line: 900 }), finding({ severity: 'high' }), finding({ severity: 'high' })]);
    expect(new Set(values).size).toBe(3);
  });
});
