import { expect, test } from 'vitest';
import { checkExample, parseExample, type ScanFiles } from '../../src/engine/examples.js';
import { evaluatePolicies } from '../../src/engine/evaluate.js';
import { loadPolicies } from '../../src/engine/load.js';
import type { Policy, PolicyExample } from '../../src/engine/policy.js';
import { declarations } from './declarations.js';
import { readSteps } from './facts.js';

const { policies } = loadPolicies(
  [{ path: 'p.yaml', builtin: false, text: `{ id: custom/curl, title: T, severity: high, select: step, when: "step.run.startsWith('curl')", at: run, message: m }` }],
  declarations,
);
const policy = policies[0] as Policy;

const scanFiles: ScanFiles = (files, some) =>
  evaluatePolicies(some, Object.entries(files).flatMap(([path, text]) => readSteps(path, text)), { policies: {} }, declarations.empty).findings;

const example = (kind: 'fail' | 'pass', text: string): PolicyExample => ({ name: '', kind, files: { 'a.yml': text } });
const check = (kind: 'fail' | 'pass', text: string): Promise<string[]> => checkExample(policy, example(kind, text), scanFiles);

test('markers of every language are taken off', () => {
  const text = 'a # expect\nb // expect: high\nc <!-- expect: low "x \\" y" -->\nd # expect "p" # expect: "q"\ne # expectation\n';
  expect(parseExample(example('fail', text))).toEqual({
    files: { 'a.yml': 'a\nb\nc\nd\ne # expectation\n' },
    expectations: [
      { path: 'a.yml', line: 1 },
      { path: 'a.yml', line: 2, severity: 'high' },
      { path: 'a.yml', line: 3, severity: 'low', text: 'x " y' },
      { path: 'a.yml', line: 4, text: 'p' },
      { path: 'a.yml', line: 4, text: 'q' },
    ],
  });
});

test.each(['a # expect: hihg', 'a # expect high', 'a # expect: high x', 'a # Expect'])('%s is a mistake, not a comment', (text) => {
  expect(() => parseExample(example('fail', text))).toThrow('a.yml:1: write `# expect`');
});

test('an example that is as expected has no problems', async () => {
  expect(await check('fail', 'run: npm\nrun: curl x # expect: high "curl x"\nrun: curl y # expect\n')).toEqual([]);
  expect(await check('pass', 'run: npm\n')).toEqual([]);
});

test.each([
  ['fail', 'run: npm # expect\n', 'Expected a finding at a.yml:1, but there is none on that line.'],
  ['fail', 'run: curl x # expect: low\n', 'Expected low at a.yml:1, but there is high on "curl x".'],
  ['fail', 'run: curl x # expect "curl"\n', 'Expected a finding at a.yml:1 on "curl", but there is high on "curl x".'],
  ['fail', 'run: curl x # expect\nrun: curl y\n', 'Unexpected finding at a.yml:2 (high "curl y"): m'],
  ['fail', 'run: curl x\n', 'A `fail` example marks at least one line with `# expect`.'],
  ['pass', 'run: curl x\n', 'Unexpected finding at a.yml:1 (high "curl x"): m'],
  ['pass', 'run: curl x # expect\n', 'A `pass` example expects nothing.'],
] as const)('%s %j: %s', async (kind, text, problem) => {
  expect(await check(kind, text)).toContain(problem);
});
