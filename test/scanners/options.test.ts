import { describe, expect, it } from 'vitest';
import { planScanners } from '../../src/run/plan.js';
import { SCANNERS } from '../../src/scanners/index.js';
import { optionProblems } from '../../src/scanners/shared/options.js';
import { packageUrl } from '../../src/scanners/shared/package.js';
import { workspacePaths } from '../../src/scanners/shared/paths.js';
import { inventory, entries } from './request.js';
import type { Settings } from '../../src/core/index.js';

const settings: Settings = {
  failOn: 'high', confidence: 'low', include: [], exclude: [], only: [], skip: [], external: true, onScannerError: 'error', policies: {}, scanners: {},
};

describe('options of scanners', () => {
  it('names what is wrong and the nearest name', () => {
    const declared = { persona: { type: 'string', values: ['regular', 'auditor'], description: 'x' }, config: { type: 'string', path: true, description: 'x' }, list: { type: 'strings', description: 'x' } } as const;
    expect(optionProblems('tool', declared, { persona: 'regular', config: 'a/b.yml', list: ['a'] })).toEqual([]);
    expect(optionProblems('tool', declared, { persna: 'x' })).toEqual(['Scanner `tool` has no option `persna`: it has `persona`, `config`, `list`. Did you mean `persona`?']);
    expect(optionProblems('tool', declared, { persona: 'auditr' })[0]).toContain('`regular` or `auditor`');
    for (const config of ['../x', '/etc/passwd', '-x', 'a/../../b', 'C:\\x', 'a\nb', '']) expect(optionProblems('tool', declared, { config })).toHaveLength(1);
    expect(optionProblems('tool', declared, { list: 'a', config: 1 })).toHaveLength(2);
    expect(optionProblems('tool', {}, { constructor: 1 })).toHaveLength(1);
  });
});

describe('scanners that send data somewhere', () => {
  const files = [...entries('npm-lock', ['package-lock.json']), ...entries('python-requirements', ['requirements.txt'])];
  const decision = (name: string, more: Partial<Settings> = {}): string | undefined =>
    planScanners(SCANNERS, inventory('/w', files), { ...settings, ...more }).find(({ scanner }) => scanner.name === name)?.decision;

  it('are skipped until they are switched on by name', () => {
    for (const { name, capabilities } of SCANNERS.filter((scanner) => scanner.capabilities.network.length > 0)) expect([name, decision(name), capabilities.network.length > 0]).toEqual([name, 'skip', true]);
    expect(decision('npm-audit', { scanners: { 'npm-audit': { enabled: true, skip: [], options: {} } } })).toBe('run');
    expect(decision('pip-audit', { only: ['pip-audit'] })).toBe('run');
  });
});

describe('package URLs', () => {
  it.each([
    ['npm', '@scope/name', '1.0.0', 'pkg:npm/%40scope/name@1.0.0'],
    ['PyPI', 'Flask_Login', '0.6', 'pkg:pypi/flask-login@0.6'],
    ['Go', 'github.com/a/b/v2', 'v2.0.0', 'pkg:golang/github.com/a/b/v2@v2.0.0'],
    ['Maven', 'org.a:b', '1', 'pkg:maven/org.a/b@1'],
    ['Debian:12', 'openssl', '3.0', 'pkg:deb/openssl@3.0'],
    ['crates.io', 'serde', '1.0', 'pkg:cargo/serde@1.0'],
  ])('%s %s %s', (ecosystem, name, version, expected) => {
    expect(packageUrl(ecosystem, name, version)).toBe(expected);
  });

  it('is none for what has no type', () => {
    expect(packageUrl('constructor', 'a', '1')).toBeUndefined();
    expect(packageUrl('npm', '', '1')).toBeUndefined();
  });
});

describe('paths that a tool prints', () => {
  it('are those of the workspace or none', () => {
    const pathOf = workspacePaths('/w');
    expect(['./a//b', 'a/../b', '/w/a', 'a'].map(pathOf)).toEqual(['a/b', 'b', 'a', 'a']);
    expect(['../a', '/etc/passwd', '/wx/a', '.', '', 'a\0b', 'a/../../b', '/w/../x'].map(pathOf)).toEqual([undefined, undefined, undefined, undefined, undefined, undefined, undefined, undefined]);
  });
});
