import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ScannerOutputError } from '../../src/core/index.js';
import type { Finding, Scanner, ScanResult } from '../../src/core/index.js';
import { DEFAULT_LIMITS } from '../../src/io/process-runner.js';
import type { Runner, ToolRequest } from '../../src/io/process-runner.js';
import type { ProcessResult } from '../../src/io/processes.js';
import type { PlanEntry } from '../../src/run/plan.js';
import { runScanners } from '../../src/run/schedule.js';
import type { RunEvent, RunOptions } from '../../src/run/schedule.js';
import { splitFiles } from '../../src/run/batches.js';
import { entries } from '../scanners/request.js';

function finding(ruleId: string, path: string): Finding {
  return { ruleId, tool: 'fake', severity: 'high', confidence: 'high', message: 'm', reasons: [], locations: [{ path }], related: [], flow: [], fingerprints: {}, alsoReportedBy: [] };
}

function scanner(more: Partial<Scanner> = {}): Scanner {
  return {
    name: 'fake',
    executable: 'fake',
    informationUri: 'https://example.com',
    capabilities: { network: [], secrets: [] },
    severityTable: {},
    splittable: true,
    version: { args: ['--version'], parse: (stdout) => stdout.trim() },
    applies: () => ({ applies: false, reason: 'unused' }),
    command: ({ files }) => ({ args: files.map((file) => file.path), completedCodes: [0, 1] }),
    parse: ({ stdout }) => {
      if (stdout === '') throw new ScannerOutputError('printed no results');
      return { rules: [{ id: 'R1', title: 'R1', severity: 'high', confidence: 'high', tags: [], help: '' }], findings: [finding('R1', stdout)], diagnostics: [] };
    },
    ...more,
  };
}

function entry(more: Partial<PlanEntry> = {}): PlanEntry {
  return { scanner: scanner(), decision: 'run', reason: 'test', files: entries('python', ['a.py']), options: {}, wantsRule: () => true, ...more };
}

function exited(stdout: string, exitCode = 0, stderr = ''): ProcessResult {
  return { status: 'exited', exitCode, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), durationMs: 1 };
}

const VERSION = exited('1.2.3\n');

async function run(plan: PlanEntry[], answer: (request: ToolRequest) => ProcessResult | Promise<ProcessResult>, more: Partial<RunOptions> = {}): Promise<ScanResult[]> {
  const runner: Runner = { isolation: { level: 'none', mechanism: 'none' }, run: async (request) => (request.args[0] === '--version' ? VERSION : answer(request)) };
  return runScanners(plan, { root: '/w', runner, find: () => ({ found: true, path: '/bin/fake' }), source: () => undefined, limits: DEFAULT_LIMITS, now: () => 5, ...more });
}

it('completes with findings, rules, version and times', async () => {
  const [result] = await run([entry()], () => exited('a.py', 1));
  expect(result).toEqual({
    tool: { name: 'fake', version: '1.2.3', informationUri: 'https://example.com' },
    rules: [expect.objectContaining({ id: 'R1' })],
    outcome: { status: 'completed', findings: [finding('R1', 'a.py')] },
    diagnostics: [],
    startedAt: 5,
    endedAt: 5,
    exitCode: 1,
    isolation: { level: 'none', mechanism: 'none' },
  });
});

it('skips what was not planned and what is not installed', async () => {
  const never = (): never => {
    throw new Error('started');
  };
  const [planned] = await run([entry({ decision: 'skip', reason: 'no files' })], never);
  expect(planned?.outcome).toEqual({ status: 'skipped', reason: 'no files' });
  const [missing] = await run([entry()], never, { find: () => ({ found: false }) });
  expect(missing?.outcome).toEqual({ status: 'skipped', reason: '`fake` is not installed (not found on the PATH)' });
  const [planted] = await run([entry()], never, { find: () => ({ found: false, refused: '/w/bin/fake' }) });
  expect(planted?.outcome).toMatchObject({ status: 'skipped', reason: expect.stringContaining('inside the workspace only (/w/bin/fake)') });
});

it.each<[string, ProcessResult, string]>([
  ['an unexpected exit code', exited('a.py', 2, 'line 1\n\nTraceback\r\nlast'), 'ended with exit code 2\nline 1\nTraceback\nlast'],
  ['a crash', { ...(exited('a.py') as object), status: 'signalled', signalName: 'SIGSEGV' } as ProcessResult, 'crashed (SIGSEGV)'],
  ['a timeout', { ...(exited('a.py') as object), status: 'killed', cause: 'timeout', reason: 'did not finish within 1 s' } as ProcessResult, 'was stopped: did not finish within 1 s'],
  ['too much output', { ...(exited('a.py') as object), status: 'killed', cause: 'output', reason: 'printed more than 64 MB' } as ProcessResult, 'was stopped: printed more than 64 MB'],
  ['unusable output', exited('', 0, 'out of memory'), 'printed no results (exit code 0)\nout of memory'],
  ['a failed start', { status: 'not-started', error: 'no' }, 'could not be started: no'],
])('fails on %s', async (_name, answer, error) => {
  const [result] = await run([entry()], () => answer);
  expect(result?.outcome).toEqual({ status: 'failed', error, partial: [] });
});

