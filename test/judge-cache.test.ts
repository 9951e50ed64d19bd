import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { builtinPolicies } from '../src/app.js';
import { openResults } from '../src/cache/index.js';
import type { FileEntry } from '../src/core/index.js';
import { pathParts, recogniseByPath } from '../src/discover/recognise.js';
import { shellParserAssets } from '../src/io/assets.js';
import { openFiles } from '../src/io/files.js';
import type { Threads } from '../src/io/threads.js';
import { judgeWorkspace, type Judged } from '../src/judge.js';
import type { JudgedPart } from '../src/judge-part.js';

const threads: Threads = {
  cores: 1,
  start: () => {
    throw new Error('no threads here');
  },
};
const NAMES = ['a', 'b', 'c', 'd', 'e'];
const TRIGGERS = ['push', 'pull_request_target', 'issue_comment', 'workflow_call', '{ workflow_run: { workflows: [a] } }', '{ workflow_run: { workflows: [b] } }'];

/** One workflow: who starts it, whom it calls, what it hands over. */
const workflow = fc
  .record({ trigger: fc.constantFrom(...TRIGGERS), calls: fc.option(fc.constantFrom(...NAMES, '../actions/x'), { nil: undefined }), value: fc.constantFrom('github.event.comment.body', 'inputs.title', 'github.sha'), lines: fc.nat(2) })
  .map(({ trigger, calls, value, lines }) => {
    const call = calls === undefined ? '' : calls.includes('/') ? `      - uses: ./.github/actions/x\n        with: { title: "\${{ ${value} }}" }\n` : `  call:\n    uses: ./.github/workflows/${calls}.yml\n    with: { title: "\${{ ${value} }}" }\n    secrets: inherit\n`;
    return `${'# comment\n'.repeat(lines)}on: ${trigger}\njobs:\n  work:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo "\${{ ${value} }}"\n${call}`;
  });
const action = fc.constantFrom('echo "${{ inputs.title }}"', 'echo ok', 'curl https://example.com | sh').map((run) => `name: x\ninputs: { title: {} }\nruns:\n  using: composite\n  steps:\n    - { shell: bash, run: '${run}' }\n`);
const script = fc.constantFrom('curl https://example.com | sh\n', 'echo ok\n', 'sudo rm -rf "$1"\n');
const pipeline = fc.constantFrom('include: { local: ci/part.yml }\n', 'job: { script: ["echo $CI_COMMIT_MESSAGE | sh"] }\n');

/** An edit: a file gets another text, or is gone. */
const edit = fc.oneof(
  fc.tuple(fc.constantFrom(...NAMES.map((name) => `.github/workflows/${name}.yml`)), fc.option(workflow, { nil: undefined, freq: 6 })),
  fc.tuple(fc.constant('.github/actions/x/action.yml'), fc.option(action, { nil: undefined, freq: 4 })),
  fc.tuple(fc.constantFrom('s/one.sh', 's/two.sh'), fc.option(script, { nil: undefined, freq: 4 })),
  fc.tuple(fc.constantFrom('.gitlab-ci.yml', 'ci/part.gitlab-ci.yml'), fc.option(pipeline, { nil: undefined, freq: 4 })),
  fc.tuple(fc.constant('.github/dependabot.yml'), fc.option(fc.constant('version: 2\nupdates: []\n'), { nil: undefined, freq: 4 })),
);

test('cold and warm reports are equal over random edits', async () => {
  const policies = await builtinPolicies();
  let found = 0;
  const property = fc.asyncProperty(fc.array(edit, { minLength: 6, maxLength: 10 }), fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 }), async (first, edits) => {
    const root = mkdtempSync(join(tmpdir(), 'bartizan-warm-'));
    const folder = join(root, 'cache');
    const workspace = join(root, 'workspace');
    mkdirSync(workspace);
    const present = new Set<string>();
    const judge = (warm: boolean): Promise<Judged> => {
      const files = [...present].sort().flatMap((path): FileEntry[] => {
        const recognised = recogniseByPath(pathParts(path));
        return recognised === undefined ? [] : [{ path, ...recognised }];
      });
      const cache = warm ? openResults<JudgedPart>(folder, root) : undefined;
      const inventory = { root: workspace, total: files.length, files, source: 'walk' as const };
      return judgeWorkspace({ inventory, policies, settings: { policies: {} } }, { files: openFiles(workspace), shellParser: shellParserAssets, threads, threadCount: 0, cache }).then((judged) => {
        if (cache !== undefined) found += cache.size;
        expect(cache?.close()).toBeUndefined();
        return judged;
      });
    };
    try {
      for (const step of [first, ...edits]) {
        for (const [path, text] of step) {
          rmSync(join(workspace, path), { force: true });
          present.delete(path);
          if (text === undefined) continue;
          mkdirSync(dirname(join(workspace, path)), { recursive: true });
          writeFileSync(join(workspace, path), text);
          present.add(path);
        }
        expect(await judge(true)).toEqual(await judge(false));
      }
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
  await fc.assert(property, { numRuns: 15, endOnFailure: true });
  expect(found).toBeGreaterThan(0);
}, 300_000);
