import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { run, workspace, type Workspace } from './support.js';

let open: Workspace | undefined;
afterEach(() => open?.remove());

const report = (rule: string, count: number): string => JSON.stringify({ findings: Array.from({ length: count }, () => ({ rule, tool: 'policies', severity: 'high' })), outcomes: [] });

test('reads a folder, writes both documents and names what it could not read', async () => {
  open = workspace({ 'reports/owner/one.json': report('a', 2), 'reports/owner/two.json': report('b', 3), 'reports/owner/broken.sarif': '{', 'reports/package.json': '{}', 'reports/notes.txt': 'x' });
  const { code, out, err } = await run(open.root, ['rollup', 'reports', '--html', 'o.html', '--csv', 'o.csv']);
  expect(out).toBe('5 findings in 2 repositories\n');
  expect(err).toBe('package.json is neither a SARIF log nor a report of `bartizan scan --format json`\nowner/broken.sarif is no JSON\n');
  expect(code).toBe(2);
  expect(readFileSync(join(open.root, 'o.csv'), 'utf8')).toMatch(/^repository,tool,rule,severity,findings,first_seen,days\r\nowner\/one,policies,a,high,2,[^\r\n]+,0\r\nowner\/two,policies,b,high,3,/);
  expect(readFileSync(join(open.root, 'o.html'), 'utf8')).toContain('<title>5 findings in 2 repositories</title>');
});

test('reads the alerts of an organisation, page by page', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    const next = url.searchParams.get('after') === null ? { link: `<http://x.example${url.pathname}?state=open&per_page=100&after=CURSOR>; rel="next"` } : {};
    response.writeHead(200, { 'content-type': 'application/json', ...next });
    response.end(JSON.stringify([{ created_at: '2026-01-02T00:00:00Z', rule: { id: 'js/xss', severity: 'error', security_severity_level: 'critical' }, tool: { name: 'CodeQL' }, repository: { full_name: `org/${asked.length}` } }]));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  open = workspace();
  try {
    const environment = { GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, BARTIZAN_GITHUB_TOKEN: 't', no_proxy: '127.0.0.1' };
    const { code, out, err } = await run(open.root, ['rollup', '--org', 'org', '--csv', 'o.csv'], { environment });
    expect([code, out, err]).toEqual([0, '2 findings in 2 repositories\n', '']);
    expect(asked).toHaveLength(2);
    expect(asked[1]).toContain('after=CURSOR');
    expect(readFileSync(join(open.root, 'o.csv'), 'utf8')).toContain('org/1,CodeQL,js/xss,critical,1,2026-01-02T00:00:00.000Z,');
  } finally {
    server.close();
  }
});

test('says how it is used', async () => {
  open = workspace({ 'a/x.json': '{}' });
  for (const [args, message] of [
    [['rollup', '--csv', 'o'], 'takes a folder'],
    [['rollup', 'a', '--org', 'o', '--csv', 'o'], 'takes a folder'],
    [['rollup', 'a'], 'Say what to write'],
    [['rollup', 'none', '--csv', 'o'], 'is no folder'],
    [['rollup', '--org', 'a b', '--csv', 'o'], 'is no name'],
    [['rollup', '--org', 'o', '--csv', 'o'], 'BARTIZAN_GITHUB_TOKEN'],
  ] as [string[], string][]) {
    const { code, err } = await run(open.root, args);
    expect([code, err]).toEqual([3, expect.stringContaining(message)]);
  }
});
