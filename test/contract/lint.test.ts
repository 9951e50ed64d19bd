import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const repository = resolve(import.meta.dirname, '../..');
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bartizan-lint-'));
  copyFileSync(join(repository, '.oxlintrc.json'), join(root, '.oxlintrc.json'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Names of the rules that a set of files breaks. */
function lint(files: Record<string, string>): string[] {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { stdout, stderr, error } = spawnSync(process.execPath, [join(repository, 'node_modules/oxlint/bin/oxlint'), '--deny-warnings', '--format', 'json'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (error !== undefined || !stdout.trim().startsWith('{')) throw new Error(`oxlint: ${String(error)} ${stdout} ${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
  return diagnostics.map(({ code }) => /\(([^)]+)\)/.exec(code)?.[1] ?? code);
}

test.each([
  ['a stage imports another', 'src/gate/x.ts', "export { y } from '../engine/y.js';"],
  ['a stage imports the composition root', 'src/gate/x.ts', "export { y } from '../app.js';"],
  ['a nested stage file imports another stage', 'src/facts/github/x.ts', "export { y } from '../../engine/y.js';"],
  ['a nested stage file imports the composition root', 'src/facts/github/x.ts', "export { y } from '../../app.js';"],
  ['core imports io', 'src/core/x.ts', "export { y } from '../io/y.js';"],
  ['core imports a package', 'src/core/x.ts', "export { z } from 'zod';"],
  ['syntax imports io', 'src/syntax/x.ts', "export { y } from '../io/y.js';"],
  ['io imports a stage', 'src/io/x.ts', "export { y } from '../gate/y.js';"],
  ['an adapter imports the engine', 'src/scanners/x.ts', "export { y } from '../engine/y.js';"],
  ['a stage reads files', 'src/discover/x.ts', "export { readFileSync } from 'node:fs';"],
  ['a stage reads files by promises', 'src/discover/x.ts', "export { readFile } from 'node:fs/promises';"],
  ['a stage starts processes', 'src/run/x.ts', "export { spawn } from 'node:child_process';"],
  ['a stage uses the toolkit', 'src/report/x.ts', "export { info } from '@actions/core';"],
  ['a command of the command line reads files', 'src/commands/x.ts', "export { readFileSync } from 'node:fs';"],
  ['a stage uses CEL itself', 'src/engine/x.ts', "export { parse } from '@marcbachmann/cel-js';"],
])('%s: reported', (_name, path, text) => {
  expect(lint({ [path]: `${text}\n` })).toContain('no-restricted-imports');
});

test.each([
  ['a stage imports core, io and syntax', 'src/gate/x.ts', "export { a } from '../core/a.js';\nexport { b } from '../io/b.js';\nexport { c } from '../syntax/c.js';"],
  ['a reader of facts imports its schema', 'src/facts/github/x.ts', "export { a } from '../schema.js';\nexport { b } from '../../core/b.js';"],
  ['an adapter imports sarif', 'src/scanners/x.ts', "export { a } from '../sarif/a.js';"],
  ['io uses Node and the toolkit', 'src/io/x.ts', "export { readFileSync } from 'node:fs';\nexport { info } from '@actions/core';"],
  ['the one file of CEL', 'src/engine/cel.ts', "export { parse } from '@marcbachmann/cel-js';"],
  ['syntax reads expressions', 'src/syntax/x.ts', "export { Lexer } from '@actions/expressions';"],
  ['the composition root imports stages', 'src/app.ts', "export { a } from './gate/a.js';"],
  ['a command of the command line imports stages', 'src/commands/x.ts', "export { a } from '../gate/a.js';\nexport { b } from '../app.js';"],
  ['scripts and tests', 'scripts/x.ts', "export { a } from '../src/gate/a.js';\nexport { readFileSync } from 'node:fs';"],
])('%s: allowed', (_name, path, text) => {
  expect(lint({ [path]: `${text}\n` })).toEqual([]);
});

test('cycles, default exports and `any` are reported', () => {
  const reported = lint({
    'src/gate/a.ts': "import { b } from './b.js';\nexport const a = (): unknown => b;\n",
    'src/gate/b.ts': "import { a } from './a.js';\nexport const b = (): unknown => a;\n",
    'src/gate/c.ts': 'export default 1;\n',
    'src/gate/d.ts': 'export const d: any = 1;\n',
  });
  expect(reported).toContain('no-cycle');
  expect(reported).toContain('no-default-export');
  expect(reported).toContain('no-explicit-any');
});
