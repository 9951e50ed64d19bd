import picomatch from 'picomatch';
import { joinWords } from '../core/index.js';
import type { FileEntry, Inventory, Scanner, Settings } from '../core/index.js';

/** Whether one scanner is started and why, in words: the data of `--explain-plan`. */
export interface PlanEntry {
  readonly scanner: Scanner;
  readonly decision: 'run' | 'skip';
  readonly reason: string;
  /** The files that it is asked to read; empty when skipped. */
  readonly files: readonly FileEntry[];
  /** Settings for its adapter. */
  readonly options: Readonly<Record<string, unknown>>;
  /** True when the result of this rule is wanted. */
  readonly wantsRule: (ruleId: string) => boolean;
}

/** Entries in the order of the scanners' names. */
export type Plan = readonly PlanEntry[];

/**
 * Decides which external scanners are started: those that are enabled, selected by `only` and
 * `skip`, and that apply to what was found. Pure; whether a program is installed is seen at its start.
 *
 * An entry of `only` or `skip` means a scanner when it is its name (`bandit`), and rules of a
 * scanner when it is `<scanner>/<id or glob>` (`bandit/B6*`); any other entry is about policies.
 */
export function planScanners(scanners: readonly Scanner[], inventory: Inventory, settings: Settings): Plan {
  return [...scanners]
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map((scanner) => planScanner(scanner, inventory, settings));
}

function planScanner(scanner: Scanner, inventory: Inventory, settings: Settings): PlanEntry {
  const { name } = scanner;
  const own = settings.scanners[name];
  const options = own?.options ?? {};
  const wantsRule = ruleFilter(name, settings);
  const skip = (reason: string): PlanEntry => ({ scanner, decision: 'skip', reason, files: [], options, wantsRule });

  if (!settings.external) return skip('external scanners are switched off');
  if (own?.enabled === false) return skip('switched off in the configuration');
  if (settings.skip.includes(name)) return skip('left out by `skip`');
  if (settings.only.length > 0 && !settings.only.some((entry) => entry === name || entry.startsWith(`${name}/`))) {
    return skip('not selected by `only`');
  }
  const { network } = scanner.capabilities;
  if (network.length > 0 && own?.enabled !== true && !settings.only.includes(name)) {
    return skip(`it sends data to ${joinWords(network)}; switch it on by its name in the configuration`);
  }
  const applicability = scanner.applies(inventory, options);
  if (!applicability.applies) return skip(applicability.reason);
  const { reason, files } = applicability;
  return { scanner, decision: 'run', reason, files, options, wantsRule };
}

/** Which rules of a scanner are reported, by the scanner's own `skip` and the general `only` and `skip`. */
function ruleFilter(name: string, settings: Settings): (ruleId: string) => boolean {
  const prefix = `${name}/`;
  const own = (entries: readonly string[]): string[] =>
    entries.filter((entry) => entry.startsWith(prefix)).map((entry) => entry.slice(prefix.length));
  const skipped = [...own(settings.skip), ...(settings.scanners[name]?.skip ?? [])];
  const wanted = settings.only.includes(name) ? [] : own(settings.only);
  const isSkipped = matcher(skipped);
  const isWanted = wanted.length === 0 ? () => true : matcher(wanted);
  return (ruleId) => isWanted(ruleId) && !isSkipped(ruleId);
}

function matcher(patterns: readonly string[]): (text: string) => boolean {
  if (patterns.length === 0) return () => false;
  const exact = new Set(patterns);
  const globs = patterns.filter((pattern) => pattern.includes('*')).map((pattern) => picomatch(pattern));
  return (text) => exact.has(text) || globs.some((matches) => matches(text));
}
