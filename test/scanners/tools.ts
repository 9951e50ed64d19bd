import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../../src/io/environment.js';
import { trustedDirectories } from '../../src/io/process-path.js';
import { SCANNERS } from '../../src/scanners/index.js';
import { findInstalled, installTool, loadLock, platformOf, RELEASE_HOST } from '../../src/tools/index.js';
import type { InstallContext } from '../../src/tools/index.js';

const TOOLS = fileURLToPath(new URL('../../.tools/', import.meta.url));
const CACHE = join(TOOLS, 'cache');
const INSTALLED = join(TOOLS, 'installed');

/** A PATH on which what {@link provideTools} has left goes first, in this run or an earlier one. */
export function testPath(): string {
  const path = process.env['PATH'] ?? '';
  return path.split(delimiter).includes(INSTALLED) ? path : `${INSTALLED}${delimiter}${path}`;
}

/** Builds of minutes, the quickest first; everything else is there within one. */
const SLOW: readonly string[] = ['gitleaks', 'osv-scanner', 'conftest', 'opa', 'gosec', 'grype', 'trivy'];

/**
 * Links every tool of the lock that the adapters start for `testPath`, one after another, quick ones first. `install`: those that are missing
 * are installed by the product's own provisioning into `.tools/cache`, which later runs use again. Never rejects.
 */
export async function provideTools(install: boolean, report: (line: string) => void): Promise<void> {
  const lock = await loadLock();
  mkdirSync(TOOLS, { recursive: true });
  mkdirSync(CACHE, { recursive: true, mode: 0o700 });
  chmodSync(CACHE, 0o700);
  mkdirSync(INSTALLED, { recursive: true });
  const context: InstallContext = {
    lock,
    cache: CACHE,
    platform: platformOf(process.platform, process.arch),
    releaseHost: RELEASE_HOST,
    searchPath: trustedDirectories(process.env['PATH'] ?? '', INSTALLED),
    environment: readEnvironment(),
  };
  const programs = new Set(SCANNERS.map(({ executable }) => executable));
  const tools = [...lock.tools.values()].filter(({ name }) => programs.has(name)).sort((a, b) => SLOW.indexOf(a.name) - SLOW.indexOf(b.name));
  for (const tool of tools) {
    const link = join(INSTALLED, tool.name);
    rmSync(link, { force: true });
    try {
      const found = await findInstalled(tool, context);
      const ready = found.status === 'ready' ? found.tool : install ? await installTool(tool, context) : undefined;
      if (ready === undefined) continue;
      symlinkSync(ready.executable, link);
      report(`${found.status === 'ready' ? 'already there' : 'installed'}: ${tool.name} ${ready.version} (${ready.kind})`);
    } catch (error) {
      report(`could not be installed: ${tool.name}: ${(error as Error).message}`);
    }
  }
}
