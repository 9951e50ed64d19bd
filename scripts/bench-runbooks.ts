import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runbook } from './bench-runbook-files.js';

/*
 * Times the scan of mixed runbooks by the built-in policies, from the start of the process to its end. On a machine that
 * does other things too, run it under `time` and look at the processor's time.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({ options: { files: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '5' }, seed: { type: 'string', default: '1' }, cli: { type: 'string', default: join(root, 'dist/cli.js') } } });
if (!existsSync(values.cli)) throw new Error(`${values.cli} is missing: run npm run build first.`);

const work = mkdtempSync(join(tmpdir(), 'bartizan-bench-'));
try {
  let bytes = 0;
  for (let index = 0; index < Number(values.files); index++) {
    const { path, text } = runbook(Number(values.seed), index);
    bytes += text.length;
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), text);
  }
  process.stdout.write(`${values.files} runbooks, ${(bytes / 1_000_000).toFixed(1)} MB, seed ${values.seed}; Node ${process.version}, ${cpus().length} cores, load ${(loadavg()[0] as number).toFixed(1)}\n`);
  for (let round = 0; round < Number(values.rounds); round++) {
    const start = process.hrtime.bigint();
    const result = spawnSync('/bin/sh', ['-c', 'exec "$@" >/dev/null; exit $?', 'sh', process.execPath, values.cli, 'scan', '.', '--no-external', '--fail-on', 'never'], { cwd: work, maxBuffer: 1e8, env: { PATH: process.env['PATH'], HOME: work } });
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    if (result.status !== 0) throw new Error(`The scan ended with ${String(result.status)}: ${result.stderr.toString().slice(0, 500)}`);
    process.stdout.write(`${seconds.toFixed(2)} s\n`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
