import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotate, annotationCommand, hiddenSentence } from '../../src/report/annotations.js';
import { jsonReport, jsonText } from '../../src/report/json.js';
import { paragraph } from '../../src/report/paragraph.js';
import { NO_PROGRESS, advance, renderProgress } from '../../src/report/progress.js';
import { hostileReport } from '../support/arbitrary-report.js';
import { completed, failed, finding, report, rule, skipped } from '../support/report.js';

describe('annotations', () => {
  const many = ['critical', 'high', 'medium', 'low', 'note'].flatMap((severity) =>
    Array.from({ length: 8 }, (_, i) => finding({ severity: severity as 'high', line: i + 1, column: 3, length: 4 })),
  );

  it('shows the most severe of each kind and counts the rest', () => {
    const given = annotate(report([completed('policies', many.toReversed()), failed('trivy', 'too old')]));
    const count = (level: string) => given.shown.filter((one) => one.level === level).length;
    expect([count('error'), count('warning'), count('notice')]).toEqual([9, 8, 10]);
    expect(given.hidden).toEqual({ error: 8, warning: 0, notice: 6 });
    expect(given.shown[0]).toMatchObject({ level: 'error', properties: { title: 'trivy did not finish' }, message: 'too old' });
    expect(given.shown.slice(1, 9).every((one) => one.properties.title.startsWith('critical: '))).toBe(true);
    expect(hiddenSentence(given)).toBe('14 annotations not shown on the lines (8 errors, 6 notices): GitHub shows ten of a kind; the job summary has all.');
    expect(hiddenSentence(annotate(report([completed('policies', [])])))).toBeUndefined();
  });

  it('points at the columns and says how to repair it', () => {
    const rules = [rule({ id: 'rule', title: 'A, title: 100%', repair: 'Do this.' })];
    const [first] = annotate(report([completed('policies', [finding({ severity: 'high', path: 'a,b.yml', line: 2, column: 3, length: 4 })], rules)])).shown;
    expect(first && annotationCommand(first)).toBe(
      '::error file=a%2Cb.yml,line=2,endLine=2,col=3,endColumn=6,title=high%3A A%2C title%3A 100%25::A message%0ARepair: Do this.%0ARule: rule',
    );
  });

  it('is one command a line with our own properties only', () => {
    fc.assert(
      fc.property(hostileReport, (given) => {
        for (const one of annotate(given).shown) {
          const [, properties] = /^::(?:error|warning|notice) ([^\r\n]*?)::[^\r\n]*$/.exec(annotationCommand(one)) ?? [];
          expect(properties?.split(',').every((pair) => /^(?:file|line|endLine|col|endColumn|title)=/.test(pair))).toBe(true);
        }
      }),
    );
  });
});

describe('json', () => {
  it('has the fields that are promised', () => {
    const results = [completed('policies', [finding({ severity: 'high', line: 2, column: 3, length: 4 }), finding({ severity: 'low' })]), skipped('x', 'why')];
    const out = jsonReport(report(results));
    expect(out.verdict).toMatchObject({ result: 'fail', exitCode: 1, failOn: 'high', blocking: 1 });
    expect(out.outcomes).toEqual([
      { tool: 'policies', version: '1.2.3', status: 'completed', findings: 2, milliseconds: 1400, diagnostics: [] },
      { tool: 'x', version: '1.2.3', status: 'skipped', reason: 'why', findings: 0, milliseconds: 1400, diagnostics: [] },
    ]);
    expect(out.findings[0]).toEqual({
      rule: 'rule', tool: 'policies', severity: 'high', confidence: 'high', message: 'A message', path: 'file.yml',
      startLine: 2, startColumn: 3, endLine: 2, endColumn: 7, reasons: [], fingerprints: {}, alsoReportedBy: [],
      gate: { threshold: { from: 'high', setting: 'fail-on' }, effect: 'fails' },
    });
    expect(out.findings[1]).not.toHaveProperty('startLine');
  });

  it('is the same data and safe to print', () => {
    fc.assert(
      fc.property(hostileReport, (given) => {
        const data = jsonReport(given);
        const text = jsonText(data);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(data)));
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066]|^\s*::|##\w*\[/m);
      }),
    );
  });
});

describe('paragraph', () => {
  it('says what failed, where to begin and how to see it again', () => {
    const rules = [rule({ id: 'rule', title: 'Runs foreign code', repair: 'Use `pull_request`.' })];
    const results = [completed('policies', [finding({ severity: 'critical', path: 'w.yml', line: 3 })], rules), failed('trivy', 'too old')];
    expect(paragraph(report(results))).toBe(
      'Bartizan fails: 1 critical finding (fail-on: high); 1 scanner failed (trivy). First: Runs foreign code, w.yml:3 (rule). Repair: Use `pull_request`. trivy did not finish: too old. Reproduce: bartizan scan .',
    );
  });

  it('is one bounded line', () => {
    fc.assert(fc.property(hostileReport, (given) => /^[^\r\n\u001b]{1,1600}$/.test(paragraph(given))));
  });
});

describe('progress', () => {
  it('tells what runs and what is done, in the width of the terminal', () => {
    const at = 1000;
    expect(renderProgress(NO_PROGRESS, at, 80)).toBe('looking for files');
    const state = ([
      { kind: 'discovered', files: 1214 },
      { kind: 'started', tool: 'semgrep', at },
      { kind: 'started', tool: 'bandit', at: 2000 },
      { kind: 'started', tool: 'trivy', at },
      { kind: 'finished', tool: 'trivy', status: 'failed' },
    ] as const).reduce(advance, NO_PROGRESS);
    expect(renderProgress(state, 7000, 80)).toBe('scanning 1,214 files · 1 done, 1 failed · semgrep 6.0 s, bandit 5.0 s');
    expect(renderProgress(state, 7000, 30)).toBe('scanning 1,214 files · 1 done…');
  });
});
