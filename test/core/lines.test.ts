import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineIndex } from '../../src/core/index.js';

test('a range of offsets comes back from its region', () => {
  const texts = fc.array(fc.constantFrom('a', 'é', '😀', ' ', '\n', '\r\n', '\r'), { maxLength: 40 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, fc.nat(100), fc.nat(100), (text, first, second) => {
      const [start, end] = [Math.min(first, second, text.length), Math.min(Math.max(first, second), text.length)];
      const lines = new LineIndex(text);
      expect(lines.range(lines.region({ start, end }))).toEqual({ start, end });
    }),
  );
});
