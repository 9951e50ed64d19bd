import { expect, it } from 'vitest';
import type { Settings } from '../../src/core/index.js';
import { planScanners } from '../../src/run/plan.js';
import { bandit } from '../../src/scanners/bandit.js';
import { hadolint } from '../../src/scanners/hadolint.js';
import { entries, inventory } from '../scanners/request.js';

const SETTINGS: Settings = {
  failOn: 'high',
  confidence: 'low',
  include: [],
  exclude: [],
  only: [],
  skip: [],
  external: true,
  onScannerError: 'error',
  policies: {},
  scanners: {},
};
const python = entries('python', ['a.py']);

function plan(settings: Partial<Settings> = {}) {
  return planScanners([hadolint, bandit], inventory('/w', python), { ...SETTINGS, ...settings });
}

function decisions(settings: Partial<Settings> = {}): string[] {
  return plan(settings).map((entry) => `${entry.scanner.name} ${entry.decision}: ${entry.reason}`);
}

it('runs what applies, in the order of names, and says why', () => {
  expect(decisions()).toEqual(['bandit run: 1 Python file', 'hadolint skip: no Dockerfiles']);
  expect(plan().map((entry) => entry.files)).toEqual([python, []]);
});

it('leaves out what the settings leave out', () => {
  expect(decisions({ external: false })[0]).toBe('bandit skip: external scanners are switched off');
  expect(decisions({ scanners: { bandit: { enabled: false, skip: [], options: {} } } })[0]).toBe('bandit skip: switched off in the configuration');
  expect(decisions({ skip: ['bandit'] })[0]).toBe('bandit skip: left out by `skip`');
  expect(decisions({ only: ['policies'] })[0]).toBe('bandit skip: not selected by `only`');
  expect(decisions({ only: ['pipeline/*'] })[0]).toBe('bandit skip: not selected by `only`');
  expect(decisions({ only: ['bandit', 'pipeline/*'] })[0]).toBe('bandit run: 1 Python file');
  expect(decisions({ only: ['bandit/B602'] })[0]).toBe('bandit run: 1 Python file');
});

it('selects rules of a scanner', () => {
  const wanted = (settings: Partial<Settings>): string[] =>
    ['B101', 'B602', 'B608'].filter((id) => plan(settings)[0]?.wantsRule(id));
  expect(wanted({})).toEqual(['B101', 'B602', 'B608']);
  expect(wanted({ only: ['bandit/B6*'] })).toEqual(['B602', 'B608']);
  expect(wanted({ only: ['bandit', 'bandit/B602'] })).toEqual(['B101', 'B602', 'B608']);
  expect(wanted({ skip: ['bandit/B602', 'B101'] })).toEqual(['B101', 'B608']);
  expect(wanted({ scanners: { bandit: { enabled: true, skip: ['B101'], options: {} } } })).toEqual(['B602', 'B608']);
});

it('hands the adapter its options', () => {
  expect(plan({ scanners: { bandit: { enabled: true, skip: [], options: { 'ignore-nosec': true } } } })[0]?.options).toEqual({ 'ignore-nosec': true });
});
