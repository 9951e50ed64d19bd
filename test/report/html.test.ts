import { expect, test } from 'vitest';
import { renderHtml } from '../../src/report/html/index.js';
import { completed, failed, finding, report, rule, skipped } from '../support/report.js';

const files = { 'a.yml': 'one\ntwo: secret\nthree\nfour\n' };
const rules = [rule({ id: 'pipeline/x', title: 'A title', tags: ['CWE-94'], repair: 'Do this.', helpUri: 'https://example.com/x' })];

test('says verdict, reasons, counts, findings with source and repair, scanners', () => {
  const html = renderHtml(
    report(
      [
        completed('policies', [finding({ severity: 'high', ruleId: 'pipeline/x', path: 'a.yml', line: 3, length: 5, message: 'A message', reasons: ['anyone can'] })], rules),
        skipped('bandit', 'no Python files'),
        failed('trivy', 'database is old'),
      ],
      { files },
    ),
  );
  for (const part of ['Bartizan fails: 1 high finding', 'A title', 'A message', 'Why high: anyone can', 'Repair: Do this.', '<mark>three</mark>', 'a.yml:3', 'CWE-94', 'no Python files', 'database is old', 'href="https://example.com/x"']) {
    expect(html).toContain(part);
  }
});

test('needs nothing from elsewhere and allows nothing but its own style and script', () => {
  const html = renderHtml(report([completed('policies', [finding({ severity: 'low', line: 1 })])]));
  expect(html).toMatch(/content="default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'"/);
  expect(html).not.toMatch(/\b(?:src|srcset|action)=|url\(|@import|<link|<iframe|style="|\son\w+=/);
});

test.each(['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", '</details></td></tr></table><script>', '<!--', '\u202Etxt', '\u0000'])(
  'text of a finding stays text: %s',
  (evil) => {
    const evilRule = rule({ id: evil, title: evil, repair: evil, helpUri: `javascript:alert(1)//${evil}` });
    const found = finding({ severity: 'high', ruleId: evil, tool: evil, message: evil, reasons: [evil], path: evil, line: 1, alsoReportedBy: [{ tool: evil, ruleId: evil }] });
    const html = renderHtml(report([completed(evil, [found], [evilRule]), failed('x', evil), skipped('y', evil)], { files: { [evil]: evil }, reproduce: evil }));
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toContain(evil === '\u0000' || evil === '\u202Etxt' ? evil : `>${evil}`);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('<!--');
    expect(html).not.toContain('javascript:alert');
    expect(html).not.toMatch(/="[^"]*"[^\s>/]/);
  },
);

test('shows no credential', () => {
  const token = `ghp_${'a1B2'.repeat(9)}`;
  const html = renderHtml(report([completed('policies', [finding({ severity: 'high', message: `uses ${token}`, path: 'a.yml', line: 1 })])], { files: { 'a.yml': `token: ${token}\n` } }));
  expect(html).not.toContain(token);
});

test('a report without findings says so', () => {
  const html = renderHtml(report([completed('policies', [])]));
  expect(html).toContain('Bartizan passes: no findings');
  expect(html).not.toContain('<script');
});
