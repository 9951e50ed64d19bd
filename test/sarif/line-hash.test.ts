import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineHashes } from '../../src/sarif/line-hash.js';

describe('lineHashes', () => {
  it('gives the published values', () => {
    expect(lineHashes('')).toEqual(['c129715d7a2bc9a3:1']);
    expect(lineHashes(' a\nb\n  \t\tc\n d')).toEqual([
      '271789c17abda88f:1',
      '54703d4cd895b18:1',
      '180aee12dab6264:1',
      'a23a3dc5e078b07b:1',
    ]);
  });

  it('agrees with the definition in exact 64-bit integers', () => {
    const unit = fc.oneof(fc.constantFrom(' ', '\t', '\n', '\r', '\r\n', 'a', 'b'), fc.string({ unit: 'binary', maxLength: 2 }));
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 400 }).map((parts) => parts.join('')), (text) => {
        expect(lineHashes(text)).toEqual(byDefinition(text));
      }),
    );
  });

  it('does not change with lines above, indentation or the kind of line end', () => {
    const line = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), fc.uniqueArray(fc.stringMatching(/^[A-Z]{1,9}$/), { maxLength: 5 }), (lines, above) => {
        const plain = lineHashes(lines.join('\n'));
        expect(lineHashes(lines.map((text) => `\t ${text} `).join('\r\n'))).toEqual(plain);
        expect(lineHashes([...above, ...lines].join('\n')).slice(above.length)).toEqual(plain);
      }),
    );
  });
});

/** The same hash stated plainly: for each line start, the window of the next 100 units over the whole padded text. */
function byDefinition(text: string): string[] {
  const units: number[] = [];
  const starts: number[] = [];
  let afterCR = false;
  let lineStart = true;
  const keep = (unit: number): void => {
    if (lineStart) starts.push(units.length);
    lineStart = unit === 10;
    units.push(unit);
  };
  for (const character of text.split('')) {
    if (character === ' ' || character === '\t' || (afterCR && character === '\n')) {
      afterCR = false;
      continue;
    }
    afterCR = character === '\r';
    keep(afterCR ? 10 : character.charCodeAt(0));
  }
  keep(65535);
  const seen = new Map<string, number>();
  return starts.map((start) => {
    let hash = 0n;
    for (let i = start; i < start + 100; i++) hash = BigInt.asUintN(64, hash * 37n + BigInt(units[i] ?? 0));
    const hex = hash.toString(16);
    seen.set(hex, (seen.get(hex) ?? 0) + 1);
    return `${hex}:${seen.get(hex)}`;
  });
}
