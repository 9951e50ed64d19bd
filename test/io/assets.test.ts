import { expect, test } from 'vitest';
import { shellParserFiles } from '../../src/io/assets.js';

test('both files of the shell parser are WebAssembly modules', () => {
  const { runtime, language } = shellParserFiles();
  for (const bytes of [runtime, language]) expect(WebAssembly.validate(new Uint8Array(bytes))).toBe(true);
});
