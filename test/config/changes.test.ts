import { describe, expect, test } from 'vitest';
import { configurationChanges, type ConfigurationSide } from '../../src/config/changes.js';
import { changesSentence, type Settings, type SuppressionEntry } from '../../src/core/index.js';
import { settings } from '../support/report.js';

const side = (given: Partial<Settings> = {}, rest: Partial<ConfigurationSide> = {}): ConfigurationSide => ({ settings: settings(given), policies: new Map(), baseline: new Map(), ...rest });
const texts = (base: ConfigurationSide, head: ConfigurationSide): string[] => configurationChanges(base, head).map(({ text, weaker }) => `${weaker ? 'weaker' : 'other'}: ${text}`);
const entry = (given: Partial<SuppressionEntry>): SuppressionEntry => ({ kind: 'external', by: 'bartizan', reason: 'x', place: { path: '.bartizan.yml' }, ...given });

describe('what a pull request changes', () => {
  test('is nothing when both say the same, however it is written', () => {
    const one = side({ suppressions: [entry({ rule: 'a/b' })], scanners: { bandit: { enabled: true, skip: [], options: { a: 1, b: 2 } } } });
    const other = side({ suppressions: [entry({ rule: 'a/b', place: { path: '.bartizan.yaml' } })], scanners: { bandit: { enabled: true, skip: [], options: { b: 2, a: 1 } } } });
    expect(configurationChanges(one, other)).toEqual([]);
    expect(changesSentence({ from: 'base', changes: [] })).toBeUndefined();
  });

  test.each<[Partial<Settings>, Partial<Settings>, string]>([
    [{ failOn: 'high' }, { failOn: 'never' }, 'weaker: weakens `fail-on` from high to never'],
    [{ failOn: 'high' }, { failOn: 'critical' }, 'weaker: weakens `fail-on` from high to critical'],
    [{ failOn: 'never' }, { failOn: 'note' }, 'other: tightens `fail-on` from never to note'],
    [{ confidence: 'low' }, { confidence: 'high' }, 'weaker: weakens `confidence` from low to high'],
    [{ onScannerError: 'error' }, { onScannerError: 'warn' }, 'weaker: weakens `on-scanner-error` from error to warn'],
    [{}, { sandbox: 'off' }, 'weaker: weakens `sandbox` from auto to off'],
    [{}, { configSource: 'head' }, 'weaker: weakens `config-source` from base to head'],
    [{}, { newInlineSuppressions: 'allow' }, 'weaker: weakens `new-inline-suppressions` from refuse to allow'],
    [{}, { newOnly: true }, 'weaker: switches `new-only` on'],
    [{ external: true }, { external: false }, 'weaker: switches `external` off'],
    [{}, { exclude: ['**'] }, 'weaker: adds `**` to `exclude`'],
    [{ skip: ['bandit'] }, {}, 'other: takes `bandit` out of `skip`'],
    [{}, { only: ['policies'] }, 'weaker: limits the scan by `only` to `policies`'],
    [{ include: ['a', 'b'] }, { include: ['a'] }, 'weaker: changes `include` to `a`'],
    [{ include: ['a'] }, {}, 'other: removes `include`'],
    [{ maxKnown: { high: 3 } }, { maxKnown: { high: 4 } }, 'weaker: raises `max-known.high` from 3 to 4'],
    [{ maxKnown: { high: 3 } }, {}, 'weaker: removes `max-known.high` from 3'],
    [{ maxKnown: { high: 3 } }, { maxKnown: { high: 2 } }, 'other: lowers `max-known.high` from 3 to 2'],
    [{ policies: {} }, { policies: { 'a/b': { enabled: false, options: {} } } }, 'weaker: switches off 1 policy (`a/b`)'],
    [{ policies: { 'a/b': { enabled: true, options: {} } } }, { policies: { 'a/b': { enabled: true, options: {}, severity: 'note' } } }, 'weaker: changes the severity of 1 policy (`a/b`)'],
    [{}, { scanners: { bandit: { enabled: false, skip: [], options: {} } } }, 'weaker: switches off 1 scanner (`bandit`)'],
    [{}, { scanners: { bandit: { enabled: true, skip: ['B1'], options: {} } } }, 'weaker: leaves out `bandit/B1`'],
    [{}, { suppressionApprovers: ['@mallory'] }, 'weaker: adds `@mallory` to `suppression-approvers`'],
    [{}, { baseline: 'other.json' }, 'weaker: changes `baseline` to other.json'],
    [{ suppressions: [entry({ rule: 'a' })] }, { suppressions: [entry({ rule: 'a' }), entry({ rule: 'a' }), entry({ path: 'x' })] }, 'weaker: adds 2 suppressions'],
    [{ suppressions: [entry({ rule: 'a', expires: '2026-01-01' })] }, { suppressions: [entry({ rule: 'a', expires: '2036-01-01' })] }, 'weaker: adds 1 suppression'],
  ])('is told with its direction (%#)', (base, head, expected) => {
    expect(texts(side(base), side(head))[0]).toBe(expected);
  });

  test('is told for the baseline and custom policies', () => {
    const base = side({}, { baseline: new Map([['1', 'high'], ['2', 'low'], ['3', 'low']]), policies: new Map([['a.yaml', '1'], ['b.yaml', '1']]) });
    const head = side({}, { baseline: new Map([['1', 'critical'], ['2', 'low'], ['4', 'low']]), policies: new Map([['a.yaml', '2'], ['c.yaml', '1']]) });
    expect(texts(base, head)).toEqual([
      'weaker: adds 1 known finding to the baseline',
      'weaker: raises the severity of 1 known finding in the baseline',
      'weaker: removes 1 custom policy file (`b.yaml`)',
      'weaker: changes 1 custom policy file (`a.yaml`)',
      'other: removes 1 known finding from the baseline',
      'other: adds 1 custom policy file (`c.yaml`)',
    ]);
  });

  test('is one sentence', () => {
    const changes = configurationChanges(side({ failOn: 'high' }), side({ failOn: 'never', suppressions: [entry({ rule: 'a' }), entry({ rule: 'b' })] }));
    expect(changesSentence({ from: 'base', changes })).toBe('This pull request weakens `fail-on` from high to never and adds 2 suppressions: they take effect after merge.');
    expect(changesSentence({ from: 'head', changes: changes.slice(0, 1) })).toBe('This pull request weakens `fail-on` from high to never: that is in force already, since config-source is head.');
    expect(changesSentence({ from: 'base', changes: Array.from({ length: 40 }, () => ({ text: 'x', weaker: true })) })).toContain('and makes 28 more changes');
  });
});
