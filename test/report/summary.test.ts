import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { SUMMARY_BYTES, renderSummary } from '../../src/report/summary.js';
import { hostileReport } from '../support/arbitrary-report.js';
import { completed, failed, finding, report, rule } from '../support/report.js';

const OURS = /^<\/?(?:h2|h3|p|ul|li|code|pre|strong|table|thead|tbody|tr|th|td|details|summary)>$|^<(?:th|td) align="right">$|^<code class="language-text">$/;
const tags = (markdown: string): string[] =>
  micromark(markdown, { allowDangerousHtml: true, allowDangerousProtocol: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] }).match(/<[^>]*>/g) ?? [];

describe('renderSummary', () => {
  const rules = [rule({ id: 'a/b', title: 'Runs `foreign` code', severity: 'critical', repair: 'Use `pull_request`.' })];

  it('begins with the verdict and shows counts, findings, repairs and scanners', () => {
    const findings = [finding({ severity: 'critical', ruleId: 'a/b', path: 'w.yml', line: 2, message: 'Bad *thing*', reasons: ['anyone'] }), finding({ severity: 'low', path: 'w.yml' })];
    const text = renderSummary(report([completed('policies', findings, rules), failed('trivy', 'too old')], { files: { 'w.yml': 'a\nb\n' } }));
    expect(text).toBe(`## Bartizan fails: 1 critical finding (fail-on: high); 1 scanner failed (trivy)

- First: Runs \`foreign\` code, w.yml:2 (a/b)
- Repair: Use \`pull_request\`.
- Reproduce: \`bartizan scan .\`

- trivy did not finish: too old.

|  | findings |
| --- | --: |
| critical | **1** |
| low | **1** |

### critical · Runs \`foreign\` code

\`a/b\`

**Repair:** Use \`pull_request\`.

- \`w.yml:2:1\` Bad \\*thing\\* (anyone)

  \`\`\`text
    1 │ a
  ▶ 2 │ b
  \`\`\`


<details><summary>low · A message</summary>

\`rule\`

More: \`bartizan explain rule\`

- \`w.yml\` A message

</details>

<details><summary>Scanners: 1 completed, 0 skipped, 1 failed</summary>

| scanner | outcome | | sandbox | time |
|---|---|---|---|--:|
| policies 1.2.3 | completed | 2 findings | in process | 1.4 s |
| trivy 1.2.3 | failed | too old | in process | 1.4 s |



</details>

8.0 s
`);
  });

  it('stays below the limit, cuts between sections and says how much is missing', () => {
    const many = Array.from({ length: 6000 }, (_, i) => finding({ severity: 'high', ruleId: `r/${i}`, path: `p${i}`, line: 1, message: '漢'.repeat(200) }));
    const text = renderSummary(report([completed('policies', many)]));
    expect(Buffer.byteLength(text)).toBeLessThan(SUMMARY_BYTES);
    expect(Buffer.byteLength(text)).toBeGreaterThan(SUMMARY_BYTES * 0.95);
    const shown = text.match(/^### /gm)?.length ?? 0;
    expect(text).toContain(`**${(6000 - shown).toLocaleString('en-US')} findings more of `);
    expect(text.trimEnd().split('\n').at(-1)).toBe('8.0 s');
  });

  it('holds nothing but our own structure, whatever a repository or a scanner sends', () => {
    fc.assert(
      fc.property(hostileReport, fc.constantFrom(SUMMARY_BYTES, 20_000), (given, limit) => {
        const text = renderSummary(given, limit);
        expect(Buffer.byteLength(text)).toBeLessThan(limit);
        const found = tags(text);
        expect(found.filter((tag) => !OURS.test(tag))).toEqual([]);
        expect(found.filter((tag) => tag === '<h2>')).toHaveLength(1);
        expect(found.filter((tag) => tag === '<details>')).toHaveLength(found.filter((tag) => tag === '</details>').length);
        expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
      }),
      { numRuns: 200 },
    );
  });
});
