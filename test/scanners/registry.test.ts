import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { adapterNames, createScanner, registrySource } from '../../scripts/new-scanner.js';
import { SCANNERS } from '../../src/scanners/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('has a registry that is equal to the folder', () => {
  const names = adapterNames(root);
  expect(readFileSync(join(root, 'src/scanners/index.ts'), 'utf8')).toBe(registrySource(names));
  expect(SCANNERS.map((scanner) => scanner.name)).toEqual(names);
});

it('scaffolds an adapter that compiles and passes its own test', () => {
  const copy = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
  for (const folder of ['src/scanners', 'test/scanners']) mkdirSync(join(copy, folder), { recursive: true });
  for (const name of ['package.json', 'tsconfig.json', 'vitest.config.ts', 'test/setup.ts', 'node_modules', 'src/core', 'src/scanners/shared']) symlinkSync(join(root, name), join(copy, name));
  expect(createScanner(copy, 'new-tool')).toEqual(['src/scanners/new-tool.ts', 'test/scanners/new-tool/new-tool.test.ts', 'test/scanners/new-tool/empty/output.json', 'src/scanners/index.ts']);
  writeFileSync(join(copy, 'tsconfig.test.json'), JSON.stringify({ extends: './tsconfig.json', compilerOptions: { noEmit: true, preserveSymlinks: true }, include: ['src/scanners', 'test'] }));
  const node = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
  node(join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.test.json');
  node('--preserve-symlinks', join(root, 'node_modules/vitest/vitest.mjs'), 'run');
});

it('refuses a name that is taken or no name', () => {
  expect(() => createScanner(root, 'bandit')).toThrow('exists already');
  for (const name of ['', '../x', 'New', 'a b', 'index.ts']) expect(() => createScanner(root, name)).toThrow('lower-case words');
});
