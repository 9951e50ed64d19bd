import { expect, test } from 'vitest';
import { ConfigurationError } from '../../src/core/index.js';
import { describePolicies, findPolicy, nearestPolicyId, policyRules } from '../../src/engine/describe.js';
import { explainPolicy, factReference, policyIndex, policyPage } from '../../src/engine/docs.js';
import { evaluatePolicies } from '../../src/engine/evaluate.js';
import { packPolicies } from '../../src/engine/pack-policies.js';
import { unpackPolicies, type PolicyPack } from '../../src/engine/pack.js';
import { loadPolicies } from '../../src/engine/load.js';
import { declarations } from './declarations.js';
import { readSteps } from './facts.js';

const text = (id: string): string => `id: ${id}
title: Step fetches
severity: low
confidence: high
select: step
when: step.run.startsWithAny(options.tools)
options: { tools: { type: strings, default: [curl], description: "tools | more" } }
severities: [{ when: job.level == 'critical', severity: critical }]
at: run
message: "{step.run}"
repair: Do not.
help: |
  ## Why it matters
  x
  ## How to repair it
  y
  ## When not to use it
  z
tags: [CWE-1]
equivalents: [zizmor/x]
aliases: [${id}-old]
references: [https://example.com/a]
examples:
  - name: Fetch
    fail: { a.yml: "run: curl \`\`\`x # expect: low" }
  - pass: { a.yml: "run: npm" }
`;

const declared = () => Promise.resolve(declarations);
const FILES = ['shell/b', 'shell/a'].map((id) => ({ path: `policies/${id}/policy.yaml`, text: text(id) }));

test('a pack goes through JSON and judges as the files do, without examples', async () => {
  const pack = JSON.parse(JSON.stringify(packPolicies(FILES, declarations))) as PolicyPack;
  expect(pack.policies.map(({ definition }) => definition.id)).toEqual(['shell/a', 'shell/b']);
  expect(pack.policies.every(({ definition }) => definition.examples.length === 0)).toBe(true);
  const facts = readSteps('a.yml', 'run: curl x\n');
  const loaded = loadPolicies(FILES.map((file) => ({ ...file, builtin: true })), declarations).policies;
  const findings = (policies: typeof loaded) => evaluatePolicies(policies, facts, { policies: {} }, declarations.empty).findings.toSorted((a, b) => (a.ruleId < b.ruleId ? -1 : 1));
  expect(findings(await unpackPolicies(pack, declared))).toEqual(findings(loaded));
  expect(findings(loaded)).toHaveLength(2);
});

test('a wrong policy can not be packed', () => {
  const files = [{ path: 'policies/shell/a/policy.yaml', text: text('shell/a').replace('step.run.startsWithAny', 'step.ran.startsWithAny') }];
  expect(() => packPolicies(files, declarations)).toThrow(ConfigurationError);
  expect(() => packPolicies(files, declarations)).toThrow('policies/shell/a/policy.yaml:6: No such key: ran. Did you mean `run`?');
});

test('a packed policy that does not compile is an error of the run', async () => {
  const pack = JSON.parse(JSON.stringify(packPolicies(FILES.slice(0, 1), declarations)).replace('step.run.startsWithAny', 'step.ran.startsWithAny').replace('"lowered"', '"other"')) as PolicyPack;
  const { findings, diagnostics } = evaluatePolicies(await unpackPolicies(pack, declared), readSteps('a.yml', 'run: curl\nrun: x\n'), { policies: {} }, declarations.empty);
  expect(findings).toEqual([]);
  expect(diagnostics).toMatchObject([{ level: 'error', message: expect.stringContaining('No such key: ran') as unknown }]);
});

const policies = await unpackPolicies(packPolicies(FILES, declarations), declared);

test('rules and descriptions carry the worst severity and all others', () => {
  expect(policyRules(policies)[0]).toMatchObject({ id: 'shell/a', severity: 'critical', repair: 'Do not.', helpUri: 'https://example.com/a', equivalents: ['zizmor/x'] });
  expect(describePolicies(policies)[1]).toEqual({
    id: 'shell/b',
    title: 'Step fetches',
    aliases: ['shell/b-old'],
    severity: 'critical',
    severities: ['critical', 'low'],
    confidence: 'high',
    select: 'step',
    platforms: [],
    tags: ['CWE-1'],
    equivalents: ['zizmor/x'],
    builtin: true,
  });
});

test('a policy is found by id, alias and, nearly, by a mistyped one', () => {
  expect(findPolicy(policies, 'shell/a-old')?.definition.id).toBe('shell/a');
  expect(findPolicy(policies, 'shell/c')).toBeUndefined();
  expect(nearestPolicyId(policies, 'shel/b')).toBe('shell/b');
  expect(nearestPolicyId(policies, 'b')).toBe('shell/b');
  expect(nearestPolicyId(policies, 'something-else')).toBeUndefined();
});

test('pages show help, options, expression and examples with the reported line', () => {
  const loaded = loadPolicies(FILES.map((file) => ({ ...file, builtin: true })), declarations).policies;
  const page = policyPage(loaded[0] as (typeof loaded)[0]);
  for (const part of ['# shell/b', '## Why it matters', '`zizmor/x`', '| `tools` | strings | `["curl"]` | tools \\| more |', '```cel\nstep.run', '### Fetch', '````yaml\nrun: curl ```x   ◀ low\n````', '## Not reported']) {
    expect(page).toContain(part);
  }
  expect(page).not.toContain('expect');
  expect(explainPolicy(policies[0] as (typeof policies)[0])).not.toContain('## Reported');
  expect(policyIndex(policies, (id) => `${id}.md`)).toContain('| [shell/a](shell/a.md) | Step fetches | critical, low | high | all |');
});

test('the reference of facts names every kind, property and function', () => {
  const reference = factReference(declarations);
  for (const part of ['## `job`', '## `secret_use`', '`select: secret-use`', '| `triggers` | list of [job.triggers](#jobtriggers) | triggers |', "`'critical'`, `'high'`, `'low'`", 'startsWithAny']) {
    expect(reference).toContain(part);
  }
});
