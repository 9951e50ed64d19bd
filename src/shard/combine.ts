import { findingsOf, type Diagnostic, type Isolation, type Rule, type ScanOutcome, type ScanResult } from '../core/index.js';
import type { CollectedTask } from './collect.js';

const WEAKEST: readonly Isolation['level'][] = ['none', 'partial', 'full'];

/**
 * One result of all tasks of one external scanner, given in the order of its files: the same as if one machine had run it.
 * Failed when one of them is missing or has failed, or when only some machines could start it.
 */
export function combineTasks(tool: ScanResult['tool'], tasks: readonly CollectedTask[]): ScanResult {
  const results = tasks.flatMap((task) => ('found' in task && 'result' in task.found ? [task.found.result] : []));
  const missing = [...new Set(tasks.flatMap((task) => ('missing' in task ? [task.missing] : 'error' in task.found ? [task.found.error] : [])))];
  const [first] = results;
  if (first === undefined) return { tool, rules: [], outcome: { status: 'failed', error: missing.join('; ') || 'it has no part', partial: [] }, diagnostics: [], startedAt: 0, endedAt: 0 };
  if (results.length === 1 && missing.length === 0) return first;
  const ran = results.filter(({ outcome }) => outcome.status !== 'skipped');
  const exitCodes = results.flatMap(({ exitCode }) => exitCode ?? []);
  const failed = results.find(({ outcome }) => outcome.status === 'failed');
  const exitCode = failed === undefined ? (exitCodes.length === 0 ? undefined : Math.max(...exitCodes)) : failed.exitCode;
  const isolation = ran.map((result) => result.isolation).sort((a, b) => WEAKEST.indexOf(a?.level ?? 'full') - WEAKEST.indexOf(b?.level ?? 'full'))[0];
  const versions = [...new Set(results.flatMap(({ tool: { version } }) => version ?? []))];
  return {
    tool: { ...tool, ...(versions[0] !== undefined && { version: versions[0] }) },
    rules: distinct(results.flatMap(({ rules }) => rules), ({ id }) => id),
    outcome: outcomeOf(results, missing),
    diagnostics: [...distinct(results.flatMap(({ diagnostics }) => diagnostics), (diagnostic) => JSON.stringify(diagnostic)), ...differing(tool.name, versions)],
    startedAt: Math.min(...results.map(({ startedAt }) => startedAt)),
    endedAt: Math.max(...results.map(({ endedAt }) => endedAt)),
    ...(exitCode !== undefined && { exitCode }),
    ...(isolation !== undefined && { isolation }),
  };
}

function outcomeOf(results: readonly ScanResult[], missing: readonly string[]): ScanOutcome {
  const findings = results.flatMap(findingsOf);
  const errors = results.flatMap(({ outcome }) => (outcome.status === 'failed' ? [outcome.error] : []));
  const reasons = results.flatMap(({ outcome }) => (outcome.status === 'skipped' ? [outcome.reason] : []));
  if (missing.length + errors.length > 0) return { status: 'failed', error: [...missing, ...errors.slice(0, 1)].join('; '), partial: findings };
  const [reason] = reasons;
  if (reason === undefined) return { status: 'completed', findings };
  if (reasons.length === results.length) return { status: 'skipped', reason };
  return { status: 'failed', error: `only some of the machines could start it: ${reason}`, partial: findings };
}

function distinct<T extends Rule | Diagnostic>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const known = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (!known.has(key)) known.set(key, item);
  }
  return [...known.values()];
}

function differing(tool: string, versions: readonly string[]): Diagnostic[] {
  if (versions.length < 2) return [];
  return [{ level: 'warning', code: 'shard-versions', message: `The machines used different versions of ${tool} (${versions.join(', ')}), so its findings are not those of one version. Install it with \`tools.install: auto\`.` }];
}
