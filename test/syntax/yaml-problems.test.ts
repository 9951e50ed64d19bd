import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { YamlNode } from '../../src/syntax/yaml-node.js';
import { parseYaml } from '../../src/syntax/yaml.js';
import { toPlain, walk } from '../../src/syntax/yaml-query.js';

function cut(text: string, range: { start: number; end: number }): string {
  return text.slice(range.start, range.end);
}

describe('syntax errors', () => {
  test('have a place and a sentence, and what is before them is kept', () => {
    const text = 'a: 1\n---\nb:\n  c: 2\n  d: [3,\n e: "x\nf: 4\n';
    const result = parseYaml(text);
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]).toMatchObject({ code: 'yaml-syntax' });
    expect(result.problems[0]?.message).toMatch(/^[A-Z].*\.$/);
    expect(result.documents.map((node) => toPlain(node))).toEqual([{ a: 1 }, { b: { c: 2 } }]);
    expect(result.truncatedAt).toBe(text.indexOf('  d:'));
  });

  test('at a tab point at the tab', () => {
    const text = 'a:\n  b: 1\n\tc: 2\n';
    const result = parseYaml(text);
    expect(result.problems[0]?.range.start).toBe(text.indexOf('\t'));
    expect(result.problems[0]?.message).toContain('tab');
    expect(result.documents.map((node) => toPlain(node))).toEqual([{ a: { b: 1 } }]);
  });

  test('at a NUL byte point at it', () => {
    const result = parseYaml('a: 1\nb: \0\n');
    expect(result.problems[0]?.range).toEqual({ start: 8, end: 9 });
    expect(result.documents.map((node) => toPlain(node))).toEqual([{ a: 1 }]);
  });

  test('far from their cause still keep the documents before', () => {
    const text = `a: 1\n---\nb: "never closed\n${'  x\n'.repeat(5000)}`;
    const result = parseYaml(text);
    expect(result.problems).toHaveLength(1);
    expect(toPlain(result.documents[0] as YamlNode)).toEqual({ a: 1 });
  });

  test('never throw and never point outside of the file', () => {
    const piece = fc.constantFrom('a', ': ', '- ', '\n', '\r\n', '  ', '\t', '|', '>', '{', '}', '[', ']', ',', '"', "'", '#', '&a ', '*a', '!x ', '?', '---\n', '...\n', '\\', '<<: ', '%YAML 1.2\n', '\uFEFF', '\0', '\uD800', '1');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const result = parseYaml(text);
        for (const { range } of result.problems) {
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeGreaterThanOrEqual(range.start);
          expect(range.end).toBeLessThanOrEqual(text.length);
        }
        for (const document of result.documents) {
          walk(document, (node) => {
            expect(node.range.start).toBeGreaterThanOrEqual(0);
            expect(node.range.end).toBeGreaterThanOrEqual(node.range.start);
            expect(node.range.end).toBeLessThanOrEqual(text.length);
          });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('repeated keys', () => {
  test('are problems at the second key; the first is kept', () => {
    const text = 'a: 1\nb: 2\n"a": 3\n';
    const result = parseYaml(text);
    expect(result.problems).toMatchObject([{ code: 'yaml-duplicate-key' }]);
    expect(cut(text, result.problems[0]?.range ?? { start: 0, end: 0 })).toBe('"a"');
    expect(toPlain(result.documents[0] as YamlNode)).toEqual({ a: 1, b: 2 });
  });

  test('are found in large mappings too', () => {
    const text = `${Array.from({ length: 50 }, (_, i) => `k${i}: 1\n`).join('')}k3: 2\nk49: 2\n`;
    expect(parseYaml(text).problems.map((problem) => cut(text, problem.range))).toEqual(['k3', 'k49']);
  });
});

describe('aliases', () => {
  test('without an anchor are a problem and null', () => {
    const text = 'a: *none\nb: 1\n';
    const result = parseYaml(text);
    expect(result.problems).toMatchObject([{ code: 'yaml-alias', range: { start: 3, end: 8 } }]);
    expect(toPlain(result.documents[0] as YamlNode)).toEqual({ a: null, b: 1 });
  });

  test('to what they stand in are a problem, not a circle', () => {
    const result = parseYaml('a: &x\n  b: *x\n');
    expect(result.problems).toMatchObject([{ code: 'yaml-alias' }]);
    expect(toPlain(result.documents[0] as YamlNode)).toEqual({ a: { b: null } });
  });

  test('mean the anchor written last', () => {
    expect(toPlain(parseYaml('- &x [&x 1]\n- *x\n- &x 2\n- *x\n').documents[0] as YamlNode)).toEqual([[1], 1, 2, 2]);
  });
});

describe('limits', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 12 }, (_, i) => {
    const [previous, name] = [String.fromCharCode(97 + i), String.fromCharCode(98 + i)];
    return `${name}: &${name} [${Array(9).fill(`*${previous}`).join(',')}]\n`;
  }).join('')}`;

  test('an alias bomb stops at its place, and what is built stays small when it is walked', () => {
    const result = parseYaml(bomb);
    expect(result.problems).toMatchObject([{ code: 'yaml-limit' }]);
    expect(bomb.slice(result.problems[0]?.range.start)).toMatch(/^\*/);
    expect(walk(result.documents[0] as YamlNode, () => undefined)).toBe(true);
    expect(result.truncatedAt).toBeDefined();
  });

  test('a merge bomb stops too', () => {
    let text = 'm0: &m0 {k0: 1}\n';
    for (let i = 1; i < 200; i++) text += `m${i}: &m${i} {<<: *m${i - 1}, k${i}: 1}\n`;
    const result = parseYaml(text, { maxNodes: 5000 });
    expect(result.problems[0]).toMatchObject({ code: 'yaml-limit' });
    expect(parseYaml(text).problems).toEqual([]);
    expect(Object.keys((toPlain(parseYaml(text).documents[0] as YamlNode) as { m199: object }).m199)).toHaveLength(200);
  });

  test('depth counts what aliases add', () => {
    let text = 'a0: &a0 [x]\n';
    for (let i = 1; i < 150; i++) text += `a${i}: &a${i} [*a${i - 1}]\n`;
    const result = parseYaml(text);
    expect(result.problems).toMatchObject([{ code: 'yaml-limit' }]);
    expect(() => toPlain(result.documents[0] as YamlNode)).not.toThrow();
  });

  test('deep nesting is a problem', () => {
    const result = parseYaml('['.repeat(5000));
    expect(result.problems).toMatchObject([{ code: 'yaml-limit' }]);
  });

  test('too many values, aliases or characters are a problem, and what came before is kept', () => {
    const list = '- 1\n'.repeat(20);
    expect(parseYaml(list, { maxNodes: 10 }).problems).toMatchObject([{ code: 'yaml-limit' }]);
    expect(toPlain(parseYaml(list, { maxNodes: 10 }).documents[0] as YamlNode)).toHaveLength(8);
    expect(parseYaml(`- &a 1\n${'- *a\n'.repeat(5)}`, { maxAliases: 3 }).problems).toMatchObject([{ code: 'yaml-limit', range: { start: 24, end: 26 } }]);
    expect(parseYaml('a: 1', { maxLength: 3 })).toMatchObject({ documents: [], problems: [{ code: 'yaml-limit' }] });
  });

  test('the list of problems is bounded', () => {
    expect(parseYaml('- *x\n'.repeat(500)).problems).toHaveLength(101);
  });

  test('a budget ends a walk and a copy', () => {
    const document = parseYaml('[1, 2, 3]').documents[0] as YamlNode;
    expect(walk(document, () => undefined, 3)).toBe(false);
    expect(() => toPlain(document, 3)).toThrow(RangeError);
  });
});

test('an empty key and the empty text are two keys', () => {
  expect(parseYaml("'': 1\n: 2\n").problems).toEqual([]);
  expect(parseYaml("'': 1\n\"\": 2\n").problems).toMatchObject([{ code: 'yaml-duplicate-key' }]);
});
