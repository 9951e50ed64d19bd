import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { semgrep } from '../../../src/scanners/semgrep.js';
import { describeAdapter, parseCase, requestOf } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries, isInstalled, recorded } from '../request.js';
import { runTool, summarise } from '../run-tool.js';

const MIXED: Case = {
  folder: 'semgrep/mixed',
  files: entries('javascript', ['server.js']),
  output: 'semgrep/mixed.json',
  expected: [
    'bartizan.express-cors-any-origin server.js:6:9-6:30 medium/high',
    'bartizan.express-input-evaluated server.js:9:24-9:51 high/high',
    'bartizan.express-without-helmet server.js:5:7-5:22 low/low',
    'bartizan.express-without-rate-limit server.js:5:7-5:22 low/low',
    'bartizan.jwt-issuer-or-audience-not-checked server.js:13:16-13:100 low/medium',
    'bartizan.jwt-none-algorithm server.js:13:16-13:100 high/high',
  ],
  real: 'heavy',
};

describeAdapter(semgrep, MIXED);

describe('semgrep, in detail', () => {
  it('is no clean scan when it says that it read nothing', () => {
    const output = { ...(JSON.parse(recorded(MIXED.output)) as object), results: [], paths: { scanned: [] } };
    expect(() => parseCase(semgrep, MIXED, JSON.stringify(output))).toThrow('read none of the 1 files');
  });

  it('says that rule packs need a fetch, and that there must be rules', () => {
    const request = requestOf(semgrep, MIXED);
    expect(() => semgrep.command({ ...request, options: { packs: ['p/owasp-top-ten'] } })).toThrow('has not been fetched');
    expect(semgrep.command({ ...request, options: { packs: ['p/owasp-top-ten'] }, database: '/db' }).args).toContain('/db/p-owasp-top-ten.yaml');
    expect(() => semgrep.command({ ...request, options: { packs: ['p/typo'] } })).toThrow('must be');
    expect(() => semgrep.command({ ...request, options: { 'own-rules': false } })).toThrow('no rules');
  });
});

describe.skipIf(!isInstalled(semgrep, true))('semgrep itself, in detail', () => {
  it('is not weakened by `.semgrepignore`, nor confused by file names', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    writeFileSync(join(root, '.semgrepignore'), '*\n');
    writeFileSync(join(root, '.gitignore'), '*\n');
    const paths = ['--help.js', 'a b.js', '*.js'];
    for (const path of paths) writeFileSync(join(root, path), 'jwt.decode(token);\n');
    expect(summarise(await runTool(semgrep, root, entries('javascript', paths)))).toEqual(paths.map((path) => `bartizan.jwt-decoded-without-verification ${path}:1:1-1:18 medium/medium`).sort());
  });

  it('says nothing about a careful service', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    writeFileSync(
      join(root, 'server.js'),
      "const app = express();\napp.use(helmet());\napp.use(rateLimit({ max: 60 }));\napp.use(cors({ origin: ['https://example.com'] }));\napp.get('/', (request, response) => db.query('select 1 where a = ?', [request.query.a]));\nconst user = jwt.verify(token, key, { algorithms: ['RS256'], issuer: 'https://a', audience: 'b' });\nconst made = jwt.sign({ sub: 1 }, key, { expiresIn: '5m' });\n",
    );
    expect(summarise(await runTool(semgrep, root, entries('javascript', ['server.js'])))).toEqual([]);
  });
});
