import { PackageURL } from 'packageurl-js';
import type { Finding } from '../core/index.js';
import type { Entry } from './entry.js';

/** Advisories of distributions and vendors, which repair several vulnerabilities at once: they join nothing. */
const COLLECTION = /^(?:DSA|DLA|DTSA|USN|RHSA|RHBA|RHEA|ELSA|CESA|ALSA|RLSA|ALAS\w*|SUSE-\w\w|openSUSE-\w\w|GLSA|FEDORA|MGASA|ASA|VMSA|cisco-sa|KB)[-\d]/i;

/**
 * Findings about one package that are the same: equal package (type, normalised name, version) in the same manifest,
 * and identifiers that are aliases of each other, directly or over others' aliases. An advisory with several CVE
 * numbers, and those of distributions, count by their own id only: they would join what is not the same.
 */
export function groupPackages(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const names = new Map<string, string>();
  const packages = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = packageKey(entry.finding, names);
    const known = packages.get(key);
    if (known === undefined) packages.set(key, [entry]);
    else known.push(entry);
  }
  return [...packages.values()].flatMap((members) => (members.length === 1 ? [members] : byAliases(members)));
}

function packageKey(finding: Finding, names: Map<string, string>): string {
  const { purl = '', version = '', manifest = '' } = finding.package ?? {};
  let name = names.get(purl);
  if (name === undefined) {
    name = normalised(purl);
    names.set(purl, name);
  }
  return `${name}\n${version}\n${manifest}`;
}

/** Type, namespace and name as the type's rules have them, without version and qualifiers. */
function normalised(purl: string): string {
  try {
    const { type, namespace, name } = PackageURL.fromString(purl);
    const plain = type === 'pypi' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name;
    return `${type}/${namespace ?? ''}/${plain}`;
  } catch {
    return purl;
  }
}

/** Groups by the closure of aliases: a union-find over identifiers. */
function byAliases(entries: readonly Entry[]): (readonly Entry[])[] {
  const parents = new Map<string, string>();
  const root = (id: string): string => {
    let top = id;
    for (let up = parents.get(top); up !== undefined && up !== top; up = parents.get(top)) top = up;
    // Shorten the way for the next one.
    for (let at = id; at !== top; ) {
      const up = parents.get(at) as string;
      parents.set(at, top);
      at = up;
    }
    return top;
  };
  for (const { finding } of entries) {
    const [first, ...others] = identifiers(finding);
    if (first === undefined) continue;
    if (!parents.has(first)) parents.set(first, first);
    for (const other of others) {
      if (!parents.has(other)) parents.set(other, other);
      parents.set(root(other), root(first));
    }
  }
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = root(identifiers(entry.finding)[0] as string);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [entry]);
    else known.push(entry);
  }
  return [...groups.values()];
}

/** The identifiers that a finding joins; its own rule's alone when it stands for several vulnerabilities. */
function identifiers({ ruleId, package: found }: Finding): readonly string[] {
  const aliases = found?.aliases ?? [];
  const several = COLLECTION.test(ruleId) || aliases.filter((alias) => /^CVE-/i.test(alias)).length > 1;
  const ids = several ? [ruleId] : [ruleId, ...aliases.filter((alias) => !COLLECTION.test(alias))];
  return ids.map((id) => id.toUpperCase());
}
