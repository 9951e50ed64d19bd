import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeclaredType, FactDeclarations } from '../../src/core/index.js';
import { createCel, type Cel } from '../../src/engine/cel.js';
import { optionsOf } from '../../src/engine/compile.js';
import { CelEvaluationError, variableName, type CelContext, type CelProgram } from '../../src/engine/context.js';
import { optionName, type PolicyDefinition } from '../../src/engine/policy.js';
import { compileTemplate } from '../../src/engine/template.js';
import { declarationsFromSchemas } from '../../src/facts/declarations.js';
import pack from '../../src/generated/policies.json' with { type: 'json' };
import { declarations as small } from './declarations.js';

/*
 * What is lowered has to give what the library gives, for facts of all kinds, also such as state too little.
 */
const declarations = declarationsFromSchemas();

type Outcome = readonly [string, unknown];

function outcome(program: CelProgram, context: CelContext): Outcome {
  try {
    return ['value', program.run(context)];
  } catch (error) {
    if (!(error instanceof CelEvaluationError)) throw error;
    return ['error', error.message];
  }
}

/** The same expression twice: lowered and by the library. */
function both(source: string, environments: readonly [Cel, Cel]): readonly [CelProgram, CelProgram] {
  const [ours, theirs] = environments.map((cel) => cel.compile(source, ['bool', 'string', 'int', 'double']));
  if (ours === undefined || theirs === undefined || 'problem' in ours || 'problem' in theirs) throw new Error(`${source}: ${JSON.stringify(ours)}`);
  expect(ours.lowered, source).toBeDefined();
  expect(theirs.lowered).toBeUndefined();
  // As a pack has it.
  expect(JSON.parse(JSON.stringify(ours.lowered))).toEqual(ours.lowered);
  return [ours.program, theirs.program];
}

/** Values of a declared type; texts and keys from these words, mostly, and now and then a property is not there. */
function valuesOf(type: DeclaredType, words: readonly string[], of: FactDeclarations): fc.Arbitrary<unknown> {
  const text = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('', ...words) }, { weight: 2, arbitrary: fc.array(fc.constantFrom('/', ' ', '=', ...words), { maxLength: 4 }).map((parts) => parts.join('')) }, { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) });
  switch (type.type) {
    case 'string':
      return type.values === undefined ? text : fc.constantFrom(...type.values);
    case 'bool':
      return fc.boolean();
    case 'int':
      return fc.oneof(fc.integer({ min: -1, max: 8 }), fc.maxSafeInteger());
    case 'list':
      return fc.array(valuesOf(type.item, words, of), { maxLength: 3 });
    case 'map':
      return fc.dictionary(text, valuesOf(type.value, words, of), { maxKeys: 3, noNullPrototype: true });
    case 'object': {
      const properties = Object.entries(of.objects[type.name]?.properties ?? {});
      const complete = Object.fromEntries(properties.map(([key, property]) => [key, valuesOf(property, words, of)]));
      return fc.oneof({ weight: 12, arbitrary: fc.record(complete) }, { weight: 1, arbitrary: fc.record(complete, { requiredKeys: [] }) });
    }
  }
}

/** Contexts in which an expression has the variables that it names. */
function contextsOf(source: string, of: FactDeclarations, options: Readonly<Record<string, unknown>>): fc.Arbitrary<CelContext> {
  const words = [...source.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\.(\w+)/g)].map(([, single, double, key]) => single ?? double ?? key ?? '');
  const kinds = of.kinds.filter((kind) => new RegExp(`\\b${variableName(kind)}\\b`).test(source));
  const facts = fc.record(Object.fromEntries(kinds.map((kind) => [variableName(kind), valuesOf({ type: 'object', name: kind }, words, of)])));
  return facts.map((values) => ({ ...values, options }));
}

function compare(source: string, environments: readonly [Cel, Cel], of: FactDeclarations, numRuns: number, options = {}): void {
  const [ours, theirs] = both(source, environments);
  fc.assert(
    fc.property(contextsOf(source, of, options), (context) => {
      expect(outcome(ours, context), source).toEqual(outcome(theirs, context));
    }),
    { numRuns },
  );
}

/** All that a policy says in CEL. */
function expressionsOf(definition: PolicyDefinition, cel: Cel): string[] {
  const sources = new Set([definition.when, ...definition.severities.map(({ when }) => when)]);
  const listening: Cel = {
    ...cel,
    compile(source, types) {
      sources.add(source);
      return cel.compile(source, types);
    },
  };
  for (const text of [definition.message, ...definition.severities.map(({ because }) => because ?? ''), ...definition.related.map(({ message }) => message)]) compileTemplate(text, listening);
  return [...sources];
}

test('every expression of the built-in policies gives what the library gives', () => {
  const plain = [createCel(declarations), createCel(declarations, false)] as const;
  for (const { definition } of pack.policies as unknown as { definition: PolicyDefinition }[]) {
    const properties = optionsOf(definition);
    const environments = Object.keys(properties).length === 0 ? plain : ([plain[0].withOptions(properties), plain[1].withOptions(properties)] as const);
    const options = Object.fromEntries(Object.entries(definition.options).map(([name, option]) => [optionName(name), option.default]));
    for (const source of expressionsOf(definition, environments[0])) {
      const compiled = environments[0].compile(source, ['bool', 'string', 'int', 'double']);
      // One policy that needs the library makes every scan load it.
      expect('lowered' in compiled && compiled.lowered, `${definition.id}: ${source} is not lowered: see lower.ts`).toBeTruthy();
      compare(source, environments, declarations, 12, options);
    }
  }
});

