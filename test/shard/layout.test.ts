import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOut, shardCount, type WorkItem } from '../../src/shard/layout.js';
import { matrixOf } from '../../src/shard/matrix.js';

const items: fc.Arbitrary<WorkItem[]> = fc.uniqueArray(
  fc.record({ scanner: fc.string({ minLength: 1, maxLength: 8 }), units: fc.integer({ min: 1, max: 500 }), leastSeconds: fc.constantFrom(0, 30), seconds: fc.double({ min: 0, max: 5000, noNaN: true }) }),
  { selector: ({ scanner }) => scanner, maxLength: 12 },
);

test('every unit of every scanner is done once, however many machines there are and in whatever order the scanners come', () => {
  fc.assert(
    fc.property(items, fc.integer({ min: 1, max: 64 }), (work, shards) => {
      const layout = layOut(work, shards);
      expect(layout).toHaveLength(shards);
      expect(layOut(work.toReversed(), shards)).toEqual(layout);
      for (const { scanner, units } of work) {
        const ranges = layout.flat().filter((task) => task.scanner === scanner).sort((a, b) => a.start - b.start);
        expect(ranges[0]?.start).toBe(0);
        expect(ranges.at(-1)?.end).toBe(units);
        ranges.forEach((range, index) => {
          expect(range.end).toBeGreaterThan(range.start);
          if (index > 0) expect(range.start).toBe(ranges[index - 1]?.end);
        });
      }
      expect(layout.flat()).toHaveLength(new Set(layout.flat().map(({ scanner, start }) => `${scanner}\n${start}`)).size);
    }),
  );
});

test('what takes longer than a share is cut, what takes no time is not', () => {
  const work: WorkItem[] = [
    { scanner: 'a', units: 100, leastSeconds: 30, seconds: 300 },
    { scanner: 'b', units: 100, leastSeconds: 30, seconds: 40 },
    { scanner: 'c', units: 1, leastSeconds: 30, seconds: 200 },
  ];
  const layout = layOut(work, 4);
  expect(layout.flat().filter(({ scanner }) => scanner === 'a')).toHaveLength(3);
  expect(layout.flat().filter(({ scanner }) => scanner === 'b')).toHaveLength(1);
  expect(matrixOf(layout, new Map([['a', 100], ['b', 100], ['c', 1]])).include[0]).toEqual({ shard: '1/4', index: 1, scanners: 'c' });
  expect(matrixOf(layout, new Map([['a', 100]])).include.map(({ scanners }) => scanners).join()).toContain('a 1-33 of 100');
});

test('as many machines as are worth it', () => {
  const work = (seconds: number, units = 1000): WorkItem[] => [{ scanner: 'a', units, leastSeconds: 0, seconds }];
  expect(shardCount([])).toBe(1);
  expect(shardCount(work(3))).toBe(1);
  expect(shardCount(work(500))).toBe(5);
  expect(shardCount(work(500, 2))).toBe(2);
  expect(shardCount(work(1e6))).toBe(16);
});
