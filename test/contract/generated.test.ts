import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { generatedFiles, leftovers } from '../../scripts/generated-files.js';

const root = resolve(import.meta.dirname, '../..');

test('generated files are those of the policies, facts and scanners as they are', () => {
  const files = generatedFiles(root);
  const stale = [...files].filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text).map(([path]) => path);
  expect([...stale, ...leftovers(root, files)], 'run npm run generate').toEqual([]);
});
