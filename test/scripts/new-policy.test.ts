import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPolicy } from '../../scripts/new-policy.js';
import { checkExample } from '../../src/engine/examples.js';
import { loadPolicies } from '../../src/engine/load.js';
import { declarationsFromSchemas } from '../../src/facts/declarations.js';
import { scanFiles } from '../scan-files.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'new-policy-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('the scaffold is a complete policy whose examples pass', async () => {
  const path = createPolicy(root, 'pipeline/my-policy');
  expect(path).toBe('policies/pipeline/my-policy/policy.yaml');
  const text = readFileSync(join(root, path), 'utf8');
  const { policies, diagnostics } = loadPolicies([{ path, text, builtin: true }], declarationsFromSchemas());
  expect(diagnostics).toEqual([]);
  const [policy] = policies;
  if (policy === undefined) throw new Error('no policy');
  expect(policy.definition.id).toBe('pipeline/my-policy');
  for (const example of policy.definition.examples) expect(await checkExample(policy, example, scanFiles)).toEqual([]);
});

test.each(['my-policy', 'other/my-policy', 'pipeline/My', 'pipeline/a/b', 'pipeline/..', ''])('%j is no id', (id) => {
  expect(() => createPolicy(root, id)).toThrow("A policy's id is <domain>/<name>");
});

test('nothing is overwritten', () => {
  createPolicy(root, 'shell/a');
  expect(() => createPolicy(root, 'shell/a')).toThrow('policies/shell/a exists already.');
});
