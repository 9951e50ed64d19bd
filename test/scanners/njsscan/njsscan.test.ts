import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { njsscan } from '../../../src/scanners/njsscan.js';
import { describeAdapter } from '../adapter.js';
import { entries, isInstalled } from '../request.js';
import { runTool, summarise } from '../run-tool.js';

describeAdapter(njsscan, {
  folder: 'njsscan/mixed',
  files: entries('javascript', ['app.js']),
  output: 'njsscan/mixed.json',
  exitCode: 1,
  expected: ['eval_nodejs app.js:2:43-2:60 high/medium', 'express_xss app.js:2:28-2:61 high/medium'],
  real: 'heavy',
});

describe.skipIf(!isInstalled(njsscan, true))('njsscan itself, in detail', () => {
  it('is not weakened by a configuration of the repository', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    writeFileSync(join(root, '.njsscan'), '---\n- ignore-filenames:\n  - app.js\n  ignore-rules:\n  - eval_nodejs\n');
    writeFileSync(join(root, 'app.js'), "const app = require('express')();\napp.get('/', (req, res) => eval(req.query.q));\n");
    expect(summarise(await runTool(njsscan, root, entries('javascript', ['app.js']))).map((line) => line.split(' ')[0])).toContain('eval_nodejs');
  });
});
