import { expect, test } from 'vitest';
import { read } from './read.js';

test('inputs of workflows that people start by hand are parameters', () => {
  const found = read('.github/workflows/restart.yml', 'name: Restart\non:\n  push:\n  workflow_dispatch:\n    inputs:\n      target:\n        description: host\n        required: true\n      mode:\n        type: choice\n        options: [soft, hard]\n      deploy_token:\n        default: hunter2Zq81xK\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n    - run: restart ${{ inputs.target }} "${{ github.event.inputs.mode }}"\n');
  expect(found.diagnostics).toEqual([]);
  expect(found.of('runbook')).toEqual([]);
  expect(found.of('parameter').map(({ value }) => [value.name, value.where, value.required, value.restricted, value.pasted])).toEqual([['target', 'pipeline', true, false, true], ['mode', 'pipeline', false, true, true], ['deploy_token', 'pipeline', false, false, false]]);
  const token = found.of('parameter')[2];
  expect(token && found.at(token)).toBe('deploy_token');
  expect(token && found.at(token, 'default')).toBe('hunter2Zq81xK');
  expect(found.of('literal-secret').map((fact) => found.at(fact))).toContain('hunter2Zq81xK');
});

test('workflows without such inputs state none', () => {
  expect(read('.github/workflows/a.yml', 'on: [workflow_dispatch]\njobs: {}\n').of('parameter')).toEqual([]);
  expect(read('.github/workflows/a.yml', 'on:\n  workflow_call:\n    inputs: {x: {type: string}}\njobs: {}\n').of('parameter')).toEqual([]);
});
