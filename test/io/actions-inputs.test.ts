import { expect, test } from 'vitest';
import { takeInputs } from '../../src/io/actions-inputs.js';

test('inputs and tokens leave the environment, everything else stays', () => {
  const variables: NodeJS.ProcessEnv = {
    'INPUT_FAIL-ON': ' high ',
    'INPUT_GITHUB-TOKEN': 'ghs_secret',
    ACTIONS_RUNTIME_TOKEN: 'runtime',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'id',
    ACTIONS_RESULTS_URL: 'https://results.example',
    ACTIONS_STEP_DEBUG: 'true',
    GITHUB_TOKEN: 'ghs_other',
    GH_TOKEN: 'ghs_other',
    GITHUB_WORKSPACE: '/workspace',
    PATH: '/usr/bin',
  };
  const input = takeInputs(variables);
  expect(variables).toEqual({ ACTIONS_STEP_DEBUG: 'true', GITHUB_WORKSPACE: '/workspace', PATH: '/usr/bin' });
  expect(input('fail-on')).toBe('high');
  expect(input('github-token')).toBe('ghs_secret');
  expect(input('none')).toBe('');
});
