import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCanaryCache } from '../../src/tools/index.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('remembers keys over runs', () => {
  openCanaryCache(directory).add('bandit:abc:full');
  expect(openCanaryCache(directory).has('bandit:abc:full')).toBe(true);
  expect(openCanaryCache(directory).has('bandit:abd:full')).toBe(false);
});

it('is empty where its file is damaged or others could have written it', () => {
  openCanaryCache(directory).add('key');
  chmodSync(directory, 0o777);
  expect(openCanaryCache(directory).has('key')).toBe(false);
  chmodSync(directory, 0o700);
  expect(openCanaryCache(directory).has('key')).toBe(true);
  for (const text of ['{', '{}', '[1, null]', '"key"']) {
    writeFileSync(join(directory, 'canaries.json'), text);
    expect(openCanaryCache(directory).has('key')).toBe(false);
  }
});

it('keeps a bounded number of keys, and none that is no key', () => {
  const cache = openCanaryCache(directory);
  for (let i = 0; i < 510; i++) cache.add(`key${i}`);
  cache.add('no\nkey');
  const keys = JSON.parse(readFileSync(join(directory, 'canaries.json'), 'utf8')) as string[];
  expect(keys).toHaveLength(500);
  expect(keys.at(-1)).toBe('key509');
});
