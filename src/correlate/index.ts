import { randomBytes } from 'node:crypto';
import type { Rule, ScanResult } from '../core/index.js';
import { correlate } from './correlate.js';
import { createEquivalents } from './equivalents.js';
import { secretHashes } from './secrets.js';

/** {@link correlate} with the curated tables, what the policies say (those among the rules when not given), and credentials read from `source`. */
export function correlateResults(
  results: readonly ScanResult[],
  source: (path: string) => string | undefined,
  policies: readonly Rule[] = results.find(({ tool }) => tool.name === 'policies')?.rules ?? [],
): readonly ScanResult[] {
  return correlate(results, createEquivalents(policies), secretHashes(source, randomBytes(32)));
}

/**
 * One result per tool: several runs of one tool, as logs to be merged have them, become one. A tool of which one
 * run failed has failed. Tools by name, the order of the logs doesn't matter for what is found.
 */
export function combineByTool(results: readonly ScanResult[]): readonly ScanResult[] {
  const tools = new Map<string, ScanResult[]>();
  for (const result of results) {
    const known = tools.get(result.tool.name);
    if (known === undefined) tools.set(result.tool.name, [result]);
    else known.push(result);
  }
  return [...tools.values()].map(combine);
}

function combine(results: readonly ScanResult[]): ScanResult {
  const [first] = results as readonly [ScanResult, ...ScanResult[]];
  if (results.length === 1) return first;
  const rules = new Map(results.flatMap((result) => result.rules).map((rule) => [rule.id, rule]));
  const errors = results.flatMap(({ outcome }) => (outcome.status === 'failed' ? [outcome.error] : []));
  const ran = results.filter(({ outcome }) => outcome.status !== 'skipped');
  const findings = results.flatMap(({ outcome }) => (outcome.status === 'completed' ? outcome.findings : outcome.status === 'failed' ? outcome.partial : []));
  const starts = results.map(({ startedAt }) => startedAt).filter((time) => time > 0);
  return {
    ...(results.find(({ tool }) => tool.version !== undefined) ?? first),
    rules: [...rules.values()],
    outcome: errors.length > 0 ? { status: 'failed', error: errors.join('; '), partial: findings } : ran.length === 0 ? first.outcome : { status: 'completed', findings },
    diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
    startedAt: starts.length === 0 ? 0 : Math.min(...starts),
    endedAt: Math.max(...results.map(({ endedAt }) => endedAt)),
  };
}
