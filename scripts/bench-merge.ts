/**
 * `npm run bench:merge [-- MEGABYTES]`: how long it takes to correlate 100,000 findings, and to merge about 100 MB of
 * SARIF beside `sarif copy` of sarif-tools and `merge` of Microsoft's multitool, in one run on the same files.
 * Prints wall and processor time, peak memory and ratios. A tool that can't be had is named; nothing fails for it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { correlate } from '../src/correlate/correlate.js';
import { createEquivalents } from '../src/correlate/equivalents.js';
import { CONCEPTS } from '../src/correlate/concepts.js';
import { findingsOf, type Finding, type ScanResult } from '../src/core/index.js';
import { multitoolObstacle, multitoolPath } from './sarif-multitool.js';

const SARIF_TOOLS = '3.0.5';
const FINDINGS = 100_000;
const FILES = 4;

const megabytes = Number(process.argv[2] ?? 100);
if (!Number.isFinite(megabytes) || megabytes <= 0) {
  console.error('usage: npm run bench:merge [-- MEGABYTES]');
  process.exit(3);
}
benchCorrelation();
benchMerge();

/** Findings of four tools, of which two of three are about the same weakness as another one. */
function benchCorrelation(): void {
  const concepts = Object.values(CONCEPTS).map((names) => names.map((name) => [name.slice(0, name.indexOf('/')), name.slice(name.indexOf('/') + 1)] as const));
  const byTool = new Map<string, Finding[]>();
  for (let i = 0; i < FINDINGS; i++) {
    const names = concepts[(i >> 2) % concepts.length] ?? [];
    const [tool, ruleId] = names[i % names.length] ?? ['other', 'x'];
    const line = 1 + ((i >> 2) % 97) * 5;
    const finding: Finding = {
      ruleId, tool, severity: 'medium', confidence: 'medium', message: `finding ${i % 7}`, reasons: [], related: [], flow: [], fingerprints: {}, alsoReportedBy: [],
      locations: [{ path: `dir${(i >> 2) % 50}/file${(i >> 2) % 1000}.yaml`, region: { startLine: line, startColumn: 1, endLine: line + 1, endColumn: 1 } }],
    };
    const known = byTool.get(tool);
    if (known === undefined) byTool.set(tool, [finding]);
    else known.push(finding);
  }
  const results = [...byTool].map(([name, findings]): ScanResult => ({ tool: { name }, rules: [], outcome: { status: 'completed', findings }, diagnostics: [], startedAt: 0, endedAt: 0 }));
  for (const round of ['first', 'second', 'third']) {
    const started = performance.now();
    const before = process.cpuUsage();
    const correlated = correlate(results, createEquivalents([]));
    const left = correlated.reduce((sum, result) => sum + findingsOf(result).length, 0);
    const { user, system } = process.cpuUsage(before);
    console.log(`correlate ${FINDINGS.toLocaleString('en-US')} findings of ${results.length} tools to ${left.toLocaleString('en-US')}, ${round} time: ${Math.round(performance.now() - started)} ms, processor ${Math.round((user + system) / 1000)} ms`);
  }
}

interface Measured {
  readonly name: string;
  readonly seconds: number;
  readonly cpu: number;
  readonly peak: number;
}

