import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBudget } from '../../src/run/budget.js';
import { expectationOf, memoryBudget } from '../../src/run/expectation.js';

const MB = 1_048_576;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('starts the longest first, whatever was asked for first', async () => {
  const budget = createBudget(1, 1);
  const order: number[] = [];
  await Promise.all([2, 5, 0, 9, 5].map((seconds) => budget.run({ memory: 0, seconds }, async () => void order.push(seconds))));
  expect(order).toEqual([9, 5, 5, 2, 0]);
});

it('never exceeds cores or memory, runs what never fits alone, and runs everything', async () => {
  const claims = fc.array(fc.record({ memory: fc.integer({ min: 0, max: 12 }), seconds: fc.integer({ min: 0, max: 5 }) }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(claims, fc.integer({ min: 1, max: 4 }), async (all, cores) => {
      const memory = 10;
      const budget = createBudget(cores, memory);
      let running: number[] = [];
      let ran = 0;
      await Promise.all(
        all.map((claim) =>
          budget.run(claim, async () => {
            running.push(claim.memory);
            expect(running.length).toBeLessThanOrEqual(cores);
            const sum = running.reduce((a, b) => a + b, 0);
            expect(sum <= memory || running.length === 1).toBe(true);
            await turn();
            running = running.filter((_, index) => index !== running.indexOf(claim.memory));
            ran++;
          }),
        ),
      );
      expect(ran).toBe(all.length);
    }),
    { numRuns: 50 },
  );
});

it('lets a smaller one go first while the memory of a larger one is taken', async () => {
  const budget = createBudget(3, 10);
  const order: string[] = [];
  const task = (name: string, memory: number, seconds: number) =>
    budget.run({ memory, seconds }, async () => {
      order.push(name);
      await turn();
    });
  await Promise.all([task('first', 8, 9), task('large', 8, 8), task('small', 1, 1)]);
  expect(order).toEqual(['first', 'small', 'large']);
});

it('goes on after a task that throws', async () => {
  const budget = createBudget(1, 1);
  const failing = budget.run({ memory: 0, seconds: 1 }, () => Promise.reject(new Error('no')));
  const next = budget.run({ memory: 0, seconds: 0 }, () => Promise.resolve('ran'));
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('ran');
});

it('expects what is declared and measured', () => {
  expect(expectationOf({ memoryMegabytes: 900 }, 7)).toEqual({ memory: 900 * MB, seconds: 7 });
  expect(expectationOf({})).toEqual({ memory: 300 * MB, seconds: 0 });
  expect(memoryBudget()).toBeGreaterThan(0);
});
