import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { scan } from '../src/app.js';
import { systemPorts } from '../src/commands/ports.js';
import { renderTerminal } from '../src/report/terminal.js';

const EXAMPLE = 'examples/runbooks';
/** Where the report stands, from the root. */
export const RUNBOOKS_REPORT = `${EXAMPLE}/report.txt`;

/** What a scan of the runbooks prints, by the built-in policies alone, so that it is the same everywhere. */
export async function runbooksReport(root: string): Promise<string> {
  // A clock that stands still: the times of one machine on one day are no documentation.
  const ports = { ...systemPorts(join(root, EXAMPLE), process.env['PATH'] ?? ''), now: () => 0 };
  const report = await scan({ overrides: { source: 'flag', values: { external: false } }, reproduce: `bartizan scan ${EXAMPLE} --no-external` }, ports);
  return renderTerminal(report, { color: false, width: 120, height: 48, all: true });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
  const text = await runbooksReport(root);
  const path = join(root, RUNBOOKS_REPORT);
  if (process.argv.includes('--check')) {
    const current = readFileSync(path, 'utf8') === text;
    process.stdout.write(current ? `${RUNBOOKS_REPORT} is up to date\n` : `${RUNBOOKS_REPORT} differs. Run npm run generate and commit the result.\n`);
    process.exitCode = current ? 0 : 1;
  } else {
    writeFileSync(path, text);
    process.stdout.write(`wrote ${RUNBOOKS_REPORT}\n`);
  }
}
