import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCel } from '../../src/engine/cel.js';
import { CelEvaluationError, type CelContext } from '../../src/engine/context.js';
import { declarations } from './declarations.js';

const cel = createCel(declarations);

const context: CelContext = {
  job: {
    id: 'build',
    minutes: -1,
    triggers: [
      { event: 'push', privileged: false },
      { event: 'issues', privileged: true },
    ],
    level: 'high',
    reach: { reasons: ['a', 'b'] },
  },
  step: { run: 'npm ci', words: ['npm', 'ci'], inputs: { ref: { text: 'main', by: 'attacker' } } },
  secret_use: { name: 'TOKEN' },
};

function run(source: string, types = ['bool', 'string', 'int', 'double'], environment = cel): unknown {
  const compiled = environment.compile(source, types);
  if ('problem' in compiled) throw new Error(JSON.stringify(compiled.problem));
  return compiled.program.run(context);
}

function problemOf(source: string): { message: string; text: string } {
  const compiled = cel.compile(source, ['bool']);
  if (!('problem' in compiled)) throw new Error('compiles');
  return { message: compiled.problem.message, text: source.slice(compiled.problem.start, compiled.problem.end) };
}

test.each([
  ["job.id == 'build' && step.run.startsWith('npm')", true],
  ['job.minutes < 0', true],
  ['job.minutes == -1', true],
  ['job.minutes + 2 == 1', true],
  ['size(job.triggers) + job.minutes', 1],
  ['job.triggers.exists(t, t.privileged && t.event == "issues")', true],
  ['job.triggers.all(t, t.privileged)', false],
  ['job.triggers.filter(t, t.privileged).size()', 1],
  ['job.triggers.map(t, t.event).join(", ")', 'push, issues'],
  ['job.triggers[1].event', 'issues'],
  ['cel.bind(t, job.triggers[1], t.event + t.event)', 'issuesissues'],
  ['job.triggers.exists(t, job.triggers.exists(u, u.event != t.event && u.privileged))', true],
  ['step.words[0] == "npm" ? step.words[1] : ""', 'ci'],
  ['secret_use.name', 'TOKEN'],
  ["'ref' in step.inputs", true],
  ["'path' in step.inputs", false],
  ["step.inputs['ref'].text", 'main'],
  ["step.inputs.exists(name, step.inputs[name].by == 'attacker')", true],
  ['"ABC".lower()', 'abc'],
  ["step.run.startsWithAny(['yarn', 'npm'])", true],
  ["step.run.endsWithAny(['x', 'i'])", true],
  ["step.run.containsAny(['x', 'm c'])", true],
  ["step.words.hasAny(['ci', 'x'])", true],
  ["step.words.hasAny(['x'])", false],
])('%s is %j', (source, expected) => {
  expect(run(source)).toBe(expected);
});

test('a key or index that is not there reads as the empty value of its type', () => {
  expect(run('step.inputs.path.text')).toBe('');
  expect(run('step.inputs.path.by')).toBe('unknown');
  expect(run('step.words[7]')).toBe('');
  expect(run('job.triggers[9].privileged')).toBe(false);
});

test('keys of maps may be named like members of objects', () => {
  const hostile: CelContext = { ...context, step: { run: '', words: [], inputs: { constructor: { text: 'x', by: 'attacker' } } } };
  const compiled = cel.compile("step.inputs.exists(n, step.inputs[n].text == 'x') && step.inputs.toString.text == ''", ['bool']);
  expect('program' in compiled && compiled.program.run(hostile)).toBe(true);
});

test.each([
  ["job.idd == 'x'", 'No such key: idd. Did you mean `id`?', 'idd'],
  ["jobb.id == 'x'", 'Unknown variable: jobb. Did you mean `job`?', 'jobb'],
  ['job.triggers.exists(t, t.privilegedd)', 'No such key: privilegedd. Did you mean `privileged`?', 'privilegedd'],
  ["step.run.startWith('x')", "found no matching overload for 'string.startWith(string)'. Did you mean `startsWith`?", "step.run.startWith('x')"],
  ['job.id == 1', 'no such overload: string == int.', 'job.id == 1'],
  ['job.id', 'The result must be bool, but is string.', 'job.id'],
  ["job.level == 'hihg'", "'hihg' is not a value of `level` ('critical', 'high', 'low'). Did you mean `high`?", "'hihg'"],
  ["step.inputs.ref.by in ['attacker', 'anyone']", "'anyone' is not a value of `by` ('attacker', 'unknown').", "'anyone'"],
  ['has(job.id)', "has() is not needed: every property has a value. Write `'key' in map` for the key of a map.", 'has(job.id)'],
  ["dyn(job) == 'x'", 'dyn() would switch off the type check.', 'dyn(job)'],
])('%s: %s', (source, message, text) => {
  expect(problemOf(source)).toEqual({ message, text });
});

