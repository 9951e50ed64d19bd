import { expect, test } from 'vitest';
import { renderComment } from '../../src/report/comment.js';
import { completed, finding, report, rule } from '../support/report.js';

const many = report([
  completed(
    'policies',
    Array.from({ length: 3000 }, (_, index) => finding({ severity: 'high', ruleId: `rule-${index}`, path: `folder/${'é'.repeat(20)}${index}.yml`, line: 1 })),
    Array.from({ length: 3000 }, (_, index) => rule({ id: `rule-${index}`, title: `Title ${index}` })),
  ),
]);

test.each([5000, 65_535, 1_048_576])('stays below %i characters, is cut between sections and says so', (limit) => {
  const text = renderComment(many, ['A note.'], limit);
  expect(text.length).toBeLessThanOrEqual(limit);
  expect(text).toMatch(/^## Bartizan fails: /);
  expect(text).toMatch(/findings more of [\d,]+ rules are not shown here|Title 2999/);
  expect(text.trimEnd().endsWith('> A note.')).toBe(true);
  expect(text).toContain('Reproduce: ');
});

test('what GitHub answered is quoted as text', () => {
  const text = renderComment(report([completed('policies', [])]), ['GitHub says "<img src=x> @everyone #1".'], 65_535);
  expect(text).not.toContain('<img');
  expect(text).not.toMatch(/@everyone|#1/);
});
