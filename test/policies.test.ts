import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkExample } from '../src/engine/examples.js';
import { loadPolicies } from '../src/engine/load.js';
import { platformOfFile } from '../scripts/platforms.js';
import { claimedPlatforms, platformsOfExamples } from '../src/engine/claims.js';
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

/*
 * A file of an example belongs to the platform that discovery tells by its path. A policy that lists platforms claims
 * these; one that lists none judges all and claims those that its `fail` examples show. docs/generated/platforms.md says the same.
 */
test.each(policies.filter(({ definition }) => definition.platforms.length > 0).map(({ definition }) => [definition.id, definition] as const))('%s has an example of what it reports on every platform that it claims', (_, definition) => {
  const shown = platformsOfExamples(definition, 'fail', platformOfFile);
  expect(claimedPlatforms(definition, platformOfFile).filter((platform) => !shown.includes(platform))).toEqual([]);
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
