import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findExecutable } from '../src/io/process-path.js';
import { monorepoFile } from './bench-monorepo.js';
import { pipelineFile } from './bench-pipelines.js';
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

/** One run: seconds of wall clock and of all processors, megabytes at the peak; the latter two where GNU time is installed. */
interface Run {
  readonly seconds: number;
  readonly processor: number;
  readonly megabytes: number | undefined;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const cli = join(root, 'dist/cli.js');
/** GNU time tells the peak memory of a process and its children. */
const gnuTime = '/usr/bin/time';

const { values } = parseArgs({ options: { files: { type: 'string', default: '2000' }, threads: { type: 'string', default: '' }, rounds: { type: 'string', default: '5' }, corpus: { type: 'string', default: 'workflows' }, seed: { type: 'string', default: '1' } } });

if (!existsSync(cli)) throw new Error('dist/cli.js is missing: run npm run build first.');
const work = mkdtempSync(join(tmpdir(), 'bartizan-bench-'));
/** What `--corpus` names: the files of a repository by index, and which other programs read them. */
interface Corpus {
  readonly what: string;
  readonly file: (seed: number, index: number) => { readonly path: string; readonly text: string };
  readonly others: readonly string[];
  /** A file that a warm run finds changed. */
  readonly changed: string;
}
const CORPORA: Readonly<Record<string, Corpus>> = {
  workflows: {
    what: 'workflows',
    file: (seed, index) => ({ path: `.github/workflows/workflow-${String(index).padStart(4, '0')}.yml`, text: workflow(seed, index) }),
    others: ['zizmor', 'actionlint', 'checkov'],
    changed: '.github/workflows/workflow-0000.yml',
  },
  pipelines: { what: 'pipelines of all platforms', file: pipelineFile, others: [], changed: pipelineFile(Number(values.seed), 0).path },
  monorepo: { what: 'files, of which one in a hundred matters', file: monorepoFile, others: [], changed: monorepoFile(Number(values.seed), 0).path },
};

const corpus = CORPORA[values.corpus];
if (corpus === undefined) throw new Error(`--corpus is one of ${Object.keys(CORPORA).join(', ')}`);
try {
  // One size or several: `--files 200,2000,20000`; and ours once for each of `--threads 1,2` beside the default.
  const threads = values.threads === '' ? [] : values.threads.split(',');
  let repository = work;
  for (const count of values.files.split(',').map(Number)) {
    repository = join(work, `repository-${count}`);
    const bytes = generate(repository, corpus, count, Number(values.seed));
    process.stdout.write(`${count} ${corpus.what}, ${(bytes / 1_000_000).toFixed(1)} MB, seed ${values.seed}; Node ${process.version}, ${cpus().length} cores, load ${(loadavg()[0] as number).toFixed(1)}, ${values.rounds} rounds\n\n`);
    compare(scanners(threads, corpus), repository, Number(values.rounds), count);
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

/** Writes the files into a fresh repository; gives their size in bytes. */
function generate(repository: string, { file }: Corpus, count: number, seed: number): number {
  const folders = new Set<string>();
  let bytes = 0;
  for (let index = 0; index < count; index++) {
    const { path, text } = file(seed, index);
    const folder = dirname(join(repository, path));
    if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
    folders.add(folder);
    bytes += Buffer.byteLength(text);
    writeFileSync(join(repository, path), text);
  }
  for (const args of [['init', '-q'], ['add', '.']]) spawnSync('git', args, { cwd: repository, stdio: 'ignore' });
  return bytes;
}

/** Ours first: the others are compared with it. Those that are not installed are named and left out. */
function scanners(threads: readonly string[], { others: wanted, changed }: Corpus): Contestant[] {
  const ours: Contestant = { name: 'bartizan', executable: process.execPath, args: [cli, 'scan', '.', '--no-external', '--no-cache', '--format', 'json', '--output', join(work, 'bartizan.json')], completedCodes: [0, 1] };
  const warm: Contestant = { ...ours, name: 'bartizan, one changed', args: ours.args.filter((arg) => arg !== '--no-cache'), env: { BARTIZAN_CACHE: join(work, 'results') }, prepare: (directory) => appendFileSync(join(directory, changed), '# changed\n') };
  const result = [ours, warm, ...threads.map((count): Contestant => ({ ...ours, name: `bartizan, ${count} threads`, env: { BARTIZAN_THREADS: count } }))];
  const others = [
    { name: 'zizmor', args: ['--offline', '--no-progress', '--format', 'json', '.'], completedCodes: [0, 11, 12, 13, 14] },
    { name: 'actionlint', args: ['-shellcheck=', '-pyflakes=', '-no-color'], completedCodes: [0, 1] },
    { name: 'checkov', args: ['--directory', '.', '--framework', 'github_actions', '--quiet', '--compact', '--skip-download', '--output', 'json'], completedCodes: [0, 1] },
  ];
  for (const { name, ...rest } of others) {
    if (!wanted.includes(name)) continue;
    const lookup = findExecutable(name, process.env['PATH'] ?? '', work);
    if (lookup.found) result.push({ name, executable: lookup.path, ...rest });
    else process.stdout.write(`${name} is not installed: left out\n`);
  }
  return result;
}

/** Runs the contestants in turn, round by round, so that what disturbs the machine disturbs all alike. */
function compare(contestants: readonly Contestant[], directory: string, rounds: number, files?: number): void {
  const runs = contestants.map((): Run[] => []);
  // Fills what is kept between runs.
  for (const contestant of contestants) if (contestant.prepare !== undefined) run(contestant, directory);
  for (let round = 0; round < rounds; round++) contestants.forEach((contestant, i) => runs[i]?.push(run(contestant, directory)));
  const medians = runs.map((own) => ({ seconds: median(own.map(({ seconds }) => seconds)), processor: median(own.map(({ processor }) => processor)), megabytes: Math.max(...own.map(({ megabytes }) => megabytes ?? Number.NaN)) }));
  const first = medians[0] ?? { seconds: Number.NaN, processor: Number.NaN };
  contestants.forEach(({ name }, i) => {
    const { seconds, processor, megabytes } = medians[i] as { seconds: number; processor: number; megabytes: number };
    const memory = Number.isNaN(megabytes) ? '' : `   processor ${processor.toFixed(2).padStart(6)} s   peak ${megabytes.toFixed(0).padStart(4)} MB`;
    const each = files === undefined ? '' : `   ${((seconds / files) * 1000).toFixed(2)} ms a file`;
    const spread = (runs[i] as Run[]).map((one) => one.seconds);
    process.stdout.write(
      `${name.padEnd(20)} ${seconds.toFixed(3).padStart(8)} s (${Math.min(...spread).toFixed(3)}–${Math.max(...spread).toFixed(3)})${memory}${each}   ${contestants[0]?.name} takes ${(first.seconds / seconds).toFixed(2)} of its time${Number.isNaN(processor) ? '' : `, ${(first.processor / processor).toFixed(2)} of its processor time`}\n`,
    );
  });
}

function run({ name, executable, args, env, completedCodes, prepare }: Contestant, cwd: string): Run {
  prepare?.(cwd);
  const report = join(work, 'time');
  const measured = existsSync(gnuTime);
  const command = measured ? [gnuTime, '-f', '%U %S %M', '-o', report, executable, ...args] : [executable, ...args];
  const start = process.hrtime.bigint();
  const result = spawnSync(command[0] as string, command.slice(1), { cwd, stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1e8, env: { PATH: process.env['PATH'], HOME: work, ...env } });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (result.status === null || !completedCodes.includes(result.status)) throw new Error(`${name} ended with ${String(result.status ?? result.signal)}: ${result.stderr.toString().slice(0, 500)}`);
  const [user = Number.NaN, system = Number.NaN, kilobytes] = measured ? (readFileSync(report, 'utf8').trim().split('\n').at(-1) ?? '').split(' ').map(Number) : [];
  return { seconds, processor: user + system, megabytes: kilobytes === undefined ? undefined : kilobytes / 1000 };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
