import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/*
 * `npm run bench:rollup [repositories] [findings]`: makes SARIF logs of so many repositories with so many findings each, makes
 * one overview of them in a process of its own, and prints how long it took and what memory it needed.
 */
const repositories = Number(process.argv[2] ?? 2_000);
const findings = Number(process.argv[3] ?? 500);
const folder = mkdtempSync(join(tmpdir(), 'bartizan-rollup-'));
try {
  let bytes = 0;
  for (let repository = 0; repository < repositories; repository++) {
    const text = JSON.stringify(log(repository));
    bytes += text.length;
    mkdirSync(join(folder, 'reports'), { recursive: true });
    writeFileSync(join(folder, 'reports', `r${repository}.sarif`), text);
  }
  const cli = resolve(import.meta.dirname, '../src/cli.js');
  const measure = "process.on('exit', () => { const used = process.resourceUsage(); console.error(JSON.stringify({ seconds: performance.now() / 1e3, user: used.userCPUTime / 1e6, maxMb: used.maxRSS / 1024 })); });";
  writeFileSync(join(folder, 'run.mjs'), `${measure}\nprocess.argv.splice(1, 1, ${JSON.stringify(cli)});\nawait import(${JSON.stringify(cli)});\n`);
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(folder, 'run.mjs'), 'rollup', join(folder, 'reports'), '--html', join(folder, 'o.html'), '--csv', join(folder, 'o.csv')], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const { seconds, user, maxMb } = JSON.parse(stderr) as { seconds: number; user: number; maxMb: number };
  const size = (name: string): string => `${(statSync(join(folder, name)).size / 1e6).toFixed(1)} MB`;
  process.stdout.write(`${stdout}${repositories} logs, ${(bytes / 1e6).toFixed(0)} MB: ${seconds.toFixed(1)} s (${user.toFixed(1)} s of processor time), at most ${maxMb.toFixed(0)} MB of memory; HTML ${size('o.html')}, CSV ${size('o.csv')}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function log(repository: number): object {
  const rules = Array.from({ length: 60 }, (_, index) => ({ id: `rule/${index}`, shortDescription: { text: `Rule ${index}` }, help: { text: 'x'.repeat(400) }, properties: { 'security-severity': String((index * 7) % 10), tags: ['security'] } }));
  const results = Array.from({ length: findings }, (_, index) => ({
    ruleId: `rule/${(index * 31 + repository) % 60}`,
    ruleIndex: (index * 31 + repository) % 60,
    level: 'warning',
    message: { text: `Something is wrong in line ${index}, and here is how it came about` },
    locations: [{ physicalLocation: { artifactLocation: { uri: `src/folder${index % 20}/file${index}.ts` }, region: { startLine: index + 1, startColumn: 1, endLine: index + 1, endColumn: 20 } } }],
    partialFingerprints: { primaryLocationLineHash: `${index}a0b1c2d3e4f5:1` },
    provenance: { firstDetectionTimeUtc: new Date(Date.UTC(2025, index % 12, 1 + (repository % 28))).toISOString() },
  }));
  return { version: '2.1.0', runs: [{ tool: { driver: { name: 'Bartizan', rules } }, versionControlProvenance: [{ repositoryUri: `https://github.com/org/r${repository}` }], invocations: [{ executionSuccessful: true }], results }] };
}
