import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigurationError, type Diagnostic, type Settings } from '../../src/core/index.js';
import { type Known, loadSettings, overridesFromFlags, overridesFromInputs } from '../../src/config/index.js';

const known: Known = {
  policies: [
    { id: 'pipeline/unpinned-reference', aliases: ['pipeline/unpinned'], options: { 'trusted-owners': { type: 'strings' }, depth: { type: 'integer' } } },
    { id: 'pipeline/script-injection', aliases: [], options: {} },
    { id: 'shell/pipe-to-shell', aliases: [], options: {} },
  ],
  scanners: ['bandit', 'hadolint'],
};

function load(text: string, flags?: Parameters<typeof overridesFromFlags>[0]): Settings {
  const overrides = flags === undefined ? undefined : overridesFromFlags(flags);
  return loadSettings({ file: { path: '.bartizan.yml', text }, overrides, known }).settings;
}

function problems(text: string, flags?: Parameters<typeof overridesFromFlags>[0]): readonly Diagnostic[] {
  try {
    load(text, flags);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.diagnostics;
    throw error;
  }
  throw new Error('no problem found');
}

/** `line:column message` of each. */
function lines(text: string, flags?: Parameters<typeof overridesFromFlags>[0]): string[] {
  return problems(text, flags).map(({ message, region }) => `${region?.startLine ?? '-'}:${region?.startColumn ?? '-'} ${message}`);
}

describe('settings', () => {
  test('have defaults', () => {
    expect(loadSettings({ known }).settings).toEqual({
      failOn: 'high', confidence: 'medium', include: [], exclude: [], only: [], skip: [], external: true, onScannerError: 'error', sandbox: 'auto', tools: { install: 'never', offline: false }, policies: {}, scanners: {},
    });
    for (const text of ['', '# nothing\n', '---\n', 'policies:\n#  a: b\n']) expect(load(text).failOn).toBe('high');
  });

  test('are read from the file', () => {
    const settings = load(`
fail-on: medium
confidence: medium
include: ['src/**']
exclude: [dist]
external: off
on-scanner-error: warn
policies:
  pipeline/script-injection: critical
  shell/pipe-to-shell: off
  pipeline/unpinned-reference: { severity: low, trusted-owners: [me], depth: 2 }
scanners:
  bandit: off
  hadolint: { skip: [DL3008], threshold: 3 }
`);
    expect(settings).toEqual({
      failOn: 'medium', confidence: 'medium', include: ['src/**'], exclude: ['dist'], only: [], skip: [], external: false, onScannerError: 'warn', sandbox: 'auto', tools: { install: 'never', offline: false },
      policies: {
        'pipeline/script-injection': { enabled: true, severity: 'critical', options: {} },
        'shell/pipe-to-shell': { enabled: false, options: {} },
        'pipeline/unpinned-reference': { enabled: true, severity: 'low', options: { 'trusted-owners': ['me'], depth: 2 } },
      },
      scanners: {
        bandit: { enabled: false, skip: [], options: {} },
        hadolint: { enabled: true, skip: ['DL3008'], options: { threshold: 3 } },
      },
    });
  });

  test('of flags and inputs replace those of the file', () => {
    expect(load('fail-on: low\nexclude: [a]\n', { 'fail-on': 'never', exclude: ['b,c'], external: false })).toMatchObject({ failOn: 'never', exclude: ['b', 'c'], external: false });
    const inputs: Record<string, string> = { 'fail-on': ' critical ', only: 'policies\nbandit', external: 'TRUE', exclude: '*.{a,b}, c' };
    const { settings } = loadSettings({ overrides: overridesFromInputs((name) => inputs[name] ?? ''), known });
    expect(settings).toMatchObject({ failOn: 'critical', only: ['policies', 'bandit'], external: true, exclude: ['*.{a,b}', 'c'] });
  });

  test('may use anchors and merge keys', () => {
    expect(load('policies:\n  pipeline/script-injection: &x {severity: low}\n  shell/pipe-to-shell: *x\n').policies['shell/pipe-to-shell']).toEqual({ enabled: true, severity: 'low', options: {} });
  });
});

