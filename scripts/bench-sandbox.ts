import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS, plainRunner } from '../src/io/process-runner.js';
import type { Runner } from '../src/io/process-runner.js';
import { runProcess } from '../src/io/processes.js';
import { createSandbox } from '../src/sandbox/index.js';

const ROUNDS = 60;
const PROGRAM = '/usr/bin/true';

/** One way to start a program, and the milliseconds that each start took until its end was known. */
interface Series {
  readonly name: string;
  readonly start: () => Promise<{ readonly status: string }>;
  readonly times: number[];
}

const workspace = mkdtempSync(join(tmpdir(), 'bartizan-bench-'));

function through(name: string, runner: Runner): Series {
  const request = { tool: 'bench', executable: PROGRAM, args: [], workspace, readable: [], capabilities: { network: [], secrets: [] }, limits: DEFAULT_LIMITS };
  return { name, start: () => runner.run(request), times: [] };
}

const series: Series[] = [
  {
    name: 'plain spawn',
    start: () => runProcess({ executable: PROGRAM, args: [], env: {}, cwd: workspace, timeoutMs: 10_000, maxStdoutBytes: 1000, maxStderrBytes: 1000 }),
    times: [],
  },
  through('no sandbox (environment and limits)', plainRunner(['/usr/bin'])),
];
for (const mechanism of ['bubblewrap', 'sudo-bubblewrap', 'landlock'] as const) {
  const before = performance.now();
  const sandbox = await createSandbox({ mode: 'auto', workspace, pathVariable: process.env['PATH'] ?? '', mechanisms: [mechanism] });
  const { level, mechanism: got, reason } = sandbox.isolation;
  if (got !== mechanism) {
    process.stdout.write(`${mechanism}: not available here (${reason ?? 'no reason given'})\n`);
    continue;
  }
  process.stdout.write(`${mechanism}: made and probed in ${(performance.now() - before).toFixed(1)} ms\n`);
  series.push(through(`${level} (${mechanism})`, sandbox));
}

// In turns, so that whatever else the machine does falls on all of them.
for (let round = -3; round < ROUNDS; round++) {
  for (const { name, start, times } of series) {
    const before = performance.now();
    const { status } = await start();
    if (status !== 'exited') throw new Error(`${name}: ${status}`);
    if (round >= 0) times.push(performance.now() - before);
  }
}
const quantile = (times: number[], share: number): number => times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] as number;
const plain = quantile(series[0]?.times ?? [], 0.5);
process.stdout.write(`\n${'start of /usr/bin/true'.padEnd(38)}median     p95    over plain\n`);
for (const { name, times } of series) {
  const median = quantile(times, 0.5);
  process.stdout.write(`${name.padEnd(38)}${median.toFixed(1).padStart(6)}${quantile(times, 0.95).toFixed(1).padStart(8)}${(median - plain).toFixed(1).padStart(14)} ms\n`);
}
rmSync(workspace, { recursive: true });
