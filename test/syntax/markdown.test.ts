import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineIndex } from '../../src/core/index.js';
import { parseMarkdown } from '../../src/syntax/markdown.js';

it.each(['```sh\n\0', '```sh\na\0b\n```\n', '```sh\r\n\0\r\n'])('keeps a NUL in its place: %j', (text) => {
  const fence = parseMarkdown(text, new LineIndex(text)).blocks.find(({ kind }) => kind === 'fence');
  if (fence?.kind !== 'fence') throw new Error('no fence');
  const at = fence.code.text.search(/[\0\uFFFD]/);
  const range = fence.code.sourceRange({ start: at, end: at + 1 });
  expect(text.slice(range.start, range.end)).toBe('\0');
});

it('points nowhere outside of the text', () => {
  const parts = fc.array(fc.constantFrom('```sh', '```', '~~~', '\n', '\r\n', '\0', '\t', '> ', '- ', '# ', 'x', '$ ls', '---\n', '  '), { maxLength: 12 });
  fc.assert(
    fc.property(parts, (words) => {
      const text = words.join('');
      for (const block of parseMarkdown(text, new LineIndex(text)).blocks) {
        const ranges = block.kind === 'fence' ? [block.range, block.infoRange, block.code.sourceRange({ start: 0, end: block.code.text.length })] : [block.range];
        for (const { start, end } of ranges) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }
    }),
    { numRuns: 1_000 },
  );
});