test.each([
  'job.minutes == -1', 'job.minutes * 2 <= size(step.words) + 1', 'job.minutes - 3 < 0 - size(step.run)', 'job.minutes * 0', 'job.minutes * 9007199254740991 + 1 > 3', "int(step.run) * int('9007199254740993') > 0", "int(step.run) * int(step.run) - int(job.id) + 1 == 4", 'job.minutes >= 3', 'job.minutes != 9007199254740991', 'size(step.words) > 1', 'step.words.size() <= 1', 'size(step.run) < 3', "step.run.size() == '😀a'.size()", 'step.inputs.size() == 0', 'size(step.inputs) > 0',
  'int(step.run) > 3', "int(step.run) > int('9007199254740992') || step.run == '9007199254740993'", "int('12') == job.minutes", 'string(job.minutes)',
  "step.run.trim() == 'a'", "step.run.lower() == 'a'", "step.run.contains('b')", "step.run.matches('^[a-c]+$')", 'step.run.matches(step.words[0])', "step.words.join('-')",
  "'a' in step.words", "'a' in step.inputs", 'step.run in step.words', "step.run in ['a', 'b']", "step.words == ['a', 'b']", 'step.words != step.words', "step.words + ['x'] == ['x']", 'step.words == []',
  "step.words[0] + step.inputs['a'].text", 'step.inputs[step.run].by', "step.words[1] == 'b' ? job.id : step.run",
  "step.words.exists(w, int(w) > 0)", "step.words.all(w, int(w) > 0)", "step.words.exists_one(w, w == 'a')", "step.words.exists(w, step.words.exists(v, w == v && w != 'a'))", "step.inputs.exists(k, step.inputs[k].by == 'attacker' && k.matches('a'))", "step.inputs.all(k, !(step.inputs[k].text in ['a', 'b']))",
  "step.words.filter(w, w != 'a').map(w, w + 'x').join(',')", "step.words.map(w, w == 'a', w + w).size()", 'job.triggers.map(t, t.event).join(",")', 'job.triggers.filter(t, t.privileged).size()', 'job.triggers.exists(t, t.event == step.run || t.privileged)',
  'cel.bind(w, step.words, w.exists(x, x == "a") || w.size() > 2)', "cel.bind(t, job.triggers[0], t.event + step.run)", "step.words.exists(job, job == 'a') && job.id == 'a'",
  "int(step.run) > 0 && job.id == 'a'", "int(step.run) > 0 || job.id == 'a'", "int(step.run) > 0 && int(job.id) > 0 && job.level == 'low'", "!(int(step.run) > 0 || int(job.id) > 0) || job.level == 'low'", "job.reach.reasons.hasAny(['a']) && (job.id == 'a' || int(job.id) == 1)",
  "step.run.startsWithAny(['a', 'b']) || step.run.endsWithAny(['c']) || step.run.containsAny(step.words)", "secret_use.name.startsWith('a') && secret_use.name.endsWith('b')",
])('%s gives what the library gives', (source) => {
  compare(`${source}`, [createCel(small), createCel(small, false)], small, 150);
});

test('what the library alone evaluates is not lowered, and evaluated all the same', () => {
  const cel = createCel(small);
  for (const [source, value] of [['job.minutes / 2 + 1', 1], ["{'a': job.id}['a']", 'build'], ['1.5 + 1.5', 3], ["step.run.split(' ')[1]", 'ci'], ["step.run.substring(1)", 'pm ci']] as const) {
    const compiled = cel.compile(source, ['bool', 'string', 'int', 'double']);
    if ('problem' in compiled) throw new Error(compiled.problem.message);
    expect(compiled.lowered).toBeUndefined();
    expect(compiled.program.run({ job: { id: 'build', minutes: -1 }, step: { run: 'npm ci' } })).toBe(value);
  }
});

test('a loop costs what it costs in the library', () => {
  const context = { job: { triggers: [{ event: 'x'.repeat(200), privileged: true }], id: 'a' }, step: { run: 'npm', words: Array.from({ length: 9 }, (_, index) => 'w'.repeat(index * 20)), inputs: {} } };
  for (const source of ['step.words.exists(w, w.size() > 900)', "step.words.filter(w, w.contains('x') || !(w in step.words)).size() > 0", "step.words.all(w, step.words.exists(v, v == w))", "job.triggers.map(t, t.event + 'x').size() > 3", "step.words.exists(w, w.matches('^x') ? true : w in ['a', 'b'])"]) {
    const [ours, theirs] = both(source, [createCel(small), createCel(small, false)]);
    expect(ours.run(context)).toBe(theirs.run(context));
    expect(ours.cost(), source).toBe(theirs.cost());
    expect(ours.cost()).toBeGreaterThan(0);
  }
});