describe('names of policies', () => {
  test('may be aliases; the settings have the id', () => {
    expect(load('policies: {pipeline/unpinned: off}').policies).toEqual({ 'pipeline/unpinned-reference': { enabled: false, options: {} } });
  });

  test('may be patterns; an id wins wherever it stands, a later pattern over an earlier one', () => {
    const settings = load("policies:\n  shell/pipe-to-shell: high\n  '**': off\n  pipeline/*: low\n");
    expect(settings.policies).toEqual({
      'pipeline/unpinned-reference': { enabled: true, severity: 'low', options: {} },
      'pipeline/script-injection': { enabled: true, severity: 'low', options: {} },
      'shell/pipe-to-shell': { enabled: true, severity: 'high', options: {} },
    });
  });

  test.each([
    [{ only: 'pipeline/*' }, ['shell/pipe-to-shell']],
    [{ only: 'bandit' }, ['pipeline/script-injection', 'pipeline/unpinned-reference', 'shell/pipe-to-shell']],
    [{ only: 'policies', skip: 'pipeline/unpinned' }, ['pipeline/unpinned-reference']],
    [{ skip: 'policies' }, ['pipeline/script-injection', 'pipeline/unpinned-reference', 'shell/pipe-to-shell']],
    [{ skip: 'bandit/B101,hadolint' }, []],
    [{ only: '**/pipe-*' }, ['pipeline/script-injection', 'pipeline/unpinned-reference']],
  ])('%j leaves out %j', (flags, expected) => {
    const { policies } = load('', flags);
    expect(Object.keys(policies).filter((id) => policies[id]?.enabled === false).sort()).toEqual(expected);
  });
});

