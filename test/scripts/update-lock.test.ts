import { expect, it } from 'vitest';
import { cutoff, requirementLines, versionIn, withoutAddresses } from '../../scripts/update-lock.js';

it('lets a new release cool down for seven days', () => {
  expect(cutoff(new Date('2026-05-08T12:00:00Z')).toISOString()).toBe('2026-05-01T12:00:00.000Z');
});

it('reads requirements with hashes and markers, a line a package', () => {
  const lines = requirementLines(`# by uv\nexample[toml]==1.2.3 ; sys_platform != 'win32' \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nother==2 \\\n    --hash=sha256:cc\n`);
  expect(lines).toEqual(["example[toml]==1.2.3 ; sys_platform != 'win32' --hash=sha256:aa --hash=sha256:bb", 'other==2 --hash=sha256:cc']);
  expect(versionIn(lines, 'Example')).toBe('1.2.3');
  expect(() => versionIn(lines, 'none')).toThrow('no version of none');
});

it('keeps hashes and drops addresses of npm’s lock file', () => {
  expect(withoutAddresses({ packages: { a: { version: '1.0.0', resolved: 'https://x', integrity: 'sha512-a', funding: [{}] } }, list: [1] })).toEqual({ packages: { a: { version: '1.0.0', integrity: 'sha512-a' } }, list: [1] });
});
