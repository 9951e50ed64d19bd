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

test('what a run has not used is gone after it', () => {
  kept();
  const cache = openResults<unknown>(folder, '/r');
  cache.get(key('a'));
  cache.close();
  expect(openResults(folder, '/r').size).toBe(1);
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

test('where it lies', () => {
  expect(resultsDirectory({ BARTIZAN_CACHE: '/c', GITHUB_ACTIONS: 'true' })).toBe('/c');
  expect(resultsDirectory({ BARTIZAN_CACHE: 'relative', HOME: '/h', GITHUB_ACTIONS: 'true' })).toBeUndefined();
  expect(resultsDirectory({ HOME: '/h' })).toBe('/h/.cache/bartizan/results');
  expect(resultsDirectory({})).toBeUndefined();
});