describe('what is wrong', () => {
  test('is said with place, value, choice and the nearest name, all at once', () => {
    expect(
      lines(`fail-onn: high
confidence: hgih
external: maybe
include: src/**
exclude: ['']
skip: [bandti, pipelin/*]
policies:
  pipeline/script-injetion: off
  pipeline/script-injection: hihg
  pipeline/unpinned-reference:
    severity: hgih
    trusted-ownerz: [me]
    depth: two
  nothing/*: off
  shell/*: {depth: 1}
scanners:
  bandid: off
  hadolint: {skip: DL3008}
on-scanner-error: null
`),
    ).toEqual([
      '1:1 There is no setting `fail-onn`; there are profile, fail-on, max-findings, report-from, grace-days, confidence, include, exclude, only, skip, external, online, on-scanner-error, sandbox, tools, policies, scanners, imports, baseline, new-only, max-known, config-source, new-inline-suppressions, suppression-approvers, foreign-suppressions, vex, suppressions. Did you mean `fail-on`?',
      '2:13 `confidence` is `hgih`; it must be high, medium or low. Did you mean `high`?',
      '3:11 `external` is `maybe`; it must be on or off.',
      '4:10 `include` is `src/**`; it must be a list.',
      '5:11 `exclude.0` must not be empty.',
      expect.stringMatching(/^6:8 `bandti`/),
      expect.stringMatching(/^6:16 `pipelin\/\*`/),
      expect.stringMatching(/^8:3 .*`pipeline\/script-injetion`/),
      '9:30 `policies.pipeline/script-injection` is `hihg`; it must be on, off, critical, high, medium, low, note or a mapping. Did you mean `high`?',
      '11:15 `policies.pipeline/unpinned-reference.severity` is `hgih`; it must be critical, high, medium, low or note. Did you mean `high`?',
      expect.stringMatching(/^12:5 .*`trusted-ownerz`/),
      expect.stringMatching(/^13:12 .*`two`/),
      expect.stringMatching(/^14:3 .*`nothing\/\*`/),
      expect.stringMatching(/^15:13 .*`depth`/),
      expect.stringMatching(/^17:3 .*`bandid`/),
      '18:20 `scanners.hadolint.skip` is `DL3008`; it must be a list.',
    ]);
  });

  test('in names and options too', () => {
    expect(
      lines(`skip: [bandti, 'pipelin/*']
policies:
  pipeline/script-injetion: off
  pipeline/unpinned-reference:
    trusted-ownerz: [me]
    depth: two
  nothing/*: off
  shell/*: {depth: 1}
  pipeline/unpinned: on
scanners:
  bandid: off
`).map((line) => line.replace(/ `bartizan policies` lists them\./, '')),
    ).toEqual([
      '1:8 `bandti` in `skip` is no scanner and no rule. Scanners: policies, bandit, hadolint; a policy by its id, another scanner’s rule as `scanner/id`. Did you mean `bandit`?',
      '1:16 `pipelin/*` in `skip` matches no policy. Scanners: policies, bandit, hadolint; a policy by its id, another scanner’s rule as `scanner/id`.',
      '3:3 There is no policy `pipeline/script-injetion`. Did you mean `pipeline/script-injection`?',
      '5:5 Policy `pipeline/unpinned-reference` has no option `trusted-ownerz`; there are enabled, severity, trusted-owners, depth. Did you mean `trusted-owners`?',
      '6:12 The option `depth` of policy `pipeline/unpinned-reference` is `two`; it must be a whole number.',
      '7:3 `nothing/*` matches no policy.',
      '8:13 Options belong to one policy: write `depth` behind its id, not behind `shell/*`.',
      '9:3 `pipeline/unpinned` and `pipeline/unpinned-reference` are the same policy; write one of them.',
      '11:3 There is no scanner `bandid`; there are bandit, hadolint. Did you mean `bandit`?',
    ]);
  });

  test('in patterns is said before they are used', () => {
    const stars = '*a'.repeat(7);
    expect(lines(`skip: ['!(x)*', '${stars}']\npolicies: {'${'x'.repeat(70_000)}*': off, 'a?*': off}\nscanners: {bandit: {skip: ['B(1|2)*']}}\n`)).toEqual([
      '1:8 The pattern `!(x)*` in `skip` has other characters than letters, digits and `. : @ / * + - _`.',
      expect.stringMatching(/^1:17 .*more than 6 wildcards\.$/),
      expect.stringMatching(/^2:12 .* is longer than 200 characters/),
      expect.stringMatching(/^2:\d+ The pattern `a\?\*` has other characters/),
      expect.stringMatching(/^3:28 The pattern `B\(1\|2\)\*` has other characters/),
    ]);
  });

  test('in flags and inputs is said with their names', () => {
    expect(lines('', { 'fail-on': 'hihg', only: 'bandti' })).toEqual([
      '-:- `--fail-on` is `hihg`; it must be critical, high, medium, low, note or never. Did you mean `high`?',
      expect.stringContaining('-:- `bandti` in `--only` is no scanner and no rule.'),
    ]);
    expect(() => loadSettings({ overrides: overridesFromInputs((name) => (name === 'external' ? 'no' : '')), known })).toThrow('`input external` is `no`');
  });

  test('in the syntax is said with its place, and the rest is judged too', () => {
    const found = problems('fail-on: hihg\nconfidence: low\nconfidence: high\nskip: [a\n');
    expect(found.map(({ code, region }) => [code, region?.startLine])).toEqual([
      ['config-value', 1],
      ['yaml-duplicate-key', 3],
      ['yaml-syntax', 5],
    ]);
  });

  test('is one error that names the first and the number of the others', () => {
    expect(() => load('fail-on: hihg\nconfidence: x\n')).toThrow(/^\.bartizan\.yml:1:10: `fail-on` is `hihg`.* \(and 1 more\)$/);
  });

  test.each(['[1, 2]', 'text', '- a: b', 'a: 1\n---\nb: 1', '__proto__: {fail-on: low}', 'constructor: {a: 1}', 'policies: {__proto__: off}', 'policies: {constructor: off, toString: {a: 1}}', 'scanners: {constructor: off}', 'scanners: [bandit]', 'policies: {pipeline/script-injection: ~}'])(
    'in %j is a configuration error',
    (text) => expect(problems(text).length).toBeGreaterThan(0),
  );
});

