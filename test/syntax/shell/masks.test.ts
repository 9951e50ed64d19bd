import { expect, test } from 'vitest';
import { mask } from '../../../src/syntax/shell/index.js';
import { shellParser } from './parser.js';

const parser = await shellParser();

function masksOf(text: string) {
  return [...text.matchAll(/\$\{\{.*?\}\}/gs)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}

test.each([
  ['echo "${{ x }}"', 'argument', 'double', false],
  ['echo ${{ x }}', 'argument', '', true],
  ["echo '${{ x }}'", 'argument', 'single', false],
  ['echo a # ${{ x }}', 'comment', '', false],
  ['X=${{ x }}', 'assignment', '', false],
  ['cat <<E\n${{ x }}\nE\n', 'heredoc', 'heredoc', false],
  ["cat <<'E'\na ${{ x }}\nE\n", 'heredoc', 'heredoc', false],
  ['${{ x }} a', 'command-name', '', true],
  ['echo $((${{ x }} + 1))', 'arithmetic', '', false],
  ['if [[ ${{ x }} == y ]]; then :; fi', 'test', '', false],
  ['echo a > ${{ x }}', 'redirect', '', true],
  ['for i in ${{ x }}; do :; done', 'for', '', true],
  ['case ${{ x }} in a) ;; esac', 'case', '', false],
])('%s lies in %s', (text, place, quoting, splits) => {
  const script = parser.parse(text, { masks: masksOf(text) });
  expect(script.hasError).toBe(false);
  expect(script.maskUses).toMatchObject([{ mask: 0, place, quoting, splits, nested: false }]);
});

test('in a string that is run as code the inner place comes first', () => {
  const text = 'bash -c "echo ${{ x }}"';
  const script = parser.parse(text, { masks: masksOf(text) });
  expect(script.maskUses).toMatchObject([
    { place: 'argument', quoting: '', command: 1, nested: true },
    { place: 'argument', quoting: 'double', command: 0, word: 1, nested: false },
  ]);
});

test('texts and values show the template expression, not the mask', () => {
  const text = "echo \"a ${{ format('{0}\"', x) }}\"";
  const [command] = parser.parse(text, { masks: masksOf(text) }).commands;
  expect(command?.words[0]).toMatchObject({ value: "a ${{ format('{0}\"', x) }}", literal: false, masks: [0] });
  expect(command?.masks).toEqual([0]);
});

test('a mask is as long as what it replaces', () => {
  expect(mask('a${{\n}}b', [{ start: 1, end: 7 }])).toBe('a______b');
  expect(mask('abc', [{ start: 2, end: 99 }])).toBe('ab_');
});

test('every mask has a use, even where the text does not parse', () => {
  const text = 'fi ) "${{ x }} ((';
  const uses = parser.parse(text, { masks: masksOf(text) }).maskUses;
  expect(uses.map(({ mask }) => mask)).toEqual([0]);
});
