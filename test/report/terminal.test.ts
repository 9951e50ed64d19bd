import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/index.js';
import { displayWidth, markLine } from '../../src/report/display.js';
import { renderLines, renderTerminal, type TerminalOptions } from '../../src/report/terminal.js';
import { hostileReport } from '../support/arbitrary-report.js';
import { completed, failed, finding, report, rule, skipped } from '../support/report.js';

const options = (given: Partial<TerminalOptions> = {}): TerminalOptions => ({ color: false, width: 100, height: 40, all: false, ...given });
const path = '.github/workflows/preview.yml';
const files = { [path]: 'on: pull_request_target\njobs:\n  a:\n\t  ref: ${{ github.head_ref }}\n  b: 1\n  c: npm ci\n' };
const checkout: Finding = {
  ...finding({ severity: 'critical', ruleId: 'pipeline/untrusted-checkout', message: 'A fork is checked out', reasons: ['anyone can send it'] }),
  locations: [{ path, region: { startLine: 4, startColumn: 9, endLine: 4, endColumn: 31 }, message: 'from outside' }],
  related: [{ path, region: { startLine: 6, startColumn: 6, endLine: 6, endColumn: 12 }, message: 'runs it' }],
};
const rules = [rule({ id: 'pipeline/untrusted-checkout', title: 'Runs foreign code', severity: 'critical', repair: 'Use `pull_request`.' })];

