import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openResults, resultsDirectory } from '../../src/cache/index.js';

const key = (letter: string): string => letter.repeat(64);
let folder: string;
beforeEach(() => (folder = join(mkdtempSync(join(tmpdir(), 'bartizan-results-')), 'results')));
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

/** Keeps two results and gives the file that they are in. */
function kept(): string {
  const cache = openResults<unknown>(folder, '/r');
  cache.put(key('a'), { text: 'line\nfeed' });
  cache.put(key('b'), [1]);
  expect(cache.close()).toBeUndefined();
  return join(folder, readdirSync(folder)[0] ?? '');
}

test('what was kept is found again, by its repository and key alone', () => {
  kept();
  const cache = openResults<unknown>(folder, '/r');
  expect([cache.size, cache.get(key('a')), cache.get(key('b')), cache.get(key('c'))]).toEqual([2, { text: 'line\nfeed' }, [1], undefined]);
  expect(openResults(folder, '/other').size).toBe(0);
});

test('what a run has not used stays beside what it adds, until it is most of the file', () => {
  const file = kept();
  const cache = openResults<unknown>(folder, '/r');
  cache.get(key('a'));
  cache.put(key('c'), 'new');
  expect(cache.close()).toBeUndefined();
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(5);
  const again = openResults<unknown>(folder, '/r');
  expect([again.get(key('a')), again.get(key('b')), again.get(key('c'))]).toEqual([{ text: 'line\nfeed' }, [1], 'new']);
  again.put(key('d'), 'x'.repeat(9_000_000));
  again.close();
  const last = openResults<unknown>(folder, '/r');
  last.get(key('a'));
  last.close();
  const rest = openResults<unknown>(folder, '/r');
  expect([rest.size, rest.get(key('a'))]).toEqual([1, { text: 'line\nfeed' }]);
});

test('a line that was cut off while it was added costs nothing else', () => {
  const file = kept();
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -3));
  const cache = openResults<unknown>(folder, '/r');
  expect(cache.get(key('b'))).toBeUndefined();
  cache.put(key('b'), [1]);
  expect(cache.close()).toMatch(/damaged/);
  expect(openResults<unknown>(folder, '/r').get(key('b'))).toEqual([1]);
});

test('a changed byte costs its result, and is said', () => {
  const file = kept();
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('[1]', '[2]'));
  const cache = openResults<unknown>(folder, '/r');
  expect([cache.get(key('a')), cache.get(key('b'))]).toEqual([{ text: 'line\nfeed' }, undefined]);
  expect(cache.close()).toMatch(/was damaged$/);
  // An entry under another's key is none either.
  writeFileSync(file, text.replaceAll(key('b'), key('c')));
  expect(openResults(folder, '/r').get(key('c'))).toBeUndefined();
});

test.each<[string, (file: string) => void, RegExp]>([
  ['of another version', (file) => writeFileSync(file, 'bartizan results 2\n'), /of another version/],
  ['cut short', (file) => writeFileSync(file, readFileSync(file).subarray(0, 100)), /was damaged/],
  ['no text', (file) => writeFileSync(file, Buffer.from([0, 255, 10, 10])), /was damaged/],
  ['a folder', (file) => (rmSync(file), mkdirSync(file)), /is no file/],
  ['a link', (file) => (rmSync(file), symlinkSync('/etc/passwd', file)), /can't be opened/],
  ['open to others', () => chmodSync(folder, 0o777), /others may write/],
])('a cache that is %s is as good as none, and says so', (_, spoil, problem) => {
  spoil(kept());
  const cache = openResults<unknown>(folder, '/r');
  expect(cache.size === 0 || cache.get(key('b')) === undefined).toBe(true);
  cache.put(key('d'), 1);
  expect(cache.close()).toMatch(problem);
});

test('a folder that can not be written is said at the end', () => {
  writeFileSync(folder, 'a file');
  const cache = openResults<unknown>(folder, '/r');
  cache.put(key('a'), 1);
  expect(cache.close()).toBeDefined();
});

test('the files of the oldest repositories go, and nothing else of the folder', () => {
  kept();
  writeFileSync(join(folder, 'of-somebody-else.txt'), '');
  for (let index = 0; index < 40; index++) {
    const cache = openResults<unknown>(folder, `/r/${index}`);
    cache.put(key('a'), index);
    cache.close();
  }
  const names = readdirSync(folder);
  expect([names.length, names.includes('of-somebody-else.txt')]).toEqual([33, true]);
});

test('where it lies', () => {
  expect(resultsDirectory({ BARTIZAN_CACHE: '/c', GITHUB_ACTIONS: 'true' })).toBe('/c');
  expect(resultsDirectory({ BARTIZAN_CACHE: 'relative', HOME: '/h', GITHUB_ACTIONS: 'true' })).toBeUndefined();
  expect(resultsDirectory({ HOME: '/h' })).toBe('/h/.cache/bartizan/results');
  expect(resultsDirectory({})).toBeUndefined();
});
