import { describe, expect, test } from 'vitest';
import type { YamlNode, YamlScalar } from '../../src/syntax/yaml-node.js';
import { parseYaml } from '../../src/syntax/yaml.js';
import { at, get, toPlain } from '../../src/syntax/yaml-query.js';

function root(text: string): YamlNode {
  const result = parseYaml(text);
  expect(result.problems).toEqual([]);
  return result.documents[0] as YamlNode;
}

function cut(text: string, range: { start: number; end: number }): string {
  return text.slice(range.start, range.end);
}

function scalarAt(text: string, path: readonly (string | number)[]): YamlScalar {
  const node = at(root(text), path);
  if (node?.kind !== 'scalar') throw new Error('no scalar');
  return node;
}

describe('values', () => {
  test('follow the core schema of YAML 1.2', () => {
    expect(toPlain(root('{a: on, b: yes, c: true, d: ~, e: 0x1F, f: 1.5, g: "1", h: 012, i: !!str 1, j: !!int "3", k: !x 1, l: .inf}'))).toEqual({
      a: 'on', b: 'yes', c: true, d: null, e: 31, f: 1.5, g: '1', h: 12, i: '1', j: 3, k: '1', l: Number.POSITIVE_INFINITY,
    });
  });

  test('`on` as a key is text', () => {
    expect(get(root('on: push'), 'on')?.value).toMatchObject({ value: 'push' });
  });

  test('a key `__proto__` is a key', () => {
    const plain = toPlain(root('__proto__: {polluted: true}\nconstructor: 1')) as Record<string, unknown>;
    expect(Object.keys(plain)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('an empty file and one of comments have no document, `---` has one with null', () => {
    expect(parseYaml('').documents).toEqual([]);
    expect(parseYaml('# nothing\n').documents).toEqual([]);
    expect(parseYaml('---\n').documents).toHaveLength(1);
  });

  test('a stream has one root for each document, each with its own anchors', () => {
    const result = parseYaml('a: &x 1\n---\nb: *x\n...\n---\nc: 3\n');
    expect(result.documents.map((node) => toPlain(node))).toEqual([{ a: 1 }, { b: null }, { c: 3 }]);
    expect(result.problems.map((problem) => problem.code)).toEqual(['yaml-alias']);
  });
});

describe('ranges', () => {
  test.each([
    ['a: plain # c', ['a'], 'plain'],
    ['a: "x\\ny" # c', ['a'], '"x\\ny"'],
    ["a: 'it''s'", ['a'], "'it''s'"],
    ['a: |\n  x\n  y\n\nb: 1', ['a'], '|\n  x\n  y'],
    ['a|b: >2- # c\n    x\nb: 1', ['a|b'], '>2- # c\n    x'],
    ['a: |+\n\n\nb: 1', ['a'], '|+'],
    ['a: &n |\r\n  x\r\nb: 1', ['a'], '|\r\n  x'],
    ['a: {b: 1, # }\n  c: 2 }\nd: 1', ['a'], '{b: 1, # }\n  c: 2 }'],
    ['a: [ 1, [2], {x: } , ]', ['a'], '[ 1, [2], {x: } , ]'],
    ['a: [x: 1, {y: 2}: 3]', ['a', 0], 'x: 1'],
    ['a: [x: 1, {y: 2}: 3]', ['a', 1], '{y: 2}: 3'],
    ['a: [{y: 2}]', ['a', 0], '{y: 2}'],
    ['a:\n  b: 1\n  c:\n    - 2\n    - 3 # c\n\nd: 1', ['a'], 'b: 1\n  c:\n    - 2\n    - 3'],
    ['a:\n- b\n- c\n', ['a'], '- b\n- c'],
    ['a: !!map &x {b: 1}', ['a'], '{b: 1}'],
    ['\uFEFFa: 1', ['a'], '1'],
    ['a: one\n  two', ['a'], 'one\n  two'],
    ['- - 1\n  - 2\n', [0], '- 1\n  - 2'],
    ['{a: !<tag:x]> , b: 2}', [], '{a: !<tag:x]> , b: 2}'],
  ])('%j at %j is %j', (text, path, expected) => {
    const node = at(root(text), path);
    expect(node && cut(text, node.range)).toBe(expected);
  });

  test.each([
    ['a:\nb: 1', 2],
    ['a: # c:\nb: 1', 2],
    ['? a # :\n# :\n: \nb: 1', 13],
    ['{a, b: 1}', 2],
    ['a: !!null\nb: 1', 9],
    ['a: &x\nb: 1', 5],
  ])('the value missing in %j is an empty range at %i', (text, offset) => {
    const node = get(root(text), 'a')?.value;
    expect(node?.range).toEqual({ start: offset, end: offset });
    expect(node).toMatchObject({ text: '' });
  });

  test('a missing list entry is an empty range behind its dash', () => {
    const text = '-\n- 1\n-';
    expect(at(root(text), [0])?.range).toEqual({ start: 1, end: 1 });
    expect(at(root(text), [2])?.range).toEqual({ start: 7, end: 7 });
  });

  test('a pair reaches from its key to its value, the alias where there is one', () => {
    const text = 'a: &x {k: 1}\n"b" : *x\nc: *x # no\n';
    const node = root(text);
    const pair = get(node, 'b');
    expect(pair && cut(text, pair.range)).toBe('"b" : *x');
    expect(pair?.alias && cut(text, pair.alias)).toBe('*x');
    expect(pair?.value).toBe(get(node, 'a')?.value);
    expect(pair && cut(text, pair.value.range)).toBe('{k: 1}');
  });

  test('an alias in a list keeps its place', () => {
    const text = '- &x 1\n- *x\n';
    const node = root(text);
    if (node.kind !== 'sequence') throw new Error('no sequence');
    const second = node.items[1];
    expect(second?.alias && cut(text, second.alias)).toBe('*x');
    expect(second?.value).toBe(node.items[0]?.value);
  });
});

describe('places inside of scalars', () => {
  test.each([
    ['a: x y', 'y', 'y'],
    ['a: "x\\ty\\u0041z"', '\tyA', '\\ty\\u0041'],
    ['a: "\\U0001F600b"', '\u{1F600}b', '\\U0001F600b'],
    ["a: 'it''s'", "t's", "t''s"],
    ['a: |\n  one\n  two\n', 'one\ntwo', 'one\n  two'],
    ['a: |\r\n  one\r\n  two\r\n', '\ntwo\n', '\r\n  two\r\n'],
    ['a: >\n  one\n  two\n\n  three\n', 'two\nthree', 'two\n\n  three'],
    ['a: >\n  one\n  two\n', 'e t', 'e\n  t'],
    ['a: one\n  two', 'e t', 'e\n  t'],
    ['a: "one \\\n  two"', 'e t', 'e \\\n  t'],
  ])('in %j, %j is %j', (text, decoded, expected) => {
    const scalar = scalarAt(text, ['a']);
    const start = scalar.text.indexOf(decoded);
    expect(start).toBeGreaterThanOrEqual(0);
    expect(cut(text, scalar.sourceRange({ start, end: start + decoded.length }))).toBe(expected);
  });

  test('offsets are clamped to the text', () => {
    const scalar = scalarAt('a: "x\\ny" # c', ['a']);
    expect(scalar.sourceOffset(-5)).toBe(4);
    expect(scalar.sourceOffset(99)).toBe(8);
    expect(scalar.sourceRange({ start: 2, end: 1 })).toEqual({ start: 7, end: 7 });
  });
});

describe('merge keys', () => {
  const text = 'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  x: 3\n  <<: [*a, *b]\n  w: 3\n';

  test('are resolved: written before merged, first before later', () => {
    expect(toPlain(root(text))).toMatchObject({ c: { x: 3, y: 1, z: 2, w: 3 } });
  });

  test('mark their pairs and point at the place of use', () => {
    const pair = get(at(root(text), ['c']), 'z');
    expect(pair).toMatchObject({ merged: true });
    expect(pair && cut(text, pair.range)).toBe('<<: [*a, *b]');
    expect(pair?.alias && cut(text, pair.alias)).toBe('*b');
  });

  test('of anything else than mappings are a problem', () => {
    const result = parseYaml('a: 1\n<<: [1]\n');
    expect(result.problems).toMatchObject([{ code: 'yaml-alias', range: { start: 5, end: 12 } }]);
  });

  test('in quotes are keys', () => {
    expect(toPlain(root('"<<": {a: 1}'))).toEqual({ '<<': { a: 1 } });
  });
});
