import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDocument, type Fact, type PolicySettings } from '../../src/core/index.js';
import { evaluatePolicies, type Evaluation } from '../../src/engine/evaluate.js';
import { loadPolicies } from '../../src/engine/load.js';
import type { Policy } from '../../src/engine/policy.js';
import { declarations } from './declarations.js';
import { fact, readSteps } from './facts.js';

const POLICY = `
id: custom/curl
title: Step fetches
severity: high
select: step
when: step.run.startsWith('curl')
at: run
message: "{step.run} in {job.id}"
`;

function load(...texts: string[]): Policy[] {
  const { policies, diagnostics } = loadPolicies(
    texts.map((text, index) => ({ path: `${index}.yaml`, text, builtin: false })),
    declarations,
  );
  expect(diagnostics).toEqual([]);
  return [...policies];
}

function evaluate(policies: readonly Policy[], facts: Iterable<Fact>, settings: Record<string, PolicySettings> = {}): Evaluation {
  return evaluatePolicies(policies, facts, { policies: settings }, declarations.empty);
}

const FILE = 'a:\n  run: npm ci\n  run: curl x\n';

test('a finding has message, severity, confidence and the exact region', () => {
  const { findings, diagnostics } = evaluate(load(POLICY), readSteps('a.yml', FILE));
  expect(diagnostics).toEqual([]);
  expect(findings).toEqual([
    {
      ruleId: 'custom/curl',
      tool: 'policies',
      severity: 'high',
      confidence: 'medium',
      message: 'curl x in build',
      reasons: [],
      locations: [{ path: 'a.yml', region: { startLine: 3, startColumn: 8, endLine: 3, endColumn: 14 } }],
      related: [],
      flow: [],
      fingerprints: {},
      alsoReportedBy: [],
    },
  ]);
});

test('a reason that is empty for a fact is left out', () => {
  const [policy] = load(`${POLICY}
severities:
  - { when: 'true', severity: low, because: "{job.reach.reasons.size() > 0 ? '' : 'nobody knows who starts it'}" }
reasons: reach
`);
  const reasons = (level: string): unknown => evaluate([policy!], readSteps('a.yml', FILE, { level, reach: { reasons: level === '' ? [] : ['anyone can start it'] } })).findings[0]?.reasons;
  expect(reasons('high')).toEqual(['anyone can start it']);
  expect(reasons('')).toEqual(['nobody knows who starts it']);
});

test('the first severity that fits decides, with its reason and those of the reach', () => {
  const [policy] = load(`${POLICY}
severities:
  - { when: job.level == 'critical', severity: critical, because: "level {job.level}" }
  - { when: job.level == 'high', severity: medium }
reasons: reach
`);
  const result = (level: string) => evaluate([policy as Policy], readSteps('a.yml', FILE, { level, reach: { reasons: ['anyone'] } })).findings[0];
  expect(result('critical')).toMatchObject({ severity: 'critical', reasons: ['level critical', 'anyone'] });
  expect(result('high')).toMatchObject({ severity: 'medium', reasons: ['anyone'] });
  expect(result('low')).toMatchObject({ severity: 'high', reasons: ['anyone'] });
});

test('settings switch off, replace the severity and set options, by id or alias', () => {
  const policies = load(`${POLICY.replace("startsWith('curl')", 'startsWithAny(options.some_tools)')}
options:
  some-tools: { type: strings, default: [curl], description: tools }
aliases: [custom/old]
`);
  const facts = readSteps('a.yml', FILE);
  const count = (settings: Record<string, PolicySettings>) => evaluate(policies, facts, settings).findings.length;
  expect(count({})).toBe(1);
  expect(count({ 'custom/curl': { enabled: false, options: {} } })).toBe(0);
  expect(count({ 'custom/old': { enabled: false, options: {} } })).toBe(0);
  expect(count({ 'custom/curl': { enabled: true, options: { 'some-tools': ['npm', 'curl'] } } })).toBe(2);
  expect(evaluate(policies, facts, { 'custom/curl': { enabled: true, severity: 'note', options: {} } }).findings[0]?.severity).toBe('note');
});

