import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allFindings, suppressedFindings, type Finding, type ScanResult, type SuppressionEntry } from '../../src/core/index.js';
import { judge } from '../../src/gate/gate.js';
import { jsonReport } from '../../src/report/json.js';
import { renderSummary } from '../../src/report/summary.js';
import { renderTerminal } from '../../src/report/terminal.js';
import { renderHtml } from '../../src/report/html/index.js';
import { toSarif } from '../../src/sarif/to-sarif.js';
import { suppressResults } from '../../src/triage/suppress.js';
import { completed, failed, finding, report, rule, settings } from '../support/report.js';

const NOON = Date.UTC(2026, 11, 31, 12);
const known = {
  policies: [
    { id: 'pipeline/a', aliases: ['pipeline/old-a'], options: {} },
    { id: 'pipeline/b', aliases: [], options: {} },
  ],
  scanners: ['hadolint', 'osv-scanner', 'zizmor'],
};

function triage(results: readonly ScanResult[], given: { files?: Record<string, string>; suppressions?: readonly SuppressionEntry[]; now?: number; settings?: Parameters<typeof settings>[0] } = {}) {
  const files = given.files ?? {};
  return suppressResults(results, {
    settings: settings({ ...given.settings, suppressions: given.suppressions ?? [] }),
    known,
    now: given.now ?? NOON,
    source: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    files: Object.keys(files).map((path) => ({ path, format: path.endsWith('.ts') ? 'typescript' : path.endsWith('.md') ? 'markdown-runbook' : path.endsWith('.json') ? 'npm-manifest' : path.endsWith('.sql') ? 'env-file' : 'github-workflow', reason: '' })),
  });
}

const entry = (given: Partial<SuppressionEntry>): SuppressionEntry => ({ kind: 'external', by: 'bartizan', reason: 'because', place: { path: '.bartizan.yml', region: { startLine: 9, startColumn: 5, endLine: 9, endColumn: 5 } }, ...given });
const at = (line: number, given: Partial<Finding> & { path?: string } = {}) => finding({ severity: 'high', ruleId: 'pipeline/a', path: 'w.yml', line, ...given });
const said = (results: readonly ScanResult[]) => results.flatMap(({ diagnostics }) => diagnostics.map(({ level, path, region, message }) => `${level} ${path}:${region?.startLine}: ${message}`));
const silenced = (results: readonly ScanResult[]) => suppressedFindings(results).map(({ suppression }) => suppression?.reason);

