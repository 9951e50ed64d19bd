import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { run, workspace, type Workspace } from './support.js';

const INJECTION = `on: issues
permissions:
  contents: write
jobs:
  triage:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: echo "\${{ github.event.issue.title }}"
`;
const CLEAN = `on: push
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: make
`;
const SCAN = ['scan', '.', '--no-external'];

let open: Workspace | undefined;
afterEach(() => open?.remove());

function repository(files: Readonly<Record<string, string | Uint8Array>>): Workspace {
  open = workspace(files);
  return open;
}

interface Json {
  readonly verdict: { readonly result: string; readonly exitCode: number; readonly reasons: readonly { readonly message: string }[] };
  readonly outcomes: readonly { readonly tool: string; readonly status: string; readonly diagnostics: readonly { readonly code: string; readonly path?: string; readonly message: string }[] }[];
  readonly findings: readonly { readonly rule: string; readonly path: string; readonly startLine: number; readonly startColumn: number; readonly endColumn: number; readonly severity: string }[];
}

async function scanJson(root: string, ...args: string[]): Promise<Json & { code: number }> {
  const { code, out, err } = await run(root, [...SCAN, '--format', 'json', ...args]);
  expect(err).toBe('');
  return { code, ...(JSON.parse(out) as Json) };
}

