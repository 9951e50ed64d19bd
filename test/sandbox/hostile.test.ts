import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxMechanism } from '../../src/core/index.js';
import { runProcess } from '../../src/io/processes.js';
import type { ProcessResult } from '../../src/io/processes.js';
import type { Runner, ToolRequest } from '../../src/io/process-runner.js';
import { createSandbox } from '../../src/sandbox/index.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { createRange, hostileRequest, JOB_ENVIRONMENT } from './range.js';
import type { Range } from './range.js';

/** What the hostile scanner got, by probe; the empty string when it got nothing. */
type Probes = Readonly<Record<string, string>>;

const MEBIBYTE = 1_048_576;
/** Each in a scanner of its own, which it may not survive. */
const EXHAUSTING = ['d01_memory', 'd02_forks', 'd03_disk', 'd04_memory_of_many', 'd05_open_files'] as const;
/** The one level whose open probes are promised and no more: docs/threat-model.md lists them. */
const OPEN_AT_PARTIAL = ['d03_disk'];

let range: Range;
const columns = new Map<string, Probes>();

beforeAll(async () => {
  range = await createRange();
});

afterAll(async () => {
  await range.close();
  printTable();
});

/** Probes that succeed use memory, processes and disk of the machine and write to it. */
const harmless = process.env['BARTIZAN_PROBE_UNCONFINED'] !== '1';
if (harmless) process.stderr.write('SKIPPED: the hostile scanner without a sandbox, which strains the machine; `npm run test:sandbox` runs it\n');

describe.skipIf(process.platform !== 'linux')('a hostile scanner', { timeout: 200_000 }, () => {
  it.skipIf(harmless)('gets nearly everything when it is started as pipelines start scanners', async () => {
    const probes = await attack(UNCONFINED);
    columns.set('unconfined', probes);
    // Otherwise the probes would prove nothing.
    expect(open(probes).length).toBeGreaterThan(35);
  });

  it.skipIf(harmless)('gets no environment without a sandbox', async () => {
    const sandbox = await createSandbox({ mode: 'off', workspace: range.workspace, pathVariable: path() });
    expect(sandbox.isolation.level).toBe('none');
    const probes = await attack(sandbox);
    columns.set('none', probes);
    for (const name of ['r01_env', 'r02_oidc_token', 'r03_cache_token', 'r15_inherited_descriptor']) expect(probes[name]).toBe('');
  });

  for (const [mechanism, allowed] of [['landlock', OPEN_AT_PARTIAL], ['sudo-bubblewrap', []], ['bubblewrap', []]] as const) {
    it(`gets ${allowed.length === 0 ? 'nothing' : `nothing but ${allowed.join(', ')}`} with ${mechanism}`, async (context) => {
      const sandbox = await sandboxWith(mechanism);
      if (sandbox === undefined) return context.skip();
      const before = range.digest();
      const probes = await attack(sandbox);
      sandbox.close();
      columns.set(mechanism, probes);
      expect(open(probes)).toEqual(allowed);
      expect(range.digest()).toBe(before);
      expect(Object.keys(probes).length).toBeGreaterThan(60);
      expect(Object.entries(probes).filter(([, text]) => text.startsWith('?'))).toEqual([]);
    });
  }
});

/** The sandbox with one mechanism, or undefined after saying why it is not to be had here. */
async function sandboxWith(mechanism: Exclude<SandboxMechanism, 'none'>): Promise<Sandbox | undefined> {
  const sandbox = await createSandbox({ mode: 'auto', workspace: range.workspace, pathVariable: path(), mechanisms: [mechanism] });
  if (sandbox.isolation.mechanism === mechanism) return sandbox;
  process.stderr.write(`SKIPPED: the hostile scanner with ${mechanism}, which this machine does not offer: ${sandbox.isolation.reason}\n`);
  return undefined;
}

/** Runs all probes; answers with what each got. */
async function attack(runner: Pick<Runner, 'run'>): Promise<Probes> {
  const confined = 'isolation' in runner && (runner as Runner).isolation.level !== 'none';
  const start = (more: Record<string, unknown>, limits: Partial<ToolRequest['limits']>): Promise<ProcessResult> =>
    runner.run(hostileRequest(range, { confined, ...more }, { timeoutMs: 40_000, ...limits }));
  const [all, ...alone] = await Promise.all([
    start({}, {}),
    ...EXHAUSTING.map((mode) => start({ mode }, { memoryBytes: 1024 * MEBIBYTE })),
  ]);
  const probes: Record<string, string> = { ...readProbes(all) };
  EXHAUSTING.forEach((name, index) => {
    const result = alone[index] as ProcessResult;
    // One that is stopped has got nothing.
    probes[name] = result.status === 'exited' && result.exitCode === 0 ? (readProbes(result)[name] ?? '') : '';
  });
  expect(await start({ mode: 't14_daemon' }, {})).toMatchObject({ status: 'exited', exitCode: 0 });
  probes['t14_daemon'] = survivors();
  expect(await start({ mode: 't14_daemon', hang: true }, { timeoutMs: 2000 })).toMatchObject({ status: 'killed', cause: 'timeout' });
  probes['t20_daemon_after_timeout'] = survivors();
  return probes;
}

function readProbes(result: ProcessResult): Probes {
  if (result.status !== 'exited' || result.exitCode !== 0) {
    throw new Error(`the hostile scanner did not run: ${JSON.stringify({ ...result, stdout: '', stderr: 'stderr' in result ? result.stderr.toString('utf8') : '' })}`);
  }
  return JSON.parse(result.stdout.toString('utf8')) as Probes;
}

/** Started as a step of a job starts its programs: with the whole environment, and nothing around it. */
const UNCONFINED: Pick<Runner, 'run'> = {
  run: (request: ToolRequest) =>
    runProcess({
      executable: request.executable,
      args: request.args,
      env: { ...JOB_ENVIRONMENT, PATH: path(), HOME: `${range.root}/home` },
      cwd: request.workspace,
      timeoutMs: request.limits.timeoutMs,
      maxStdoutBytes: request.limits.maxStdoutBytes,
      maxStderrBytes: request.limits.maxStderrBytes,
    }),
};

/** Daemons of the hostile scanner that are alive; ends them. */
function survivors(): string {
  const found: number[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (command.startsWith('sh\0') && command.includes(`daemon-${String(range.known['nonce'])}`)) found.push(Number(name));
    } catch {
      // Gone.
    }
  }
  for (const pid of found) process.kill(pid, 'SIGKILL');
  return found.length === 0 ? '' : `${found.length} daemons`;
}

function open(probes: Probes): string[] {
  return Object.entries(probes)
    .filter(([, text]) => text !== '' && text !== 'not tried')
    .map(([name]) => name)
    .sort();
}

function path(): string {
  return process.env['PATH'] ?? '';
}

function printTable(): void {
  const names = [...new Set([...columns.values()].flatMap((probes) => Object.keys(probes)))].sort();
  const heads = [...columns.keys()];
  const mark = (text: string | undefined): string => (text === undefined ? '' : text === '' ? '.' : text === 'not tried' ? '-' : 'X');
  const row = (first: string, cells: readonly string[]): string => `${first.padEnd(34)}${cells.map((cell, index) => cell.padEnd((heads[index] as string).length + 2)).join('')}`.trimEnd();
  process.stdout.write(
    [
      '',
      row('probe (X open, . closed)', heads),
      ...names.map((name) => row(name, heads.map((head) => mark(columns.get(head)?.[name])))),
      row('open', heads.map((head) => String(open(columns.get(head) as Probes).length))),
      '',
    ].join('\n'),
  );
}
