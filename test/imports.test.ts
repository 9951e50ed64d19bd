import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { loadSettings } from '../src/config/index.js';
import type { FileEntry, ImportSettings, ScanResult } from '../src/core/index.js';
import { importResults } from '../src/imports.js';
import { openFiles } from '../src/io/files.js';

const SETTINGS = loadSettings({ known: { policies: [], scanners: [] } }).settings;
const LOG = JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'CodeQL' } }, results: [{ ruleId: 'js/x', level: 'error', message: { text: 'm' }, locations: [{ physicalLocation: { artifactLocation: { uri: 'a.js' }, region: { startLine: 1 } } }] }] }] });
const BANDIT = readFileSync(new URL('scanners/bandit/mixed/output.json', import.meta.url), 'utf8');

function workspace(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function read(root: string, entries: readonly (Pick<ImportSettings, 'path'> & Partial<ImportSettings>)[], python: readonly string[] = []): readonly ScanResult[] {
  const files = openFiles(root);
  const found: FileEntry[] = python.map((path) => ({ path, format: 'python', reason: 'test' }));
  return importResults(
    entries.map((entry) => ({ from: 'sarif', strict: false, ...entry })),
    { files, inventory: { root: files.root, total: found.length, files: found, source: 'walk' }, settings: SETTINGS, source: (path) => { const text = files.read(path); return text.ok ? text.text : undefined; }, now: () => 5 },
  );
}

const short = ({ tool, outcome }: ScanResult): string => `${tool.name}: ${outcome.status === 'completed' ? outcome.findings.map(({ ruleId, locations: [{ path }] }) => `${ruleId} ${path}`).join(', ') : outcome.status === 'failed' ? outcome.error : outcome.reason}`;

it('takes SARIF logs as results of their own tools, by name and by glob', () => {
  const root = workspace({ 'a.js': 'x\n', 'reports/one.sarif': LOG, 'reports/deep/.hidden/two.sarif': LOG.replace('CodeQL', 'Other'), 'reports/three.json': '{}' });
  expect(read(root, [{ path: 'reports/**/*.sarif' }]).map(short).sort()).toEqual(['CodeQL: js/x a.js', 'Other: js/x a.js']);
  expect(read(root, [{ path: 'reports/one.sarif', strict: true }]).map(short)).toEqual(['CodeQL: js/x a.js']);
});

it('takes the JSON of a scanner that was run elsewhere', () => {
  const root = workspace({ 'app.py': readFileSync(new URL('scanners/bandit/mixed/app.py', import.meta.url), 'utf8'), 'bandit.json': BANDIT });
  const [result] = read(root, [{ path: 'bandit.json', from: 'bandit' }], ['app.py']);
  expect(result?.tool).toMatchObject({ name: 'bandit' });
  expect(result?.outcome.status === 'completed' && result.outcome.findings.length).toBe(6);
});

it('takes events of Falco, of which the line of the file is the place', () => {
  const event = (rule: string, priority: string): string => JSON.stringify({ time: '2026-01-01T00:00:00.0Z', rule, priority, output: `${rule} (user=root)`, source: 'syscall', tags: ['container'], output_fields: { 'user.name': 'root' } });
  const root = workspace({ 'events.json': `${event('Terminal shell in container', 'Notice')}\n\n${event('Container escape', 'Critical')}\n` });
  const [result] = read(root, [{ path: 'events.json', from: 'falco' }]);
  expect(result?.tool.name).toBe('falco');
  expect(result?.outcome.status === 'completed' && result.outcome.findings.map(({ ruleId, severity, message, locations }) => [ruleId, severity, message, locations[0].region?.startLine])).toEqual([
    ['terminal-shell-in-container', 'low', 'Terminal shell in container (user=root)', 1],
    ['container-escape', 'critical', 'Container escape (user=root)', 3],
  ]);
  // No event is a quiet system, half an event is a broken file.
  expect(read(workspace({ 'events.json': '' }), [{ path: 'events.json', from: 'falco' }])[0]?.outcome).toEqual({ status: 'completed', findings: [] });
  expect(read(workspace({ 'events.json': `${event('A', 'Error')}\n{"rule"` }), [{ path: 'events.json', from: 'falco' }]).map(short)).toEqual([expect.stringContaining('line 2: its output is not valid JSON')]);
});

it.each<[string, Readonly<Record<string, string>>, Partial<ImportSettings>, string]>([
  ['is missing', {}, {}, 'import: x.sarif could not be imported: there is no such file'],
  ['matches nothing', {}, { path: 'out/*.sarif' }, 'there is no such file'],
  ['is empty', { 'x.sarif': '' }, {}, 'import: x.sarif could not be imported'],
  ['is truncated', { 'x.sarif': LOG.slice(0, 100) }, {}, 'x.sarif'],
  ['is something else', { 'x.sarif': '<html>' }, {}, 'x.sarif'],
  ['has no run', { 'x.sarif': '{"version":"2.1.0","runs":[]}' }, {}, 'it holds no run of any tool'],
  ['has a wrong value, read strictly', { 'x.sarif': LOG.replace('"js/x"', '7') }, { strict: true }, 'x.sarif'],
  ['is the output of another scanner', { 'x.sarif': '{"results": 1}' }, { from: 'bandit' }, 'bandit: x.sarif could not be imported'],
  ['is a folder', { 'x.sarif/a': '' }, {}, 'it is no regular file of the workspace (directory)'],
])('is a failed result, never a clean one, when the file %s', (_name, files, entry, error) => {
  const [result, ...others] = read(workspace({ ...files, 'fine.sarif': LOG }), [{ path: 'x.sarif', ...entry }, { path: 'fine.sarif' }]);
  expect(result?.outcome.status).toBe('failed');
  expect(short(result as ScanResult)).toContain(error);
  expect(others.map(short)).toEqual(['CodeQL: js/x a.js']);
});

it('leaves a wrong value out where it is not read strictly, and says so', () => {
  const [result] = read(workspace({ 'x.sarif': LOG.replace('"js/x"', '7') }), [{ path: 'x.sarif' }]);
  expect(result?.outcome.status).toBe('completed');
  expect(result?.diagnostics.length).toBeGreaterThan(0);
});

it('follows no link of the workspace', () => {
  const root = workspace({});
  symlinkSync(join(workspace({ 'x.sarif': LOG }), 'x.sarif'), join(root, 'x.sarif'));
  expect(read(root, [{ path: 'x.sarif' }]).map(short)).toEqual([expect.stringContaining('it is no regular file of the workspace')]);
});

const load = (text: string) => loadSettings({ file: { path: '.bartizan.yml', text }, known: { policies: [], scanners: ['bandit'] } });

it('is configured by path and format', () => {
  expect(load('imports:\n  - path: ./reports/*.sarif\n  - {path: b.json, from: bandit}\n  - {path: c.sarif, strict: true}\n').settings.imports).toEqual([
    { path: 'reports/*.sarif', from: 'sarif', strict: false },
    { path: 'b.json', from: 'bandit', strict: false },
    { path: 'c.sarif', from: 'sarif', strict: true },
  ]);
});

it.each([
  ['imports: [{path: /etc/x}]', 'relative and without'],
  ['imports: [{path: ../x}]', 'relative and without'],
  ['imports: [{path: x, from: bandti}]', 'Did you mean `bandit`?'],
  ['imports: [{path: x, from: bandit, strict: true}]', 'is about SARIF'],
  ['imports: [{pth: x}]', 'pth'],
  ['imports: [{}]', 'path'],
])('refuses %s', (text, message) => {
  expect(() => load(text)).toThrow(expect.objectContaining({ diagnostics: expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining(message) })]) }));
});