describe('entries of the configuration', () => {
  test.each<[string, Partial<SuppressionEntry>, Partial<Finding>, boolean]>([
    ['rule', { rule: 'pipeline/a' }, {}, true],
    ['another rule', { rule: 'pipeline/b' }, {}, false],
    ['pattern', { rule: 'pipeline/*' }, {}, true],
    ['policy rule against a scanner of that rule id', { rule: 'pipeline/a' }, { tool: 'hadolint' }, false],
    ['rule of a scanner', { rule: 'hadolint/DL3008' }, { tool: 'hadolint', ruleId: 'DL3008' }, true],
    ['rule of another scanner', { rule: 'hadolint/DL3008' }, { tool: 'zizmor', ruleId: 'DL3008' }, false],
    ['path', { path: '**/*.yml' }, {}, true],
    ['dot path', { path: '.github/**' }, { locations: [{ path: '.github/workflows/x.yml' }] }, true],
    ['another path', { path: 'x.yml' }, {}, false],
    ['rule in another path', { rule: 'pipeline/a', path: 'x.yml' }, {}, false],
    ['fingerprint', { fingerprint: 'f' }, { fingerprints: { 'bartizan/v1': 'f' } }, true],
    ['another fingerprint', { fingerprint: 'f' }, { fingerprints: { 'bartizan/v1': 'g' } }, false],
    ['package', { package: 'pkg:npm/a' }, { tool: 'osv-scanner', package: dependency('pkg:npm/a@1.0.0') }, true],
    ['package of a longer name', { package: 'pkg:npm/a' }, { tool: 'osv-scanner', package: dependency('pkg:npm/ab@1.0.0') }, false],
    ['another version', { package: 'pkg:npm/a@1.0' }, { tool: 'osv-scanner', package: dependency('pkg:npm/a@1.0.0') }, false],
    ['alias of an advisory', { rule: 'osv-scanner/CVE-2026-1' }, { tool: 'osv-scanner', ruleId: 'GHSA-x', package: dependency('pkg:npm/a@1.0.0') }, true],
  ])('select by %s', (_, given, found, expected) => {
    const results = triage([completed(found.tool ?? 'policies', [at(3, found)])], { suppressions: [entry(given)] });
    expect(suppressedFindings(results)).toHaveLength(expected ? 1 : 0);
    expect(allFindings(results)).toHaveLength(expected ? 0 : 1);
  });

  test('count on their last day, in UTC, and not after it', () => {
    const suppressions = [entry({ rule: 'pipeline/a', expires: '2026-12-31', owner: 'me' })];
    const results = [completed('policies', [at(3), at(4)])];
    expect(silenced(triage(results, { suppressions, now: Date.UTC(2026, 11, 31, 23, 59, 59, 999) }))).toHaveLength(2);
    const after = triage(results, { suppressions, now: Date.UTC(2027, 0, 1) });
    expect(silenced(after)).toEqual([]);
    expect(said(after)).toEqual(['warning .bartizan.yml:9: This suppression ended on 2026-12-31 (me): 2 findings count again. Repair them, or decide anew.']);
    expect(said(triage([completed('policies', [])], { suppressions, now: Date.UTC(2027, 0, 1) }))[0]).toContain('note .bartizan.yml:9: This suppression ended on 2026-12-31 and selects nothing any more');
  });

  test('that select nothing are reported where the scan could have told', () => {
    const suppressions = [entry({ rule: 'pipeline/b' })];
    const clean = [completed('policies', [at(3)])];
    expect(said(triage(clean, { suppressions }))[0]).toMatch(/^note \.bartizan\.yml:9: This suppression selects no finding.*pipeline\/b/);
    expect(said(triage([failed('policies', 'broken', [at(3)])], { suppressions }))).toEqual([]);
    expect(said(triage(clean, { suppressions, settings: { include: ['a'] } }))).toEqual([]);
    expect(said(triage(clean, { suppressions, settings: { policies: { 'pipeline/b': { enabled: false, options: {} } } } }))).toEqual([]);
    expect(said(triage(clean, { suppressions: [entry({ rule: 'hadolint/DL1' })] }))[0]).toBeUndefined();
    // Both select it: neither is unused.
    expect(said(triage(clean, { suppressions: [entry({ rule: 'pipeline/a' }), entry({ path: 'w.yml' })] }))).toEqual([]);
  });

  test('silence also what a failed scanner had found, and never the failure', () => {
    const results = triage([failed('policies', 'broken', [at(3)])], { suppressions: [entry({ rule: 'pipeline/a' })] });
    expect(judge(results, settings())).toMatchObject({ result: 'error', exitCode: 2 });
  });
});

function dependency(purl: string) {
  return { purl, version: '1.0.0', manifest: 'package-lock.json', aliases: ['CVE-2026-1', 'GHSA-x'], fixedVersions: [] };
}

