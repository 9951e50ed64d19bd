import { PackageURL } from 'packageurl-js';
import { compareText, type FindingPackage } from '../core/index.js';
import { isObject, own, type JsonObject } from './read-values.js';

/** What a package is read from: texts that tools write for persons, since SARIF has no place for packages. */
export interface PackageSource {
  readonly ruleId: string;
  readonly message: string;
  /** The rule as the log describes it; empty when it does not. */
  readonly descriptor: JsonObject;
  readonly result: JsonObject;
  /** Workspace path of the primary location. */
  readonly path: string;
}

type Reader = (source: PackageSource) => Found | undefined;

interface Found {
  /** Type of the package URL; by the name of the manifest when undefined. */
  readonly type: string | undefined;
  readonly name: string;
  readonly version: string;
  readonly aliases: readonly string[];
  readonly fixedVersions: readonly string[];
}

/** Longest text that is looked at. */
const MAX_TEXT = 20_000;

/** By the lower-case name of the tool. Forms as of osv-scanner 2, Trivy 0.56, Grype 0.80 and Snyk's command line 1.129x. */
const READERS: readonly (readonly [RegExp, Reader])[] = [
  [/^osv-scanner$/, readOsv],
  [/^trivy$/, readTrivy],
  [/^grype$/, readGrype],
  [/^snyk (?:open source|container)$|^snyk$/, readSnyk],
];

/**
 * Reads the package that a result is about from logs of tools that scan dependencies, so that it is known as the same
 * as another tool's. A result whose text has another form has no package.
 */
export function packageReader(tool: string): (source: PackageSource) => FindingPackage | undefined {
  const name = tool.toLowerCase();
  const read = READERS.find(([pattern]) => pattern.test(name))?.[1];
  return (source) => fromPackageUrl(source) ?? (read === undefined ? undefined : toPackage(read(source), source));
}

/** A logical location that is a package URL, as OWASP Dependency-Check writes it, says it for every tool. */
function fromPackageUrl({ result, ruleId, path }: PackageSource): FindingPackage | undefined {
  const [location] = listOf(result, 'locations');
  const [logical] = isObject(location) ? listOf(location, 'logicalLocations') : [];
  const written = isObject(logical) ? own(logical, 'fullyQualifiedName') : undefined;
  if (typeof written !== 'string' || !written.startsWith('pkg:') || written.length > 2_000) return undefined;
  try {
    const purl = PackageURL.fromString(written);
    return { purl: purl.toString(), version: purl.version ?? '', manifest: path, aliases: [ruleId], fixedVersions: [] };
  } catch {
    return undefined;
  }
}

function toPackage(found: Found | undefined, { path, ruleId }: PackageSource): FindingPackage | undefined {
  const type = found?.type ?? typeOfManifest(path);
  if (found === undefined || type === undefined) return undefined;
  const separator = type === 'maven' ? ':' : ['npm', 'golang', 'composer', 'swift'].includes(type) ? '/' : undefined;
  const at = separator === undefined ? -1 : found.name.lastIndexOf(separator);
  try {
    const purl = new PackageURL(type, at === -1 ? undefined : found.name.slice(0, at), found.name.slice(at + 1), found.version === '' ? undefined : found.version, undefined, undefined);
    return {
      purl: purl.toString(),
      version: found.version,
      manifest: path,
      aliases: sorted(found.aliases.length === 0 ? [ruleId] : found.aliases),
      fixedVersions: sorted(found.fixedVersions),
    };
  } catch {
    return undefined;
  }
}

/** `Package 'name@1.0' is vulnerable to 'CVE-1' (also known as 'GHSA-2', 'PYSEC-3').`, aliases and repairs by the rule. */
function readOsv({ message, descriptor, ruleId }: PackageSource): Found | undefined {
  const [, name, version, id, others = ''] = /^Package '([^']{1,300})@([^'@]{1,200})' is vulnerable to '([^']{1,200})'(?: \(also known as ([^)]{1,2000})\))?/.exec(message) ?? [];
  if (name === undefined || version === undefined || id === undefined) return undefined;
  const aliases = [ruleId, id, ...[...others.matchAll(/'([^']{1,200})'/g)].map((match) => match[1] as string), ...listOf(descriptor, 'deprecatedIds').filter((alias) => typeof alias === 'string')];
  const help = textOf(descriptor, 'help', 'markdown');
  const rows = help.slice(Math.max(0, help.indexOf('### Fixed Versions'))).split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const fixedVersions = rows.filter((cells) => cells.length === 5 && cells[2] === name).map((cells) => cells[3] as string);
  return { type: undefined, name, version, aliases, fixedVersions: help.includes('### Fixed Versions') ? fixedVersions.filter((fixed) => /^\d/.test(fixed)) : [] };
}

/** Lines `Package: `, `Installed Version: `, `Vulnerability `, `Fixed Version: `; of packages of languages only, since the distribution is not said. */
function readTrivy({ message, descriptor, ruleId }: PackageSource): Found | undefined {
  if (own(descriptor, 'name') !== 'LanguageSpecificPackageVulnerability') return undefined;
  const line = linesOf(message);
  const name = line('Package: ');
  const version = line('Installed Version: ');
  return name === undefined || version === undefined ? undefined : { type: undefined, name, version, aliases: [ruleId], fixedVersions: versions(line('Fixed Version: ')) };
}

