import { expect, test } from 'vitest';
import { codeOwners } from '../../src/syntax/codeowners.js';

test.each([
  ['* @all', 'a/b.sh', ['@all']],
  ['* @all\n*.sh @shell # scripts', 'a/b.sh', ['@shell']],
  ['/docs/ @docs', 'docs/a/b.md', ['@docs']],
  ['/docs/ @docs', 'x/docs/b.md', []],
  ['apps/ @apps', 'x/apps/b', ['@apps']],
  ['docs/* @docs', 'docs/a.md', ['@docs']],
  ['docs/* @docs', 'docs/a/b.md', []],
  ['**/logs @logs', 'a/logs/b', ['@logs']],
  ['* @all\n/secret/', 'secret/a', []],
  ['* one@example.com @octo/team', 'a', ['@octo/team']],
  ['!* @no\n[ab] @no\n\\# @no\n# @no', 'a', []],
  ['*.SH @upper', 'a.sh', []],
  [`${'*a'.repeat(50)} @slow`, 'a'.repeat(200), []],
])('%s owns %s', (text, path, owners) => {
  expect(codeOwners(text)(path)).toEqual(owners);
});
