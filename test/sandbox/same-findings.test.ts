import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCANNERS } from '../../src/scanners/index.js';
import { createSandbox } from '../../src/sandbox/index.js';
import { caseFolder, entries, isInstalled } from '../scanners/request.js';
import { runTool, summarise } from '../scanners/run-tool.js';
import type { FileEntry, Scanner } from '../../src/core/index.js';

interface Sample {
  readonly root: string;
  readonly files: readonly FileEntry[];
}

/** Samples with more in them than the scanner's canary. */
const SAMPLES: Readonly<Record<string, Sample>> = {
  bandit: { root: caseFolder('bandit/mixed'), files: entries('python', ['app.py']) },
  hadolint: { root: caseFolder('hadolint/mixed'), files: entries('dockerfile', ['Dockerfile']) },
};

/** Files in which the scanner finds something. */
function sampleOf({ name, canary }: Scanner): Sample | undefined {
  if (SAMPLES[name] !== undefined) return SAMPLES[name];
  if (canary === undefined || 'impossible' in canary || canary.around !== undefined || canary.options !== undefined) return undefined;
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bartizan-test-')));
  for (const [path, { text }] of Object.entries(canary.files)) writeFileSync(join(root, path), text);
  return { root, files: Object.entries(canary.files).map(([path, { format }]) => ({ path, format, reason: 'canary' })) };
}

describe.skipIf(process.platform !== 'linux')('inside the sandbox', () => {
  for (const scanner of SCANNERS) {
    const sample = sampleOf(scanner);
    if (sample === undefined) {
      it.skip(`${scanner.name} finds the same, for which there is no sample`);
      process.stderr.write(`SKIPPED: ${scanner.name} inside and outside of the sandbox, for which there is no sample\n`);
      continue;
    }
    const installed = isInstalled(scanner);
    for (const mechanism of ['bubblewrap', 'sudo-bubblewrap', 'landlock'] as const) {
      it.skipIf(!installed)(`${scanner.name} finds the same with ${mechanism} as without`, async (context) => {
        const { root, files } = sample;
        const sandbox = await createSandbox({ mode: 'auto', workspace: root, pathVariable: process.env['PATH'] ?? '', mechanisms: [mechanism] });
        if (sandbox.isolation.mechanism !== mechanism) {
          process.stderr.write(`SKIPPED: ${scanner.name} with ${mechanism}, which this machine does not offer: ${sandbox.isolation.reason}\n`);
          return context.skip();
        }
        const [outside, inside] = await Promise.all([runTool(scanner, root, files), runTool(scanner, root, files, { runner: sandbox })]);
        sandbox.close();
        expect(summarise(inside)).toEqual(summarise(outside));
        expect(inside.outcome).toMatchObject({ status: 'completed' });
        expect(summarise(inside).length).toBeGreaterThan(0);
        expect(inside.tool.version).toBe(outside.tool.version);
        expect(inside.isolation).toMatchObject({ mechanism, level: mechanism === 'landlock' ? 'partial' : 'full' });
      });
    }
  }
});