test('a wrong option is an error, and the policy does not judge', () => {
  const policies = load(`${POLICY}\noptions:\n  limit: { type: integer, default: 1, description: x }\n`);
  for (const [options, message] of [
    [{ limits: 2 }, 'Policy `custom/curl` has no option `limits`. It has limit. Did you mean `limit`?'],
    [{ limit: 'x' }, 'The option `limit` of policy `custom/curl` must be a whole number.'],
  ] as const) {
    const { findings, diagnostics } = evaluate(policies, readSteps('a.yml', FILE), { 'custom/curl': { enabled: true, options } });
    expect(findings).toEqual([]);
    expect(diagnostics).toMatchObject([{ level: 'error', message }]);
  }
});

test('an evaluation error is an error at the place, never a finding and never silence', () => {
  for (const when of ["step.run.substring(100) == ''", "1 / size(step.words) > 0 || step.run.matches(step.run + '(')"]) {
    const [policy] = load(POLICY.replace("step.run.startsWith('curl')", when));
    const { findings, diagnostics } = evaluate([policy as Policy], readSteps('a.yml', FILE));
    expect(findings).toEqual([]);
    expect(diagnostics).toHaveLength(2);
    expect(diagnostics[0]).toMatchObject({ level: 'error', path: 'a.yml', region: { startLine: 2 }, code: 'policy-evaluation' });
  }
});

test('many errors of one policy are counted', () => {
  const [policy] = load(POLICY.replace("step.run.startsWith('curl')", "step.run.substring(100) == ''"));
  const { diagnostics } = evaluate([policy as Policy], readSteps('a.yml', 'run: x\n'.repeat(50)));
  expect(diagnostics).toHaveLength(6);
  expect(diagnostics.at(-1)?.message).toBe('Policy `custom/curl` could not be evaluated at 45 more places.');
});

test('a policy that costs too much is stopped once, and the others go on', () => {
  const loop = "step.words.exists(a, step.words.exists(b, step.words.exists(c, a + b + c == '!')))";
  const policies = load(POLICY.replace("step.run.startsWith('curl')", loop), POLICY.replace('custom/curl', 'custom/other'));
  const long = `run: curl ${'x '.repeat(500)}\n`.repeat(3);
  const { findings, diagnostics } = evaluate(policies, readSteps('a.yml', long));
  expect(findings.map(({ ruleId }) => ruleId)).toEqual(['custom/other', 'custom/other', 'custom/other']);
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]?.message).toMatch(/visits more than .* It is not used any more in this run\.$/);
});

test('an error in the message or the severity does not lose the finding', () => {
  const [policy] = load(`${POLICY.replace('{job.id}', '{step.run.substring(99)}')}
severities: [{ when: "step.run.substring(99) == ''", severity: note }]
`);
  const { findings, diagnostics } = evaluate([policy as Policy], readSteps('a.yml', FILE));
  expect(findings).toMatchObject([{ severity: 'high', message: 'curl x in ?' }]);
  expect(diagnostics).toHaveLength(2);
});

test('the same place is reported once, with the worst severity', () => {
  const [policy] = load(`${POLICY}\nseverities: [{ when: "job.level == 'critical'", severity: critical }]\n`);
  const facts = [...readSteps('a.yml', FILE), ...readSteps('a.yml', FILE, { level: 'critical' }), ...readSteps('a.yml', FILE)];
  const { findings } = evaluate([policy as Policy], facts);
  expect(findings.map(({ severity }) => severity)).toEqual(['critical']);
});