describe('comments', () => {
  const one = (text: string, line: number, given: Partial<Finding> & { path?: string } = {}) => triage([completed('policies', [at(line, given)])], { files: { [given.path ?? 'w.yml']: text } });

  test.each([
    ['in its line', 'a: b # bartizan-ignore[pipeline/a]: why', 1, 'w.yml'],
    ['above it', 'x\n  # bartizan-ignore[pipeline/a]: why\na: b', 3, 'w.yml'],
    ['above it with another one between', '# bartizan-ignore[pipeline/a]: why\n# bartizan-ignore[pipeline/*, pipeline/b]: why\na: b', 3, 'w.yml'],
    ['by alias', '#bartizan-ignore[pipeline/old-a]: why', 1, 'w.yml'],
    ['among several', '# bartizan-ignore[ pipeline/a , pipeline/b ]:why', 1, 'w.yml'],
    ['behind another comment', 'uses: a@b # v4 # bartizan-ignore[pipeline/a]: why', 1, 'w.yml'],
    ['with an end', '# bartizan-ignore[pipeline/a]: why (until 2026-12-31)', 1, 'w.yml'],
    ['with slashes', 'f(); // bartizan-ignore[pipeline/a]: why', 1, 'x.ts'],
    ['in markup', '<!-- bartizan-ignore[pipeline/a]: why (until 2027-01-01) -->', 1, 'x.md'],
    ['with CR LF', 'x\r\n# bartizan-ignore[pipeline/a]: why\r\na: b', 3, 'w.yml'],
  ])('silence %s', (_, text, line, path) => {
    const results = one(text, line, { path });
    expect(silenced(results)).toContain('why');
    expect(suppressedFindings(results)[0]?.suppression).toMatchObject({ kind: 'inSource', by: 'bartizan', place: { path } });
  });

  test.each([
    ['behind another line', 'a: b # bartizan-ignore[pipeline/a]: why\nc: d', 2, 'w.yml'],
    ['two lines away', '# bartizan-ignore[pipeline/a]: why\n\na: b', 3, 'w.yml'],
    ['below it', 'a: b\n# bartizan-ignore[pipeline/a]: why', 1, 'w.yml'],
    ['of another rule', '# bartizan-ignore[pipeline/b]: why', 1, 'w.yml'],
    ['outside a comment', 'a: bartizan-ignore[pipeline/a]: why', 1, 'w.yml'],
    ['of another syntax', '# bartizan-ignore[pipeline/a]: why', 1, 'x.ts'],
    ['in JSON', '{"//": "// bartizan-ignore[pipeline/a]: why"}', 1, 'package.json'],
    ['inside a word', 'a#bartizan-ignore[pipeline/a]: why', 1, 'w.yml'],
    ['of another word', '# bartizan-ignore-all[pipeline/a]: why', 1, 'w.yml'],
  ])('do not silence %s', (_, text, line, path) => {
    expect(silenced(one(text, line, { path }))).toEqual([]);
  });

  test.each([
    ['# bartizan-ignore[pipeline/a]', 'gives no reason'],
    ['# bartizan-ignore[pipeline/a]:   ', 'gives no reason'],
    ['# bartizan-ignore[pipeline/a]: (until 2027-01-01)', 'gives no reason'],
    ['# bartizan-ignore[pipeline/a] why', 'gives no reason'],
    ['# bartizan-ignore: why', 'names no rule'],
    ['# bartizan-ignore[]: why', 'names no rule'],
    ['# bartizan-ignore[pipeline/a: why', 'names no rule'],
    ['# bartizan-ignore[pipeline/a]: why (until 2027-02-29)', 'no day that exists'],
    ['# bartizan-ignore[pipeline/a]: why (until tomorrow)', 'no day that exists'],
    [`# bartizan-ignore[pipeline/a]: ${'x'.repeat(2_000)} (until 2020-01-01)`, 'longer than'],
    ['# bartizan-ignore[pipeline/aa]: why', 'There is no rule `pipeline/aa`'],
  ])('that are wrong warn in their line and silence nothing: %s', (text, message) => {
    const results = one(`x\n${text}`, 2);
    expect(silenced(results)).toEqual([]);
    expect(said(results)).toHaveLength(1);
    expect(said(results)[0]).toMatch(/^warning w\.yml:2: /);
    expect(said(results)[0]).toContain(message);
  });

  test('that ended count no more and warn; unused ones are noted, also in files without findings', () => {
    const ended = one('# bartizan-ignore[pipeline/a]: why (until 2026-12-30)', 1);
    expect(silenced(ended)).toEqual([]);
    expect(said(ended)).toEqual(['warning w.yml:1: This comment ended on 2026-12-30: 1 finding counts again. Repair it, or decide anew.']);
    const unused = triage([completed('policies', [at(1)])], { files: { 'w.yml': '# bartizan-ignore[pipeline/a, pipeline/b]: why', 'v.yml': '# bartizan-ignore[pipeline/a]: why\n# bartizan-ignore[hadolint/DL1]: why' } });
    expect(said(unused)).toEqual([
      'note w.yml:1: There is no finding of `pipeline/b` here: delete this comment or what it names too much.',
      'note v.yml:1: There is no finding of `pipeline/a` here: delete this comment or what it names too much.',
    ]);
  });

  test('are about a whole file in its first line', () => {
    expect(silenced(triage([completed('policies', [finding({ severity: 'high', ruleId: 'pipeline/a', path: 'w.yml' })])], { files: { 'w.yml': '# bartizan-ignore[pipeline/a]: why\n' } }))).toEqual(['why']);
  });

  test('of hostile files are bounded, and nothing throws', () => {
    const many = triage([completed('policies', [at(1)])], { files: { 'w.yml': '# bartizan-ignore\n'.repeat(50_000), 'v.yml': `#${' bartizan-ignore'.repeat(100_000)}`, 'u.yml': `${' '.repeat(1_000_000)}# bartizan-ignore[` } });
    expect(silenced(many)).toEqual([]);
    expect(said(many).length).toBeLessThanOrEqual(101);
    const piece = fc.constantFrom('# ', 'bartizan-ignore', '[', ']', ':', 'pipeline/a', ',', ' why', '(until ', '2026-12-31)', '\n', '\r', '-->', '<!--', '\u2028', '*');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')), fc.integer({ min: 1, max: 5 }), (text, line) => {
        const results = triage([completed('policies', [at(line)])], { files: { 'w.yml': text } });
        expect(allFindings(results).length + suppressedFindings(results).length).toBe(1);
        for (const reason of silenced(results)) expect(reason?.trim()).not.toBe('');
      }),
    );
  });
});

