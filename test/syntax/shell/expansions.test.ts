import { expect, test } from 'vitest';
import { shellParser } from './parser.js';

const parser = await shellParser();
const expansions = (text: string) => parser.parse(text).expansions.map(({ text, name, quoting, place, splits }) => [text, name, quoting, place, splits]);

test.each([
  ['echo $a', ['$a', 'a', '', 'argument', true]],
  ['echo "$a"', ['$a', 'a', 'double', 'argument', false]],
  ['echo ${a:-b}', ['${a:-b}', 'a', '', 'argument', true]],
  ['echo ${#a}', ['${#a}', 'a', '', 'argument', false]],
  ['echo $?', ['$?', '?', '', 'argument', false]],
  ['$a b', ['$a', 'a', '', 'command-name', true]],
  ['x=$a', ['$a', 'a', '', 'assignment', false]],
  ['x=($a)', ['$a', 'a', '', 'assignment', true]],
  ['export x=$a', ['$a', 'a', '', 'assignment', false]],
  ['[[ $a ]]', ['$a', 'a', '', 'test', false]],
  ['[ $a ]', ['$a', 'a', '', 'test', true]],
  ['x=$((a + 1))', ['a', 'a', '', 'arithmetic', false]],
  ['(( a > 1 ))', ['a', 'a', '', 'arithmetic', false]],
  ['for i in $a; do :; done', ['$a', 'a', '', 'for', true]],
  ['case $a in b) ;; esac', ['$a', 'a', '', 'case', false]],
  ['b > $a', ['$a', 'a', '', 'redirect', true]],
  ['b <<< $a', ['$a', 'a', '', 'redirect', false]],
  ['cat <<E\n$a\nE\n', ['$a', 'a', 'heredoc', 'heredoc', false]],
  ['echo ${a[0]}', ['${a[0]}', 'a', '', 'argument', true]],
])('%s', (text, expected) => {
  expect(expansions(text)).toEqual([expected]);
});

test('single quotes and quoted here-documents expand nothing', () => {
  expect(expansions("echo '$a' \\$b\ncat <<'E'\n$c\nE\n")).toEqual([]);
});

test('blanks between expansions in quotes belong to neither', () => {
  expect(expansions('echo "$a  $b\n ${c} $(d)"').map(([text]) => text)).toEqual(['$a', '$b', '${c}']);
  const [command] = parser.parse('echo "$a $(d)"').commands;
  expect(command?.words[0]?.substitutions.map(({ range }) => 'echo "$a $(d)"'.slice(range.start, range.end))).toEqual(['$(d)']);
});

test('words name the variables that they expand and those that are split', () => {
  const [command] = parser.parse('x a$b"$c" "$(d $e)"').commands;
  expect(command?.words[0]).toMatchObject({ variables: ['b', 'c'], unquoted: ['b'], literal: false });
  expect(command?.words[1]).toMatchObject({ variables: [], literal: false });
});

test('assignments', () => {
  const text = 'A=1 cmd\nexport B="$x"\nC+=(y)\nlocal D\n';
  expect(parser.parse(text).assignments.map(({ name, value, declaration, append, command }) => [name, value?.value, declaration, append, command])).toEqual([
    ['A', '1', '', false, 0],
    ['B', '$x', 'export', false, 1],
    ['C', '(y)', '', true, -1],
  ]);
});
