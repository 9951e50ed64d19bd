// Real scanners over the example with a weakness for each: all at once against one after another. `npm run bench:schedule`
// uses what `npm run test:scanners` has installed and what is on the PATH; each half is run as often as the argument says.
import { join } from 'node:path';
import type { ScanResult } from '../src/core/index.js';
import { discover } from '../src/discover/discover.js';
import { readEnvironment } from '../src/io/environment.js';
import { openFiles } from '../src/io/files.js';
import { systemGit } from '../src/io/git.js';
import { findExecutable } from '../src/io/process-path.js';
import { DEFAULT_LIMITS } from '../src/io/process-runner.js';
import { loadSettings } from '../src/config/index.js';
import { planScanners, runScanners } from '../src/run/index.js';
import type { RunOptions } from '../src/run/index.js';
import { createSandbox } from '../src/sandbox/index.js';
import { SCANNERS } from '../src/scanners/index.js';
import { prepareTools } from '../src/tools/index.js';

const root = join(import.meta.dirname, '../../examples/polyglot');
const cache = join(import.meta.dirname, '../../.tools/cache');
const rounds = Number(process.argv[2] ?? 1);
const searchPath = process.env['PATH'] ?? '';
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

const { settings } = loadSettings({ known: { policies: [], scanners: [] } });
const files = openFiles(root);
const { inventory } = await discover(files, settings, systemGit(searchPath));
// What needs a database or the network says nothing about scheduling.
const local = SCANNERS.filter(({ database, capabilities }) => database === undefined && capabilities.network.length === 0);
const find = await prepareTools({
  executables: local.map(({ executable }) => executable),
  settings: { install: 'never', offline: true },
  environment: readEnvironment(),
  searchPath,
  workspace: root,
  onPath: (name) => findExecutable(name, searchPath, root),
  cache,
});

interface Run {
  readonly wall: number;
  readonly firstStart: number;
  readonly results: readonly ScanResult[];
}

async function run(more: Partial<RunOptions>): Promise<Run> {
  const began = performance.now();
  let firstStart = Infinity;
  const plan = planScanners(local, inventory, settings).filter(({ decision, scanner }) => decision === 'run' && find(scanner.executable).found);
  const sandbox = await createSandbox({ mode: 'auto', workspace: root, pathVariable: searchPath });
  try {
    const results = await runScanners(plan, {
      root,
      runner: sandbox,
      find,
      source: (path) => {
        const text = files.read(path);
        return text.ok ? text.text : undefined;
      },
      limits: DEFAULT_LIMITS,
      onEvent: ({ type }) => {
        if (type === 'started') firstStart = Math.min(firstStart, performance.now() - began);
      },
      ...more,
    });
    return { wall: performance.now() - began, firstStart, results };
  } finally {
    sandbox.close();
  }
}

for (let round = 1; round <= rounds; round++) {
  const alone = await run({ cores: 1 });
  const took = new Map(alone.results.map(({ tool, startedAt, endedAt }) => [tool.name, endedAt - startedAt]));
  const together = await run({ expected: ({ name }) => (took.get(name) ?? 0) / 1000 });
  const slowest = Math.max(...together.results.map(({ startedAt, endedAt }) => endedAt - startedAt));
  for (const { tool, outcome, startedAt, endedAt } of together.results) say(`${tool.name.padEnd(14)} ${outcome.status.padEnd(10)} ${seconds(endedAt - startedAt).padStart(9)} together, ${seconds(took.get(tool.name) ?? 0).padStart(9)} alone`);
  say(`one after another ${seconds(alone.wall)}; together ${seconds(together.wall)}, ${(together.wall / slowest).toFixed(2)} times the slowest (${seconds(slowest)}); first start after ${together.firstStart.toFixed(0)} ms`);
}
