import { CONFIDENCES, plural, POLICIES_TOOL, severityRank, SEVERITIES, type ConfigurationChange, type PolicySettings, type SandboxMode, type FailOn, type Settings, type Severity, type Thresholds } from '../core/index.js';

/** What one commit says about the gate. */
export interface ConfigurationSide {
  readonly settings: Settings;
  /** Texts of custom policies by path. */
  readonly policies: ReadonlyMap<string, string>;
  /** Known findings by fingerprint; empty without a committed baseline. */
  readonly baseline: ReadonlyMap<string, Severity>;
}

/** Names that are listed; the rest is counted. */
const NAMED = 3;

/**
 * What a pull request changes about the gate, in verb phrases such as "adds 2 suppressions", weaker ones first. Compares
 * what the two configurations mean, not how they are written.
 */
export function configurationChanges(base: ConfigurationSide, head: ConfigurationSide): readonly ConfigurationChange[] {
  const changes = [
    ...thresholds(base.settings, head.settings),
    ...suppressions(base.settings, head.settings),
    ...baseline(base.baseline, head.baseline),
    ...selections(base.settings, head.settings),
    ...policies(base.settings, head.settings),
    ...scanners(base.settings, head.settings),
    ...customPolicies(base.policies, head.policies),
    ...others(base.settings, head.settings),
  ];
  return changes.toSorted((a, b) => Number(b.weaker) - Number(a.weaker));
}

type Changes = ConfigurationChange[];

function change(text: string, weaker: boolean): ConfigurationChange {
  return { text, weaker };
}

/** A value on a scale, where a higher rank lets less pass. */
function scale(name: string, from: string, to: string, rank: (value: string) => number): Changes {
  if (from === to) return [];
  const weaker = rank(to) < rank(from);
  return [change(`${weaker ? 'weakens' : 'tightens'} \`${name}\` from ${from} to ${to}`, weaker)];
}

function thresholds(base: Settings, head: Settings): Changes {
  const failing = (value: string): number => (value === 'never' ? -1 : SEVERITIES.length - severityRank(value as Severity));
  const sure = (value: string): number => CONFIDENCES.indexOf(value as (typeof CONFIDENCES)[number]);
  return [
    ...scale('fail-on', base.failOn, head.failOn, failing),
    ...scale('confidence', base.confidence, head.confidence, sure),
    ...scale('on-scanner-error', base.onScannerError, head.onScannerError, (value) => Number(value === 'error')),
    ...specific(base.thresholds ?? {}, head.thresholds ?? {}, failing),
    ...limits('max-known', base.maxKnown ?? {}, head.maxKnown ?? {}),
    ...limits('max-findings', base.maxFindings ?? {}, head.maxFindings ?? {}),
    ...scale('report-from', base.reportFrom ?? 'note', head.reportFrom ?? 'note', failing),
    ...scale('grace-days', String(base.graceDays ?? 0), String(head.graceDays ?? 0), (days) => -Number(days)),
    ...flag('new-only', base.newOnly === true, head.newOnly === true, true),
  ];
}

