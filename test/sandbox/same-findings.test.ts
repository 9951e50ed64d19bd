import { describe, expect, it } from 'vitest';
import { SCANNERS } from '../../src/scanners/index.js';
import { createSandbox } from '../../src/sandbox/index.js';
import { caseFolder, entries, isInstalled } from '../scanners/request.js';
import { runTool, summarise } from '../scanners/run-tool.js';
import type { FileEntry } from '../../src/core/index.js';

/** A sample of every scanner, with findings in it. */
const SAMPLES: Readonly<Record<string, { readonly folder: string; readonly files: readonly FileEntry[] }>> = {
  bandit: { folder: 'bandit/mixed', files: entries('python', ['app.py']) },
  hadolint: { folder: 'hadolint/mixed', files: entries('dockerfile', ['Dockerfile']) },
};

it('has a sample of every scanner', () => {
  expect(Object.keys(SAMPLES)).toEqual(SCANNERS.map((scanner) => scanner.name));
});

describe.skipIf(process.platform !== 'linux')('inside the sandbox', () => {
  for (const scanner of SCANNERS) {
    for (const mechanism of ['bubblewrap', 'sudo-bubblewrap', 'landlock'] as const) {
      it.skipIf(!isInstalled(scanner))(`${scanner.name} finds the same with ${mechanism} as without`, async (context) => {
        const { folder, files } = SAMPLES[scanner.name] as (typeof SAMPLES)[string];
        const root = caseFolder(folder);
        const sandbox = await createSandbox({ mode: 'auto', workspace: root, pathVariable: process.env['PATH'] ?? '', mechanisms: [mechanism] });
        if (sandbox.isolation.mechanism !== mechanism) {
          process.stderr.write(`SKIPPED: ${scanner.name} with ${mechanism}, which this machine does not offer: ${sandbox.isolation.reason}\n`);
          return context.skip();
        }
        const [outside, inside] = await Promise.all([runTool(scanner, root, files), runTool(scanner, root, files, { runner: sandbox })]);
        sandbox.close();
        expect(summarise(inside)).toEqual(summarise(outside));
        expect(summarise(inside).length).toBeGreaterThan(3);
        expect(inside.tool.version).toBe(outside.tool.version);
        expect(inside.isolation).toMatchObject({ mechanism, level: mechanism === 'landlock' ? 'partial' : 'full' });
      });
    }
  }
});
