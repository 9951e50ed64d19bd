import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readme } from '../../scripts/readme.js';

const root = resolve(import.meta.dirname, '../..');

test('the README shows the scan of the example as it is', async () => {
  expect(readFileSync(join(root, 'README.md'), 'utf8'), 'run npm run generate').toBe(await readme(root));
});
