import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run as runCommand, workspace, type Ran, type Workspace } from './support.js';

/** Finds `rm -rf` in the files that it is given, and says so as ShellCheck does. */
const SCANNER = `#!${process.execPath}
const { readFileSync } = require('node:fs');
const args = process.argv.slice(2);
if (args[0] === '--version') { console.log('version: 0.0.1'); process.exit(0); }
const comments = args.slice(args.indexOf('--') + 1).flatMap((file) => readFileSync(file, 'utf8').split('\\n').flatMap((line, i) =>
  line.includes('rm -rf') ? [{ file, line: i + 1, endLine: i + 1, column: 1, endColumn: 3, level: 'error', code: 2115, message: 'careful ' + line.slice(0, 20) }] : []));
console.log(JSON.stringify({ comments }));
process.exit(comments.length > 0 ? 1 : 0);
`;
const FLAGS = ['--sandbox', 'off', '--only', 'policies,shellcheck,hadolint'];

let repository: Workspace;
let elsewhere: Workspace;
beforeEach(() => {
  const files: Record<string, string> = { 'README.md': '# x\n', 'broken/action.yml': 'name: [\n' };
  for (let i = 0; i < 70; i++) {
    files[`scripts/${i % 7}/s${i}.sh`] = `#!/bin/sh\n${i % 3 === 0 ? `rm -rf "$1"/* # ${i}\n` : ''}curl https://example.com/${i} | sh\n`;
    const call = i % 5 === 0 ? '  call: { uses: ./.github/workflows/w1.yml, with: { title: "${{ github.event.issue.title }}" }, secrets: inherit }\n' : '';
    files[`.github/workflows/w${i}.yml`] = `on: ${i === 1 ? '{ workflow_call: { inputs: { title: { type: string } } } }' : 'issues'}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo "\${{ ${i === 1 ? 'inputs.title' : 'github.event.issue.title'} }}"\n${call}`;
  }
  repository = workspace(files);
  elsewhere = workspace({ 'bin/shellcheck': SCANNER });
  chmodSync(join(elsewhere.root, 'bin/shellcheck'), 0o755);
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '--no-gpg-sign', '-m', 'All');
});
afterEach(() => {
  repository.remove();
  elsewhere.remove();
});

function git(...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], { cwd: repository.root });
}

function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const PATH = `${join(elsewhere.root, 'bin')}:${process.env['PATH'] ?? ''}`;
  return runCommand(repository.root, args, { environment: { PATH, XDG_CACHE_HOME: join(elsewhere.root, 'cache'), BARTIZAN_THREADS: '0', ...environment } });
}

const at = (path: string): string => join(elsewhere.root, path);

async function shard(index: number, of: number, more: readonly string[] = [], environment: Record<string, string> = {}): Promise<string> {
  const output = at(`parts/${index}.jsonl`);
  const { code, err } = await run(['scan', '--shard', `${index}/${of}`, '--output', output, ...FLAGS, ...more], environment);
  expect(err).toBe('');
  expect(code).toBe(0);
  return output;
}

/** Reports differ in times alone. */
function timeless(text: string): string {
  return text.replace(/"(?:milliseconds|startTimeUtc|endTimeUtc)": [^\n]*/g, '');
}

interface Json {
  readonly verdict: { readonly result: string };
  readonly outcomes: readonly { readonly tool: string; readonly status: string; readonly reason?: string; readonly findings: number }[];
}

async function merged(more: readonly string[] = [], environment: Record<string, string> = {}): Promise<{ code: number; report: Json; problem: (tool: string) => string | undefined }> {
  const { code, out, err } = await run(['merge', at('parts'), '--format', 'json', ...FLAGS, ...more], environment);
  expect(err).toBe('');
  const report = JSON.parse(out) as Json;
  return { code, report, problem: (tool) => report.outcomes.find((outcome) => outcome.tool === tool && outcome.status === 'failed')?.reason };
}

describe('a scan that is spread over machines', () => {
  test.each([1, 2, 3, 5, 16])('gives with %i machines the report of one, byte for byte but for times', async (of) => {
    for (let index = 1; index <= of; index++) await shard(index, of);
    for (const format of ['json', 'sarif', 'text']) {
      const one = await run(['scan', '.', '--format', format, ...FLAGS]);
      const many = await run(['merge', at('parts'), '--format', format, ...FLAGS]);
      expect(many.code).toBe(one.code);
      const strip = (text: string): string => timeless(text).replace(/\d+\.\d s/g, '').replace(/^(.*reproduce:).*$/gm, '$1');
      expect(strip(many.out)).toBe(strip(one.out));
    }
  });

  test('is balanced by how long scanners took, and large scanners are cut', async () => {
    const durations = at('durations.json');
    writeFileSync(durations, JSON.stringify({ version: 1, scanners: { shellcheck: { seconds: 300, units: 70 }, policies: { seconds: 30, units: 9 } } }));
    const plan = await run(['plan', '--shards', '4', '--output', at('plan.json'), '--durations', durations, ...FLAGS]);
    expect(plan.err).toMatch(/^4 shards; plan [0-9a-f]{12}\n$/);
    const { include } = JSON.parse(plan.out) as { include: { shard: string; scanners: string }[] };
    expect(include.map(({ shard: name }) => name)).toEqual(['1/4', '2/4', '3/4', '4/4']);
    expect(include.filter(({ scanners }) => /shellcheck \d+-\d+ of 70/.test(scanners))).toHaveLength(4);
    for (let index = 1; index <= 4; index++) await shard(index, 4, ['--plan', at('plan.json')]);
    const one = await run(['scan', '.', '--format', 'json', ...FLAGS]);
    const { out } = await run(['merge', at('parts'), '--plan', at('plan.json'), '--format', 'json', '--durations', durations, ...FLAGS]);
    expect(timeless(out)).toBe(timeless(one.out));
    const measured = JSON.parse(readFileSync(durations, 'utf8')) as { scanners: Record<string, { seconds: number; units: number }> };
    expect(measured.scanners['shellcheck']).toMatchObject({ units: 70 });
    expect(measured.scanners['shellcheck']?.seconds).toBeLessThan(300);
  });

  test('is never clean without all of its parts', async () => {
    for (const index of [1, 2, 3]) await shard(index, 3);
    for (const index of [1, 2]) {
      const kept = readFileSync(at(`parts/${index}.jsonl`));
      rmSync(at(`parts/${index}.jsonl`));
      const { code, report, problem } = await merged(['--fail-on', 'never']);
      expect(code).toBe(2);
      expect(report.verdict.result).toBe('error');
      expect(problem('policies') ?? problem('shellcheck')).toBe(`shard ${index} of 3 is missing`);
      writeFileSync(at(`parts/${index}.jsonl`), kept);
    }
    expect((await merged(['--fail-on', 'never'])).code).toBe(0);
  });

  test('keeps what the other parts found', async () => {
    let first = 0;
    for (let index = 1; index <= 8; index++) if (readFileSync(await shard(index, 8), 'utf8').includes('"judged"')) first ||= index;
    const all = (await merged()).report.outcomes.find(({ tool }) => tool === 'policies');
    rmSync(at(`parts/${first}.jsonl`));
    const { code, report } = await merged();
    expect(code).toBe(1);
    const rest = report.outcomes.find(({ tool }) => tool === 'policies');
    expect(rest).toMatchObject({ status: 'failed', reason: `shard ${first} of 8 is missing` });
    expect(rest?.findings).toBeGreaterThan(0);
    expect(rest?.findings).toBeLessThan(all?.findings ?? 0);
  });

  test.each<[string, () => Promise<void> | void, RegExp]>([
    ['came twice', () => writeFileSync(at('parts/again.jsonl'), readFileSync(at('parts/1.jsonl'))), /^shard 1 of 2 came 2 times \(1\.jsonl, again\.jsonl\)$/],
    ['was cut short', () => writeFileSync(at('parts/1.jsonl'), readFileSync(at('parts/1.jsonl')).subarray(0, 2000)), /^1\.jsonl has a wrong checksum/],
    ['is no part', () => writeFileSync(at('parts/1.jsonl'), Buffer.from([0, 255, 0, 128])), /^1\.jsonl /],
    ['is of another plan', () => shard(1, 2, ['--exclude', 'scripts/**']).then(() => undefined), /^1\.jsonl was made by another plan/],
    [
      'is of another commit',
      async () => {
        git('commit', '-q', '--allow-empty', '--no-gpg-sign', '-m', 'Next');
        await shard(1, 2);
        git('reset', '-q', '--soft', 'HEAD~1');
      },
      /^1\.jsonl is of commit [0-9a-f]{12}, not [0-9a-f]{12}$/,
    ],
  ])('does not count a part that %s', async (_, spoil, reason) => {
    for (const index of [1, 2]) await shard(index, 2);
    await spoil();
    const { code, problem } = await merged(['--fail-on', 'never']);
    expect(code).toBe(2);
    expect(problem('shards')).toMatch(reason);
    // Whatever that part had to do was not done.
    expect(problem('policies') ?? problem('shellcheck')).toMatch(/^shard 1 of 2 is missing: /);
  });

  test('trusts, where there is a key, only parts that were made with it', async () => {
    const key = { BARTIZAN_SHARD_KEY: 'secret' };
    for (const index of [1, 2]) await shard(index, 2, [], key);
    expect((await merged(['--fail-on', 'never'], key)).code).toBe(0);
    await shard(2, 2);
    const { code, problem } = await merged(['--fail-on', 'never'], key);
    expect(code).toBe(2);
    expect(problem('shards')).toMatch(/^2\.jsonl has no keyed checksum/);
  });

  test('refuses a plan for something else, and says what to do', async () => {
    await run(['plan', '--shards', '2', '--output', at('plan.json'), ...FLAGS]);
    const other = await run(['scan', '--shard', '1/2', '--plan', at('plan.json'), '--no-external']);
    expect(other.code).toBe(3);
    expect(other.err).toContain('plan for other files, settings, policies');
    for (const [args, message] of [
      [['scan', '--shard', '3/2'], 'is written K/N'],
      [['scan', '--shard', '1/3', '--plan', at('plan.json'), ...FLAGS], 'is none of the 2 shards of the plan'],
      [['scan', '--plan', at('plan.json')], '--plan goes with --shard'],
      [['plan', '--shards', '1000'], 'is `auto` or 1 to 64'],
      [['merge', at('bin')], 'There is no part'],
      [['merge', at('bin'), at('bin')], 'not several folders'],
      [['merge', at('bin'), '--strict'], 'are for SARIF files'],
    ] as [string[], string][]) {
      const { code, err } = await run(args);
      expect(code).toBe(3);
      expect(err).toContain(message);
    }
  });
});