/** A threshold that comes or goes may let more pass or less: which, depends on the findings. */
function specific(base: Thresholds, head: Thresholds, failing: (value: string) => number): Changes {
  return (['category', 'scanner', 'confidence'] as const).flatMap((kind) => {
    const [before, after]: Readonly<Record<string, FailOn>>[] = [base[kind] ?? {}, head[kind] ?? {}];
    return [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort().flatMap((name) => {
      const [from, to] = [before?.[name], after?.[name]];
      const setting = `fail-on.${kind}.${name}`;
      if (from === to) return [];
      if (from !== undefined && to !== undefined) return scale(setting, from, to, failing);
      return [change(to === undefined ? `removes \`${setting}\` (${from ?? ''})` : `sets \`${setting}\` to ${to}`, true)];
    });
  });
}

function limits(name: string, base: NonNullable<Settings['maxKnown']>, head: NonNullable<Settings['maxKnown']>): Changes {
  return SEVERITIES.flatMap((severity) => {
    const [from, to] = [base[severity], head[severity]];
    if (from === to) return [];
    const weaker = to === undefined || (from !== undefined && to > from);
    return [change(`${to === undefined ? 'removes' : from === undefined ? 'sets' : weaker ? 'raises' : 'lowers'} \`${name}.${severity}\`${from === undefined ? '' : ` from ${from}`}${to === undefined ? '' : ` to ${to}`}`, weaker)];
  });
}

function flag(name: string, from: boolean, to: boolean, weakerWhenOn: boolean): Changes {
  return from === to ? [] : [change(`switches \`${name}\` ${to ? 'on' : 'off'}`, to === weakerWhenOn)];
}

function suppressions(base: Settings, head: Settings): Changes {
  const keys = ({ suppressions: entries = [] }: Settings): string[] =>
    entries.map(({ rule, path, fingerprint, vulnerability, package: purl, expires }) => JSON.stringify([rule, path, fingerprint, vulnerability, purl, expires]));
  const { added, removed } = difference(keys(base), keys(head));
  return [
    ...(added.length > 0 ? [change(`adds ${plural(added.length, 'suppression')}`, true)] : []),
    ...(removed.length > 0 ? [change(`removes ${plural(removed.length, 'suppression')}`, false)] : []),
  ];
}

function baseline(base: ConfigurationSide['baseline'], head: ConfigurationSide['baseline']): Changes {
  let added = 0;
  let worse = 0;
  for (const [fingerprint, severity] of head) {
    const before = base.get(fingerprint);
    if (before === undefined) added++;
    else if (severityRank(severity) > severityRank(before)) worse++;
  }
  let removed = 0;
  for (const fingerprint of base.keys()) if (!head.has(fingerprint)) removed++;
  return [
    ...(added > 0 ? [change(`adds ${plural(added, 'known finding')} to the baseline`, true)] : []),
    ...(worse > 0 ? [change(`raises the severity of ${plural(worse, 'known finding')} in the baseline`, true)] : []),
    ...(removed > 0 ? [change(`removes ${plural(removed, 'known finding')} from the baseline`, false)] : []),
  ];
}

/** An empty list of what alone is looked at means everything. */
function selections(base: Settings, head: Settings): Changes {
  const out: Changes = [];
  for (const key of ['exclude', 'skip'] as const) {
    const { added, removed } = difference(base[key], head[key]);
    if (added.length > 0) out.push(change(`adds ${named(added)} to \`${key}\``, true));
    if (removed.length > 0) out.push(change(`takes ${named(removed)} out of \`${key}\``, false));
  }
  for (const key of ['include', 'only'] as const) {
    const { added, removed } = difference(base[key], head[key]);
    if (added.length === 0 && removed.length === 0) continue;
    if (head[key].length === 0) out.push(change(`removes \`${key}\``, false));
    else if (base[key].length === 0) out.push(change(`limits the scan by \`${key}\` to ${named(head[key])}`, true));
    else out.push(change(`changes \`${key}\` to ${named(head[key])}`, removed.length > 0));
  }
  out.push(...flag('external', base.external, head.external, false), ...flag('online', base.online === true, head.online === true, false));
  return out;
}

function policies(base: Settings, head: Settings): Changes {
  const off = (one: PolicySettings | undefined): boolean => one?.enabled === false;
  const ids = [...new Set([...Object.keys(base.policies), ...Object.keys(head.policies)])].sort();
  const disabled = ids.filter((id) => !off(base.policies[id]) && off(head.policies[id]));
  const enabled = ids.filter((id) => off(base.policies[id]) && !off(head.policies[id]));
  const both = ids.filter((id) => !off(base.policies[id]) && !off(head.policies[id]));
  const severities = both.filter((id) => base.policies[id]?.severity !== head.policies[id]?.severity);
  const options = both.filter((id) => stable(base.policies[id]?.options) !== stable(head.policies[id]?.options));
  return [
    ...(disabled.length > 0 ? [change(`switches off ${counted(disabled, 'policy', 'policies')}`, true)] : []),
    ...(severities.length > 0 ? [change(`changes the severity of ${counted(severities, 'policy', 'policies')}`, true)] : []),
    ...(options.length > 0 ? [change(`changes options of ${counted(options, 'policy', 'policies')}`, true)] : []),
    ...(enabled.length > 0 ? [change(`switches on ${counted(enabled, 'policy', 'policies')}`, false)] : []),
  ];
}

function scanners(base: Settings, head: Settings): Changes {
  const names = [...new Set([...Object.keys(base.scanners), ...Object.keys(head.scanners)])].filter((name) => name !== POLICIES_TOOL).sort();
  const on = (side: Settings, name: string): boolean => side.scanners[name]?.enabled !== false;
  const disabled = names.filter((name) => on(base, name) && !on(head, name));
  const enabled = names.filter((name) => !on(base, name) && on(head, name));
  const changed = names.filter((name) => on(base, name) && on(head, name) && stable(base.scanners[name]?.options) !== stable(head.scanners[name]?.options));
  const rules = names.flatMap((name) => difference(base.scanners[name]?.skip ?? [], head.scanners[name]?.skip ?? []).added.map((rule) => `${name}/${rule}`));
  return [
    ...(disabled.length > 0 ? [change(`switches off ${counted(disabled, 'scanner')}`, true)] : []),
    ...(rules.length > 0 ? [change(`leaves out ${named(rules)}`, true)] : []),
    ...(changed.length > 0 ? [change(`changes options of ${counted(changed, 'scanner')}`, true)] : []),
    ...(enabled.length > 0 ? [change(`switches on ${counted(enabled, 'scanner')}`, false)] : []),
  ];
}

function customPolicies(base: ConfigurationSide['policies'], head: ConfigurationSide['policies']): Changes {
  const paths = [...new Set([...base.keys(), ...head.keys()])].sort();
  const added = paths.filter((path) => !base.has(path));
  const removed = paths.filter((path) => !head.has(path));
  const changed = paths.filter((path) => base.has(path) && head.has(path) && base.get(path) !== head.get(path));
  return [
    ...(removed.length > 0 ? [change(`removes ${counted(removed, 'custom policy file')}`, true)] : []),
    ...(changed.length > 0 ? [change(`changes ${counted(changed, 'custom policy file')}`, true)] : []),
    ...(added.length > 0 ? [change(`adds ${counted(added, 'custom policy file')}`, false)] : []),
  ];
}

function others(base: Settings, head: Settings): Changes {
  const confinement = (value: string): number => (['off', 'auto', 'required'] satisfies SandboxMode[]).indexOf(value as SandboxMode);
  const strictness = (value: string): number => ['allow', 'approved', 'refuse'].indexOf(value);
  const approvers = difference(base.suppressionApprovers ?? [], head.suppressionApprovers ?? []);
  return [
    ...scale('sandbox', base.sandbox ?? 'auto', head.sandbox ?? 'auto', confinement),
    ...scale('config-source', base.configSource ?? 'base', head.configSource ?? 'base', (value) => Number(value === 'base')),
    ...scale('foreign-suppressions', base.foreignSuppressions ?? 'honour', head.foreignSuppressions ?? 'honour', (value) => Number(value === 'report')),
    ...scale('new-inline-suppressions', base.newInlineSuppressions ?? 'refuse', head.newInlineSuppressions ?? 'refuse', strictness),
    ...(approvers.added.length > 0 ? [change(`adds ${named(approvers.added)} to \`suppression-approvers\``, true)] : []),
    ...(approvers.removed.length > 0 ? [change(`takes ${named(approvers.removed)} out of \`suppression-approvers\``, false)] : []),
    ...(stable(base.tools) === stable(head.tools) ? [] : [change('changes where scanners come from (`tools`)', true)]),
    ...((base.baseline ?? 'auto') === (head.baseline ?? 'auto') ? [] : [change(`changes \`baseline\` to ${head.baseline ?? 'auto'}`, true)]),
  ];
}

/** What one list has more of than the other; equal entries are counted. */
function difference(from: readonly string[], to: readonly string[]): { readonly added: readonly string[]; readonly removed: readonly string[] } {
  const left = new Map<string, number>();
  for (const entry of from) left.set(entry, (left.get(entry) ?? 0) + 1);
  const added = to.filter((entry) => {
    const count = left.get(entry) ?? 0;
    if (count > 0) left.set(entry, count - 1);
    return count === 0;
  });
  return { added, removed: [...left].flatMap(([entry, count]) => Array.from({ length: count }, () => entry)) };
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map((name) => `\`${name.length > 80 ? `${name.slice(0, 80)}…` : name}\``);
  return names.length > NAMED ? `${shown.join(', ')} and ${names.length - NAMED} more` : shown.join(', ');
}

/** `2 scanners (bandit, trivy)` */
function counted(names: readonly string[], one: string, many = `${one}s`): string {
  return `${names.length} ${names.length === 1 ? one : many} (${named(names)})`;
}

function stable(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  return `{${Object.entries(value).filter(([, one]) => one !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => `${JSON.stringify(key)}:${stable(one)}`).join(',')}}`;
}
