import { expect, it } from 'vitest';
import { isMemoryShort, residentMemory, watchMemory } from '../../src/io/process-memory.js';

const meminfo = (total: number, available: number): string => `MemTotal:       ${total} kB\nMemFree:            1 kB\nMemAvailable:   ${available} kB\n`;
const GIBIBYTE = 1024 * 1024;

it('knows when the machine has hardly any memory left', () => {
  expect(isMemoryShort(meminfo(16 * GIBIBYTE, 200 * 1024))).toBe(false);
  expect(isMemoryShort(meminfo(16 * GIBIBYTE, 100 * 1024))).toBe(true);
  // On a small machine a smaller share is normal.
  expect(isMemoryShort(meminfo(2 * GIBIBYTE, 100 * 1024))).toBe(false);
  expect(isMemoryShort(meminfo(2 * GIBIBYTE, 30 * 1024))).toBe(true);
  for (const text of ['', 'MemTotal: 1 kB', 'MemTotal: x kB\nMemAvailable: y kB']) expect(isMemoryShort(text)).toBe(false);
});

it('stops a program when it uses too much, and when the machine has too little', async () => {
  const reason = (maxBytes: number, short: boolean): Promise<string> =>
    new Promise((resolve) => {
      const end = watchMemory(process.pid, maxBytes, (why) => {
        end();
        resolve(why);
      }, () => short);
      // The watch itself does not keep a process alive.
      setTimeout(() => {}, 1000);
    });
  if (process.platform === 'linux') {
    expect(residentMemory(process.pid)).toBeGreaterThan(1_000_000);
    expect(await reason(1_048_576, false)).toBe('used more than 1 MB of memory');
  }
  expect(await reason(Number.MAX_SAFE_INTEGER, true)).toBe('the machine has hardly any memory left');
});