function benchMerge(): void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-merge-'));
  try {
    const files = Array.from({ length: FILES }, (_, index) => writeLog(join(folder, `in${index}.sarif`), index));
    const size = files.reduce((sum, file) => sum + statSync(file).size, 0);
    console.log(`\nmerge ${FILES} files, ${(size / 1e6).toFixed(0)} MB`);
    const own = measure('bartizan merge', process.execPath, [resolve('build/src/cli.js'), 'merge', ...files, '--root', folder, '-o', join(folder, 'own.sarif')]);
    const others = [
      withSarifTools(folder, (sarif) => measure('sarif copy', sarif, ['copy', '-o', join(folder, 'copy.sarif'), ...files])),
      withMultitool((multitool) => measure('multitool merge', multitool, ['merge', ...files, '--output-directory', folder, '--output-file', 'multitool.sarif', '--log', 'ForceOverwrite'])),
    ];
    if (own === undefined) {
      process.exitCode = 1;
      return;
    }
    for (const one of [own, ...others]) {
      if (one === undefined) continue;
      const ratio = one === own ? '' : `, ${(one.seconds / own.seconds).toFixed(1)} times as long (processor ${(one.cpu / own.cpu).toFixed(1)})`;
      console.log(`${one.name.padEnd(16)} ${one.seconds.toFixed(2)} s, processor ${one.cpu.toFixed(2)} s, at most ${one.peak.toFixed(0)} MB${ratio}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A log as static analysis writes it, of a part of the size that is asked for. */
function writeLog(path: string, index: number): string {
  const rules = Array.from({ length: 50 }, (_, rule) => ({ id: `rule-${rule}`, shortDescription: { text: `Rule ${rule}` }, properties: { 'security-severity': String(rule % 10), tags: ['security', 'CWE-79'] } }));
  const head = JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [{ tool: { driver: { name: `Tool ${index}`, version: '1.0', rules } }, results: [] }] }).slice(0, -4);
  const parts = [head];
  let size = head.length;
  for (let i = 0; size < (megabytes * 1e6) / FILES; i++) {
    const line = 1 + (i % 500);
    const result = JSON.stringify({
      ruleId: `rule-${i % 50}`,
      ruleIndex: i % 50,
      level: 'warning',
      message: { text: `Finding ${i}: the value of this expression comes from outside and reaches a place where it is executed.` },
      locations: [{ physicalLocation: { artifactLocation: { uri: `src/module${i % 97}/file${i % 1000}.py`, uriBaseId: '%SRCROOT%' }, region: { startLine: line, startColumn: 5, endLine: line, endColumn: 30, snippet: { text: '    subprocess.call(command, shell=True)\n' } } } }],
      partialFingerprints: { primaryLocationLineHash: `${i.toString(16)}:1` },
      properties: { issue_confidence: 'HIGH', issue_severity: 'HIGH' },
    });
    parts.push(`${i === 0 ? '' : ','}${result}`);
    size += result.length + 1;
  }
  parts.push(']}]}');
  writeFileSync(path, parts.join(''));
  return path;
}

/** Wall time, processor time and peak memory of a program, by GNU time where there is one. */
function measure(name: string, program: string, args: readonly string[]): Measured | undefined {
  const report = join(mkdtempSync(join(tmpdir(), 'bench-time-')), 'time');
  const started = performance.now();
  const ran = spawnSync('/usr/bin/time', ['-f', '%U %S %M', '-o', report, program, ...args], { encoding: 'utf8', timeout: 600_000, maxBuffer: 1 << 26 });
  const seconds = (performance.now() - started) / 1000;
  if (ran.error !== undefined || ran.status !== 0) {
    console.error(`${name}: not measured: ${ran.error?.message ?? `exit code ${ran.status ?? ran.signal ?? '?'}: ${ran.stderr.slice(-500)}`}`);
    return undefined;
  }
  const [user = 0, system = 0, kilobytes = 0] = readFileSync(report, 'utf8').trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return { name, seconds, cpu: user + system, peak: kilobytes / 1000 };
}

/** sarif-tools in an environment of its own, which is kept. */
function withSarifTools(folder: string, run: (program: string) => Measured | undefined): Measured | undefined {
  const home = resolve(`node_modules/.cache/bartizan/sarif-tools-${SARIF_TOOLS}`);
  const program = join(home, 'bin/sarif');
  if (spawnSync(program, ['--version'], { cwd: folder }).status !== 0) {
    const made = spawnSync('python3', ['-m', 'venv', home]).status === 0 && spawnSync(join(home, 'bin/pip'), ['install', '--quiet', `sarif-tools==${SARIF_TOOLS}`]).status === 0;
    if (!made) {
      console.error(`sarif copy: not measured: sarif-tools ${SARIF_TOOLS} could not be installed`);
      return undefined;
    }
  }
  return run(program);
}

function withMultitool(run: (program: string) => Measured | undefined): Measured | undefined {
  const obstacle = multitoolObstacle();
  if (obstacle === undefined) return run(multitoolPath());
  console.error(`multitool merge: not measured: ${obstacle}`);
  return undefined;
}
