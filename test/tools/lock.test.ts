import { describe, expect, it } from 'vitest';
import { loadLock, platformOf } from '../../src/tools/index.js';
import type { Way } from '../../src/tools/index.js';
import { SCANNERS } from '../../src/scanners/index.js';

const lock = await loadLock();
const ways = [...lock.tools.values()].flatMap(({ name, ways: all }) => all.map((way) => ({ name, way })));
const ofKind = <K extends Way['kind']>(kind: K): { name: string; way: Extract<Way, { kind: K }> }[] =>
  ways.filter((one): one is { name: string; way: Extract<Way, { kind: K }> } => one.way.kind === kind);

const REQUIREMENT = /^[a-zA-Z0-9._-]+(?:\[[a-z0-9,_-]+\])?==[0-9][^\s;]*(?: ; [^\\]+?)?(?: --hash=sha256:[0-9a-f]{64})+$/;

describe('the lock', () => {
  it('names exact versions only', () => {
    for (const { way } of ways) expect(way.version).toMatch(/^v?\d+(\.\d+)+$/);
  });

  it('states release checksums that owners of two public files agree on, by a path and never a host', () => {
    const assets = ofKind('release').flatMap(({ way }) => Object.values(way.assets));
    expect(assets.length).toBeGreaterThan(40);
    for (const { sha256, confirmedBy, path, archive, member } of assets) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(new Set(confirmedBy.map((source) => source.split(/[/ ]/)[0])).size).toBeGreaterThanOrEqual(2);
      expect(path).toMatch(/^[\w.-]+\/[\w.-]+\/releases\/download\/[\w.%/-]+$/);
      expect(path).not.toContain('latest');
      expect(member === undefined).toBe(archive === 'none');
    }
  });

  it('has no release file twice, and none that is known to be malicious', () => {
    const sums = ofKind('release').flatMap(({ way }) => Object.values(way.assets).map(({ sha256 }) => sha256));
    expect(new Set(sums).size).toBe(sums.length);
    expect(lock.denied.size).toBeGreaterThan(6);
    for (const sum of sums) expect(lock.denied.has(sum)).toBe(false);
    expect(lock.denied.get('385d498d18a3a7c67878ca7322716f9da25683eb1a4bf9e9592da0d5f2ab09f6')).toContain('trivy 0.69.4');
  });

  it('has a hash for every Python package, and no other place to get it from', () => {
    for (const { way } of ofKind('python')) {
      for (const line of way.requirements) expect(line).toMatch(REQUIREMENT);
      expect(way.requirements.some((line) => line.toLowerCase().startsWith(`${way.package}==${way.version}`) || line.toLowerCase().startsWith(`${way.package}[`))).toBe(true);
    }
  });

  it('has a hash for every npm package, none of which has an install script that it needs', () => {
    for (const { way } of ofKind('npm')) {
      const { packages } = way.lockfile as { packages: Record<string, { integrity?: string; hasInstallScript?: boolean; resolved?: string }> };
      for (const [path, entry] of Object.entries(packages)) {
        if (path === '') continue;
        expect(entry.integrity).toMatch(/^sha512-/);
        expect(entry.hasInstallScript).not.toBe(true);
        expect(entry.resolved).toBeUndefined();
      }
    }
  });

  it('calls tools as the adapters call their programs', () => {
    const programs = new Set(SCANNERS.map(({ executable }) => executable));
    for (const name of lock.tools.keys()) expect(programs).toContain(name);
  });

  it('has the version that the adapter was verified with, but for what is written here', () => {
    const verified = new Map(SCANNERS.flatMap(({ executable, verifiedWith }) => (verifiedWith === undefined ? [] : [[executable, verifiedWith] as const])));
    const other = ways.flatMap(({ name, way }) => {
      const version = way.version.replace(/^v/, '');
      const expected = verified.get(name);
      return expected === undefined || version === expected || version.startsWith(`${expected}.`) ? [] : [`${name} ${version} (${way.kind})`];
    });
    // The release of opa that two owners state a checksum of; the release of zizmor is for where there is no Python.
    expect(other).toEqual(['opa 1.19.1 (release)', 'opa 1.19.1 (go)', 'zizmor 1.29.0 (release)']);
  });

  it('knows platforms by the names of releases', () => {
    expect(platformOf('linux', 'x64')).toBe('linux-amd64');
    expect(platformOf('win32', 'x64')).toBe('windows-amd64');
    expect(platformOf('aix', 'ppc64')).toBeUndefined();
  });
});
