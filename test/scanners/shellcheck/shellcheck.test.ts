import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shellcheck } from '../../../src/scanners/shellcheck.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries, isInstalled } from '../request.js';
import { runTool, summarise } from '../run-tool.js';

const MIXED: Case = {
  folder: 'shellcheck/mixed',
  files: entries('shell', ['a.sh', 'b.sh']),
  output: 'shellcheck/mixed/output.json',
  exitCode: 1,
  expected: ['SC2086 a.sh:2:12-2:14 note/high', 'SC2115 a.sh:5:8-5:14 low/high'],
};

describeAdapter(shellcheck, MIXED);

describe('shellcheck, in detail', () => {
  it('states what could not be parsed and how much comments silence, as no findings', () => {
    expect(parseCase(shellcheck, MIXED).diagnostics).toEqual([
      expect.objectContaining({ code: 'scanner-could-not-read', path: 'b.sh' }),
      expect.objectContaining({ code: 'scanner-could-not-read', path: 'b.sh' }),
      expect.objectContaining({ code: 'suppressed-in-source', message: expect.stringContaining('1 places') }),
    ]);
  });
});

describe.skipIf(!isInstalled(shellcheck))('shellcheck itself, in detail', () => {
  it('is not weakened by a configuration of the repository, nor confused by file names', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    writeFileSync(join(root, '.shellcheckrc'), 'disable=all\n');
    const paths = ['--help.sh', 'a b.sh', '*.sh'];
    for (const path of paths) writeFileSync(join(root, path), '#!/bin/sh\nrm -rf "$1/"*\n');
    expect(summarise(await runTool(shellcheck, root, entries('shell', paths)))).toEqual(paths.map((path) => `SC2115 ${path}:2:8-2:14 low/high`).sort());
  });

  it('fails when a file can not be read', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    expect(summarise(await runTool(shellcheck, root, entries('shell', ['gone.sh'])))[0]).toMatch(/^failed: ended with exit code 2/);
  });
});
