import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { githubErrors } from '../../scripts/sarif-github-rules.js';
import { schemaErrors } from '../support/sarif-schema.js';
import { run } from './support.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bartizan-merge-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const log = (tool: string, results: readonly (readonly [string, number])[], path = 'a.yaml') => ({
  version: '2.1.0',
  runs: [{ tool: { driver: { name: tool } }, results: results.map(([ruleId, startLine]) => ({ ruleId, message: { text: ruleId }, locations: [{ physicalLocation: { artifactLocation: { uri: path }, region: { startLine } } }] })) }],
});
const put = (name: string, value: unknown): string => {
  writeFileSync(join(root, name), typeof value === 'string' ? value : JSON.stringify(value));
  return name;
};
const told = (text: string): string[] =>
  (JSON.parse(text) as Log).runs.flatMap(({ tool, results = [] }) => results.map(({ ruleId, properties }) => `${tool.driver.name} ${ruleId} ${JSON.stringify(properties?.['alsoReportedBy'] ?? [])}`)).sort();

describe('merge', () => {
  it('says each weakness once, in any order of files, and can be read again', async () => {
    put('a.yaml', 'one\ntwo\nthree\n');
    const files = [put('t.sarif', log('Trivy', [['AVD-KSV-0017', 2], ['other', 3]])), put('c.sarif', log('checkov', [['CKV_K8S_16', 2]])), put('t2.sarif', log('Trivy', [['AVD-KSV-0017', 2]]))];
    const ran = await run(root, ['merge', ...files]);
    expect(ran.err).toBe('3 logs with 4 findings: 2 findings of 2 tools\n');
    expect(told(ran.out)).toEqual(['Trivy AVD-KSV-0017 ["checkov/CKV_K8S_16"]', 'Trivy other []']);
    expect(schemaErrors(JSON.parse(ran.out) as Log)).toEqual([]);
    expect(githubErrors(JSON.parse(ran.out) as Log)).toEqual([]);
    const backwards = await run(root, ['merge', ...files.toReversed()]);
    expect(told(backwards.out)).toEqual(told(ran.out));
    put('merged.sarif', ran.out);
    expect(told((await run(root, ['merge', 'merged.sarif', ...files])).out)).toEqual(told(ran.out));
  });

  it('writes to a file, and nothing at all when a file can not be read', async () => {
    put('t.sarif', log('Trivy', [['x', 1]]));
    const ran = await run(root, ['merge', 't.sarif', '-o', 'out/all.sarif']);
    expect([ran.code, ran.out]).toEqual([0, '']);
    expect(told(readFileSync(join(root, 'out/all.sarif'), 'utf8'))).toEqual(['Trivy x []']);
    put('broken.sarif', '{"version":"2.1.0",\n"runs":[}');
    const failed = await run(root, ['merge', 't.sarif', 'broken.sarif', '-o', 'never.sarif']);
    expect([failed.code, failed.out]).toEqual([3, '']);
    expect(failed.err).toContain('broken.sarif:2:9: error: The file is no JSON: expected a value or `]` at line 2, column 9');
    expect(existsSync(join(root, 'never.sarif'))).toBe(false);
    expect((await run(root, ['merge', 'missing.sarif'])).err).toContain('missing.sarif can\'t be read');
  });

  it('says what it leaves out, and refuses it in strict mode', async () => {
    put('t.sarif', { version: '2.1.0', runs: [{ tool: { driver: { name: 'T' } }, results: [{ message: { text: 'x' } }] }] });
    const ran = await run(root, ['merge', 't.sarif']);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain('t.sarif: warning: /runs/0/results/0 is not as SARIF 2.1.0 has it: expected a `ruleId`');
    expect((await run(root, ['merge', '--strict', 't.sarif'])).code).toBe(3);
  });
});

describe('convert', () => {
  const native = JSON.stringify([{ file: 'Dockerfile', line: 1, column: 1, level: 'warning', code: 'DL3006', message: 'Always tag the version of an image explicitly' }]);

  it('writes the output of a scanner as SARIF, JSON and text', async () => {
    put('Dockerfile', 'FROM debian\n');
    put('hadolint.json', native);
    const sarif = await run(root, ['convert', 'hadolint.json', '--from', 'hadolint']);
    expect(told(sarif.out)).toEqual([expect.stringMatching(/^hadolint DL3006/)]);
    const json = await run(root, ['convert', 'hadolint.json', '--from', 'hadolint', '--to', 'json']);
    expect((JSON.parse(json.out) as { findings: unknown[] }).findings).toMatchObject([{ rule: 'DL3006', path: 'Dockerfile' }]);
    expect((await run(root, ['convert', 'hadolint.json', '--from', 'hadolint', '--to', 'text'])).out).toContain('DL3006');
  });

  it('refuses what it does not know or can not read', async () => {
    put('x.json', 'no json');
    expect((await run(root, ['convert', 'x.json', '--from', 'hadolin'])).err).toContain('Did you mean `hadolint`?');
    const ran = await run(root, ['convert', 'x.json', '--from', 'hadolint']);
    expect([ran.code, ran.err]).toEqual([3, expect.stringContaining('x.json is not read as the output of hadolint')]);
  });

  it('writes SARIF as JSON', async () => {
    put('t.sarif', log('Trivy', [['x', 1]]));
    const ran = await run(root, ['convert', 't.sarif', '--from', 'sarif', '--to', 'json']);
    expect((JSON.parse(ran.out) as { findings: unknown[] }).findings).toMatchObject([{ rule: 'x', tool: 'Trivy', path: 'a.yaml', startLine: 1 }]);
  });
});
