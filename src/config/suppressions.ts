import { PackageURL } from 'packageurl-js';
import { type Diagnostic, isDay, type SuppressionEntry } from '../core/index.js';
import type { Known } from '../core/index.js';
import { describe, type Source } from './problems.js';
import { ruleNames } from '../syntax/rule-name.js';
import type { SuppressionConfig } from './schema.js';

/** More entries than anybody can answer for; also keeps matching cheap. */
const MAX_ENTRIES = 2_000;
/** Of these without a fingerprint, which are tried one by one for every finding. */
const MAX_TRIED = 500;
const MAX_GLOB = 300;
const MAX_GLOB_WILDCARDS = 12;

const SELECTORS = ['rule', 'path', 'fingerprint', 'package'] as const;

/** The entries of `suppressions`, each with its place, and what is wrong with the others. */
export function resolveSuppressions(entries: readonly SuppressionConfig[], known: Known, source: Source): { readonly entries: readonly SuppressionEntry[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  if (entries.length > MAX_ENTRIES) {
    diagnostics.push(source.diagnostic('config-value', `There are ${entries.length} suppressions; at most ${MAX_ENTRIES} are taken. A baseline is for many findings at once.`, ['suppressions'], 'key'));
    return { entries: [], diagnostics };
  }
  const tried = entries.filter(({ fingerprint }) => fingerprint === undefined).length;
  if (tried > MAX_TRIED) {
    diagnostics.push(source.diagnostic('config-value', `There are ${tried} suppressions without a fingerprint; at most ${MAX_TRIED} are taken. A baseline is for many findings at once.`, ['suppressions'], 'key'));
    return { entries: [], diagnostics };
  }
  const resolveRule = ruleNames(known);
  const resolved = entries.map((entry, index): SuppressionEntry => {
    const wrong = (key: keyof SuppressionConfig | undefined, message: string): void => {
      const path = ['suppressions', index, ...(key === undefined ? [] : [key])];
      diagnostics.push(source.diagnostic('config-suppression', message, path, 'value'));
    };
    if (entry.reason === undefined || entry.reason.trim() === '') {
      wrong(entry.reason === undefined ? undefined : 'reason', 'A suppression needs a `reason`: why these findings do not count, in words.');
    }
    if (SELECTORS.every((key) => entry[key] === undefined)) {
      wrong(undefined, `A suppression needs at least one of ${SELECTORS.map((key) => `\`${key}\``).join(', ')}; otherwise it would silence everything.`);
    }
    const rule = entry.rule === undefined ? undefined : resolveRule(entry.rule);
    if (rule?.ok === false) wrong('rule', rule.problem);
    if (entry.path !== undefined) {
      const problem = globProblem(entry.path);
      if (problem !== undefined) wrong('path', `\`path\` is ${describe(entry.path)}; ${problem}.`);
    }
    if (entry.fingerprint !== undefined && !/^[0-9a-f]{32}$/.test(entry.fingerprint)) {
      wrong('fingerprint', `\`fingerprint\` is ${describe(entry.fingerprint)}; it must be the 32 hexadecimal digits that reports call \`bartizan/v1\`.`);
    }
    if (entry.package !== undefined && !isPackageUrl(entry.package)) {
      wrong('package', `\`package\` is ${describe(entry.package)}; it must be a package URL such as \`pkg:npm/lodash\` or \`pkg:npm/lodash@4.17.20\`.`);
    }
    if (entry.expires !== undefined && !isDay(entry.expires)) {
      wrong('expires', `\`expires\` is ${describe(entry.expires)}; it must be a day that exists, written \`YYYY-MM-DD\`.`);
    }
    const { path, region } = source.diagnostic('', '', ['suppressions', index], 'value');
    return {
      kind: 'external',
      by: 'bartizan',
      reason: (entry.reason ?? '').trim(),
      place: { path: path ?? '', ...(region !== undefined && { region: { ...region, endLine: region.startLine, endColumn: region.startColumn } }) },
      ...(rule?.ok === true && { rule: rule.rule }),
      ...(entry.path !== undefined && { path: entry.path }),
      ...(entry.fingerprint !== undefined && { fingerprint: entry.fingerprint }),
      ...(entry.package !== undefined && { package: entry.package }),
      ...(entry.owner !== undefined && { owner: entry.owner }),
      ...(entry.expires !== undefined && { expires: entry.expires }),
    };
  });
  return { entries: resolved, diagnostics };
}

function globProblem(glob: string): string | undefined {
  if (glob.length > MAX_GLOB || (glob.match(/[*?]+|[{(]/g) ?? []).length > MAX_GLOB_WILDCARDS) return `a glob has at most ${MAX_GLOB} characters and ${MAX_GLOB_WILDCARDS} wildcards`;
  if (glob.startsWith('/') || glob.includes('\\') || glob.split('/').includes('..')) return 'it must be relative to the top of the repository, with `/` and without `..`';
  if (glob.startsWith('!')) return 'it names files that are meant, not those that are not';
  return undefined;
}

function isPackageUrl(text: string): boolean {
  try {
    PackageURL.fromString(text);
    return true;
  } catch {
    return false;
  }
}