test('a regular expression that RE2 does not know is a problem of the policy', () => {
  const { message, text } = problemOf("step.run.matches('a(?=b)')");
  expect(message).toMatch(/^Invalid regular expression: /);
  expect(text).toBe("'a(?=b)'");
  expect(() => run('step.run.matches(step.words[0] + "(")')).toThrow(CelEvaluationError);
});

test('regular expressions take linear time', () => {
  const text = `${'a'.repeat(200_000)}!`;
  const hostile = { ...context, step: { run: text, words: ['(a+)+$'], inputs: {} } };
  for (const source of ["step.run.matches('(a+)+$')", 'step.run.matches(step.words[0])']) {
    const compiled = cel.compile(source, ['bool']);
    expect('program' in compiled && compiled.program.run(hostile)).toBe(false);
  }
});

test('loops that visit too many elements are stopped, whatever surrounds them', () => {
  const words = Array.from({ length: 300 }, () => 'x');
  const big = { ...context, step: { run: '', words, inputs: {} } };
  const loop = "step.words.exists(a, step.words.exists(b, step.words.exists(c, a + b + c == 'y')))";
  for (const source of [loop, `${loop} || ${loop}`, `${loop} || !(${loop} && false)`]) {
    const compiled = cel.compile(source, ['bool']);
    if ('problem' in compiled) throw new Error(compiled.problem.message);
    expect(() => compiled.program.run(big)).toThrow(/visits more than/);
    // The next evaluation starts afresh.
    expect(compiled.program.run(context)).toBe(source.includes('!'));
  }
});

test('options are typed', () => {
  const withOptions = cel.withOptions({
    owners: { type: 'list', item: { type: 'string' }, description: '' },
    limit: { type: 'int', description: '' },
  });
  const compiled = withOptions.compile("'x' in options.owners && options.limit > 3", ['bool']);
  expect('program' in compiled && compiled.program.run({ ...context, options: { owners: ['x'], limit: 4 } })).toBe(true);
  const wrong = withOptions.compile('options.owner.size() > 0', ['bool']);
  expect('problem' in wrong && wrong.problem.message).toBe('No such key: owner. Did you mean `owners`?');
  expect(problemOf('options.x').message).toMatch(/Unknown variable: options/);
});

test('any text either compiles or is a problem inside the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z.()'&|=!0-9[\]{},+ ]*$/)), (source) => {
      const compiled = cel.compile(source, ['bool']);
      if (!('problem' in compiled)) return;
      const { start, end } = compiled.problem;
      expect(start >= 0 && start <= end && end <= source.length).toBe(true);
    }),
  );
});

test('facts are not changed by evaluating', () => {
  const before = structuredClone(context);
  run('job.triggers.map(t, t.event).size() > 0 && job.minutes < 0');
  expect(context).toEqual(before);
});

test('tests that are made first change nothing: the same condition written so that there are none', () => {
  const part = fc.constantFrom(
    "job.id == 'build'", "job.id != 'build'", "step.run in ['npm ci', 'x']", "job.level in ['high', 'low']", 'job.triggers.exists(t, t.privileged)', "secret_use.name == 'TOKEN'", "step.inputs.ref.text == 'main'",
    "step.run.substring(99) == ''", "job.minutes == -1", '!job.triggers[0].privileged', 'job.triggers[1].privileged',
  );
  const outcome = (source: string, given: CelContext): unknown => {
    const compiled = cel.compile(source, ['bool']);
    if ('problem' in compiled) throw new Error(compiled.problem.message);
    try {
      return compiled.program.run(given);
    } catch (error) {
      return error instanceof CelEvaluationError;
    }
  };
  fc.assert(
    fc.property(fc.array(part, { minLength: 2, maxLength: 5 }), fc.constantFrom('build', 'test'), fc.constantFrom('npm ci', 'y'), (parts, id, run_) => {
      const given = { ...context, job: { ...(context['job'] as object), id }, step: { ...(context['step'] as object), run: run_ } };
      const disguised = parts.map((one) => `!(${one})`).join(' || ');
      const [plain, other] = [outcome(parts.join(' && '), given), outcome(`!(${disguised})`, given)];
      expect(plain).toBe(other);
    }),
  );
});
