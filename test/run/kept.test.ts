import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { openResults } from '../../src/cache/index.js';
import type { Scanner, ScanResult } from '../../src/core/index.js';
import { openFiles } from '../../src/io/files.js';
import { DEFAULT_LIMITS } from '../../src/io/process-runner.js';
import type { Runner } from '../../src/io/process-runner.js';
import { keyOfScan, type KeptScan } from '../../src/run/kept.js';
import { runScanners } from '../../src/run/schedule.js';
import { bandit } from '../../src/scanners/bandit.js';
import { SCANNERS } from '../../src/scanners/index.js';
import { entries } from '../scanners/request.js';

const folder = mkdtempSync(join(tmpdir(), 'bartizan-kept-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const workspace = join(folder, 'workspace');
let cache: string;
let started: number;
beforeEach(() => {
  rmSync(workspace, { recursive: true, force: true });
  mkdirSync(workspace);
  writeFileSync(join(workspace, 'a.py'), 'import pickle\n');
  cache = mkdtempSync(join(folder, 'cache-'));
  rmSync(cache, { recursive: true });
  started = 0;
});

/** Stands for bandit's program: the real one is a script, which has no key without the digest of its installation. */
const OUTPUT = JSON.stringify({ errors: [], metrics: { 'a.py': { nosec: 0, skipped_tests: 0 } }, results: [{ filename: 'a.py', test_id: 'B403', test_name: 'blacklist', issue_text: 'Consider possible security implications', issue_severity: 'LOW', issue_confidence: 'HIGH', line_number: 1, line_range: [1], col_offset: 0, end_col_offset: 13, more_info: '' }] });

interface Circumstances {
  readonly scanner?: Scanner;
  readonly digest?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly program?: string;
  readonly during?: () => void;
  readonly stdout?: string;
}

async function run({ scanner = bandit, digest = 'd1', options = {}, program = 'p1', during, stdout = OUTPUT }: Circumstances = {}): Promise<ScanResult> {
  const runner: Runner = {
    isolation: { level: 'full', mechanism: 'bubblewrap' },
    run: ({ args }) => {
      if (args[0] !== '--version') {
        started++;
        during?.();
      }
      return Promise.resolve({ status: 'exited', exitCode: 0, stdout: Buffer.from(args[0] === '--version' ? 'bandit 1.9.4\n' : stdout), stderr: Buffer.alloc(0), durationMs: 1 });
    },
  };
  const kept = openResults<KeptScan>(cache, 'r');
  const { canary: _, ...without } = scanner;
  const files = openFiles(workspace);
  const digestOf = (path: string): string | undefined => {
    const read = files.read(path);
    return read.ok ? read.text : undefined;
  };
  const [result] = await runScanners([{ scanner: without, decision: 'run', reason: '', files: entries('python', ['a.py']), options, wantsRule: () => true }], {
    root: workspace,
    runner,
    find: () => ({ found: true, path: '/bin/sh', digest }),
    source: digestOf,
    limits: DEFAULT_LIMITS,
    kept: { get: kept.get, put: kept.put, program, digest: digestOf },
  });
  kept.close();
  return result as ScanResult;
}

test('a result is taken over while everything that decides it is the same, and says so', async () => {
  const cold = await run();
  const warm = await run();
  expect(started).toBe(1);
  expect(warm.outcome).toEqual(cold.outcome);
  expect(cold.outcome).toMatchObject({ status: 'completed', findings: [{ ruleId: 'B403' }] });
  expect([warm.rules, warm.tool]).toEqual([cold.rules, cold.tool]);
  expect([warm.isolation, warm.diagnostics]).toEqual([undefined, [...cold.diagnostics, expect.objectContaining({ level: 'note', code: 'kept-result' })]]);
});

test.each<[string, Circumstances, () => void]>([
  ['file', {}, () => writeFileSync(join(workspace, 'a.py'), 'import marshal\n')],
  ['program', { digest: 'd2' }, () => {}],
  ['option', { options: { 'ignore-nosec': true } }, () => {}],
  ['version of ours', { program: 'p2' }, () => {}],
])('another %s is scanned', async (_, circumstances, change) => {
  await run();
  change();
  await run(circumstances);
  expect(started).toBe(2);
});

test('what failed, and what changed while it was scanned, is not kept', async () => {
  expect((await run({ stdout: 'no JSON' })).outcome.status).toBe('failed');
  await run({ during: () => writeFileSync(join(workspace, 'a.py'), 'import marshal\n') });
  await run();
  expect(started).toBe(3);
});

test('nothing is kept of a scanner that reads more than its files, or of a file that is no text', async () => {
  const { pure: _, ...impure } = bandit;
  await run({ scanner: impure });
  await run({ scanner: impure });
  expect(started).toBe(2);
  const request = { scanner: bandit, files: entries('python', ['a.py']), options: {}, executable: '/bin/sh', toolDigest: 'd' };
  const kept = { get: () => undefined, put: () => {}, program: 'p' };
  expect(await keyOfScan(request, { ...kept, digest: () => undefined })).toBeUndefined();
  expect(await keyOfScan(request, { ...kept, digest: () => 'x' })).toMatch(/^[0-9a-f]{64}$/);
  writeFileSync(join(folder, 'script'), '#!/usr/bin/env python3\n');
  expect(await keyOfScan({ ...request, executable: join(folder, 'script'), toolDigest: undefined }, { ...kept, digest: () => 'x' })).toBeUndefined();
});

test('a scanner that needs the network, a secret or a database is never declared as one that needs files alone', () => {
  for (const { name, pure, capabilities, database } of SCANNERS) {
    if (pure === true) expect({ name, capabilities, database }).toEqual({ name, capabilities: { network: [], secrets: [] }, database: undefined });
  }
});
