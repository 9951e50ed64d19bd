import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Log } from 'sarif';

const PACKAGE = '@microsoft/sarif-multitool-linux@5.7.0';
const INTEGRITY = 'sha512-NxUbpq6ISCWoTQ/NfOYEwEDKq1Heka/rMoJ5R5LMydcAZQX/X7g5mWHcgxDub+0M07LC96tZ5LZHvF1Qy3gjTA==';
/** Its limits are GitHub's of years ago (5 runs, 1,000 results); today's are checked by `githubErrors`. */
const STALE_LIMITS = 'GH1004';
const CACHE = resolve('node_modules/.cache/bartizan/sarif-multitool-5.7.0');

/** Why Microsoft's validator can't run here, or undefined when it can. */
export function multitoolObstacle(): string | undefined {
  return process.platform === 'linux' && process.arch === 'x64'
    ? undefined
    : `the validator is packaged for Linux on x64 only, this is ${process.platform} on ${process.arch}`;
}

/**
 * What Microsoft's SARIF validator has against a file by its GitHub rules, as `rule: where`. It is 96 MB and therefore
 * no dependency: it is fetched once by npm, checked against a fixed hash and kept in `node_modules/.cache`.
 * Throws when it can't be fetched or doesn't run.
 */
export function multitoolErrors(path: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'check-sarif-'));
  try {
    const output = join(folder, 'out.sarif');
    // Its exit code is 0 even when it finds errors; the rules of GitHub are off unless the configuration names them.
    const options = ['--rule-kind', 'Ghas', '--level', 'Error;Warning;Note', '--quiet', 'true', '--log', 'ForceOverwrite'];
    const config = resolve('test/sarif/multitool.config.xml');
    execFileSync(multitoolPath(), ['validate', path, '-c', config, ...options, '-o', output], { timeout: 300_000, stdio: 'pipe' });
    const log = JSON.parse(readFileSync(output, 'utf8').replace(/^\ufeff/, '')) as Log;
    return log.runs.flatMap((run) =>
      (run.results ?? []).filter(({ ruleId }) => ruleId !== STALE_LIMITS).map((result) => `${result.ruleId ?? '?'} ${result.message.id ?? ''}: ${(result.message.arguments ?? []).join(' · ')}`),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Path of the validator's program, fetched when it is not there. Throws when it can't be. */
export function multitoolPath(): string {
  const executable = join(CACHE, 'package', 'Sarif.Multitool');
  if (existsSync(executable)) return executable;
  mkdirSync(resolve(CACHE, '..'), { recursive: true });
  const folder = mkdtempSync(`${CACHE}-`);
  try {
    const answer = execFileSync('npm', ['pack', PACKAGE, '--json'], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [packed] = JSON.parse(answer) as readonly { filename: string; integrity: string }[];
    if (packed?.integrity !== INTEGRITY) throw new Error(`${PACKAGE} is not the package that was reviewed: ${packed?.integrity ?? 'no integrity'}`);
    execFileSync('tar', ['-xzf', packed.filename], { cwd: folder });
    rmSync(join(folder, packed.filename));
    // npm doesn't run the package's install script, which would do this.
    chmodSync(join(folder, 'package', 'Sarif.Multitool'), 0o755);
    renameSync(folder, CACHE);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return executable;
}
