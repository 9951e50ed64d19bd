import { afterEach, describe, expect, it } from 'vitest';
import { run, workspace, type Workspace } from './support.js';

let open: Workspace | undefined;
afterEach(() => open?.remove());

function tools(...args: string[]): ReturnType<typeof run> {
  open = workspace();
  return run(open.root, ['tools', ...args], { environment: { PATH: '/usr/bin:/bin', XDG_CACHE_HOME: `${open.root}/cache` } });
}

describe('tools', () => {
  it('lists each tool with its state and where it comes from', async () => {
    const { code, out } = await tools('list');
    expect(code).toBe(0);
    expect(out).toMatch(/^gitleaks +not installed; locked: 8\.30\.1 release gitleaks\//m);
    expect(out).toMatch(/^bandit +not installed; locked: 1\.9\.4 Python package bandit 1\.9\.4, \d+ hash-locked packages$/m);
  });

  it('prints the lock as JSON', async () => {
    const { out } = await tools('lock', 'trivy');
    const lock = JSON.parse(out) as { tools: Record<string, { version: string }[]>; denied: Record<string, string> };
    expect(lock.tools['trivy']?.[0]?.version).toMatch(/^\d/);
    expect(Object.values(lock.denied).join()).toContain('0.69.4');
  });

  it('says what is missing without fetching it, and fails', async () => {
    const { code, out } = await tools('install', 'gitleaks', '--offline');
    expect(code).toBe(2);
    expect(out).toBe('gitleaks: missing, and nothing is fetched with --offline\n');
  });

  it('has nothing to verify where nothing is installed', async () => {
    expect(await tools('verify')).toEqual({ code: 0, out: '', err: '' });
  });

  it('refuses unknown tools, mirrors that are not https, and installing everything', async () => {
    expect(await tools('install', 'gitleeks')).toMatchObject({ code: 3, err: expect.stringContaining('gitleaks') as string });
    expect(await tools('install', 'gitleaks', '--mirror', 'http://mirror.example.org')).toMatchObject({ code: 3, err: expect.stringContaining('https://') as string });
    expect(await tools('install')).toMatchObject({ code: 3, err: expect.stringContaining('Name the tools') as string });
  });
});
