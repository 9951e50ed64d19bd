import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bandit } from '../../../src/scanners/bandit.js';
import { itSurvivesHostileOutput } from '../hostile-output.js';
import { caseFolder, entries, inventory, isInstalled, recorded, scanRequest } from '../request.js';
import { runTool, summarise } from '../run-tool.js';

const mixed = scanRequest(caseFolder('bandit/mixed'), entries('python', ['app.py']));
const MIXED = [
  'B101 app.py:8:5-8:20 low/high',
  'B107 app.py:7:1-7:40 low/medium',
  'B307 app.py:9:12-9:17 medium/high',
  'B403 app.py:1:1-1:14 low/high',
  'B404 app.py:2:1-2:18 low/high',
  'B602 app.py:4:17-4:58 high/high',
];

function parse(name: string, request = mixed) {
  return bandit.parse({ stdout: recorded(`${name}/output.json`), stderr: '', exitCode: 1 }, request);
}

describe('bandit', () => {
  it('applies where there are Python files', () => {
    const files = entries('python', ['a.py', 'b.py']);
    expect(bandit.applies(inventory('/w', files))).toEqual({ applies: true, reason: '2 Python files', files });
    expect(bandit.applies(inventory('/w', entries('shell', ['a.sh'])))).toEqual({ applies: false, reason: 'no Python files' });
  });

  it('reads findings with exact columns behind characters of several bytes', () => {
    const { findings } = parse('bandit/mixed');
    expect(summarise({ outcome: { status: 'completed', findings } })).toEqual(MIXED);
    const line = (mixed.source('app.py') as string).split('\n')[3] as string;
    expect(line.slice(16, 57)).toBe('subprocess.call(größe + " x", shell=True)');
  });

  it('reads rules with title, CWE and help', () => {
    const rules = parse('bandit/mixed').rules;
    expect(rules.map((rule) => [rule.id, rule.title, rule.tags[0], rule.helpUri?.replace(/^.*1\.9\.4\//, '')])).toEqual([
      ['B101', 'Assert used', 'CWE-703', 'plugins/b101_assert_used.html'],
      ['B107', 'Hardcoded password default', 'CWE-259', 'plugins/b107_hardcoded_password_default.html'],
      ['B307', 'Eval', 'CWE-78', 'blacklists/blacklist_calls.html#b307-eval'],
      ['B403', 'Import pickle', 'CWE-502', 'blacklists/blacklist_imports.html#b403-import-pickle'],
      ['B404', 'Import subprocess', 'CWE-78', 'blacklists/blacklist_imports.html#b404-import-subprocess'],
      ['B602', 'Subprocess popen with shell equals true', 'CWE-78', 'plugins/b602_subprocess_popen_with_shell_equals_true.html'],
    ]);
  });

  it('does not repeat a password that it found', () => {
    expect(JSON.stringify(parse('bandit/mixed'))).not.toContain('not-a-real-one');
  });

  it('marks what `# nosec` silences, for the tests that it names', () => {
    const lines = ['# nosec', '# nosec B324', '# nosec B101', '# nosec: B324 it is fine', '# nosec B101 B324', '# nosec,B101', '# nosec assert_used', '# nosec B101 # because', '# it is #nosec', '# NOSEC'];
    const text = [...lines.map((comment) => `md5(b"")  ${comment}`), 'md5(b"# nosec")', 'md5(', '  b""  # nosec', ')'].join('\n');
    const entry = (line: number, range: readonly number[]) => ({ filename: 'app.py', test_id: 'B324', test_name: 'hashlib', issue_severity: 'HIGH', issue_confidence: 'HIGH', issue_text: 'x', line_number: line, line_range: range });
    const results = [...lines.map((_, index) => entry(index + 1, [index + 1])), entry(11, [11]), entry(12, [12, 13, 14])];
    const output = { stdout: JSON.stringify({ errors: [], results, metrics: { 'app.py': {} } }), stderr: '', exitCode: 1 };
    const { findings } = bandit.parse(output, { ...mixed, source: () => text });
    // As bandit 1.9.4 itself decides.
    expect(findings.map(({ suppression }) => suppression?.reason)).toEqual(['no reason is given', 'no reason is given', undefined, 'it is fine', 'no reason is given', undefined, undefined, undefined, 'no reason is given', undefined, undefined, 'no reason is given']);
    expect(findings.at(-1)?.suppression?.place).toEqual({ path: 'app.py', region: { startLine: 13, startColumn: 8, endLine: 13, endColumn: 15 } });
    expect(bandit.parse(output, { ...mixed, source: () => text, options: { 'ignore-nosec': true } }).findings.every(({ suppression }) => suppression === undefined)).toBe(true);
  });

  it('names files that were not checked', () => {
    const request = scanRequest(caseFolder('bandit/unreadable'), entries('python', ['broken.py', 'good.py']));
    const { findings, diagnostics } = parse('bandit/unreadable', request);
    expect(findings.map((finding) => finding.ruleId)).toEqual(['B403']);
    expect(diagnostics).toEqual([expect.objectContaining({ level: 'warning', path: 'broken.py', message: expect.stringContaining('syntax error') })]);
  });

  it('names files that are missing from the metrics', () => {
    const request = scanRequest(mixed.root, entries('python', ['app.py', 'lost.py']));
    expect(parse('bandit/mixed', request).diagnostics).toContainEqual(expect.objectContaining({ path: 'lost.py', level: 'warning' }));
  });

  it('is no clean scan when nothing was read', () => {
    const request = scanRequest(mixed.root, entries('python', ['other.py']));
    expect(() => parse('bandit/none', request)).toThrow('read none of the 1 files');
  });

  it('leaves out findings in files that it was not asked to read', () => {
    const stdout = recorded('bandit/mixed/output.json').replace(/"filename": "[^"]*"/, '"filename": "/etc/passwd"');
    const { findings, diagnostics } = bandit.parse({ stdout, stderr: '', exitCode: 1 }, mixed);
    expect(findings).toHaveLength(5);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain('foreign-path');
  });

  itSurvivesHostileOutput(bandit, mixed, recorded('bandit/mixed/output.json'));
});

describe.skipIf(!isInstalled(bandit))('bandit itself', () => {
  it('finds the same as recorded', async () => {
    const result = await runTool(bandit, mixed.root, mixed.files);
    expect(summarise(result)).toEqual(MIXED);
    expect(result.tool.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('is not weakened by files of the repository, nor confused by file names', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    mkdirSync(join(root, 'CVS'));
    const weakening = { '.bandit': '[bandit]\nskips: B403\nexclude: /\n', 'setup.cfg': '[bandit]\nskips: B403\n', 'pyproject.toml': '[tool.bandit]\nskips = ["B403"]\n', 'bandit.yaml': 'skips: [B403]\n' };
    for (const [name, text] of Object.entries(weakening)) {
      writeFileSync(join(root, name), text);
      writeFileSync(join(root, 'CVS', name), text);
    }
    const paths = ['--help.py', '-r.py', 'CVS/x.py', 'a b\n::error::.py', '@x.py', '*.py'];
    for (const path of paths) writeFileSync(join(root, path), 'import pickle\n');
    const result = await runTool(bandit, root, entries('python', paths));
    expect(summarise(result)).toEqual(paths.map((path) => `B403 ${path}:1:1-1:14 low/high`).sort());
  });

  it('reports what `# nosec` silences when asked to', async () => {
    const result = await runTool(bandit, mixed.root, mixed.files, { options: { 'ignore-nosec': true } });
    expect(summarise(result)).toContain('B301 app.py:14:1-14:18 medium/high');
  });
});