/** Rules are `<advisory>-<package>`, and their help has lines `Package: `, `Version: `, `Fix Version: `, `Type: `. */
function readGrype({ message, descriptor, ruleId }: PackageSource): Found | undefined {
  const line = linesOf(textOf(descriptor, 'help', 'text'));
  const name = line('Package: ');
  const id = line('Vulnerability ');
  const type = GRYPE_TYPES.get(line('Type: ') ?? '');
  if (name === undefined || id === undefined || type === undefined || !ruleId.startsWith(id)) return undefined;
  // A rule stands for all versions of a package that have the vulnerability: the result says which.
  const version = /\bversion ([^\s,]{1,200})/.exec(message)?.[1] ?? line('Version: ') ?? '';
  return { type, name, version, aliases: [id], fixedVersions: line('Version: ') === version ? versions(line('Fix Version: ')) : [] };
}

/** The rule's full description is `(CVE-1) name@1.0`; its tags end with the package manager. */
function readSnyk({ message, descriptor, ruleId }: PackageSource): Found | undefined {
  const [, ids = '', name, version] = /^(?:\(([^)]{1,1000})\) ?)?(\S{1,300})@([^\s@]{1,200})$/.exec(textOf(descriptor, 'fullDescription', 'text').trim()) ?? [];
  // A rule of another package than the result's says nothing about it.
  if (name === undefined || version === undefined || !message.includes(` ${name} package`)) return undefined;
  const manager = isObject(own(descriptor, 'properties')) ? listOf(own(descriptor, 'properties') as JsonObject, 'tags').at(-1) : undefined;
  return { type: SNYK_TYPES.get(typeof manager === 'string' ? manager : ''), name, version, aliases: [ruleId, ...ids.split(/,\s*/)], fixedVersions: [] };
}

/** Names of package types of Syft, which Grype prints (https://github.com/anchore/syft/blob/main/syft/pkg/type.go). */
const GRYPE_TYPES: ReadonlyMap<string, string> = new Map(Object.entries({
  npm: 'npm', python: 'pypi', 'go-module': 'golang', 'java-archive': 'maven', gem: 'gem', 'rust-crate': 'cargo', 'php-composer': 'composer',
  dotnet: 'nuget', 'dart-pub': 'pub', hex: 'hex', conan: 'conan', pod: 'cocoapods', swift: 'swift', deb: 'deb', apk: 'apk', rpm: 'rpm',
}));

/** Names of package managers of Snyk. */
const SNYK_TYPES: ReadonlyMap<string, string> = new Map(Object.entries({
  npm: 'npm', yarn: 'npm', pnpm: 'npm', pip: 'pypi', pipenv: 'pypi', poetry: 'pypi', gomodules: 'golang', golangdep: 'golang', maven: 'maven', gradle: 'maven', sbt: 'maven',
  rubygems: 'gem', nuget: 'nuget', paket: 'nuget', composer: 'composer', hex: 'hex', pub: 'pub', swift: 'swift', cocoapods: 'cocoapods', deb: 'deb', apk: 'apk', rpm: 'rpm',
}));

const MANIFESTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/, 'npm'],
  [/^(?:[\w.-]*requirements[\w.-]*\.txt|pipfile(?:\.lock)?|poetry\.lock|pdm\.lock|pylock[\w.-]*\.toml|uv\.lock)$/, 'pypi'],
  [/^go\.(?:mod|sum)$/, 'golang'],
  [/^cargo\.(?:lock|toml)$/, 'cargo'],
  [/^(?:gemfile(?:\.lock)?|gems\.locked)$/, 'gem'],
  [/^composer\.(?:lock|json)$/, 'composer'],
  [/^(?:pom\.xml|build\.gradle(?:\.kts)?|(?:buildscript-)?gradle\.lockfile|verification-metadata\.xml|.+\.jar)$/, 'maven'],
  [/^(?:packages\.lock\.json|packages\.config|.+\.deps\.json)$/, 'nuget'],
  [/^mix\.lock$/, 'hex'],
  [/^pubspec\.lock$/, 'pub'],
  [/^conan\.lock$/, 'conan'],
  [/^podfile\.lock$/, 'cocoapods'],
];

function typeOfManifest(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return name.length > 255 ? undefined : MANIFESTS.find(([pattern]) => pattern.test(name))?.[1];
}

/** A lookup of what follows a beginning in the lines of a text; undefined when no line has it or nothing follows. */
function linesOf(text: string): (start: string) => string | undefined {
  const lines = text.slice(0, MAX_TEXT).split('\n', 40);
  return (start) => lines.find((line) => line.startsWith(start))?.slice(start.length).trim() || undefined;
}

function versions(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(/[,\s]+/).slice(0, 50);
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values.filter((value) => value !== ''))].sort(compareText);
}

function textOf(holder: JsonObject, key: string, form: 'text' | 'markdown'): string {
  const message = own(holder, key);
  const text = isObject(message) ? own(message, form) : undefined;
  return typeof text === 'string' ? text.slice(0, MAX_TEXT) : '';
}

function listOf(holder: JsonObject, key: string): readonly unknown[] {
  const value = own(holder, key);
  return Array.isArray(value) ? (value as unknown[]).slice(0, 100) : [];
}

/** The package as our own logs say it, in `properties.package` of a result. */
export function ownPackage(properties: JsonObject): FindingPackage | undefined {
  const value = own(properties, 'package');
  if (!isObject(value)) return undefined;
  const { purl, version, manifest, published } = value;
  const aliases = own(value, 'aliases');
  const fixedVersions = own(value, 'fixedVersions');
  if (typeof purl !== 'string' || typeof version !== 'string' || typeof manifest !== 'string' || !isTexts(aliases) || !isTexts(fixedVersions)) return undefined;
  return { purl, version, manifest, aliases, fixedVersions, ...(typeof published === 'string' && { published }) };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
