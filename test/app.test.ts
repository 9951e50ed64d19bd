import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { scan } from '../src/app.js';
import { systemPorts } from '../src/commands/ports.js';

test('external scanners that fail while the policies still judge fail the scan, not the process', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'bartizan-app-'));
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  try {
    writeFileSync(join(directory, 'a.py'), 'import os\n');
    writeFileSync(join(directory, 'a.sh'), 'curl https://example.com/x | sh\n');
    const ports = systemPorts(directory, '');
    const broken = {
      ...ports,
      find: () => {
        throw new Error('no lookup');
      },
      shellParser: () => {
        // The judge is kept busy until the other one has failed.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
        return ports.shellParser();
      },
    };
    await expect(scan({ overrides: { source: 'flag', values: {} }, reproduce: '' }, broken)).rejects.toThrow('no lookup');
    await setTimeout(20);
    expect(unhandled).toEqual([]);
  } finally {
    process.removeListener('unhandledRejection', note);
    rmSync(directory, { recursive: true, force: true });
  }
});
