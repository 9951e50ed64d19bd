import { expect, test } from 'vitest';
import { loadPolicies, type PolicySource } from '../../src/engine/load.js';
import { declarations } from './declarations.js';

const POLICY = `id: custom/no-curl
title: Step fetches with curl
severity: high
select: step
when: step.run.contains('curl')
at: run
message: "\`{step.run}\` fetches in {job.id}"
`;

const source = (text: string, builtin = false, path = 'p.yaml'): PolicySource => ({ path, text, builtin });

function errors(text: string, builtin = false): string[] {
  const { policies, diagnostics } = loadPolicies([source(text, builtin)], declarations);
  expect(policies).toEqual([]);
  expect(diagnostics.every(({ level, path }) => level === 'error' && path === 'p.yaml')).toBe(true);
  return diagnostics.map(({ region, message }) => `${region?.startLine}:${region?.startColumn}-${region?.endColumn} ${message}`);
}

test('a small custom policy is enough', () => {
  const { policies, diagnostics } = loadPolicies([source(POLICY)], declarations);
  expect(diagnostics).toEqual([]);
  expect(policies[0]?.definition).toMatchObject({ id: 'custom/no-curl', confidence: 'medium', at: ['run'], platforms: [] });
});

test.each([
  ['an unknown field', POLICY + 'mesage: x\n', '8:1-7 Unknown field `mesage` in the policy. Did you mean `message`?'],
  ['a missing field', POLICY.replace(/^title.*\n/m, ''), '1:1-3 The field `title` is missing.'],
  ['a wrong severity', POLICY.replace('high', 'hihg'), '3:11-15 `severity` is one of critical, high, medium, low, note. Did you mean `high`?'],
  ['a wrong type', POLICY.replace(/^title: .*$/m, 'title: [a]'), '2:8-11 `title` must be of type string.'],
  ['an unknown kind', POLICY.replace('select: step', 'select: stepp'), '4:9-14 `stepp` is not a kind of fact (job, step, secret-use). Did you mean `step`?'],
  ['an unknown property', POLICY.replace('step.run.contains', 'step.runn.contains'), '5:12-16 No such key: runn. Did you mean `run`?'],
  ['a syntax error', POLICY.replace("contains('curl')", 'contains('), '5:25-25 Unexpected token: EOF.'],
  ['a wrong path', POLICY.replace('at: run', 'at: runn'), '6:5-9 `step` has no property `runn`. Did you mean `run`?'],
  ['a wrong path in a list', POLICY.replace('at: run', 'at: [run, inputs.ref.tex]'), '6:11-25 `step.inputs` has no property `tex`. Did you mean `text`?'],
  ['a wrong placeholder', POLICY.replace('{job.id}', '{job.idd}'), '7:40-43 No such key: idd. Did you mean `id`?'],
  ['a built-in prefix', POLICY.replace('custom/', 'shell/'), '1:5-18 The prefix `shell/` belongs to the built-in policies. Use another one, such as `custom/`.'],
  ['a wrong id', POLICY.replace('custom/no-curl', 'NoCurl'), '1:5-11 `id`: An id is `<prefix>/<name>`: lower-case letters, digits and `-`, such as `custom/no-curl`.'],
  ['a wrong equivalent', POLICY + 'equivalents: [zizmor]\n', '8:15-21 `equivalents.0`: An equivalent is `tool/rule-id`, such as `zizmor/template-injection`.'],
  ['an unknown field below', POLICY + 'related:\n  - { at: run, mesage: x, message: x }\n', '9:16-22 Unknown field `mesage` in `related.0`. Did you mean `message`?'],
  ['broken YAML', 'id: [a\n', expect.stringMatching(/^\d+:\d+/)],
  ['no mapping', '- a\n', '1:1-4 A policy file holds one mapping.'],
])('%s is an error at its place', (_name, text, expected) => {
  expect(errors(text)).toEqual([expected]);
});

test('an error in a folded expression is at its line and column', () => {
  const text = POLICY.replace(/^when: .*$/m, "when: >-\n  step.run.contains('x')\n  && step.inputs.exists(i, step.inputs[i].txt == '')");
  expect(errors(text)).toEqual(['7:43-46 No such key: txt. Did you mean `text`?']);
});

test('all errors of a file are told, and the other files are loaded', () => {
  const bad = POLICY.replace('step.run.contains', 'step.runn.contains').replace('{job.id}', '{job.idd}');
  const { policies, diagnostics } = loadPolicies([source(bad, false, 'bad.yaml'), source(POLICY)], declarations);
  expect(policies).toHaveLength(1);
  expect(diagnostics).toHaveLength(2);
});

test('an id or alias is used once', () => {
  const again = loadPolicies([source(POLICY), source(POLICY, false, 'q.yaml')], declarations);
  expect(again.diagnostics.map(({ path, message }) => `${path} ${message}`)).toEqual(['q.yaml The id `custom/no-curl` is used by p.yaml already.']);
  const alias = POLICY.replace('no-curl', 'other') + 'aliases: [custom/no-curl]\n';
  const { diagnostics } = loadPolicies([source(alias, false, 'q.yaml')], declarations, again.policies);
  expect(diagnostics).toMatchObject([{ path: 'q.yaml', region: { startLine: 8 } }]);
});

test('a built-in policy is complete', () => {
  const messages = errors(POLICY.replace('custom/', 'shell/'), true).join('\n');
  for (const part of ['`repair` is missing', '`tags` is missing', '## Why it matters', '## How to repair it', '## When not to use it', 'no `fail` example', 'no `pass` example']) {
    expect(messages).toContain(part);
  }
  expect(errors(POLICY, true)[0]).toContain('The prefix is one of pipeline, runbook, shell, settings.');
});

test('a file that is too long or too deep is an error', () => {
  expect(errors('x'.repeat(300_000))).toHaveLength(1);
  expect(errors(`id: ${'['.repeat(100)}`)).not.toEqual([]);
});
