import { expect, test } from 'vitest';
import { shellParserAssets } from '../../src/io/assets.js';

test('both files of the shell parser are WebAssembly modules', () => {
  const { runtime, language } = shellParserAssets();
  for (const bytes of [runtime, language]) expect(Buffer.from(bytes.subarray(0, 4)).toString('latin1')).toBe('\0asm');
});
