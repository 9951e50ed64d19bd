import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/syntax/yaml.js';
import { at, toPlain } from '../../src/syntax/yaml-query.js';

function read(text: string): unknown {
  const { documents, problems } = parseYaml(text);
  expect(problems).toEqual([]);
  return toPlain(documents[0] as never);
}

describe('flow collections that are indented less than the standard wants', () => {
  it.each([
    ['a bracket under its key', 'jobs:\n  a:\n    needs: [\n      b,\n      c,\n    ]\n    if: always()\n', { jobs: { a: { needs: ['b', 'c'], if: 'always()' } } }],
    ['CRLF', 'jobs:\r\n  a:\r\n    needs: [\r\n      b\r\n    ]\r\n', { jobs: { a: { needs: ['b'] } } }],
    ['entries under the key', 'a:\n  needs: [\n  b,\n  c\n  ]\nd: 1\n', { a: { needs: ['b', 'c'] }, d: 1 }],
    ['comments on the way', 'a:\n  needs: [ # first\n    b, # second\n    # third\n  ]\nd: 1\n', { a: { needs: ['b'] }, d: 1 }],
    ['a mapping', 'a:\n  with: {\n    x: 1,\n  }\n', { a: { with: { x: 1 } } }],
    ['several', 'a:\n  b: [\n    1\n  ]\nc:\n  d: [\n    2\n  ]\n', { a: { b: [1] }, c: { d: [2] } }],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('keeps every place', () => {
    const text = 'jobs:\n  a:\n    needs: [\n      first, # why\n      second\n    ]\n    if: later\n';
    const root = parseYaml(text).documents[0];
    for (const [path, word] of [[['jobs', 'a', 'needs', 0], 'first'], [['jobs', 'a', 'needs', 1], 'second'], [['jobs', 'a', 'if'], 'later']] as const) {
      const node = root === undefined ? undefined : at(root, [...path]);
      expect(text.slice(node?.range.start, node?.range.end)).toBe(word);
    }
  });

  it('still reports what is wrong otherwise', () => {
    expect(parseYaml('a:\n  b: [\n    1\n  ]\nc: [\n').problems).toHaveLength(1);
    expect(parseYaml('a:\n  b: "x\ny"\n').problems.length).toBeLessThanOrEqual(1);
  });

  it('never throws and gives the same entries however the lines are indented', () => {
    const entries = fc.array(fc.constantFrom('a', 'b', '"c d"', "'e'"), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(entries, fc.array(fc.nat(8), { minLength: 6, maxLength: 6 }), (words, indents) => {
        const lines = [...words.map((word, index) => `${' '.repeat(2 + (indents[index] ?? 0))}${word},`), `${' '.repeat(2 + (indents[5] ?? 0))}]`];
        const text = `k:\n  list: [\n${lines.join('\n')}\nnext: 1\n`;
        expect(read(text)).toEqual({ k: { list: words.map((word) => word.replaceAll(/["']/g, '')) }, next: 1 });
      }),
    );
  });
});
