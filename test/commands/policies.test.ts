import { afterEach, describe, expect, it } from 'vitest';
import { run, workspace, type Workspace } from './support.js';

let open: Workspace | undefined;
afterEach(() => open?.remove());

function folder(files: Readonly<Record<string, string>> = {}): string {
  open = workspace(files);
  return open.root;
}

describe('policies', () => {
  it('lists a policy a line, with the number of all', async () => {
    const { code, out } = await run(folder(), ['policies']);
    expect(code).toBe(0);
    expect(out).toMatch(/^critical +pipeline\/script-injection +\S/m);
    expect(out).toMatch(/^\d+ policies\. /m);
  });

  it('prints every detail as JSON', async () => {
    const { out } = await run(folder(), ['policies', '--format', 'json']);
    const policies = JSON.parse(out) as { id: string; equivalents: string[] }[];
    expect(policies.find(({ id }) => id === 'pipeline/script-injection')).toMatchObject({
      aliases: expect.any(Array),
      severity: 'critical',
      confidence: 'high',
      select: 'expansion',
      tags: expect.arrayContaining(['CWE-94']),
      equivalents: expect.arrayContaining(['zizmor/template-injection', 'codeql/actions/code-injection/critical']),
    });
  });

  it('lists custom policies too', async () => {
    const policy = 'id: custom/no-make\ntitle: Make is not used here\nseverity: low\nconfidence: high\nselect: command\nwhen: command.name == "make"\nat: name\nmessage: m\n';
    const { out } = await run(folder({ '.bartizan/policies/a.yml': policy }), ['policies']);
    expect(out).toMatch(/^low +custom\/no-make +Make is not used here$/m);
  });
});

describe('explain', () => {
  it('shows why, how to repair and when not to use it', async () => {
    const { code, out } = await run(folder(), ['explain', 'pipeline/script-injection']);
    expect(code).toBe(0);
    for (const heading of ['## Why it matters', '## How to repair it', '## When not to use it']) expect(out).toContain(heading);
  });

  it('names the nearest policy when there is none of that id', async () => {
    const { code, err } = await run(folder(), ['explain', 'pipeline/script-injektion']);
    expect(code).toBe(3);
    expect(err).toContain('Did you mean `pipeline/script-injection`?');
  });
});
