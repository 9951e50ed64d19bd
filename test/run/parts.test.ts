import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemThreads } from '../../src/io/threads.js';
import { judgeParts, type PartsOptions, type PartsOutcome, type Range } from '../../src/run/parts.js';

interface Result {
  readonly read: readonly string[];
  readonly stopped: readonly string[];
  readonly without: readonly string[];
}

const threads = systemThreads(new URL('./fixtures/hostile-worker.mjs', import.meta.url));

function run(names: readonly string[], count: number, size: number, more: Partial<PartsOptions<Result>> = {}): Promise<PartsOutcome<Result>> {
  const parts: Range[] = [];
  for (let start = 0; start < names.length; start += size) parts.push({ start, end: Math.min(names.length, start + size) });
  const counter = new Int32Array(new SharedArrayBuffer(4));
  return judgeParts<Result>({ threads, count, parts, data: { names, counter }, setup: Promise.resolve({ prefix: '' }), stopped: ({ stopped }) => stopped, patience: 60_000, ...more });
}

const readNames = ({ results }: PartsOutcome<Result>): string[] => results.flatMap(({ read }) => read);
const files = (count: number): string[] => Array.from({ length: count }, (_, index) => `file ${index}`);

test('every file is judged once and in order, whatever the number of threads', async () => {
  const property = fc.asyncProperty(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 9 }), async (length, count, size) => {
    const outcome = await run(files(length), count, size);
    expect(readNames(outcome)).toEqual(files(length));
    expect(outcome).toMatchObject({ lost: [], left: [] });
  });
  await fc.assert(property, { numRuns: 12 });
});

test('threads may be started before it is known what they need', async () => {
  const setup = new Promise<object>((resolve) => setTimeout(() => resolve({ prefix: 'late ' }), 200));
  expect(readNames(await run(['a', 'b'], 2, 1, { setup }))).toEqual(['late a', 'late b']);
  await expect(run(['a'], 1, 1, { setup: Promise.reject(new Error('no setup')) })).rejects.toThrow('no setup');
});

for (const [deed, reason] of [
  ['exit', 'it ended with code 7'],
  ['throw', 'internal error: no'],
  ['memory', 'it ran out of memory'],
] as const) {
  test(`a file that ends its thread (${deed}) is lost, and the rest goes on`, async () => {
    const names = [...files(3), deed, ...files(3), deed];
    const outcome = await run(names, 2, 5);
    expect(readNames(outcome)).toEqual(names.filter((name) => name !== deed));
    expect(outcome.lost).toEqual([3, 7].map((index) => ({ index, reason })));
    expect(outcome.left).toEqual([]);
  });
}

test('a file that takes too long is lost, and the rest goes on', async () => {
  const outcome = await run(['a', 'hang', 'b', 'c'], 2, 4, { patience: 1_500 });
  expect(readNames(outcome)).toEqual(['a', 'b', 'c']);
  expect(outcome.lost).toEqual([{ index: 1, reason: 'it took more than 2 seconds' }]);
});

test('a thread that ends for another reason costs no file', async () => {
  const outcome = await run(['a', 'b', 'once', 'c'], 1, 4);
  expect(readNames(outcome)).toEqual(['a', 'b', 'once', 'c']);
  expect(outcome.lost).toEqual([]);
});

test('what a part has stopped is stopped in later ones', async () => {
  const { results } = await run(['a', 'stop x', ...files(20)], 1, 1);
  expect(results[0]?.without).toEqual([]);
  expect(results.at(-1)?.without).toEqual(['x']);
});

test('threads that never start leave the work to others', async () => {
  expect(await run(['never starts', 'a', 'b'], 2, 1)).toEqual({ results: [], lost: [], left: [{ start: 0, end: 1 }, { start: 1, end: 2 }, { start: 2, end: 3 }] });
  const refuse = { cores: 2, start: () => { throw new Error('no threads here'); } };
  expect((await run(files(4), 2, 2, { threads: refuse })).left).toHaveLength(2);
});

test('an interrupt ends the threads at once', async () => {
  const controller = new AbortController();
  const running = run(['hang', 'hang', 'a'], 2, 1, { signal: controller.signal });
  setTimeout(() => controller.abort(), 300);
  const { left } = await running;
  expect(left.length).toBeGreaterThan(0);
  expect((await run(files(2), 2, 1, { signal: AbortSignal.abort() })).left).toHaveLength(2);
});
