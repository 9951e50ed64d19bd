import { expect, test } from 'vitest';
import { builtinPolicies } from '../../src/app.js';

test('repairs are shown as they are written, so that no brace of them is doubled as in a template', async () => {
  const doubled = (await builtinPolicies()).filter(({ definition: { repair } }) => /\{\{\}\}|\{\{\{|\$\{\{\S/.test(repair)).map(({ definition }) => definition.id);
  expect(doubled).toEqual([]);
});
