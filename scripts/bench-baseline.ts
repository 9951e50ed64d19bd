/**
 * `npm run bench:baseline`: how long it takes to read a baseline of 50,000 findings and to match as many with it, of which
 * most are where they were, some moved with their folder, some are gone and some are new. Prints wall and processor time.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findingsOf, type Finding, type ScanResult } from '../src/core/index.js';
import { openFiles } from '../src/io/files.js';
import { BASELINE_FILE, baselineOf, baselineText, compareWithBaseline, readBaseline } from '../src/triage/baseline.js';

const KNOWN = 50_000;

const before = resultOf(Array.from({ length: KNOWN }, (_, index) => findingOf(index, `folder${index % 500}`)));
const now = resultOf(Array.from({ length: KNOWN }, (_, index) => findingOf(index % 50 === 0 ? index + KNOWN : index, index % 20 === 0 ? 'moved' : `folder${index % 500}`)));
const text = baselineText(baselineOf(before, []));
const folder = mkdtempSync(join(tmpdir(), 'bartizan-bench-'));
try {
  writeFileSync(join(folder, BASELINE_FILE), text);
  const files = openFiles(folder);
  for (const round of ['first', 'second', 'third']) {
    const started = performance.now();
    const cpu = process.cpuUsage();
    const entries = readBaseline(files, 'auto');
    const read = performance.now();
    const compared = compareWithBaseline(now, entries);
    const ended = performance.now();
    const { user, system } = process.cpuUsage(cpu);
    const states = new Map<string, number>();
    for (const { baselineState = 'none' } of compared.flatMap(findingsOf)) states.set(baselineState, (states.get(baselineState) ?? 0) + 1);
    const absent = compared.reduce((sum, result) => sum + (result.absent?.length ?? 0), 0);
    const counts = [...states, ['absent', absent]].map(([state, count]) => `${count} ${state}`).join(', ');
    console.log(`${entries?.length ?? 0} known findings (${Math.round(text.length / 1000)} kB), ${round} time: read ${Math.round(read - started)} ms, matched ${Math.round(ended - read)} ms, processor ${Math.round((user + system) / 1000)} ms; ${counts}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function findingOf(index: number, directory: string): Finding {
  const hex = (number: number): string => number.toString(16).padStart(32, '0');
  const stays = directory !== 'moved';
  return {
    ruleId: `group/rule-${index % 40}`, tool: 'policies', severity: 'medium', confidence: 'high', message: `finding ${index}`, reasons: [], related: [], flow: [], alsoReportedBy: [],
    fingerprints: { 'bartizan/v1': hex(index + (stays ? 0 : 1e9)), 'bartizan/moved/v1': hex(index + 2e9) },
    locations: [{ path: `${directory}/file${index % 1000}.yml`, region: { startLine: 1 + (index % 900), startColumn: 1, endLine: 1 + (index % 900), endColumn: 2 } }],
  };
}

function resultOf(findings: readonly Finding[]): readonly ScanResult[] {
  return [{ tool: { name: 'policies' }, rules: [], outcome: { status: 'completed', findings }, diagnostics: [], startedAt: 0, endedAt: 0 }];
}
