import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCel } from '../../src/engine/cel.js';
import { compileTemplate } from '../../src/engine/template.js';
import { declarations } from './declarations.js';

const cel = createCel(declarations);

function render(source: string): string {
  const result = compileTemplate(source, cel);
  if ('problem' in result) throw new Error(`${result.problem.message} ${source.slice(result.problem.start, result.problem.end)}`);
  return result.template.render({ ...declarations.empty, job: { ...(declarations.empty['job'] as object), id: 'build' } }, (error) => {
    throw error;
  });
}

test.each([
  ['plain', 'plain'],
  ['', ''],
  ['job {job.id}, {job.minutes}', 'job build, -1'],
  ['{{{job.id}}}', '{build}'],
  ['${{{{ x }}}}', '${{ x }}'],
  ["{job.id + '}'}", 'build}'],
  ["{{'a': job.id}['a']}", undefined],
  ["{ {'a': job.id}['a'] }", 'build'],
  ["{job.id == 'build' ? 1 : 2}", '1'],
])('%s gives %s', (source, expected) => {
  if (expected === undefined) expect(() => render(source)).toThrow();
  else expect(render(source)).toBe(expected);
});

test.each([
  ['a {job.id', 'A `}` is missing. Write `{{` for a brace. {job.id'],
  ['a } b', 'A `}` without `{`. Write `}}` for a brace. }'],
  ['a {job.reach}', 'The result must be string or bool or int or double, but is job.reach. job.reach'],
  ['a {job.idd} b', 'No such key: idd. Did you mean `id`? idd'],
])('%s: %s', (source, message) => {
  expect(() => render(source)).toThrow(message);
});

test('any text compiles or has a problem inside it', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z{}'. +]*$/), (source) => {
      const result = compileTemplate(source, cel);
      if (!('problem' in result)) return;
      expect(result.problem.start >= 0 && result.problem.end <= source.length).toBe(true);
    }),
  );
});
