import { describe, expect, it } from 'vitest';
import { parseUses } from '../../../src/facts/github/uses.js';
import { actionModel, cacheUse, downloadsFromOtherRun, isOutput, publication } from '../../../src/facts/github/action-models.js';
import { ACTION_TABLE, ACTION_TABLES } from '../../../src/facts/github/action-tables/index.js';

const inputs = (values: Record<string, string>) => Object.fromEntries(Object.entries(values).map(([name, text]) => [name, { text }]));
const cache = (name: string, values: Record<string, string> = {}) => cacheUse(actionModel(name) ?? {}, inputs(values), parseUses(`${name}@v9`, false).value);

describe('actionModel', () => {
  it('is found by its lower-case name alone', () => {
    expect(actionModel('actions/github-script')?.code).toEqual({ script: 'javascript' });
    expect(actionModel('constructor')).toBeUndefined();
    expect(actionModel('made/up')).toBeUndefined();
  });

  it('has lower-case names everywhere, and says something of each action', () => {
    for (const [name, model] of Object.entries(ACTION_TABLE)) {
      const names = [name, ...Object.keys(model.code ?? {}), ...(model.commands ?? []), ...(model.agent?.prompts ?? []), ...(model.outputs ?? []).flatMap((output) => output.names)];
      expect(names).toEqual(names.map((text) => text.toLowerCase()));
      expect(name).toMatch(/^[^/]+\/[^/]+(?:\/.+)?$/);
      expect(Object.keys(model), name).not.toEqual([]);
    }
  });
});

describe('tables', () => {
  it('have each action once', () => {
    expect(ACTION_TABLES.reduce((sum, table) => sum + Object.keys(table).length, 0)).toBe(Object.keys(ACTION_TABLE).length);
  });
});

describe('cacheUse', () => {
  it.each([
    ['actions/cache', {}, 'both'],
    ['actions/cache/restore', {}, 'restore'],
    ['actions/setup-node', {}, ''],
    ['actions/setup-node', { cache: 'npm' }, 'both'],
    ['actions/setup-go', {}, 'both'],
    ['actions/setup-go', { cache: 'false' }, ''],
    ['astral-sh/setup-uv', { 'enable-cache': 'false' }, ''],
    ['astral-sh/setup-uv', { 'enable-cache': 'auto' }, 'both'],
    ['golangci/golangci-lint-action', {}, 'both'],
    ['golangci/golangci-lint-action', { 'skip-cache': 'true' }, ''],
    ['golangci/golangci-lint-action', { 'skip-cache': 'false' }, 'both'],
    ['docker/build-push-action', {}, ''],
    ['docker/build-push-action', { 'cache-to': 'type=gha,mode=max' }, 'save'],
    ['docker/build-push-action', { 'cache-to': 'type=registry' }, ''],
    ['actions/setup-go', { cache: "${{ github.ref == 'refs/heads/main' }}" }, 'both'],
    ['actions/checkout', {}, ''],
  ])('%s with %j: %j', (name, values, expected) => {
    expect(cache(name, values)).toBe(expected);
  });
});

describe('other uses', () => {
  it('publishes where the input says so', () => {
    const model = actionModel('docker/build-push-action') ?? {};
    expect(publication(model, inputs({ push: 'true' }))).toBe('container');
    expect(publication(model, inputs({ push: 'false' }))).toBe('');
    expect(publication(model, {})).toBe('');
    expect(publication(actionModel('pypa/gh-action-pypi-publish') ?? {}, {})).toBe('pypi');
  });

  it('tells the artifacts of other runs', () => {
    const model = actionModel('actions/download-artifact') ?? {};
    expect(downloadsFromOtherRun(model, {})).toBe(false);
    expect(downloadsFromOtherRun(model, inputs({ 'run-id': '${{ github.event.workflow_run.id }}' }))).toBe(true);
    expect(downloadsFromOtherRun(model, inputs({ 'run-id': '${{ github.run_id }}' }))).toBe(false);
    expect(downloadsFromOtherRun(actionModel('dawidd6/action-download-artifact') ?? {}, {})).toBe(true);
  });

  it('matches names of outputs', () => {
    const model = { names: ['*_files', 'group*', 'x'], type: 'string', from: 'event' } as const;
    expect(['all_files', 'group1', 'x', 'y', 'files_'].map((name) => isOutput(model, name))).toEqual([true, true, true, false, false]);
  });
});
