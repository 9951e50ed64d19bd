import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { run, workspace, type Workspace } from './support.js';

let open: Workspace | undefined;
afterEach(() => open?.remove());

describe('init', () => {
  it('writes a configuration that is valid and a workflow', async () => {
    open = workspace();
    const { code, out } = await run(open.root, ['init']);
    expect(code).toBe(0);
    expect(out).toContain('wrote    .bartizan.yml');
    expect(readFileSync(join(open.root, '.github/workflows/bartizan.yml'), 'utf8')).toContain('persist-credentials: false');
    const scan = await run(open.root, ['scan', '.', '--no-external', '--format', 'json']);
    expect(scan.err).toBe('');
    expect(scan.code).not.toBe(3);
  });

  it('never changes a file that is there', async () => {
    open = workspace({ '.bartizan.yml': 'fail-on: low\n' });
    const { code, out } = await run(open.root, ['init']);
    expect(code).toBe(0);
    expect(out).toContain('kept     .bartizan.yml');
    expect(readFileSync(join(open.root, '.bartizan.yml'), 'utf8')).toBe('fail-on: low\n');
  });
});
