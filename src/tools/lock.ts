import type { ArchiveKind } from '../io/archive.js';

/** Operating system and processor as releases name them. */
export type Platform = `${'linux' | 'darwin' | 'windows'}-${'amd64' | 'arm64'}`;

/** One file of a release. */
export interface ReleaseAsset {
  /** Path on the host of releases, see `RELEASE_HOST`. */
  readonly path: string;
  /** `none`: the file is the program itself. */
  readonly archive: ArchiveKind | 'none';
  /** Name of the program in the archive. */
  readonly member?: string;
  readonly sha256: string;
  /** In bytes, where it is known. */
  readonly size?: number;
  /** Public files of different owners that state this checksum: two at least. */
  readonly confirmedBy: readonly string[];
}

/** One way to get a tool. Everything in it is fixed: there is no `latest`. */
export type Way =
  | { readonly kind: 'release'; readonly version: string; readonly assets: Readonly<Partial<Record<Platform, ReleaseAsset>>> }
  /** `requirements` are lines of pip's format, each with the hashes of every wheel of that version. */
  | { readonly kind: 'python'; readonly package: string; readonly version: string; readonly minimumPython: string; readonly requirements: readonly string[] }
  /**
   * `module` is the import path of the program. `required`: the module it belongs to, where `go install` refuses it for its `replace`
   * lines; then it is built in a module of ours that requires that one.
   */
  | { readonly kind: 'go'; readonly module: string; readonly version: string; readonly required?: string }
  | { readonly kind: 'npm'; readonly package: string; readonly version: string; readonly manifest: object; readonly lockfile: object };

/** A tool and the ways to get it, the preferred one first. */
export interface LockedTool {
  readonly name: string;
  readonly ways: readonly Way[];
}

export interface Lock {
  readonly tools: ReadonlyMap<string, LockedTool>;
  /** Why something with this SHA-256 is never installed, whatever else the lock says. */
  readonly denied: ReadonlyMap<string, string>;
}

/** Where release paths of the lock lie, unless a mirror is set. */
export const RELEASE_HOST = 'https://github.com';

/** Tools whose adapter was verified with the version on the Python index. */
const PYTHON_FIRST = new Set(['zizmor']);

/** The lock that comes with this version. Reads half a megabyte: loaded when a tool is to be installed or verified. */
export async function loadLock(): Promise<Lock> {
  const [{ default: releases }, { default: python }, { default: go }, { default: npm }, { default: denied }] = await Promise.all([
    import('./lock/releases.json', { with: { type: 'json' } }),
    import('./lock/python.json', { with: { type: 'json' } }),
    import('./lock/go.json', { with: { type: 'json' } }),
    import('./lock/npm.json', { with: { type: 'json' } }),
    import('./lock/denied.json', { with: { type: 'json' } }),
  ]);
  const ways = new Map<string, Way[]>();
  const add = (kind: Way['kind'], entries: Readonly<Record<string, object>>): void => {
    for (const [name, entry] of Object.entries(entries)) {
      const list = ways.get(name) ?? [];
      ways.set(name, list);
      const way = { kind, ...entry } as Way;
      if (kind === 'python' && PYTHON_FIRST.has(name)) list.unshift(way);
      else list.push(way);
    }
  };
  add('release', releases);
  add('python', python);
  add('npm', npm);
  // Last: building takes minutes and a toolchain.
  add('go', go);
  return {
    tools: new Map([...ways].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, list]) => [name, { name, ways: list }])),
    denied: new Map(Object.entries(denied.sha256)),
  };
}

/** The platform of this process in the lock's words, or undefined when no release is made for it. */
export function platformOf(platform: NodeJS.Platform, architecture: string): Platform | undefined {
  const os = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[platform as string];
  const cpu = { x64: 'amd64', arm64: 'arm64' }[architecture];
  return os === undefined || cpu === undefined ? undefined : (`${os}-${cpu}` as Platform);
}

/** One line for lists: what is fetched and from where. */
export function describeWay(way: Way, platform: Platform | undefined): string {
  switch (way.kind) {
    case 'release': {
      const asset = platform === undefined ? undefined : way.assets[platform];
      return asset === undefined ? `no release file for ${platform ?? 'this platform'}` : `release ${asset.path}`;
    }
    case 'python':
      return `Python package ${way.package} ${way.version}, ${way.requirements.length} hash-locked packages`;
    case 'npm':
      return `npm package ${way.package} ${way.version}, by its lock file`;
    case 'go':
      return `Go module ${way.module}@${way.version}, by the checksum database`;
  }
}
