import { expect, test } from 'vitest';
import type { ShellCommand } from '../../../src/syntax/shell/index.js';
import { shellParser } from './parser.js';

const parser = await shellParser();
const commands = (text: string) => parser.parse(text).commands;
const first = (text: string) => commands(text)[0] as ShellCommand;

test.each([
  ['sudo -E -u root timeout 5 /usr/bin/curl x', 'curl', ['sudo', 'timeout'], true],
  ['sudo -u app make', 'make', ['sudo'], false],
  ['doas make', 'make', ['doas'], true],
  ['env -u A B=1 nice -n 5 nohup make', 'make', ['env', 'nice', 'nohup'], false],
  ['time make', 'make', ['time'], false],
  ['coproc make', 'make', ['coproc'], false],
  ['xargs -n1 -I{} rm {}', 'rm', ['xargs'], false],
  ['docker exec -it -u 0 box ls', 'ls', ['docker exec'], false],
  ['docker compose -f x.yml exec web ls', 'ls', ['docker exec'], false],
  ['kubectl exec -n a pod -- ls', 'ls', ['kubectl exec'], false],
  ['command -v make', 'command', [], false],
  ['exec make', 'make', ['exec'], false],
  ['sudo -l', 'sudo', [], false],
  ['stdbuf -oL flock /tmp/l make', 'make', ['stdbuf', 'flock'], false],
])('%s runs %s', (text, name, wrappers, root) => {
  expect(first(text)).toMatchObject({ name, wrappers, root });
});

test('options are split, values of known options are no operands', () => {
  expect(first('curl -fsSLo /tmp/x --retry 3 --proto=https https://a.example')).toMatchObject({
    flags: ['-f', '-s', '-S', '-L', '-o', '--retry', '--proto'],
    operands: ['https://a.example'],
  });
  expect(first('terraform apply -auto-approve')).toMatchObject({ flags: ['-auto-approve'], operands: ['apply'] });
  expect(first('rm -rf -- -x')).toMatchObject({ flags: ['-r', '-f'], operands: ['-x'] });
});

test('pipes name their neighbours, nearest first, through groups and nested pipes', () => {
  const [, b, c] = commands('a | b | c');
  expect(b).toMatchObject({ pipedFrom: ['a'], pipedTo: ['c'] });
  expect(c).toMatchObject({ pipedFrom: ['b', 'a'], pipedTo: [] });
  expect(commands('{ a; b; } | c').map((command) => command.pipedTo)).toEqual([['c'], ['c'], []]);
  expect(commands('a | b > x | c').map((command) => command.pipedTo)).toEqual([['b', 'c'], ['c'], []]);
  expect(commands('cat <<E | bash\nx\nE\n').map((command) => [command.name, command.pipedTo])).toEqual([['cat', ['bash']], ['bash', []]]);
});

test('a redirection belongs to the command that the shell gives it to', () => {
  expect(commands('a && b | c > x').map((command) => command.redirects.length)).toEqual([0, 0, 1]);
  expect(commands('{ a; b; } >> x').map((command) => command.redirects[0]?.inherited)).toEqual([true, true]);
  const cat = first("cat <<'E' >> out extra\nbody\nE\n");
  expect(cat.redirects.map(({ operator, target }) => [operator, target?.value])).toEqual([['<<', "'E'"], ['>>', 'out']]);
  expect(cat.redirects[0]?.body).toMatchObject({ text: 'body\n', quoted: true });
  expect(cat.words.map(({ value }) => value)).toEqual(['extra']);
  expect(first('ls > x 2>&1 y').words.map(({ value }) => value)).toEqual(['y']);
});

test('substitutions name the commands in them', () => {
  expect(first('bash <(curl x)').substituted).toEqual(['curl']);
  expect(first('bash -c "$(curl x | sed y)"').substituted).toEqual(['curl', 'sed']);
  expect(first('a $(b $(c))').substituted).toEqual(['b', 'c']);
  expect(commands('a $(b)')[1]).toMatchObject({ name: 'b', parent: 0, within: 'substitution' });
});

test.each([
  ["bash -c 'curl $U | sh'", ['bash', 'curl', 'sh']],
  ['bash -euo pipefail -c "make $T"', ['bash', 'make']],
  ["sudo sh -c 'make'", ['sh', 'make']],
  ["su - bob -c 'make'", ['su', 'make']],
  ["trap 'rm -f x' EXIT", ['trap', 'rm']],
  ['eval make all', ['eval', 'make']],
  ["bash -c 'sh -c \"make\"'", ['bash', 'sh', 'make']],
  ["bash <<'E'\nmake\nE\n", ['bash', 'make']],
  ['cat <<E\nmake\nE\n', ['cat']],
  ["bash script.sh -c 'make'", ['bash']],
])('code strings are read: %s', (text, names) => {
  const found = commands(text);
  expect(found.map(({ name }) => name)).toEqual(names);
  for (const { nameRange, path } of found) expect(text.slice(nameRange.start, nameRange.end)).toBe(path);
});

test('tests, declarations and unset are commands', () => {
  expect(first('[ -n "$x" ]')).toMatchObject({ name: '[', operands: ['$x'] });
  expect(first('[[ $a == b* ]]').words.map(({ value }) => value)).toEqual(['$a', '==', 'b*']);
  expect(first('export A=1 B')).toMatchObject({ name: 'export', operands: ['A=1', 'B'] });
  expect(first('unset A')).toMatchObject({ name: 'unset', operands: ['A'] });
});

test('conditions and functions', () => {
  expect(commands('if a; then b; fi; c || d').map(({ inCondition }) => inCondition)).toEqual([true, false, true, false]);
  expect(commands('f() { a; }; b').map(({ inFunction }) => inFunction)).toEqual(['f', '']);
});

test('values lose quotes and escapes and keep expansions', () => {
  const values = (text: string) => first(text).words.map(({ value, quoted }) => [value, quoted]);
  expect(values(`x 'a b' "c $d \\" e" f\\ g h'i'"j" $'k\\n\\x41'`)).toEqual([
    ['a b', 'single'],
    ['c $d " e', 'double'],
    ['f g', ''],
    ['hij', 'mixed'],
    ['k\nA', 'single'],
  ]);
});

test('options come from the first line, the interpreter and set at top level', () => {
  const options = (text: string, initial = {}) => parser.parse(text, { initial }).options;
  expect(options('#!/bin/bash -eu\nset -o pipefail')).toEqual({ errexit: true, nounset: true, pipefail: true, xtrace: false });
  expect(options('#!/usr/bin/env -S bash -x\n')).toMatchObject({ xtrace: true });
  expect(options('f() { set -e; }')).toMatchObject({ errexit: false });
  expect(options('a', { errexit: true })).toMatchObject({ errexit: true });
});

test('errors are told and what is right is kept', () => {
  const script = parser.parse('curl x | sh\nif true; then\n');
  expect(script.hasError).toBe(true);
  expect(script.problems.length).toBeGreaterThan(0);
  expect(script.commands.map(({ name }) => name)).toContain('curl');
});

test('lines behind a pipe of three commands are commands of their own', () => {
  const found = commands('jq x | sort | tee d.txt\ngit config user.name bot\ngit commit -m "U" && git push\n');
  expect(found.map(({ text }) => text)).toEqual(['jq x', 'sort', 'tee d.txt', 'git config user.name bot', 'git commit -m "U"', 'git push']);
});
