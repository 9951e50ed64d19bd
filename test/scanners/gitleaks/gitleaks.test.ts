import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitleaks } from '../../../src/scanners/gitleaks.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries, isInstalled, recorded } from '../request.js';
import { runTool, summarise } from '../run-tool.js';

const MIXED: Case = {
  folder: 'gitleaks/mixed',
  root: '/workspace',
  files: entries('python', ['settings.ini']),
  output: 'gitleaks/mixed.json',
  expected: ['generic-api-key settings.ini:2:1-2:45 medium/medium', 'generic-api-key settings.ini:3:4-3:51 medium/medium'],
  real: 'quick',
};

describeAdapter(gitleaks, MIXED);

describe('gitleaks, in detail', () => {
  it('never carries the value of a secret', () => {
    expect(recorded(MIXED.output)).not.toContain('q8Zr2vK9');
    expect(gitleaks.command({ root: '/w', files: [], options: {}, configDirectory: '/c', outputDirectory: '/o', source: () => undefined }).args).toContain('--redact=100');
  });

  it('is no clean scan when no byte was read', () => {
    expect(() => parseCase(gitleaks, { ...MIXED, stderr: '2:33PM INF scanned ~0 bytes (0) in 53.1ms\n' }, '[]')).toThrow('read nothing');
  });

  it('refuses findings outside of the workspace', () => {
    const { findings, diagnostics } = parseCase(gitleaks, MIXED, recorded(MIXED.output).replaceAll('/workspace/', '/etc/'));
    expect(findings).toEqual([]);
    expect(diagnostics).toEqual([expect.objectContaining({ code: 'foreign-path' })]);
  });
});

describe.skipIf(!isInstalled(gitleaks))('gitleaks itself', () => {
  const secret = `key = "${['ghp', '16C7e42F292c6912E7710c838347Ae178B4a'].join('_')}"`;
  const scan = (files: Record<string, string>, options = {}) => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text.replaceAll('ROOT', root));
    return runTool(gitleaks, root, entries('python', Object.keys(files)), { options });
  };

  it('finds exact places, also behind the first line and characters of several bytes', async () => {
    const result = await scan({ 'a.py': `# ü\n${secret}\n  ü𝄞 = 1; ${secret}\n` });
    expect(summarise(result)).toEqual(['github-pat a.py:2:8-2:48 high/high', 'github-pat a.py:3:19-3:59 high/high']);
  });

  it('is not weakened by files of the repository', async () => {
    const result = await scan({
      'a.py': `${secret} # gitleaks:allow\n`,
      '.gitleaks.toml': "[allowlist]\npaths = ['''.*''']\n",
      '.gitleaksignore': 'a.py:github-pat:1\n',
    });
    expect(summarise(result)).toEqual(['github-pat a.py:1:8-1:48 high/high']);
    expect(summarise(await scan({ 'a.py': secret, '.gitleaksignore': 'ROOT/a.py:github-pat:1\n' }))[0]).toContain("failed: can't be trusted");
  });

  it('finds the same with `honour-allow-comments` but for allowed lines', async () => {
    expect(summarise(await scan({ 'a.py': `${secret} # gitleaks:allow\n` }, { 'honour-allow-comments': true }))).toEqual([]);
  });
});
