import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { run, workspace, type Workspace } from './support.js';

const workflow = (...steps: string[]): string => `name: x\non: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n${steps.map((step) => `      - run: ${step}\n`).join('')}`;
const PIPE = 'curl -sSf https://example.com/install.sh | sh';
const CONFIG = 'fail-on: note\nexternal: off\nonly: [shell/*]\nnew-only: true\n';

let folder: Workspace | undefined;
afterEach(() => folder?.remove());

test('only what is new fails; what moves stays known; what is gone is taken out', async () => {
  folder = workspace({ '.bartizan.yml': CONFIG, '.github/workflows/x.yml': workflow(PIPE) });
  const { root, write } = folder;
  expect((await run(root, ['scan'])).code).toBe(1);
  const written = await run(root, ['baseline']);
  expect([written.code, written.err, written.out]).toEqual([0, '', expect.stringMatching(/^bartizan\.baseline\.json: (\d+) known findings?, \1 added, 0 gone\n$/)]);
  expect((await run(root, ['scan'])).code).toBe(0);

  write('.github/workflows/x.yml', workflow('echo first', PIPE));
  expect((await run(root, ['scan'])).code).toBe(0);
  write('.github/workflows/x.yml', workflow(PIPE, PIPE.replace('install', 'other')));
  expect((await run(root, ['scan'])).code).toBe(1);

  write('.github/workflows/x.yml', workflow('echo'));
  expect((await run(root, ['baseline'])).out).toMatch(/ 0 known findings, 0 added, \d+ gone\n$/);
  expect(readFileSync(join(root, 'bartizan.baseline.json'), 'utf8')).toBe('{\n  "format": "bartizan-baseline/v1",\n  "findings": []\n}\n');
}, 60_000);

test('a broken baseline ends the scan and is not overwritten; a path outside is refused', async () => {
  folder = workspace({ '.bartizan.yml': CONFIG, 'bartizan.baseline.json': '{"findings": []}', '.github/workflows/x.yml': workflow(PIPE) });
  const { root, write } = folder;
  for (const command of ['scan', 'baseline']) expect(await run(root, [command])).toMatchObject({ code: 3, err: expect.stringContaining('is no baseline of Bartizan') as string });
  write('.bartizan.yml', `${CONFIG}baseline: ../known.json\n`);
  for (const command of ['scan', 'baseline']) expect((await run(root, [command])).code).toBe(3);
  expect(existsSync(join(root, '../known.json'))).toBe(false);
  write('.bartizan.yml', `${CONFIG}baseline: none\n`);
  expect((await run(root, ['scan'])).code).toBe(1);
}, 60_000);
