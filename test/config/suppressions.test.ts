import { describe, expect, test } from 'vitest';
import { ConfigurationError, type SuppressionEntry } from '../../src/core/index.js';
import { type Known, loadSettings } from '../../src/config/index.js';

const known: Known = {
  policies: [
    { id: 'pipeline/unpinned-reference', aliases: ['pipeline/unpinned'], options: {} },
    { id: 'shell/pipe-to-shell', aliases: [], options: {} },
  ],
  scanners: ['bandit', 'hadolint'],
};

const load = (text: string): readonly SuppressionEntry[] => loadSettings({ file: { path: '.bartizan.yml', text }, known }).settings.suppressions ?? [];

function problems(text: string): string[] {
  try {
    load(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.diagnostics.map(({ message, region }) => `${region?.startLine}:${region?.startColumn} ${message}`);
    throw error;
  }
  throw new Error('no problem found');
}

describe('suppressions of the configuration', () => {
  test('are read with their places; aliases become ids', () => {
    expect(load('suppressions:\n  - rule: pipeline/unpinned\n    path: a/**\n    reason: " because "\n    owner: me\n    expires: 2027-01-31\n  - { fingerprint: 0123456789abcdef0123456789abcdef, reason: r }\n')).toEqual([
      { kind: 'external', by: 'bartizan', rule: 'pipeline/unpinned-reference', path: 'a/**', reason: 'because', owner: 'me', expires: '2027-01-31', place: { path: '.bartizan.yml', region: { startLine: 2, startColumn: 5, endLine: 2, endColumn: 5 } } },
      { kind: 'external', by: 'bartizan', fingerprint: '0123456789abcdef0123456789abcdef', reason: 'r', place: { path: '.bartizan.yml', region: { startLine: 7, startColumn: 5, endLine: 7, endColumn: 5 } } },
    ]);
    for (const rule of ['shell/*', 'hadolint/DL3008', 'hadolint/*', 'shell/pipe-to-shell']) expect(load(`suppressions: [{ rule: "${rule}", reason: r }]`)[0]?.rule).toBe(rule);
    expect(load('suppressions: [{ package: "pkg:npm/%40a/b@1.0.0", reason: r }]')).toHaveLength(1);
    expect(load('suppressions:\n')).toEqual([]);
  });

  test.each([
    ['rule: shell/pipe-to-shel\n    reason: r', '2:11 There is no rule `shell/pipe-to-shel`. A policy is named by its id, another scanner\'s rule as `scanner/id`. Did you mean `shell/pipe-to-shell`?'],
    ['rule: nothing/*\n    reason: r', '2:11 `nothing/*` matches no policy, and no scanner\'s name stands before its `/`. `bartizan policies` lists the policies.'],
    ['rule: bandit/\n    reason: r', '2:11 There is no rule `bandit/`. A policy is named by its id, another scanner\'s rule as `scanner/id`. Did you mean `bandit`?'],
    ['rule: shell/*', '2:5 A suppression needs a `reason`: why these findings do not count, in words.'],
    ['rule: shell/*\n    reason: "  "', '3:13 A suppression needs a `reason`: why these findings do not count, in words.'],
    ['reason: r', '2:5 A suppression needs at least one of `rule`, `path`, `fingerprint`, `package`; otherwise it would silence everything.'],
    ['path: a\n    reason: r\n    expires: 2027-02-30', '4:14 `expires` is `2027-02-30`; it must be a day that exists, written `YYYY-MM-DD`.'],
    ['path: a\n    reason: r\n    expires: 31.12.2027', '4:14 `expires` is `31.12.2027`; it must be a day that exists, written `YYYY-MM-DD`.'],
    ['path: ../a\n    reason: r', '2:11 `path` is `../a`; it must be relative to the top of the repository, with `/` and without `..`.'],
    ['path: "!a"\n    reason: r', '2:11 `path` is `!a`; it names files that are meant, not those that are not.'],
    ['fingerprint: abc\n    reason: r', '2:18 `fingerprint` is `abc`; it must be the 32 hexadecimal digits that reports call `bartizan/v1`.'],
    ['package: lodash\n    reason: r', '2:14 `package` is `lodash`; it must be a package URL such as `pkg:npm/lodash` or `pkg:npm/lodash@4.17.20`.'],
    ['path: a\n    reasons: r', '3:5 There is no setting `reasons`; there are rule, path, fingerprint, package, reason, owner, expires. Did you mean `reason`?'],
  ])('refuses %j', (entry, message) => {
    expect(problems(`suppressions:\n  - ${entry}\n`)).toEqual([message]);
  });

  test('are bounded', () => {
    expect(problems(`suppressions:\n${'  - {path: a, reason: r}\n'.repeat(2_001)}`)[0]).toContain('at most 2000 are taken');
    expect(problems(`suppressions:\n${'  - {path: a, reason: r}\n'.repeat(501)}`)[0]).toContain('501 suppressions without a fingerprint');
    expect(problems(`suppressions: [{path: "${'*a'.repeat(50)}", reason: r}]`)[0]).toContain('12 wildcards');
  });
});
