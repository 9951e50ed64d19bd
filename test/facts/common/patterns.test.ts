import { expect, test } from 'vitest';
import { strengthOf } from '../../../src/facts/common/patterns.js';

test.each([
  ['^[a-z]+$', true, ''],
  ['^(?:prod|test)$', true, ''],
  ['^(prod)$|^(test)$', true, ''],
  ['(^[a-z]+$)', true, ''],
  ['\\A[a-z]+\\z', true, ''],
  ['[a-z]+', false, ''],
  ['^a|b$', false, ''],
  ['^[a-z]+', false, ''],
  ['^[\\w.-]+$', true, ''],
  ['^[+-z]+$', true, ';`<>\\'],
  ['^a;?b{0}$', true, ';'],
])('%s', (pattern, anchored, admits) => {
  expect(strengthOf(pattern)).toEqual({ anchored, admits: [...admits] });
});

test.each(['^[^"]*$', '^.*$', '^\\S+$', '^\\D$', '(', 'a'.repeat(5_000)])('%s lets code through', (pattern) => {
  expect(strengthOf(pattern).admits).toContain('$');
});

test('a platform that compares the whole value needs no anchors', () => {
  expect(strengthOf('[a-z]+', true)).toEqual({ anchored: true, admits: [] });
});
