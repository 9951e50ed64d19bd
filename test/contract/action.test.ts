import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { actionInputs, type ActionInput } from '../../src/config/action.js';
import { INPUTS } from '../../src/config/inputs.js';

const action = load(readFileSync(resolve(import.meta.dirname, '../../action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, ActionInput>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: unknown;
};

test('action.yml has exactly the inputs that the program reads, in order, with their descriptions and defaults', () => {
  expect(action.inputs).toEqual(actionInputs());
  expect(Object.keys(action.inputs)).toEqual(Object.keys(actionInputs()));
});

test('settings have no default there: an input that is not given leaves the word to the file', () => {
  for (const { name } of INPUTS) expect(action.inputs[name]?.default).toBe('');
});

test('every output is described, and the bundle runs with Node 24', () => {
  for (const { description } of Object.values(action.outputs)) expect(description).not.toBe('');
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
});
