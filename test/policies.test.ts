import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkExample } from '../src/engine/examples.js';
import { loadPolicies } from '../src/engine/load.js';
import { declarationsFromSchemas } from '../src/facts/declarations.js';
import { scanFiles, statesCommands } from './scan-files.js';

/*
 * Every folder under policies/ is a policy, and its examples are its tests: they go through the real
 * readers. A policy's example is judged by that policy alone.
 */

const ROOT = 'policies';

const folders = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((domain) => readdirSync(join(ROOT, domain.name)).map((name) => `${domain.name}/${name}`))
  .toSorted();
const sources = folders
  .map((id) => ({ id, path: `${ROOT}/${id}/policy.yaml` }))
  .filter(({ path }) => existsSync(path))
  .map(({ path }) => ({ path, text: readFileSync(path, 'utf8'), builtin: true }));
const { policies, diagnostics } = loadPolicies(sources, declarationsFromSchemas());

test('every folder holds a policy that loads', () => {
  expect(diagnostics.map(({ path, region, message }) => `${path}:${region?.startLine}: ${message}`)).toEqual([]);
  expect(folders).toEqual(sources.map(({ path }) => path.slice(ROOT.length + 1, -'/policy.yaml'.length)));
});

for (const policy of policies) {
  const { id, examples, select } = policy.definition;
  const unread = (select === 'command' || select === 'script') && !statesCommands();
  if (unread) console.warn(`${id}: its examples are not run, since no reader states commands yet`);
  describe(id, () => {
    test('is named like its folder', () => expect(policy.path).toBe(`${ROOT}/${id}/policy.yaml`));
    examples.forEach((example, index) => {
      test.skipIf(unread)(`${example.kind}: ${example.name || `example ${index + 1}`}`, async () => {
        expect(await checkExample(policy, example, scanFiles)).toEqual([]);
      });
    });
  });
}
