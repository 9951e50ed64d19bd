import { expect, test } from 'vitest';
import { workflow } from '../../scripts/bench-workflows.js';
import { parseYaml } from '../../src/syntax/yaml.js';

test('workflows depend on the seed alone, differ, and are of realistic size', () => {
  const texts = Array.from({ length: 300 }, (_, index) => workflow(1, index));
  expect(texts).toEqual(Array.from({ length: 300 }, (_, index) => workflow(1, index)));
  expect(new Set(texts).size).toBe(300);
  expect(workflow(2, 0)).not.toBe(workflow(1, 0));
  for (const text of texts) {
    expect(text.length).toBeGreaterThan(300);
    expect(text.length).toBeLessThan(25_000);
  }
});

test('every workflow is valid YAML', () => {
  for (let index = 0; index < 300; index++) expect(parseYaml(workflow(1, index)).problems).toEqual([]);
});
