import picomatch from 'picomatch';
import { dayOf, placeOf, plural, type Diagnostic, type Finding, type ScanResult, type Settings, type SuppressionEntry } from '../core/index.js';
import { isPattern } from '../syntax/name-pattern.js';
import { namesOf, ruleTest } from '../syntax/rule-name.js';

/** The entries of the configuration at work. */
export interface Entries {
  /** The first entry in force that selects a finding; entries that ended are only counted. */
  find(finding: Finding): SuppressionEntry | undefined;
  /** What is to be said about them once every finding was looked at. */
  diagnostics(results: readonly ScanResult[], settings: Settings, scanners: readonly string[]): readonly Diagnostic[];
}

interface State {
  readonly entry: SuppressionEntry;
  readonly expired: boolean;
  readonly matches: (finding: Finding, names: readonly string[]) => boolean;
  used: number;
}

/** Prepares entries for many findings: those with a fingerprint or an exact rule are looked up, the others tried one by one. */
export function createEntries(entries: readonly SuppressionEntry[], now: number): Entries {
  const today = dayOf(now);
  const states = entries.map((entry): State => ({ entry, expired: entry.expires !== undefined && entry.expires < today, matches: matcherOf(entry), used: 0 }));
  const byKey = new Map<string, State[]>();
  const others: State[] = [];
  for (const state of states) {
    const keys = keysOf(state.entry);
    if (keys.length === 0) others.push(state);
    for (const key of keys) {
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [state]);
      else known.push(state);
    }
  }
  return {
    find(finding) {
      if (states.length === 0) return undefined;
      const names = namesOf(finding);
      const keys = [...names.map((name) => `rule ${name}`), ...vulnerabilities(finding).map((id) => `vulnerability ${id}`), `fingerprint ${finding.fingerprints['bartizan/v1'] ?? ''}`];
      let found: SuppressionEntry | undefined;
      for (const group of [...keys.map((key) => byKey.get(key) ?? []), others]) {
        for (const state of group) {
          if (found !== undefined && !state.expired) {
            // Not needed for this finding, but not unused either.
            if (state.used === 0 && state.matches(finding, names)) state.used++;
          } else if (state.matches(finding, names)) {
            state.used++;
            if (!state.expired) found = state.entry;
          }
        }
      }
      return found;
    },
    diagnostics: (results, settings, scanners) => states.flatMap((state) => said(state, results, settings, scanners)),
  };
}

function keysOf({ fingerprint, rule, vulnerability }: SuppressionEntry): readonly string[] {
  if (fingerprint !== undefined) return [`fingerprint ${fingerprint}`];
  if (vulnerability !== undefined) return vulnerability.map((id) => `vulnerability ${id}`);
  return rule === undefined || isPattern(rule) ? [] : [`rule ${rule}`];
}

/** Every id of the advisory, in upper case; none when it is not about a package. */
function vulnerabilities({ ruleId, package: dependency }: Finding): readonly string[] {
  return dependency === undefined ? [] : [...new Set([ruleId, ...dependency.aliases].map((id) => id.toUpperCase()))];
}

function matcherOf(entry: SuppressionEntry): State['matches'] {
  const rule = entry.rule === undefined ? undefined : ruleTest(entry.rule);
  const path = entry.path === undefined ? undefined : rememberLast(picomatch(entry.path.replace(/^(?:\.\/)+/, ''), { dot: true }));
  return (finding, names) =>
    (entry.fingerprint === undefined || finding.fingerprints['bartizan/v1'] === entry.fingerprint) &&
    (rule === undefined || rule(names)) &&
    (entry.vulnerability === undefined || vulnerabilities(finding).some((id) => entry.vulnerability?.includes(id) === true)) &&
    (path === undefined || path(finding.locations[0].path)) &&
    (entry.package === undefined || isPackage(finding.package?.purl, entry.package));
}

/** Findings come file by file: the answer for the last path is kept. */
function rememberLast(test: (path: string) => boolean): (path: string) => boolean {
  let last: { readonly path: string; readonly answer: boolean } | undefined;
  return (path) => {
    if (last?.path !== path) last = { path, answer: test(path) };
    return last.answer;
  };
}

/** A package URL without version means every version. */
function isPackage(purl: string | undefined, wanted: string): boolean {
  if (purl === undefined || !purl.startsWith(wanted)) return false;
  return purl.length === wanted.length || '@?#'.includes(purl.charAt(wanted.length));
}

function said(state: State, results: readonly ScanResult[], settings: Settings, scanners: readonly string[]): Diagnostic[] {
  const { entry, expired, used } = state;
  const at = (level: Diagnostic['level'], code: string, message: string): Diagnostic[] => [{ level, code, message, ...entry.place }];
  if (expired && used > 0) {
    const who = entry.owner === undefined ? '' : ` (${entry.owner})`;
    return at('warning', 'suppression-expired', `This suppression ended on ${entry.expires ?? ''}${who}: ${plural(used, 'finding')} ${used === 1 ? 'counts' : 'count'} again. Repair ${used === 1 ? 'it' : 'them'}, or decide anew.`);
  }
  if (expired) return at('note', 'suppression-expired', `This suppression ended on ${entry.expires ?? ''} and selects nothing any more: delete it.`);
  // Documents and lists of other tools are about more than one scan.
  if (used > 0 || entry.by !== 'bartizan' || !wasLookedFor(entry, results, settings, scanners)) return [];
  return at('note', 'suppression-unused', `This suppression selects no finding of this scan. Delete it if what it was for is repaired (${describeEntry(entry)}).`);
}

/** A part of the repository or of the scanners says nothing about entries for the rest. */
function wasLookedFor({ rule }: SuppressionEntry, results: readonly ScanResult[], settings: Settings, scanners: readonly string[]): boolean {
  if (settings.include.length > 0) return false;
  if (rule !== undefined) return ruleWasApplied(rule, results, settings, scanners);
  return settings.only.length === 0 && results.every(({ outcome }) => outcome.status !== 'failed');
}

/** Whether the scanner of a rule finished and the rule is not turned off; `scanners` are the names that external rules begin with. */
export function ruleWasApplied(rule: string, results: readonly ScanResult[], settings: Settings, scanners: readonly string[]): boolean {
  const finished = new Set(results.filter(({ outcome }) => outcome.status === 'completed').map(({ tool }) => tool.name));
  const scanner = scanners.find((name) => rule.startsWith(`${name}/`));
  if (scanner !== undefined) return finished.has(scanner);
  return finished.has('policies') && settings.policies[rule]?.enabled !== false;
}

function describeEntry({ rule, path, fingerprint, package: purl }: SuppressionEntry): string {
  return [rule, path === undefined ? undefined : placeOf({ path }), fingerprint, purl].filter((part) => part !== undefined).join(', ');
}
