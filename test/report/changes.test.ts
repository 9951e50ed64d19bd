import { expect, it } from 'vitest';
import { changesOf } from '../../src/report/changes.js';
import { renderComment } from '../../src/report/comment.js';
import { renderHtml } from '../../src/report/html/index.js';
import type { KnownFinding, ScanResult } from '../../src/core/index.js';
import { completed, finding, report } from '../support/report.js';

const gone = (rule: string, path: string, severity: KnownFinding['severity']): KnownFinding => ({ fingerprint: rule, rule, path, severity });
const compared = (absent: readonly KnownFinding[]): ScanResult => ({
  ...completed('policies', [
    finding({ severity: 'critical', ruleId: 'x/known', path: 'a.yml', baselineState: 'unchanged' }),
    finding({ severity: 'medium', ruleId: 'x/new', path: 'b.yml', baselineState: 'new' }),
    finding({ severity: 'low', ruleId: 'x/worse', path: 'c.yml', baselineState: 'updated' }),
  ]),
  absent,
});

it('counts what is new, known and fixed, and lists the fixed ones after the new ones', () => {
  const given = report([compared([gone('x/gone', 'd`.yml', 'high'), gone('hadolint/DL1', 'Dockerfile', 'critical')])]);
  expect(changesOf(given)?.fixed.map(({ rule }) => rule)).toEqual(['hadolint/DL1', 'x/gone']);
  const text = renderComment(given, [], 65_000);
  expect(text).toContain(`|  | new | known | fixed |
| --- | --: | --: | --: |
| critical | 0 | 1 | 1 |
| high | 0 | 0 | 1 |
| medium | **1** | 0 | 0 |
| low | **1** | 0 | 0 |`);
  expect(text).toContain('<details><summary>2 findings fixed</summary>\n\n- critical `hadolint/DL1` `Dockerfile`\n- high `x/gone` <code>d&#96;.yml</code>\n\n</details>');
  const order = ['x/new', 'x/worse', '2 findings fixed', 'x/known'].map((part) => text.lastIndexOf(part));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);
  expect(renderHtml(given)).toContain('<h2>Fixed findings</h2>');
});

it('says nothing of changes without a baseline', () => {
  const given = report([completed('policies', [finding({ severity: 'low' })])]);
  expect(changesOf(given)).toBeUndefined();
  expect(renderComment(given, [], 65_000)).not.toContain('fixed');
});

it('keeps what is fixed and the sentence about the rest when the page is cut', () => {
  const many = Array.from({ length: 200 }, (_, index) => finding({ severity: 'medium', ruleId: `x/rule-${index}`, message: 'm'.repeat(200), baselineState: 'new' }));
  const text = renderComment(report([{ ...completed('policies', many), absent: [gone('x/gone', 'd.yml', 'high')] }]), [], 8_000);
  expect(Buffer.byteLength(text)).toBeLessThan(8_000);
  expect(text).toContain('1 finding fixed');
  expect(text).toMatch(/\*\*\d+ findings more of (\d+) rules are not shown here\*\*/);
  const shown = text.match(/`x\/rule-\d+`\n/g)?.length ?? 0;
  expect(text).toContain(`**${200 - shown} findings more of ${200 - shown} rules`);
});

it('lists a thousand fixed findings in the HTML report and counts the rest', () => {
  const html = renderHtml(report([{ ...completed('policies', []), absent: Array.from({ length: 1200 }, (_, index) => gone(`x/gone-${index}`, 'd.yml', 'low')) }]));
  expect(html.match(/x\/gone-/g)).toHaveLength(1000);
  expect(html).toContain('<p>200 more</p>');
});