describe('whatever the file says', () => {
  test('there are settings or a configuration error with a place, nothing else', () => {
    const value = fc.constantFrom('high', 'off', 'true', '~', '1', '[a]', '[[1]]', '{a: 1}', '{severity: low}', '{skip: [1]}', '"', '*x', '&x on', '!t x', '{__proto__: 1}', '{shell/*: {severity: x}}', '{bandit: {enabled: 3}}', '[pipeline/*, "!(x)", "**"]');
    const key = fc.constantFrom('fail-on', 'confidence', 'include', 'only', 'skip', 'external', 'policies', 'scanners', '__proto__', 'toString', '<<', '? [a]\n', '-');
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 6 }), (entries) => {
        const text = entries.map(([name, written]) => `${name}: ${written}\n`).join('');
        try {
          expect(load(text).failOn).toBeTypeOf('string');
        } catch (error) {
          if (!(error instanceof ConfigurationError)) throw error;
          expect(error.diagnostics.length).toBeGreaterThan(0);
          for (const diagnostic of error.diagnostics) expect(diagnostic.region).toBeDefined();
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('thresholds', () => {
  test('are a severity or a mapping', () => {
    expect(load('fail-on: {category: {secrets: low}, scanner: {bandit: never, policies: medium}, confidence: {low: critical}}\nmax-findings: {medium: 10}\nreport-from: low\ngrace-days: 7')).toMatchObject({
      failOn: 'high',
      thresholds: { category: { secrets: 'low' }, scanner: { bandit: 'never', policies: 'medium' }, confidence: { low: 'critical' } },
      maxFindings: { medium: 10 },
      reportFrom: 'low',
      graceDays: 7,
    });
    expect(load('fail-on: {severity: low}').thresholds).toBeUndefined();
  });

  test('of the file stay beside a severity that is given as input, but never replaces all', () => {
    const file = 'fail-on: {severity: low, category: {secrets: low}}';
    expect(load(file, { 'fail-on': 'critical' })).toMatchObject({ failOn: 'critical', thresholds: { category: { secrets: 'low' } } });
    expect(load(file, { 'fail-on': 'never' })).toMatchObject({ failOn: 'never' });
    expect(load(file, { 'fail-on': 'never' }).thresholds).toBeUndefined();
  });

  test('that are wrong are told with their place', () => {
    expect(lines('fail-on: {category: {secret: low}, scanner: {bandti: low}, confidence: {low: hihg}}')).toEqual([
      '1:22 There is no setting `secret`; there are pipeline, runbook, shell, settings, code, dependencies, secrets, infrastructure, other. Did you mean `secrets`?',
      '1:78 `fail-on.confidence.low` is `hihg`; it must be critical, high, medium, low, note or never. Did you mean `high`?',
    ]);
    expect(lines('fail-on: {scanner: {bandti: low}}')).toEqual(['1:21 There is no scanner `bandti`; there are policies, bandit, hadolint. Did you mean `bandit`?']);
    expect(lines('max-findings: {medium: -1}\ngrace-days: 1000')).toHaveLength(2);
  });
});

describe('profiles', () => {
  test('are what holds where nothing else is written', () => {
    expect(load('profile: starter')).toMatchObject({ failOn: 'critical', confidence: 'high', newOnly: true });
    expect(load('profile: strict')).toMatchObject({ failOn: 'medium', confidence: 'low', foreignSuppressions: 'report' });
    expect(load('profile: standard')).toEqual(load(''));
    expect(load('profile: starter\nfail-on: {category: {secrets: low}}\nnew-only: false')).toMatchObject({ failOn: 'critical', thresholds: { category: { secrets: 'low' } } });
    expect(load('profile: starter\nnew-only: false').newOnly).toBeUndefined();
    expect(load('profile: strict\nforeign-suppressions: honour').foreignSuppressions).toBeUndefined();
    expect(load('profile: starter', { profile: 'strict' })).toMatchObject({ failOn: 'medium' });
    expect(lines('profile: strikt')).toEqual(['1:10 `profile` is `strikt`; it must be starter, standard or strict. Did you mean `strict`?']);
  });
});
