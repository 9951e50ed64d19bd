import { expect, test } from 'vitest';
import { nearest, nearestHint } from '../../src/core/nearest.js';

test.each([
  ['usess', ['uses', 'run'], 'uses'],
  ['mesage', ['message', 'at'], 'message'],
  ['hgih', ['high', 'low'], 'high'],
  ['trusted_owner', ['trusted-owners', 'trust'], 'trusted-owners'],
  ['zzzzzz', ['uses', 'run'], undefined],
  ['', ['uses'], undefined],
])('%s is nearest to %j: %s', (name, candidates, expected) => {
  expect(nearest(name, candidates)).toBe(expected);
});

test('a hint is a sentence or nothing', () => {
  expect(nearestHint('mesage', ['message'])).toBe(' Did you mean `message`?');
  expect(nearestHint('qqqq', ['message'])).toBe('');
});
