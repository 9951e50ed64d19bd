import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProcess } from '../../src/io/processes.js';
import type { ProcessRequest } from '../../src/io/processes.js';

const directory = mkdtempSync(join(tmpdir(), 'bartizan-test-'));

function node(script: string, more: Partial<ProcessRequest> = {}): ProcessRequest {
  return {
    executable: process.execPath,
    args: ['-e', script],
    env: {},
    cwd: directory,
    timeoutMs: 30_000,
    maxStdoutBytes: 1_000_000,
    maxStderrBytes: 1000,
    ...more,
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie is dead; it waits for whoever adopted it.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Signals arrive a moment after they were sent. */
async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100 && isAlive(pid); i++) await new Promise((resolve) => setTimeout(resolve, 20));
  return !isAlive(pid);
}

it('hands over arguments as they are, with no shell', async () => {
  const args = ['$(id)', '; echo x', '*', '', 'a b', '\n'];
  const result = await runProcess(node('', { args: ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...args] }));
  expect(result).toMatchObject({ status: 'exited', exitCode: 0 });
  expect(JSON.parse(String('stdout' in result && result.stdout))).toEqual(args);
});

it('inherits no environment, no standard input and no descriptor', async () => {
  process.env['CANARY_SECRET'] = 'canary';
  const script = `
    const fs = require('fs');
    const open = fs.readdirSync('/proc/self/fd').map(Number).filter((fd) => fd > 2).map((fd) => { try { return fs.readlinkSync('/proc/self/fd/' + fd); } catch { return ''; } });
    console.log(JSON.stringify({ env: process.env, stdin: fs.readFileSync(0, 'utf8'), files: open.filter((name) => name.startsWith('/') && !name.startsWith('/proc') && !name.startsWith('/dev')) }));`;
  const result = await runProcess(node(script, { env: { ONLY: 'this' } }));
  const seen = JSON.parse(String('stdout' in result && result.stdout)) as { env: Record<string, string>; stdin: string; files: string[] };
  expect(Object.keys(seen.env).sort()).toEqual(['BARTIZAN_PROCESS_TREE', 'ONLY']);
  expect(seen.stdin).toBe('');
  expect(seen.files).toEqual([]);
});

it('feeds standard input and descriptor 3', async () => {
  const script = `const fs = require('fs'); console.log(fs.readFileSync(0, 'utf8') + fs.readFileSync(3, 'utf8'))`;
  const result = await runProcess(node(script, { stdin: 'in-', descriptor3: Buffer.from('three') }));
  expect(String('stdout' in result && result.stdout)).toBe('in-three\n');
});

it('survives a child that does not read its input', async () => {
  const result = await runProcess(node('process.exit(4)', { stdin: 'x'.repeat(5_000_000) }));
  expect(result).toMatchObject({ status: 'exited', exitCode: 4 });
});

it('answers with a value when the program can not be started', async () => {
  expect(await runProcess(node('', { executable: '/nonexistent/tool' }))).toMatchObject({ status: 'not-started', error: expect.stringContaining('does not exist') });
  writeFileSync(join(directory, 'plain'), 'x', { mode: 0o644 });
  expect(await runProcess(node('', { executable: join(directory, 'plain') }))).toMatchObject({ status: 'not-started', error: expect.stringContaining('may not be executed') });
  expect(await runProcess(node('', { args: ['a\0b'] }))).toMatchObject({ status: 'not-started' });
  expect(await runProcess(node('', { args: ['x'.repeat(5_000_000)] }))).toMatchObject({ status: 'not-started', error: expect.stringContaining('too long') });
  expect(await runProcess(node('', { cwd: '/nonexistent' }))).toMatchObject({ status: 'not-started' });
});

it('tells a crash from an exit', async () => {
  expect(await runProcess(node('process.exit(7)'))).toMatchObject({ status: 'exited', exitCode: 7 });
  expect(await runProcess(node('process.kill(process.pid, "SIGSEGV"); setTimeout(() => {}, 1e6)'))).toMatchObject({ status: 'signalled', signalName: 'SIGSEGV' });
});

it('stops a child that prints too much and keeps what fits', async () => {
  const result = await runProcess(node('for (;;) require("fs").writeSync(1, "x".repeat(65536))', { maxStdoutBytes: 100_000 }));
  expect(result).toMatchObject({ status: 'killed', cause: 'output' });
  expect('stdout' in result && result.stdout.length).toBe(100_000);
});

it('keeps the end of a long log', async () => {
  const result = await runProcess(node('process.stderr.write("x".repeat(3_000_000) + "the end")', { maxStderrBytes: 10 }));
  expect(result).toMatchObject({ status: 'exited', exitCode: 0 });
  expect(String('stderr' in result && result.stderr)).toBe('xxxthe end');
});

/** Ignores SIGTERM, starts a child in its group and a daemon in a session of its own, prints their ids. */
const STUBBORN = `
  process.on('SIGTERM', () => {});
  const { spawn } = require('child_process');
  const forever = ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1e6)'];
  const child = spawn(process.execPath, forever, { stdio: 'inherit' });
  const daemon = spawn(process.execPath, forever, { stdio: 'inherit', detached: true });
  console.log(JSON.stringify([process.pid, child.pid, daemon.pid]));
  setInterval(() => {}, 1e6);`;

it('kills the whole tree on timeout', async () => {
  const result = await runProcess(node(STUBBORN, { timeoutMs: 2000 }));
  expect(result).toMatchObject({ status: 'killed', cause: 'timeout', reason: 'did not finish within 2 s' });
  for (const pid of JSON.parse(String('stdout' in result && result.stdout)) as number[]) expect(await isGone(pid)).toBe(true);
});

it('kills the whole tree when cancelled', async () => {
  const controller = new AbortController();
  const request = node(STUBBORN, { signal: controller.signal });
  setTimeout(() => controller.abort(), 1500);
  const result = await runProcess(request);
  expect(result).toMatchObject({ status: 'killed', cause: 'cancelled' });
  for (const pid of JSON.parse(String('stdout' in result && result.stdout)) as number[]) expect(await isGone(pid)).toBe(true);
  expect(await runProcess(request)).toMatchObject({ status: 'not-started', error: expect.stringContaining('cancelled') });
});

it('leaves no daemon behind that holds the pipes of a child that has exited', async () => {
  const result = await runProcess(node(`${STUBBORN} setTimeout(() => process.exit(0), 300)`));
  expect(result).toMatchObject({ status: 'exited', exitCode: 0 });
  for (const pid of JSON.parse(String('stdout' in result && result.stdout)) as number[]) expect(await isGone(pid)).toBe(true);
});

it('lets a watchdog stop the child', async () => {
  const result = await runProcess(node('setInterval(() => {}, 1e6)', { onStart: (_pid, stop) => { stop('ate too much'); return () => {}; } }));
  expect(result).toMatchObject({ status: 'killed', cause: 'stopped', reason: 'ate too much' });
});
