import { describe, expect, test } from 'vitest';
import type { YamlNode } from '../../src/syntax/yaml-node.js';
import { parseYaml } from '../../src/syntax/yaml.js';
import { asMapping, asSequence, at, commentAfter, get, scalarText, toPlain, walk } from '../../src/syntax/yaml-query.js';

const root = (text: string): YamlNode => parseYaml(text).documents[0] as YamlNode;

describe('looking into a tree', () => {
  const workflow = root('jobs:\n  build:\n    steps:\n      - run: make\n      - uses: a/b@v1\n');

  test('by path', () => {
    expect(scalarText(at(workflow, ['jobs', 'build', 'steps', 1, 'uses']))).toBe('a/b@v1');
    expect(at(workflow, ['jobs', 'test', 'steps'])).toBeUndefined();
    expect(at(workflow, ['jobs', 0])).toBeUndefined();
    expect(at(workflow, [])).toBe(workflow);
  });

  test('by kind', () => {
    const steps = at(workflow, ['jobs', 'build', 'steps']);
    expect(asSequence(steps)?.items).toHaveLength(2);
    expect(asMapping(steps)).toBeUndefined();
    expect(scalarText(steps)).toBeUndefined();
    expect(get(steps, 'run')).toBeUndefined();
  });

  test('by key in small and large mappings', () => {
    const large = root(Array.from({ length: 40 }, (_, i) => `k${i}: ${i}\n`).join(''));
    expect(get(large, 'k39')?.value).toMatchObject({ value: 39 });
    expect(get(large, 'k40')).toBeUndefined();
    expect(get(root('a: 1'), 'toString')).toBeUndefined();
    expect(get(large, 'toString')).toBeUndefined();
  });

  test('in order of writing, leaving out what is not wanted', () => {
    const seen: string[] = [];
    walk(root('a: [1, 2]\nb: {c: 3}\nd: 4\n'), (node) => {
      if (node.kind === 'sequence') return false;
      if (node.kind === 'scalar') seen.push(node.text);
      return true;
    });
    expect(seen).toEqual(['3', '4']);
  });

  test('as plain data', () => {
    expect(toPlain(root('a: [1, ~, "x"]\n? [k]\n: 1\n'))).toEqual({ a: [1, null, 'x'] });
  });
});

describe('the comment behind a value', () => {
  test.each([
    ['uses: a/b@1 # v4.1.7', 'a/b@1', 'v4.1.7'],
    ['uses: "a # b"   #  x ', '"a # b"', 'x'],
    ['{uses: a/b@1 } # v2\r\n# no', 'a/b@1', 'v2'],
    ['uses: a/b@1# no', 'a/b@1# no', undefined],
    ['uses: a\n# no', 'a', undefined],
    ['uses: a, b: 1 # no', 'a,', undefined],
  ])('%j behind %j is %j', (text, value, comment) => {
    expect(commentAfter(text, text.indexOf(value) + value.length)).toBe(comment);
  });
});
