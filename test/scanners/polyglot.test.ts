import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../src/core/index.js';
import { discover } from '../../src/discover/discover.js';
import { openFiles } from '../../src/io/files.js';
import { systemGit } from '../../src/io/git.js';
import { SCANNERS } from '../../src/scanners/index.js';
import { isInstalled } from './request.js';
import { runTool } from './run-tool.js';

const ROOT = fileURLToPath(new URL('../../examples/polyglot', import.meta.url));

/** What each scanner has to find in the example: rule and file. Those without a row need a database, the network or a configured target. */
const EXPECTED: Readonly<Record<string, { readonly heavy: boolean; readonly finds: readonly string[] }>> = {
  actionlint: { heavy: false, finds: ['untrusted .github/workflows/ci.yml'] },
  'ansible-lint': { heavy: true, finds: ['risky-shell-pipe ansible/site.yml'] },
  bandit: { heavy: false, finds: ['B602 app/server.py'] },
  'cfn-lint': { heavy: true, finds: ['E3002 infra/stack.yaml'] },
  checkov: { heavy: true, finds: ['CKV_AWS_20 infra/main.tf', 'CKV_AWS_16 infra/main.tf', 'CKV_K8S_16 k8s/deployment.yaml', 'CKV_DOCKER_8 Dockerfile'] },
  conftest: { heavy: false, finds: ['public-bucket infra/main.tf', 'unencrypted-database infra/main.tf', 'missing-tags infra/main.tf'] },
  eslint: { heavy: false, finds: ['security/detect-eval-with-expression web/server.js'] },
  gitleaks: { heavy: false, finds: ['generic-api-key config/settings.ini'] },
  gosec: { heavy: true, finds: ['G204 service/main.go', 'G401 service/main.go'] },
  hadolint: { heavy: false, finds: ['DL3007 Dockerfile', 'DL3002 Dockerfile'] },
  njsscan: { heavy: true, finds: ['eval_nodejs web/server.js'] },
  semgrep: { heavy: true, finds: ['bartizan.express-input-evaluated web/server.js', 'bartizan.jwt-none-algorithm web/server.js', 'bartizan.express-cors-any-origin web/server.js'] },
  shellcheck: { heavy: false, finds: ['SC2115 scripts/deploy.sh'] },
  zizmor: { heavy: false, finds: ['template-injection .github/workflows/ci.yml', 'dangerous-triggers .github/workflows/ci.yml'] },
};

const rows: string[] = [];

describe('the example with a weakness for every kind of scanner', () => {
  for (const [name, { heavy, finds }] of Object.entries(EXPECTED)) {
    const scanner = SCANNERS.find((candidate) => candidate.name === name);
    if (scanner === undefined) throw new Error(`There is no scanner ${name}.`);
    it.skipIf(!isInstalled(scanner, heavy))(`${name} finds what it is there for`, async () => {
      const { inventory } = await discover(openFiles(ROOT), { include: [], exclude: [] }, systemGit(process.env['PATH'] ?? ''));
      const applicability = scanner.applies(inventory, {});
      if (!applicability.applies) throw new Error(`${name} does not apply: ${applicability.reason}`);
      const result = await runTool(scanner, ROOT, applicability.files);
      expect(result.outcome.status, result.outcome.status === 'failed' ? result.outcome.error : undefined).toBe('completed');
      const found = new Set(findingsOf(result).map(({ ruleId, locations }) => `${ruleId} ${locations[0].path}`));
      for (const row of finds) rows.push(`${found.has(row) ? 'found ' : 'MISSED'} ${name.padEnd(14)} ${row}`);
      expect([...found]).toEqual(expect.arrayContaining([...finds]));
    });
  }

  it('prints the table', () => {
    process.stderr.write(`${rows.length === 0 ? 'No scanner is installed.' : rows.join('\n')}\n`);
    expect(rows.filter((row) => row.startsWith('MISSED'))).toEqual([]);
  });
});