describe('scan', () => {
  it('fails on findings at the threshold, with the exact place', async () => {
    const { root } = repository({ '.github/workflows/triage.yml': INJECTION });
    const { code, verdict, findings } = await scanJson(root, '--only', 'pipeline/script-injection');
    expect(code).toBe(1);
    expect(verdict.result).toBe('fail');
    expect(findings).toMatchObject([
      { rule: 'pipeline/script-injection', severity: 'critical', path: '.github/workflows/triage.yml', startLine: 9, startColumn: 20, endColumn: 51 },
    ]);
  });

  it('passes below the threshold and with fail-on: never', async () => {
    const { root } = repository({ '.github/workflows/triage.yml': INJECTION });
    expect(await run(root, [...SCAN, '--fail-on', 'never'])).toMatchObject({ code: 0 });
    expect(await run(root, [...SCAN, '--skip', 'pipeline/*'])).toMatchObject({ code: 0 });
  });

  it('passes a clean repository', async () => {
    const { root } = repository({ '.github/workflows/ci.yml': CLEAN });
    const { code, findings } = await scanJson(root, '--fail-on', 'note');
    expect(findings).toEqual([]);
    expect(code).toBe(0);
  });

  it('prints one finding a line in a pipe', async () => {
    const { root } = repository({ '.github/workflows/triage.yml': INJECTION });
    const { out } = await run(root, [...SCAN, '--only', 'pipeline/script-injection']);
    expect(out.split('\n')[0]).toMatch(/^\.github\/workflows\/triage\.yml:9:20: critical: .*\[pipeline\/script-injection\] \(policies\)$/);
    expect(out).not.toContain('\u001b');
  });

  it('writes the document to a file and the text to standard output', async () => {
    const { root } = repository({ '.github/workflows/triage.yml': INJECTION });
    const { out } = await run(root, [...SCAN, '--format', 'sarif', '--output', 'out/report.sarif']);
    const log = JSON.parse(readFileSync(join(root, 'out/report.sarif'), 'utf8')) as { version: string; runs: unknown[] };
    expect(log).toMatchObject({ version: '2.1.0', runs: [{ tool: { driver: { name: expect.any(String) } } }] });
    expect(out).toContain('FAIL');
  });

  it('obeys .bartizan.yml, and flags win over it', async () => {
    const { root } = repository({ '.github/workflows/triage.yml': INJECTION, '.bartizan.yml': 'fail-on: never\n' });
    expect(await run(root, SCAN)).toMatchObject({ code: 0 });
    expect(await run(root, [...SCAN, '--fail-on', 'high'])).toMatchObject({ code: 1 });
  });

  it('judges with custom policies', async () => {
    const policy = `id: custom/no-make
title: Make is not used here
severity: high
confidence: high
select: command
when: command.name == 'make'
at: name
message: "\`{command.text}\` runs make"
repair: Use the build script.
`;
    const { root } = repository({ '.github/workflows/ci.yml': CLEAN, '.bartizan/policies/no-make.yml': policy });
    const { code, findings } = await scanJson(root);
    expect(findings).toMatchObject([{ rule: 'custom/no-make', startLine: 8, startColumn: 14 }]);
    expect(code).toBe(1);
  });

  it('explains the plan without scanning', async () => {
    const { root } = repository({ '.github/workflows/ci.yml': CLEAN, Dockerfile: 'FROM scratch\n' });
    const { code, out } = await run(root, ['scan', '.', '--explain-plan']);
    expect(code).toBe(0);
    expect(out).toMatch(/github-workflow +\.github\/workflows\/ci\.yml +\(/);
    expect(out).toMatch(/hadolint +runs where installed: /);
    expect(out).toMatch(/bandit +skipped: /);
  });
});

describe('scan with wrong settings', () => {
  it.each([
    ['a wrong key', 'fail-onn: high\n', /^\.bartizan\.yml:1:1: error: .*fail-on/],
    ['a wrong value', 'confidence: high\nfail-on: hihg\n', /^\.bartizan\.yml:2:10: error: .*Did you mean `high`/],
    ['an unknown policy', 'policies:\n  pipeline/script-injektion: off\n', /^\.bartizan\.yml:2:3: error: .*pipeline\/script-injection/],
    ['broken YAML', 'only: [a\n', /^\.bartizan\.yml:\d+:\d+: error: /],
  ])('names line and nearest valid name of %s', async (_, text, message) => {
    const { root } = repository({ '.bartizan.yml': text });
    const { code, err, out } = await run(root, SCAN);
    expect(code).toBe(3);
    expect(err).toMatch(message);
    expect(out).toBe('');
  });

  it.each([
    ['a type error', 'command.nme == "make"', /no-make\.yml:6:\d+: error: .*nme/],
    ['an unknown fact', 'kommand.name == "make"', /no-make\.yml:6:\d+: error: .*kommand/],
    ['a pattern that is none', "command.name.matches('(')", /no-make\.yml:6:\d+: error: /],
  ])('reports %s of a custom policy with its line', async (_, when, message) => {
    const policy = `id: custom/no-make\ntitle: t\nseverity: high\nconfidence: high\nselect: command\nwhen: ${when}\nat: name\nmessage: m\n`;
    const { root } = repository({ '.bartizan/policies/no-make.yml': policy });
    const { code, err } = await run(root, SCAN);
    expect(code).toBe(3);
    expect(err).toMatch(message);
  });

  it('a runaway pattern of a custom policy ends', async () => {
    const policy = `id: custom/slow\ntitle: t\nseverity: high\nconfidence: high\nselect: command\nwhen: command.text.matches('^(a+)+$')\nat: name\nmessage: m\n`;
    const { root } = repository({ '.bartizan/policies/slow.yml': policy, 'run.sh': `#!/bin/sh\n${'a'.repeat(50_000)}!\n` });
    const { code } = await scanJson(root, '--only', 'custom/slow');
    expect(code).toBe(0);
  });

  it('exits 3 for wrong usage', async () => {
    const { root } = repository({});
    expect(await run(root, ['scan', '.', '--fail-on', 'hihg'])).toMatchObject({ code: 3 });
    expect(await run(root, ['scna'])).toMatchObject({ code: 3 });
    expect(await run(root, ['scan', 'missing'])).toMatchObject({ code: 3 });
    expect(await run(root, [...SCAN, '--config', '../elsewhere.yml'])).toMatchObject({ code: 3 });
    expect(await run(root, [...SCAN, '--config', 'missing.yml'])).toMatchObject({ code: 3 });
  });
});

describe('scan of bad input', () => {
  const bomb = `a: &a [x]\n${Array.from({ length: 20 }, (_, i) => `${String.fromCharCode(98 + i)}: &${String.fromCharCode(98 + i)} [${Array(9).fill(`*${String.fromCharCode(97 + i)}`).join(', ')}]`).join('\n')}\non: push\njobs: *u\n`;

  it.each<[string, string, string | Uint8Array, string]>([
    ['broken YAML', '.github/workflows/bad.yml', 'on: push\njobs: [\n', 'yaml-syntax'],
    ['an alias bomb', '.github/workflows/bad.yml', bomb, 'yaml-'],
    ['a file of 50 MB', '.github/workflows/bad.yml', Buffer.alloc(50_000_000, 'a: b\n'), 'file-too-large'],
    ['bytes that are no UTF-8', '.github/workflows/bad.yml', Buffer.from([0x6f, 0x6e, 0x3a, 0xff, 0xfe]), 'not-utf8'],
  ])('says what is wrong with %s and goes on', async (_, path, content, code) => {
    const { root } = repository({ [path]: content, '.github/workflows/triage.yml': INJECTION });
    const report = await scanJson(root, '--only', 'pipeline/script-injection');
    expect(report.findings).toHaveLength(1);
    const about = report.outcomes.flatMap(({ diagnostics }) => diagnostics).filter((diagnostic) => diagnostic.path === path);
    expect(about.length).toBeGreaterThan(0);
    expect(about[0]?.code).toContain(code);
    expect(report.code).toBe(1);
  });

  it('never calls a file that could not be judged clean', async () => {
    const { root } = repository({ '.github/workflows/bad.yml': 'on: push\njobs: [\n' });
    const { code, verdict } = await scanJson(root);
    expect(code).toBe(2);
    expect(verdict.reasons.map(({ message }) => message).join(' ')).toContain('.github/workflows/bad.yml');
    expect(await run(root, [...SCAN, '--on-scanner-error', 'warn'])).toMatchObject({ code: 0 });
  });

  it('neither hangs on special files nor follows links out of the workspace', async () => {
    const { root, write } = repository({ '.github/workflows/triage.yml': INJECTION });
    execFileSync('mkfifo', [join(root, '.github/workflows/fifo.yml')]);
    symlinkSync('/etc/hostname', join(root, '.github/workflows/out.yml'));
    symlinkSync('nowhere.yml', join(root, '.github/workflows/dangling.yml'));
    symlinkSync('loop.yml', join(root, '.github/workflows/loop.yml'));
    write('.github/workflows/line\nbreak::set-output name=x::y.yml', INJECTION);
    const { findings, outcomes } = await scanJson(root, '--only', 'pipeline/script-injection');
    expect(findings).toHaveLength(2);
    const paths = outcomes.flatMap(({ diagnostics }) => diagnostics.map(({ path }) => path));
    for (const name of ['fifo', 'out', 'dangling', 'loop']) expect(paths).toContain(`.github/workflows/${name}.yml`);
    const { out } = await run(root, SCAN);
    expect(out.split('\n').some((line) => line.startsWith('::') || line.startsWith('break::'))).toBe(false);
  });

  it('says that an empty folder holds nothing', async () => {
    const { root } = repository({});
    const { outcomes } = await scanJson(root);
    expect(outcomes.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code))).toContain('empty-workspace');
  });

  it('scans without git', async () => {
    const { root } = repository({ '.github/workflows/triage.yml': INJECTION });
    const { code } = await run(root, SCAN, { environment: { PATH: '' } });
    expect(code).toBe(1);
  });
});
