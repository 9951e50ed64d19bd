import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_SHELL_TEXT } from '../../../src/syntax/shell/index.js';
import type { ShellScript } from '../../../src/syntax/shell/index.js';
import { shellParser } from './parser.js';

const parser = await shellParser();

function isConsistent(text: string, script: ShellScript): void {
  for (const command of script.commands) {
    expect(text.slice(command.range.start, command.range.end)).toBe(command.text);
    for (const word of command.words) expect(text.slice(word.range.start, word.range.end)).toBe(word.text);
  }
  for (const { range, text: written } of script.expansions) expect(text.slice(range.start, range.end)).toBe(written);
}

test.each([
  ['$( nested', '$(a '.repeat(20_000)],
  ['balanced', '$(a '.repeat(20_000) + ')'.repeat(20_000)],
  ['groups', '{ '.repeat(20_000)],
  ['conditions', 'if a; then '.repeat(20_000)],
  ['arrays', 'a=('.repeat(20_000)],
  ['lists', 'a && '.repeat(20_000) + 'b'],
  ['redirections', 'a' + ' > b'.repeat(20_000)],
  ['parameter expansions', '${a:-'.repeat(20_000)],
  ['code strings', "eval 'eval a'\n".repeat(5_000)],
])('20,000 levels of %s', (_, text) => {
  const script = parser.parse(text);
  expect(script.commands.every(({ text: written }) => text.includes(written.slice(0, 50)))).toBe(true);
});

test('a text above the limit is told and not read', () => {
  expect(parser.parse('a\n'.repeat(MAX_SHELL_TEXT))).toMatchObject({ hasError: true, commands: [], problems: [{ kind: 'limit' }] });
});

test.each(['"', "'", '`', '$(', '<<E\n', '\0a\0 b\0', '${', '$((', 'a \\', '\uD800 $x', '\uFEFFls', 'cat <<'])('%j alone and before a command does not throw', (text) => {
  isConsistent(text, parser.parse(text));
  isConsistent(`${text}\nls -l\n`, parser.parse(`${text}\nls -l\n`));
});

test('offsets are UTF-16 units, and line ends may be CR LF', () => {
  const text = 'echo "😀é" $x\r\ncurl "ü" | sh\r\n';
  const script = parser.parse(text);
  isConsistent(text, script);
  expect(script.commands.map(({ name }) => name)).toEqual(['echo', 'curl', 'sh']);
});

test('after a text that was given up, the next is read', () => {
  parser.parse('a=('.repeat(20_000));
  expect(parser.parse('ls').commands).toHaveLength(1);
});

const piece = fc.constantFrom('echo', ' ', '\n', '"', "'", '$x', '${y:-z}', '$(', ')', '`', '|', '&&', ';', '>', '<<E\n', 'E\n', '{', '}', 'if', 'then', 'fi', '#', '\\', '[[', ']]', '((', '))', 'é', '😀', 'sudo', 'bash -c', 'eval', 'x=1', '=');

test('every text is read without throwing, and every range is that of its text', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      isConsistent(text, parser.parse(text));
    }),
    { numRuns: 400 },
  );
});