it('keeps the last lines of a log only, and cuts long ones', async () => {
  const log = `${Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n')}\n${'x'.repeat(10_000)}`;
  const [result] = await run([entry()], () => exited('', 3, log));
  const error = result?.outcome.status === 'failed' ? result.outcome.error : '';
  expect(error.split('\n')).toHaveLength(11);
  expect(error).toContain('line 49');
  expect(error).not.toContain('line 40\n');
  expect(error.length).toBeLessThan(700);
});

it('turns an error of an adapter or runner into a failed scanner and keeps the others', async () => {
  const broken = scanner({ name: 'broken', command: () => { throw new TypeError('oops'); } });
  const results = await run([entry({ scanner: broken }), entry()], () => exited('a.py'));
  expect(results.map((result) => result.outcome.status)).toEqual(['failed', 'completed']);
  const [rejected] = await run([entry()], () => Promise.reject(new Error('runner broke')));
  expect(rejected?.outcome).toMatchObject({ status: 'failed', error: 'internal error: runner broke' });
});

it('reports wanted rules only', async () => {
  const [result] = await run([entry({ wantsRule: () => false })], () => exited('a.py'));
  expect(result).toMatchObject({ rules: [], outcome: { status: 'completed', findings: [] } });
});

it('does not take a version that is none', async () => {
  const odd = scanner({ version: { args: ['--version'], parse: () => '::error::1' } });
  const [result] = await run([entry({ scanner: odd })], () => exited('a.py'));
  expect(result?.tool.version).toBeUndefined();
});

it('places configuration files where the command says, and removes them', async () => {
  let path = '';
  const configured = scanner({
    command: ({ configDirectory }) => ({ args: [configDirectory], files: { 'x.ini': 'text' }, completedCodes: [0] }),
  });
  const [result] = await run([entry({ scanner: configured })], (request) => {
    path = `${request.args[0]}/x.ini`;
    expect(request.readable.some((directory) => path.startsWith(`${directory}/`))).toBe(true);
    return exited(readFileSync(path, 'utf8'));
  });
  expect(result?.outcome).toMatchObject({ status: 'completed', findings: [finding('R1', 'text')] });
  expect(existsSync(path)).toBe(false);
});

it('names a place for a result that is written to a file', async () => {
  const writing = scanner({
    command: ({ outputDirectory }) => ({ args: [outputDirectory], resultFile: 'r.json', completedCodes: [0] }),
  });
  const [result] = await run([entry({ scanner: writing })], (request) => {
    expect(request.result).toEqual({ directory: request.args[0], file: 'r.json' });
    expect(request.readable.some((directory) => request.args[0]?.startsWith(`${directory}/`))).toBe(true);
    return exited(existsSync(request.args[0] as string) ? 'a.py' : '');
  });
  expect(result?.outcome.status).toBe('completed');
});

it('runs all at once within the budget of cores', async () => {
  let running = 0;
  let most = 0;
  const answer = async (): Promise<ProcessResult> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 20));
    running--;
    return exited('a.py');
  };
  const plan = Array.from({ length: 6 }, () => entry());
  expect(await run(plan, answer, { cores: 2 })).toHaveLength(6);
  expect(most).toBe(2);
  most = 0;
  await run(plan, answer, { cores: 12 });
  expect(most).toBe(6);
});

it('starts the longest first by earlier runs, and within the budget of memory', async () => {
  const named = (name: string, memoryMegabytes: number): PlanEntry => entry({ scanner: scanner({ name, memoryMegabytes, command: () => ({ args: [name], completedCodes: [0] }) }) });
  const order: string[] = [];
  let running = 0;
  const answer = async ({ args }: ToolRequest): Promise<ProcessResult> => {
    order.push(args[0] as string);
    expect(++running).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
    return exited('a.py');
  };
  const seconds: Record<string, number> = { quick: 1, slow: 9, medium: 5 };
  const events: string[] = [];
  await run(['quick', 'slow', 'medium'].map((name) => named(name, 600)), answer, { cores: 8, memory: 1_000 * 1_048_576, expected: ({ name }) => seconds[name] ?? 0, onEvent: ({ type, tool }) => events.push(`${type} ${tool}`) });
  expect(order).toEqual(['slow', 'medium', 'quick']);
  // What waits is not called started.
  expect(events.indexOf('started quick')).toBeGreaterThan(events.indexOf('started slow') + 1);
});

