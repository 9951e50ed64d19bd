import { expect, test } from 'vitest';
import { scanCommandLine } from '../../src/commands/command-line.js';

test('the inputs of the Action as flags', () => {
  expect(scanCommandLine({}, { path: '', config: '', base: '' })).toBe('bartizan scan .');
  const values = { 'fail-on': 'medium', include: ['src/**', "it's"], external: 'off', 'new-only': true };
  expect(scanCommandLine(values, { path: 'app', config: 'ci/b.yml', base: 'abc' })).toBe(`bartizan scan app --fail-on medium --include 'src/**,it'\\''s' --no-external --new-only --config ci/b.yml --base abc`);
  expect(scanCommandLine({ external: true, 'new-only': false }, { path: '', config: '', base: '' })).toBe('bartizan scan .');
});
