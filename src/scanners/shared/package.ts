import { PackageURL } from 'packageurl-js';
import { compareText, isDay, type FindingPackage } from '../../core/index.js';

/**
 * Package URL type by the names that tools and advisory databases give to ecosystems, in lower case
 * (https://github.com/package-url/purl-spec, https://ossf.github.io/osv-schema/#defined-ecosystems).
 */
const TYPES: Readonly<Record<string, string>> = {
  npm: 'npm', yarn: 'npm', pnpm: 'npm', 'node-pkg': 'npm', 'javascript': 'npm',
  pypi: 'pypi', pip: 'pypi', pipenv: 'pypi', poetry: 'pypi', uv: 'pypi', 'python-pkg': 'pypi', python: 'pypi',
  go: 'golang', golang: 'golang', gomod: 'golang', gomodules: 'golang', gobinary: 'golang', 'go-module': 'golang',
  maven: 'maven', gradle: 'maven', pom: 'maven', jar: 'maven', 'java-archive': 'maven',
  nuget: 'nuget', dotnet: 'nuget',
  rubygems: 'gem', gem: 'gem', bundler: 'gem', gemspec: 'gem',
  'crates.io': 'cargo', cargo: 'cargo', rustbinary: 'cargo', 'rust-crate': 'cargo',
  packagist: 'composer', composer: 'composer', 'php-composer': 'composer',
  hex: 'hex', pub: 'pub', swifturl: 'swift', swift: 'swift', cocoapods: 'cocoapods', conan: 'conan', conancenter: 'conan',
  deb: 'deb', debian: 'deb', ubuntu: 'deb', dpkg: 'deb', apk: 'apk', alpine: 'apk', wolfi: 'apk', chainguard: 'apk', rpm: 'rpm', redhat: 'rpm', rocky: 'rpm', alma: 'rpm', amazon: 'rpm', fedora: 'rpm', centos: 'rpm',
};

/** Where the namespace of a package's name ends, by type. */
const SEPARATORS: Readonly<Record<string, string>> = { npm: '/', golang: '/', composer: '/', maven: ':', swift: '/' };

/** A package as tools name it. */
export interface PackageInput {
  /** Name of the ecosystem, any case, with or without a release behind a colon (`Debian:12`). */
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly manifest: string;
  readonly aliases: Iterable<string>;
  readonly fixedVersions: Iterable<string>;
  /** The package URL where the tool prints one; made canonical. */
  readonly purl?: string | undefined;
  /** When the advisory was published, as the tool prints it: RFC 3339 or a day; left out when it is neither. */
  readonly published?: unknown;
}

/** The package of a finding, or undefined when its ecosystem or name can't be written as a package URL. */
export function findingPackage(input: PackageInput): FindingPackage | undefined {
  const purl = canonical(input.purl) ?? packageUrl(input.ecosystem, input.name, input.version);
  if (purl === undefined) return undefined;
  const published = publicationDay(input.published);
  return {
    purl,
    version: input.version,
    manifest: input.manifest,
    aliases: sorted(input.aliases),
    fixedVersions: sorted(input.fixedVersions),
    ...(published !== undefined && { published }),
  };
}

/** The canonical package URL of a package, or undefined. */
export function packageUrl(ecosystem: string, name: string, version: string): string | undefined {
  const key = ecosystem.toLowerCase().split(':', 1)[0] ?? '';
  const type = Object.hasOwn(TYPES, key) ? (TYPES[key] as string) : undefined;
  if (type === undefined || name === '') return undefined;
  const separator = SEPARATORS[type];
  const at = separator === undefined ? -1 : name.lastIndexOf(separator);
  try {
    return new PackageURL(type, at === -1 ? undefined : name.slice(0, at), name.slice(at + 1), version === '' ? undefined : version, undefined, undefined).toString();
  } catch {
    return undefined;
  }
}

function publicationDay(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}(?:$|T)/.test(value)) return undefined;
  const day = value.slice(0, 10);
  return isDay(day) ? day : undefined;
}

function canonical(purl: string | undefined): string | undefined {
  if (purl === undefined || purl.length > 2_000) return undefined;
  try {
    return PackageURL.fromString(purl).toString();
  } catch {
    return undefined;
  }
}

function sorted(values: Iterable<string>): string[] {
  return [...new Set([...values].filter((value) => value !== ''))].sort(compareText);
}
