import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eslint } from '../../../src/scanners/eslint.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries, isInstalled } from '../request.js';
import { runTool, summarise } from '../run-tool.js';

const MIXED: Case = {
  folder: 'eslint/mixed',
  root: '/workspace',
  files: entries('javascript', ['a.js', 'broken.js']),
  output: 'eslint/mixed.json',
  exitCode: 1,
  expected: ['security/detect-eval-with-expression a.js:1:21-1:32 high/medium'],
  real: 'quick',
};

describeAdapter(eslint, MIXED);

describe('eslint, in detail', () => {
  it('names files that were not checked', () => {
    expect(parseCase(eslint, MIXED).diagnostics).toEqual([expect.objectContaining({ path: 'broken.js', message: expect.stringContaining('Parsing error') })]);
    expect(parseCase(eslint, MIXED, '[]').diagnostics).toHaveLength(2);
  });
});

describe.skipIf(!isInstalled(eslint))('eslint itself', () => {
  it('neither obeys nor executes a configuration or a package of the repository', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    const evil = `throw new Error('executed');\n`;
    for (const name of ['eslint.config.js', 'eslint.config.mjs', '.eslintrc.js']) writeFileSync(join(root, name), evil);
    mkdirSync(join(root, 'node_modules/eslint-plugin-security'), { recursive: true });
    writeFileSync(join(root, 'node_modules/eslint-plugin-security/index.js'), evil);
    writeFileSync(join(root, 'a b.js'), 'eval(x);\nrequire(y); // eslint-disable-line\n');
    const files = entries('javascript', ['a b.js']);
    expect(summarise(await runTool(eslint, root, files))).toEqual(['security/detect-eval-with-expression a b.js:1:1-1:8 high/medium']);
    expect(summarise(await runTool(eslint, root, files, { options: { 'ignore-comments': true } }))).toHaveLength(2);
  });
});