it('tries once more where the network is to blame, and only there', async () => {
  const networked = scanner({ capabilities: { network: ['example.com'], secrets: [] } });
  const tries = async (program: Scanner, ...answers: ProcessResult[]): Promise<[number, string]> => {
    let count = 0;
    const [result] = await run([entry({ scanner: program })], () => answers[Math.min(count++, answers.length - 1)] as ProcessResult);
    return [count, result?.outcome.status ?? ''];
  };
  const refused = exited('', 2, 'dial tcp: lookup example.com: no such host');
  expect(await tries(networked, refused, exited('a.py'))).toEqual([2, 'completed']);
  expect(await tries(networked, refused)).toEqual([2, 'failed']);
  expect(await tries(networked, exited('', 2, 'wrong option'))).toEqual([1, 'failed']);
  expect(await tries(scanner(), refused, exited('a.py'))).toEqual([1, 'failed']);
});

it('tells what happens', async () => {
  const events: RunEvent[] = [];
  await run([entry()], () => exited('a.py'), { onEvent: (event) => events.push(event) });
  expect(events.map((event) => event.type)).toEqual(['started', 'finished']);
});

it('warns once below the full sandbox, with the reason and the remedy', async () => {
  const partial = { level: 'partial', mechanism: 'landlock', reason: 'bubblewrap: `bwrap` is not installed', remedy: 'Install it.' } as const;
  const runner: Runner = { isolation: partial, run: async (request) => (request.args[0] === '--version' ? VERSION : exited('a.py')) };
  const plan = [entry({ decision: 'skip', reason: 'no files' }), entry(), entry()];
  const results = await run(plan, () => VERSION, { runner });
  expect(results.map(({ diagnostics }) => diagnostics.map(({ message }) => message))).toEqual([
    [],
    ['The sandbox of the external scanners is partial, not full: bubblewrap: `bwrap` is not installed. Install it.'],
    [],
  ]);
});

const canary = { files: { 'canary.py': { format: 'python', text: 'bad' } }, ruleId: 'R1' } as const;

it('fails a scanner that does not find a known weakness', async () => {
  const blind = scanner({
    canary,
    parse: ({ stdout }) => ({ rules: [], findings: stdout === 'canary.py' ? [] : [finding('R1', 'a.py')], diagnostics: [] }),
  });
  const [result] = await run([entry({ scanner: blind })], (request) => exited(request.args[0] as string));
  expect(result?.outcome).toEqual({ status: 'failed', error: expect.stringContaining('did not find the known weakness'), partial: [finding('R1', 'a.py')] });
  const [crashed] = await run([entry({ scanner: blind })], (request) => exited(request.args[0] as string, request.args[0] === 'canary.py' ? 9 : 0, 'why'));
  expect(crashed?.outcome).toMatchObject({ status: 'failed', error: 'could not check a test file: it ended with exit code 9\nwhy' });
});

it('lets a program that has shown itself once go on, until it changes', async () => {
  const keys = new Set<string>();
  const seen: string[] = [];
  const sighted = scanner({ canary });
  const go = (path: string) =>
    run([entry({ scanner: sighted })], (request) => { seen.push(request.args[0] as string); return exited('a.py'); }, { canaryCache: keys, find: () => ({ found: true, path }) });
  await go(process.execPath);
  expect(seen.sort()).toEqual(['a.py', 'canary.py']);
  expect([...keys]).toEqual([expect.stringMatching(/^fake:[0-9a-f]{64}:[0-9a-f]{64}:none:none:$/)]);
  await go(process.execPath);
  expect(seen.filter((path) => path === 'canary.py')).toHaveLength(1);
  // A script says nothing about what it loads, so it shows itself each time.
  const script = join(mkdtempSync(join(tmpdir(), 'bartizan-test-')), 'fake');
  writeFileSync(script, '#!/bin/sh\n');
  await go(script);
  await go(script);
  expect(seen.filter((path) => path === 'canary.py')).toHaveLength(3);
});

it('splits a long list of files, and fails as a whole when one part fails', async () => {
  const files = entries('python', Array.from({ length: 5000 }, (_, i) => `${'d/'.repeat(200)}${i}.py`));
  const seen: string[] = [];
  const [result] = await run([entry({ files })], (request) => {
    seen.push(...request.args);
    return exited('a.py', 1);
  });
  expect(seen.sort()).toEqual(files.map((file) => file.path).sort());
  expect(result?.outcome.status === 'completed' && result.outcome.findings.length).toBeGreaterThan(1);
  let first = true;
  const [failed] = await run([entry({ files })], () => {
    const answer = first ? exited('', 2) : exited('a.py');
    first = false;
    return answer;
  });
  expect(failed?.outcome).toMatchObject({ status: 'failed', partial: expect.arrayContaining([finding('R1', 'a.py')]) });
});

it('puts every file into exactly one batch', () => {
  const files = entries('python', ['a', 'bb', 'c'.repeat(100), 'd']);
  const batches = splitFiles(files, 60);
  expect(batches.flat()).toEqual(files);
  expect(batches.length).toBeGreaterThan(1);
  expect(batches.every((batch) => batch.length > 0)).toBe(true);
  expect(splitFiles([])).toEqual([[]]);
});