test('the first path that is written in the file is pointed at; related places and parents are located', () => {
  const document = createDocument('a.yml', 'github-workflow', '0123456789');
  const job = fact(document, 'job', { id: 'j' }, {}, { '': { start: 0, end: 9 }, reach: { start: 1, end: 2 } });
  const step = (ranges: Record<string, { start: number; end: number }>) => fact(document, 'step', { run: 'curl' }, { job }, { '': { start: 3, end: 8 }, ...ranges });
  const [policy] = load(`${POLICY.replace('at: run', 'at: [inputs.ref, run]')}\nrelated: [{ at: job.reach, message: "job {job.id}" }]\n`);
  const columns = (one: Fact) => evaluate([policy as Policy], [one]).findings[0];
  expect(columns(step({ inputs: { start: 4, end: 6 }, 'inputs.ref': { start: 5, end: 6 } }))?.locations[0].region?.startColumn).toBe(6);
  expect(columns(step({ inputs: { start: 4, end: 6 }, run: { start: 7, end: 8 } }))?.locations[0].region?.startColumn).toBe(8);
  expect(columns(step({ inputs: { start: 4, end: 6 } }))?.locations[0].region?.startColumn).toBe(5);
  expect(columns(step({}))?.related).toEqual([{ path: 'a.yml', region: { startLine: 1, startColumn: 2, endLine: 1, endColumn: 3 }, message: 'job j' }]);
});

test('a flow is the trace of the fact', () => {
  const document = createDocument('a.yml', 'github-workflow', 'abc');
  const one = fact(document, 'step', { run: 'curl' }, {}, {}, [{ document, range: { start: 1, end: 2 }, message: 'from here' }]);
  expect(evaluate(load(POLICY), [one]).findings[0]?.flow).toEqual([
    { location: { path: 'a.yml', region: { startLine: 1, startColumn: 2, endLine: 1, endColumn: 3 } }, message: 'from here' },
  ]);
});

test('a fact without parents is judged with empty ones', () => {
  const document = createDocument('a.sh', 'shell', 'curl');
  const { findings, diagnostics } = evaluate(load(POLICY.replace('when: ', "when: job.minutes == -1 && secret_use.name == '' && ")), [fact(document, 'step', { run: 'curl' })]);
  expect(diagnostics).toEqual([]);
  expect(findings).toHaveLength(1);
});

test('messages never throw and stay one bounded line, whatever the repository holds', () => {
  const [policy] = load(POLICY.replace("step.run.startsWith('curl')", "'true'"));
  const document = createDocument('a.yml', 'github-workflow', 'x');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (run) => {
      const { findings } = evaluate([policy as Policy], [fact(document, 'step', { run })]);
      expect(findings).toHaveLength(1);
      expect(findings[0]?.message).not.toContain('\n');
      expect(findings[0]?.message.length).toBeLessThan(300);
    }),
  );
});

test('whatever fails while evaluating is a diagnostic and no finding', () => {
  const failing = fc.constantFrom("step.run.substring(99) == ''", '1 / (size(step.words) - size(step.words)) > 0', "step.run.matches('(' + step.run)");
  fc.assert(
    fc.property(failing, fc.constantFrom('', ' && true', ' || false', ' && step.run != ""'), (when, suffix) => {
      const [policy] = load(POLICY.replace("when: step.run.startsWith('curl')", `when: ${JSON.stringify(when + suffix)}`));
      const { findings, diagnostics } = evaluate([policy as Policy], readSteps('a.yml', 'run: curl\n'));
      expect(findings).toEqual([]);
      expect(diagnostics).toMatchObject([{ level: 'error' }]);
    }),
  );
});

test('a repair of its own goes with the finding where its condition holds, else the rule says it', () => {
  const policies = load(`${POLICY}repair: Use npm.\nrepairs:\n  - when: step.run.contains('-k')\n    repair: Leave -k out.\n`);
  const { findings } = evaluate(policies, readSteps('a.yml', 'a:\n  run: curl x\n  run: curl -k x\n'));
  expect(findings.map(({ repair }) => repair)).toEqual([undefined, 'Leave -k out.']);
  const { diagnostics } = loadPolicies([{ path: 'x.yaml', text: `${POLICY}repairs:\n  - when: step.runs == ''\n    repair: x\n`, builtin: false }], declarations);
  expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining('runs')]);
});
