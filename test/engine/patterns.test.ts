import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cachedPattern, compilePattern, PatternError } from '../../src/engine/patterns.js';

test('a pattern is looked for anywhere, unless it is anchored', () => {
  expect(compilePattern('b+')('abbc')).toBe(true);
  expect(compilePattern('^b+$')('abbc')).toBe(false);
  expect(compilePattern('(?i)HELLO')('say hello')).toBe(true);
});

test('what RE2 does not know, or what is too long, is an error', () => {
  for (const source of ['(?=a)', '(a)\\1', '(', 'a'.repeat(3_000)]) expect(() => compilePattern(source)).toThrow(PatternError);
});

test('a cached pattern answers as a compiled one, also after many others', () => {
  for (let index = 0; index < 500; index++) cachedPattern(`x${index}`);
  fc.assert(
    fc.property(fc.stringMatching(/^[a-c.*+?|]{1,8}$/), fc.stringMatching(/^[a-c]{0,20}$/), (source, text) => {
      let expected: boolean | undefined;
      try {
        expected = compilePattern(source)(text);
      } catch {
        expect(() => cachedPattern(source)).toThrow(PatternError);
        return;
      }
      expect(cachedPattern(source)(text)).toBe(expected);
    }),
  );
});
