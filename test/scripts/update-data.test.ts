import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { updatedData, type ActionData } from '../../scripts/update-data.js';
import { connectGitHub } from '../../src/io/github.js';
import { loopbackGitHub, type LoopbackGitHub } from '../github/loopback.js';

let server: LoopbackGitHub;
beforeEach(async () => {
  server = await loopbackGitHub();
});
afterEach(() => server.close());

const connect = () => connectGitHub({ token: 'ghs_x', apiUrl: server.url, userAgent: 'test', onWait: () => {}, second: 1 });
const old = { id: 'GHSA-aaaa-bbbb-cccc', cve: 'CVE-2025-1', severity: 'high', from: '4.0.0', fixed: '4.1.3', title: 'written by hand', movedTags: true, source: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc', date: '2025-01-01' } as const;
const before: ActionData = {
  date: '2025-01-01',
  advisories: { 'octo/old': [{ ...old, id: 'GHSA-gone-gone-gone' }], 'octo/build': [old] },
  replaced: { 'octo/left/setup': { by: 'octo/new', source: 'https://github.com/octo/left', date: '2025-01-01' } },
};
const advisory = (id: string, name: string, range: string, rest: object = {}) => ({ ghsa_id: id, cve_id: null, summary: 'Runs  what it reads.', severity: 'medium', withdrawn_at: null, vulnerabilities: [{ package: { ecosystem: 'actions', name }, vulnerable_version_range: range, first_patched_version: null }], ...rest });

test('what GitHub has, what was written by hand, and the day of each', async () => {
  server.advisories = [
    advisory('GHSA-dddd-eeee-ffff', 'Octo/Other', '< 2.0.0'),
    advisory('GHSA-aaaa-bbbb-cccc', 'octo/build', '>= 4.0.0, < 4.1.3', { cve_id: 'CVE-2025-1', severity: 'high' }),
    advisory('GHSA-9999-9999-9999', 'octo/build', '<= 9.9', {}),
    advisory('GHSA-1111-1111-1111', 'octo/withdrawn', '< 1', { withdrawn_at: '2025-01-01T00:00:00Z' }),
    advisory('nonsense', 'octo/nonsense', '< 1'),
    { ...advisory('GHSA-2222-2222-2222', 'x', '< 1'), vulnerabilities: [{ package: { ecosystem: 'npm', name: 'octo/npm' }, vulnerable_version_range: '< 1' }] },
  ];
  server.repositories = { 'octo/other': { archived: true }, 'octo/left': { archived: true }, 'octo/build': {} };
  const after = await updatedData(before, await connect(), '2026-02-03');
  expect(server.violations).toEqual([]);
  expect(after).toEqual({
    date: '2026-02-03',
    advisories: {
      'octo/build': [old, { id: 'GHSA-9999-9999-9999', cve: '', severity: 'medium', from: '', fixed: '', title: 'Runs what it reads', source: 'https://github.com/advisories/GHSA-9999-9999-9999', date: '2026-02-03' }],
      'octo/other': [{ id: 'GHSA-dddd-eeee-ffff', cve: '', severity: 'medium', from: '', fixed: '2.0.0', title: 'Runs what it reads', source: 'https://github.com/advisories/GHSA-dddd-eeee-ffff', date: '2026-02-03' }],
    },
    replaced: {
      'octo/left/setup': { by: 'octo/new', source: 'https://github.com/octo/left', date: '2025-01-01' },
      'octo/other': { by: 'nothing that its owner names', source: 'https://github.com/octo/other', date: '2026-02-03' },
    },
  });
  server.advisories = server.advisories.toReversed();
  expect(JSON.stringify(await updatedData(before, await connect(), '2026-02-03'))).toBe(JSON.stringify(after));
});

test('GitHub that refuses changes nothing', async () => {
  server.refuse('GET /advisories', { status: 403, message: 'Forbidden' }, true);
  await expect(updatedData(before, await connect(), '2026-02-03')).rejects.toThrow('Forbidden');
});

test('the lists that are shipped name a source and a day for each entry', () => {
  const { date, advisories, replaced } = JSON.parse(readFileSync('data/actions.json', 'utf8')) as ActionData;
  for (const entry of [...Object.values(advisories).flat(), ...Object.values(replaced)]) {
    expect(entry.source).toMatch(/^https:\/\/github\.com\//);
    expect(entry.date <= date && /^\d{4}-\d\d-\d\d$/.test(entry.date)).toBe(true);
  }
});
