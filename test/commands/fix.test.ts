import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { run, workspace, type Workspace } from './support.js';

const WORKFLOW = `name: Greet # by name
on: issues
permissions: {}
jobs:
  greet:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      # the title and the body
      - run: |
          echo "Hello \${{ github.event.issue.title }}"
          echo \${{ github.event.issue.title }} 'x \${{ github.event.issue.body }} y'
      - run: bash -c "echo \${{ github.event.issue.title }}"
`;

let folder: Workspace | undefined;
afterEach(() => folder?.remove());
const text = (path: string): string => readFileSync(join(folder?.root ?? '', path), 'utf8');

describe('fix', () => {
  test('repairs what it can, says what is left, and finds nothing more to do', async () => {
    folder = workspace({ '.github/workflows/greet.yml': WORKFLOW });
    const planned = await run(folder.root, ['fix', '--dry-run']);
    expect([planned.code, planned.err]).toEqual([0, '']);
    expect(planned.out).toContain('3 findings would be repaired in 1 file; 1 finding needs a person.');
    expect(text('.github/workflows/greet.yml')).toBe(WORKFLOW);

    const made = await run(folder.root, ['fix']);
    expect(made.out).toContain('.github/workflows/greet.yml:11: Hand the value over in an environment variable [pipeline/script-injection]');
    expect(made.out).toContain('3 findings were repaired in 1 file; 1 finding needs a person.');
    expect(text('.github/workflows/greet.yml')).toBe(
      WORKFLOW.replace(
        /      - run: \|\n.*\n.*\n/,
        `      - env:
          ISSUE_BODY: \${{ github.event.issue.body }}
          ISSUE_TITLE: \${{ github.event.issue.title }}
        run: |
          echo "Hello \${ISSUE_TITLE}"
          echo "\${ISSUE_TITLE}" 'x '"\${ISSUE_BODY}"' y'
`.replaceAll('$', '$$$$'),
      ),
    );
    expect((await run(folder.root, ['fix'])).out).toBe('Nothing could be repaired by itself; 1 finding needs a person.\n');
  });

  test('leaves suppressed findings and those of other policies alone', async () => {
    folder = workspace({ '.github/workflows/greet.yml': WORKFLOW, '.bartizan.yml': 'suppressions:\n  - rule: pipeline/script-injection\n    reason: ours\n' });
    expect((await run(folder.root, ['fix'])).out).toBe('Nothing could be repaired by itself; none is left.\n');
    expect((await run(folder.root, ['fix', '--only', 'pipeline/missing-timeout'])).out).toBe('Nothing could be repaired by itself; none is left.\n');
    expect(text('.github/workflows/greet.yml')).toBe(WORKFLOW);
  });

  test('puts fixes into SARIF', async () => {
    folder = workspace({ '.github/workflows/greet.yml': WORKFLOW });
    const log = JSON.parse((await run(folder.root, ['scan', '--format', 'sarif', '--no-external', '--only', 'pipeline/script-injection'])).out) as { runs: { results: { fixes?: { artifactChanges: unknown[] }[] }[] }[] };
    const results = log.runs.flatMap((one) => one.results);
    expect(results.map(({ fixes }) => fixes?.length ?? 0)).toEqual([1, 1, 1, 0]);
  });
});
