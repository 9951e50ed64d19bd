import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hadolint } from '../../../src/scanners/hadolint.js';
import { itSurvivesHostileOutput } from '../hostile-output.js';
import { caseFolder, entries, inventory, isInstalled, recorded, scanRequest } from '../request.js';
import { runTool, summarise } from '../run-tool.js';

const mixed = scanRequest(caseFolder('hadolint/mixed'), entries('dockerfile', ['Dockerfile']));
const MIXED = [
  'DL3002 Dockerfile:8:1-8:10 low/high',
  'DL3007 Dockerfile:1:1-1:19 low/high',
  'DL3008 Dockerfile:2:1-2:46 low/high',
  'DL3009 Dockerfile:2:1-2:46 note/high',
  'DL3015 Dockerfile:2:1-2:46 note/high',
  'DL3066 Dockerfile:8:1-8:10 note/high',
  'DL4000 Dockerfile:4:3-4:21 medium/high',
  'DL4006 Dockerfile:3:1-3:47 low/high',
  'SC2006 Dockerfile:7:1-7:22 note/high',
];

function parse(stdout: string, request = mixed) {
  return hadolint.parse({ stdout, stderr: '', exitCode: 0 }, request);
}

describe('hadolint', () => {
  it('applies where there are Dockerfiles', () => {
    const files = entries('dockerfile', ['Dockerfile']);
    expect(hadolint.applies(inventory('/w', files))).toEqual({ applies: true, reason: '1 Dockerfile', files });
    expect(hadolint.applies(inventory('/w', []))).toEqual({ applies: false, reason: 'no Dockerfiles' });
  });

  it('reads findings on whole lines', () => {
    const { findings, diagnostics } = parse(recorded('hadolint/mixed/output.json'));
    expect(summarise({ outcome: { status: 'completed', findings } })).toEqual(MIXED);
    expect(diagnostics).toEqual([]);
  });

  it('marks what comments silence, as hadolint has them', () => {
    const text = 'FROM debian:12\n# hadolint ignore=DL3008\n# between\nRUN a\n# hadolint ignore=DL3008\nRUN a\n#hadolint ignore = DL3009 , DL3008\nRUN a\n# hadolint ignore=DL3008 because\nRUN a\n';
    const output = JSON.stringify([4, 6, 8, 10].map((line) => ({ code: 'DL3008', column: 1, file: 'Dockerfile', level: 'warning', line, message: 'x' })));
    expect(parse(output, { ...mixed, source: () => text }).findings.map(({ suppression }) => suppression?.place.region?.startLine)).toEqual([undefined, 5, 7, undefined]);
    expect(parse(output, { ...mixed, source: () => `# hadolint global ignore=DL3008\n${text}` }).findings.every(({ suppression }) => suppression?.by === 'hadolint')).toBe(true);
  });

  it('gives rules a title, tags and help', () => {
    const rules = parse(recorded('hadolint/mixed/output.json')).rules;
    expect(rules.find((rule) => rule.id === 'DL3002')).toMatchObject({ title: 'Image runs as root', tags: ['CWE-250', 'dockerfile'], helpUri: 'https://github.com/hadolint/hadolint/wiki/DL3002' });
    expect(rules.find((rule) => rule.id === 'SC2006')).toMatchObject({ title: 'ShellCheck SC2006', helpUri: 'https://www.shellcheck.net/wiki/SC2006' });
  });

  it('states that a file could not be parsed, and no finding', () => {
    const request = scanRequest(caseFolder('hadolint/broken'), mixed.files);
    const { findings, diagnostics } = parse(recorded('hadolint/broken/output.json'), request);
    expect(findings).toEqual([]);
    expect(diagnostics).toEqual([expect.objectContaining({ level: 'warning', path: 'Dockerfile', code: 'scanner-could-not-read' })]);
  });

  it('leaves out foreign files and made-up rules', () => {
    const entry = { code: 'DL3007', column: 1, file: './Dockerfile', level: 'warning', line: 1, message: 'x' };
    const { findings, diagnostics } = parse(JSON.stringify([{ ...entry, file: '../secret' }, { ...entry, code: '](evil)' }, entry]));
    expect(findings).toHaveLength(1);
    expect(diagnostics).toEqual([expect.objectContaining({ code: 'foreign-path' })]);
  });

  itSurvivesHostileOutput(hadolint, mixed, recorded('hadolint/mixed/output.json'));
});

describe.skipIf(!isInstalled(hadolint))('hadolint itself', () => {
  it('finds the same as recorded', async () => {
    const result = await runTool(hadolint, mixed.root, mixed.files);
    expect(summarise(result)).toEqual(MIXED);
    expect(result.tool.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('is not weakened by files of the repository, nor confused by file names', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    for (const name of ['.hadolint.yaml', '.hadolint.yml']) writeFileSync(join(root, name), 'ignored: [DL3007]\n');
    const paths = ['--help', '-c', 'a b\n::error::', '*'];
    for (const path of paths) writeFileSync(join(root, path), 'FROM debian:latest\n');
    const result = await runTool(hadolint, root, entries('dockerfile', paths));
    expect(summarise(result)).toEqual(paths.map((path) => `DL3007 ${path}:1:1-1:19 low/high`).sort());
  });

  it('fails when a file can not be read', async () => {
    const result = await runTool(hadolint, mixed.root, entries('dockerfile', ['Dockerfile', 'missing']));
    expect(summarise(result)[0]).toMatch(/^failed: ended with exit code 1\n.*missing.*does not exist/);
  });
});