describe('comments of zizmor', () => {
  const rules = [rule({ id: 'pipeline/a', equivalents: ['zizmor/artipacked'] })];
  const within = { startLine: 2, startColumn: 1, endLine: 4, endColumn: 2 };
  const run = (text: string, given: Partial<Finding> = {}) => triage([completed('policies', [at(2, { locations: [{ path: 'w.yml', region: within }], ...given })], rules)], { files: { 'w.yml': text } });

  test('silence the policy of the same weakness within its lines', () => {
    expect(suppressedFindings(run('x\ny\nz # zizmor: ignore[other,artipacked] needed\n'))[0]?.suppression).toMatchObject({ kind: 'inSource', by: 'zizmor', reason: 'needed', place: { path: 'w.yml', region: { startLine: 3 } } });
    expect(silenced(run('x\ny # zizmor: ignore[artipacked]\n'))).toEqual(['a comment for zizmor silences artipacked, the same weakness']);
  });

  test('say nothing about other weaknesses, places and tools', () => {
    for (const text of ['x # zizmor: ignore[artipacked]\ny\nz\nz\n', 'x\ny # zizmor: ignore[other]\n', 'x\ny: zizmor: ignore[artipacked]\n', 'x\ny # zizmor: ignore[artipacked\n']) expect(silenced(run(text))).toEqual([]);
    expect(silenced(run('x\ny # zizmor: ignore[artipacked]\n', { ruleId: 'pipeline/b' }))).toEqual([]);
  });
});

describe('suppressed findings', () => {
  const results = triage([completed('policies', [at(2, { message: 'Silenced' }), at(5, { ruleId: 'pipeline/b', severity: 'low' })], [rule({ id: 'pipeline/a' }), rule({ id: 'pipeline/b', severity: 'low' })])], {
    suppressions: [entry({ rule: 'pipeline/a', owner: 'me@example.com', expires: '2027-01-31', reason: 'ghp_0123456789abcdefghijklmnopqrstuvwx <b>' })],
  });
  const shown = report(results);

  test('never block, are in no count, and the verdict says how many there are', () => {
    expect(shown.verdict).toMatchObject({ result: 'pass', exitCode: 0, counts: { high: 0, low: 1 } });
    expect(shown.verdict.reasons.at(-1)?.message).toBe('1 finding is suppressed and does not count.');
  });

  test('are shown with who, why and until when, without credentials', () => {
    const pages = [renderTerminal(shown, { all: true, color: false, width: 200, height: 40 }), renderSummary(shown), renderHtml(shown)];
    for (const page of pages) {
      expect(page).toContain('1 suppressed');
      expect(page).toContain('until 2027-01-31');
      expect(page).toContain('.bartizan.yml:9');
      expect(page).not.toContain('ghp_0123456789');
    }
    for (const page of pages.slice(1)) expect(page).not.toContain(' <b>');
    expect(renderTerminal(shown, { all: false, color: false, width: 100, height: 40 })).not.toContain('until 2027');
  });

  test('are in the JSON and the full SARIF, and not in the upload', () => {
    expect(jsonReport(shown)).toMatchObject({ findings: [{ rule: 'pipeline/b' }], suppressed: [{ rule: 'pipeline/a', suppression: { kind: 'external', owner: 'me@example.com', expires: '2027-01-31', path: '.bartizan.yml', line: 9 } }] });
    const [full] = toSarif(shown, { variant: 'full' }).runs;
    expect(full?.results?.map(({ ruleId, suppressions }) => [ruleId, suppressions?.[0]?.kind])).toEqual([['pipeline/a', 'external'], ['pipeline/b', undefined]]);
    expect(JSON.stringify(full)).not.toContain('ghp_0123456789');
    expect(toSarif(shown, { variant: 'upload' }).runs[0]?.results?.map(({ ruleId }) => ruleId)).toEqual(['pipeline/b']);
  });
});
