import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ansibleLint } from '../../../src/scanners/ansible-lint.js';
import { describeAdapter } from '../adapter.js';
import { entries, isInstalled } from '../request.js';
import { runTool, summarise } from '../run-tool.js';

describeAdapter(ansibleLint, {
  folder: 'ansible-lint/mixed',
  root: '/workspace',
  files: entries('ansible', ['site.yml']),
  output: 'ansible-lint/mixed.json',
  exitCode: 2,
  expected: ['command-instead-of-module site.yml:4:5-4:43 low/medium', 'risky-shell-pipe site.yml:4:5-4:43 low/medium'],
  real: 'heavy',
});

describe.skipIf(!isInstalled(ansibleLint, true))('ansible-lint itself', () => {
  it('is not weakened by a configuration of the repository', async () => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
    writeFileSync(join(root, '.ansible-lint'), 'skip_list: [command-instead-of-module, risky-shell-pipe]\nexclude_paths: [site.yml]\n');
    writeFileSync(join(root, '.ansible-lint-ignore'), 'site.yml command-instead-of-module\nsite.yml risky-shell-pipe\n');
    writeFileSync(join(root, 'site.yml'), '- name: A play\n  hosts: all\n  tasks:\n    - name: Download\n      ansible.builtin.shell: curl http://example.com | sh\n      changed_when: false\n');
    expect(summarise(await runTool(ansibleLint, root, entries('ansible', ['site.yml'])))).toEqual(['command-instead-of-module site.yml:4:5-4:21 low/medium', 'risky-shell-pipe site.yml:4:5-4:21 low/medium']);
  });
});