describe('renderTerminal', () => {
  it('shows scanners, the finding with its source, the repair and the verdict', () => {
    const results = [completed('policies', [checkout], rules), failed('trivy', 'database is too old'), skipped('checkov', 'no infrastructure files')];
    expect(renderTerminal(report(results, { files }), options({ width: 90 }))).toBe(`Bartizan 1.0.0 · 1 of 3,180 files scanned · 1 GitHub workflow
  ✔ policies  1.4 s     1 finding      in process
  ✖ trivy     failed: database is too old
  – skipped: checkov (no infrastructure files)

critical  pipeline/untrusted-checkout                    .github/workflows/preview.yml:4:9
  Runs foreign code
  A fork is checked out
    2 │ jobs:
    3 │   a:
  ▶ 4 │       ref: \${{ github.head_ref }}
      │            ^^^^^^^^^^^^^^^^^^^^^^ from outside
     ⋮
    6 │   c: npm ci
      │      ^^^^^^ runs it
  Why: anyone can send it
  Repair: Use \`pull_request\`.
  More: bartizan explain pipeline/untrusted-checkout

FAIL  1 critical finding (fail-on: high); 1 scanner failed (trivy) · 8.0 s
      first: .github/workflows/preview.yml:4   reproduce: bartizan scan .
`);
  });

  it('says what a pass rests on', () => {
    const text = renderTerminal(report([completed('policies', [])]), options());
    expect(text).toMatch(/\nPASS {2}no findings · 8\.0 s\n$/);
    const warned = report([completed('policies', []), failed('trivy', 'x')], { settings: { onScannerError: 'warn' } });
    expect(renderTerminal(warned, options())).toMatch(/\nPASS {2}no findings; 1 scanner failed \(trivy\) · 8\.0 s\n$/);
    const broken = report([completed('policies', [], [], [{ level: 'error', code: 'x', path: 'a.yml', message: 'Broken.' }])]);
    const error = renderTerminal(broken, options());
    expect(error).toContain('✖ a.yml  not judged: Broken.');
    expect(error).toContain('\nERROR  1 file could not be judged; no findings · 8.0 s\n       reproduce: bartizan scan .\n');
  });

  it('fits the screen and counts what it leaves out, unless asked for all', () => {
    const many = Array.from({ length: 60 }, (_, i) => finding({ severity: i < 2 ? 'high' : 'low', ruleId: `r/${i}`, path: 'x', line: i + 1 }));
    const given = report([completed('policies', many)], { files });
    for (const height of [24, 40, 60]) {
      const lines = renderTerminal(given, options({ height })).trimEnd().split('\n');
      expect(lines.length).toBeLessThan(height);
      expect(lines.join('\n')).toMatch(/… \d+ more: (?:\d high, )?\d+ low \(add --all\)/);
    }
    const all = renderTerminal(given, options({ all: true }));
    for (const one of many) expect(all).toContain(`bartizan explain ${one.ruleId}`);
    expect(all).not.toContain('add --all');
  });

  it('explains a rule once', () => {
    const twice = [checkout, { ...checkout, message: 'Another one' }];
    const text = renderTerminal(report([completed('policies', twice, rules)], { files }), options({ all: true }));
    expect(text.match(/Repair:/g)).toHaveLength(1);
    expect(text).toContain('Another one');
  });

  it('shows no secret, not even beside another finding', () => {
    const secret = rule({ id: 'secret', tags: ['CWE-798'] });
    const findings = [finding({ severity: 'high', ruleId: 'other', path: 'x', line: 2 }), finding({ severity: 'low', ruleId: 'secret', path: 'x', line: 1, length: 17 })];
    const text = renderTerminal(report([completed('t', findings, [secret])], { files: { x: 'password: hunter2\nb: 1\n' } }), options({ all: true }));
    expect(text).toContain('password: *******');
    expect(text).not.toContain('hunter2');
  });

  it('can not be made to move the cursor, reorder text, run a log command or grow', () => {
    fc.assert(
      fc.property(hostileReport, fc.integer({ min: 0, max: 200 }), fc.boolean(), fc.boolean(), (given, width, color, all) => {
        const text = renderTerminal(given, { color, all, width, height: 30 });
        const plain = text.replace(/\u001b\[(?:0|1|2|31|32|33|36|1;31)m/g, '');
        expect(plain).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/u);
        if (!color) expect(plain).toBe(text);
        for (const line of plain.split('\n')) {
          expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(40, Math.min(width, 160)) + 12);
          expect(line.trimStart().startsWith('::')).toBe(false);
          expect(line).not.toMatch(/##\w*\[/);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('renderLines', () => {
  it('gives one line per finding, then what is missing, then the verdict', () => {
    const broken = { level: 'error', code: 'x', path: 'a.yml', message: 'Broken.' } as const;
    const results = [completed('policies', [finding({ severity: 'low', path: 'b' }), checkout], rules, [broken]), failed('trivy', 'old\ndatabase')];
    expect(renderLines(report(results, { files }))).toBe(`.github/workflows/preview.yml:4:9: critical: A fork is checked out [pipeline/untrusted-checkout] (policies)
b: low: A message [rule] (policies)
a.yml: not judged: Broken.
trivy: failed: old database
FAIL: 1 critical finding (fail-on: high); 1 scanner failed (trivy); 1 file could not be judged
`);
  });

  it('has as many lines as there is to say, whatever the text', () => {
    fc.assert(
      fc.property(hostileReport, (given) => {
        const said = given.results.reduce((sum, { outcome, diagnostics }) => {
          const found = outcome.status === 'completed' ? outcome.findings.length : outcome.status === 'failed' ? outcome.partial.length + 1 : 0;
          return sum + found + diagnostics.length;
        }, 1);
        const lines = renderLines(given).split('\n');
        expect(lines).toHaveLength(said + 1);
        for (const line of lines) expect(line).not.toMatch(/^\s*::|##\w*\[|[\u0000-\u001f\u007f-\u009f\u202e]/);
      }),
    );
  });
});

describe('markLine', () => {
  it('points at the marked characters, whatever their width', () => {
    expect(markLine('\tab', 1, 2, 40)).toEqual({ text: '    ab', before: 4, length: 1 });
    expect(markLine('漢字 x', 3, 4, 40)).toMatchObject({ before: 5, length: 1 });
    expect(markLine('漢字 x', 0, 2, 40)).toMatchObject({ before: 0, length: 4 });
  });

  it('keeps the mark in sight in a line of any length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 20, max: 120 }), (start, length, columns) => {
        const line = `${'a'.repeat(start)}${'X'.repeat(length)}${'b'.repeat(100)}`;
        const marked = markLine(line, start, start + length, columns);
        expect(displayWidth(marked.text)).toBeLessThanOrEqual(columns);
        expect(marked.before + marked.length).toBeLessThanOrEqual(columns);
        expect(marked.text[marked.before]).toBe('X');
      }),
    );
  });
});
