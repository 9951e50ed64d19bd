import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCel } from '../../src/engine/cel.js';
import { CelEvaluationError, type CelContext, type CelProgram } from '../../src/engine/context.js';
import { createDispatch } from '../../src/engine/dispatch.js';
import type { Expression } from '../../src/engine/expression.js';
import { declarations } from './declarations.js';

const cel = createCel(declarations);

interface Condition {
  readonly source: string;
  readonly program: CelProgram;
}

function conditional(source: string): { readonly item: Condition; readonly condition: Expression | undefined } {
  const compiled = cel.compile(source, ['bool']);
  if ('problem' in compiled) throw new Error(`${source}: ${compiled.problem.message}`);
  return { item: { source, program: compiled.program }, condition: compiled.lowered?.expression };
}

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CelEvaluationError)) throw error;
    return error.message;
  }
}

const TESTS = ["step.run == 'a'", "step.run != 'b'", "step.run in ['a', 'c']", "job.id == 'a'", "job.id in ['b', 'c']", 'job.minutes == 3', "job.level == 'low'", "secret_use.name == 'a'", "int(step.run) > 0", "step.words.exists(w, w == step.run)", "step.words.hasAny(['a'])", 'job.triggers[0].privileged'];

const condition = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(...TESTS),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a} || ${b})`),
    tie('node').map((a) => `!(${a})`),
    fc.tuple(tie('node'), tie('node'), tie('node')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
})).node;

const word = fc.constantFrom('a', 'b', 'c', 'other', '3');
const contexts: fc.Arbitrary<CelContext> = fc.record({
  step: fc.oneof({ weight: 6, arbitrary: fc.record({ run: word, words: fc.array(word, { maxLength: 2 }) }) }, { weight: 1, arbitrary: fc.record({ words: fc.array(word, { maxLength: 2 }) }) }),
  job: fc.record({ id: word, minutes: fc.integer({ min: -1, max: 4 }), level: fc.constantFrom('critical', 'low'), triggers: fc.constant([]) }),
  secret_use: fc.record({ name: word }, { requiredKeys: [] }),
});

test('what is left out is false, and what is left of a condition gives what all of it gives', () => {
  fc.assert(
    fc.property(fc.array(condition, { minLength: 1, maxLength: 6 }), fc.array(contexts, { minLength: 1, maxLength: 8 }), (sources, facts) => {
      const entries = sources.map(conditional);
      const choose = createDispatch(entries);
      for (const context of facts) {
        const choices = new Map(choose(context).map(({ item, rest }) => [item, rest]));
        for (const { item } of entries) {
          const wanted = outcome(() => item.program.run(context));
          if (choices.has(item)) expect(outcome(() => item.program.run(context, choices.get(item))), item.source).toBe(wanted);
          else expect(wanted, item.source).toBe(false);
        }
        // In the order given.
        expect([...choices.keys()]).toEqual(entries.map(({ item }) => item).filter((item) => choices.has(item)));
      }
    }),
    { numRuns: 400 },
  );
});

test('what is not known as data is always asked', () => {
  const entries = [conditional("step.run == 'a'"), { item: conditional("job.id == 'b'").item, condition: undefined }];
  const choose = createDispatch(entries);
  expect(choose({ step: { run: 'x' } }).map(({ item }) => item.source)).toEqual(["job.id == 'b'"]);
  expect(choose({ step: { run: 'a' } })).toHaveLength(2);
  expect(choose({ step: {} })).toHaveLength(2);
});
