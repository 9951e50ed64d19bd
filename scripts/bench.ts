import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findExecutable } from '../src/io/process-path.js';
import { workflow } from './bench-workflows.js';

/** One command that is timed. */
interface Contestant {
  readonly name: string;
  readonly executable: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Done before each run, and not timed. */
  readonly prepare?: (directory: string) => void;
  /** Exit codes with which it has done its work, findings or none. */
  readonly completedCodes: readonly number[];
}

/** One run: seconds of wall clock, megabytes at the peak where they can be measured. */
interface Run {
  readonly seconds: number;
  readonly megabytes: number | undefined;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const cli = join(root, 'dist/cli.js');
/** GNU time tells the peak memory of a process and its children. */
const gnuTime = '/usr/bin/time';

const { values } = parseArgs({ options: { files: { type: 'string', default: '2000' }, threads: { type: 'string', default: '' }, rounds: { type: 'string', default: '5' }, seed: { type: 'string', default: '1' } } });

if (!existsSync(cli)) throw new Error('dist/cli.js is missing: run npm run build first.');
const work = mkdtempSync(join(tmpdir(), 'bartizan-bench-'));
try {
  // One size or several: `--files 200,2000,20000`; and ours once for each of `--threads 1,2` beside the default.
  const threads = values.threads === '' ? [] : values.threads.split(',');
  let repository = work;
  for (const count of values.files.split(',').map(Number)) {
    repository = join(work, `repository-${count}`);
    const bytes = generate(repository, count, Number(values.seed));
    process.stdout.write(`${count} workflows, ${(bytes / 1_000_000).toFixed(1)} MB, seed ${values.seed}; Node ${process.version}, ${cpus().length} cores, load ${(loadavg()[0] as number).toFixed(1)}, ${values.rounds} rounds\n\n`);
    compare(scanners(threads), repository, Number(values.rounds));
    process.stdout.write('\n');
  }
  compare(
    [
      { name: 'node -e 0', executable: process.execPath, args: ['-e', '0'], completedCodes: [0] },
      { name: 'bartizan --version', executable: process.execPath, args: [cli, '--version'], completedCodes: [0] },
    ],
    repository,
    Number(values.rounds) * 4,
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Writes the workflows into a fresh repository; gives their size in bytes. */
function generate(repository: string, count: number, seed: number): number {
  const folder = join(repository, '.github/workflows');
  mkdirSync(folder, { recursive: true });
  let bytes = 0;
  for (let index = 0; index < count; index++) {
    const text = workflow(seed, index);
    bytes += Buffer.byteLength(text);
    writeFileSync(join(folder, `workflow-${String(index).padStart(4, '0')}.yml`), text);
  }
  for (const args of [['init', '-q'], ['add', '.']]) spawnSync('git', args, { cwd: repository, stdio: 'ignore' });
  return bytes;
}

/** Ours first: the others are compared with it. Those that are not installed are named and left out. */
function scanners(threads: readonly string[]): Contestant[] {
  const ours: Contestant = { name: 'bartizan', executable: process.execPath, args: [cli, 'scan', '.', '--no-external', '--no-cache', '--format', 'json', '--output', join(work, 'bartizan.json')], completedCodes: [0, 1] };
  const warm: Contestant = { ...ours, name: 'bartizan, one changed', args: ours.args.filter((arg) => arg !== '--no-cache'), env: { BARTIZAN_CACHE: join(work, 'results') }, prepare: touchOne };
  const result = [ours, warm, ...threads.map((count): Contestant => ({ ...ours, name: `bartizan, ${count} threads`, env: { BARTIZAN_THREADS: count } }))];
  const others = [
    { name: 'zizmor', args: ['--offline', '--no-progress', '--format', 'json', '.'], completedCodes: [0, 11, 12, 13, 14] },
    { name: 'actionlint', args: ['-shellcheck=', '-pyflakes=', '-no-color'], completedCodes: [0, 1] },
  ];
  for (const { name, ...rest } of others) {
    const lookup = findExecutable(name, process.env['PATH'] ?? '', work);
    if (lookup.found) result.push({ name, executable: lookup.path, ...rest });
    else process.stdout.write(`${name} is not installed: left out\n`);
  }
  return result;
}

/** Runs the contestants in turn, round by round, so that what disturbs the machine disturbs all alike. */
function compare(contestants: readonly Contestant[], directory: string, rounds: number): void {
  const runs = contestants.map((): Run[] => []);
  // Fills what is kept between runs.
  for (const contestant of contestants) if (contestant.prepare !== undefined) run(contestant, directory);
  for (let round = 0; round < rounds; round++) contestants.forEach((contestant, i) => runs[i]?.push(run(contestant, directory)));
  const medians = runs.map((own) => ({ seconds: median(own.map(({ seconds }) => seconds)), megabytes: Math.max(...own.map(({ megabytes }) => megabytes ?? Number.NaN)) }));
  const first = medians[0]?.seconds ?? Number.NaN;
  contestants.forEach(({ name }, i) => {
    const { seconds, megabytes } = medians[i] as { seconds: number; megabytes: number };
    const memory = Number.isNaN(megabytes) ? '' : `   peak ${megabytes.toFixed(0).padStart(4)} MB`;
    const spread = (runs[i] as Run[]).map((one) => one.seconds);
    process.stdout.write(
      `${name.padEnd(20)} ${seconds.toFixed(3).padStart(8)} s (${Math.min(...spread).toFixed(3)}–${Math.max(...spread).toFixed(3)})${memory}   ${contestants[0]?.name} takes ${(first / seconds).toFixed(2)} of its time\n`,
    );
  });
}

/** Changes the first workflow, so that a warm run has something to do. */
function touchOne(directory: string): void {
  appendFileSync(join(directory, '.github/workflows/workflow-0000.yml'), '# changed\n');
}

function run({ name, executable, args, env, completedCodes, prepare }: Contestant, cwd: string): Run {
  prepare?.(cwd);
  const report = join(work, 'time');
  const measured = existsSync(gnuTime);
  const command = measured ? [gnuTime, '-f', '%M', '-o', report, executable, ...args] : [executable, ...args];
  const start = process.hrtime.bigint();
  const result = spawnSync(command[0] as string, command.slice(1), { cwd, stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1e8, env: { PATH: process.env['PATH'], HOME: work, ...env } });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (result.status === null || !completedCodes.includes(result.status)) throw new Error(`${name} ended with ${String(result.status ?? result.signal)}: ${result.stderr.toString().slice(0, 500)}`);
  const peak = measured ? Number.parseInt(readFileSync(report, 'utf8').trim().split('\n').at(-1) ?? '', 10) / 1000 : undefined;
  return { seconds, megabytes: peak };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
