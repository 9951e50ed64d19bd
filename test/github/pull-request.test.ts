import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACTION, act, runAction, type RunnerRequest, type RunnerResult } from '../e2e/act.js';
import { loopbackGitHub, type LoopbackGitHub } from './loopback.js';

const TOKEN = 'ghs_tokenOfTheJob0123456789';
const repository = { id: 1, name: 'app', full_name: 'octo/app', default_branch: 'main', owner: { login: 'octo' } };

/** A repository with 500 findings of severity medium, twenty in each of 25 scripts. */
const OLD = Object.fromEntries(
  Array.from({ length: 25 }, (_, file) => [`scripts/old-${file}.sh`, `#!/bin/bash\n${Array.from({ length: 20 }, (_one, line) => `curl -s https://example.com/${file}/${line} | bash\n`).join('')}`]),
);
const CONFIGURATION = 'fail-on: medium\nnew-only: true\nexclude: [.github/**, action.yml, dist/**]\n';
const FINDING = '#!/bin/bash\necho hello\ncurl -s https://example.com/new | bash\n';

let server: LoopbackGitHub;
beforeEach(async () => {
  server = await loopbackGitHub();
});
afterEach(() => server.close());

interface Change {
  readonly base?: Readonly<Record<string, string>>;
  readonly head: Readonly<Record<string, string | undefined>>;
  /** After the commit of the pull request. */
  readonly after?: (folder: string, git: (...args: string[]) => string, base: string, head: string) => void;
}

/** Opens a pull request with some files changed, undefined for deleted ones, and scans it. */
async function open({ base = {}, head, after }: Change, request: Partial<RunnerRequest> = {}, shas: { base?: string; head?: string } = {}): Promise<RunnerResult> {
  let baseSha = '';
  let headSha = '';
  const result = await runAction({
    event: 'pull_request',
    ...request,
    files: { '.bartizan.yml': CONFIGURATION, ...OLD, ...base },
    history(folder, git) {
      baseSha = git('rev-parse', 'HEAD');
      git('checkout', '-q', '-b', 'topic');
      for (const [path, text] of Object.entries(head)) {
        if (text === undefined) rmSync(join(folder, path));
        else {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          writeFileSync(join(folder, path), text);
        }
      }
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', 'Proposed');
      headSha = git('rev-parse', 'HEAD');
      after?.(folder, git, baseSha, headSha);
      shas.base = baseSha;
      shas.head = headSha;
    },
    payload: () => ({
      action: 'opened',
      number: 7,
      repository,
      pull_request: { number: 7, head: { ref: 'topic', sha: headSha, repo: { id: 1, full_name: 'octo/app' } }, base: { ref: 'main', sha: baseSha, repo: { id: 1, full_name: 'octo/app' } } },
    }),
    secrets: { GITHUB_TOKEN: TOKEN },
    env: { GITHUB_API_URL: server.url, GITHUB_REPOSITORY: 'octo/app', GITHUB_REF: 'refs/pull/7/merge', ...request.env },
  });
  expect(server.violations, result.raw).toEqual([]);
  return result;
}

function failure({ commands }: RunnerResult): string {
  return commands.find(({ name, properties }) => name === 'error' && properties['file'] === undefined)?.text ?? '';
}

function expectFails(result: RunnerResult): void {
  expect(result.steps[ACTION], result.raw).toBe('failure');
  expect(result.outputs['verdict'], result.raw).toBe('fail');
}

describe.skipIf(act === undefined)('a pull request', () => {
  test('that adds one finding to a repository with 500 known ones shows exactly that one', async () => {
    const result = await open({ head: { 'scripts/new.sh': FINDING } });
    expectFails(result);
    expect(failure(result)).toMatch(/^Bartizan fails: 1 \w+ finding \(fail-on: medium\); 500 known\. First: .*scripts\/new\.sh:3/);
    expect(server.comments[0]?.body).toContain('500 known');
    for (const shown of [result.summary, server.comments[0]?.body, result.log.join('\n'), JSON.stringify(result.commands)]) {
      expect(shown).toContain('scripts/new.sh');
      expect(shown).not.toContain('scripts/old-');
    }
  });

  test('that adds nothing passes, also when it moves and renames what is known', async () => {
    const moved = { 'scripts/old-0.sh': undefined, 'moved/begin.sh': OLD['scripts/old-0.sh'] ?? '', 'scripts/old-1.sh': `#!/bin/bash\necho first\n${(OLD['scripts/old-1.sh'] ?? '').slice(12)}` };
    const result = await open({ head: moved });
    expect(result.steps[ACTION], result.raw).toBe('success');
    expect(result.summary).toMatch(/^## Bartizan passes: no new findings; 500 known/);
  });

  test.each([
    ['deletes the configuration', { '.bartizan.yml': undefined, 'scripts/new.sh': FINDING }, /weakens `fail-on` from medium to high.*out of `exclude`.*they take effect after merge/],
    ['lowers the threshold', { '.bartizan.yml': `${CONFIGURATION.replace('medium', 'never')}`, 'scripts/new.sh': FINDING }, /weakens `fail-on` from medium to never/],
    ['adds suppressions', { '.bartizan.yml': `${CONFIGURATION}suppressions:\n  - {rule: shell/*, reason: x}\n  - {path: '**', reason: y}\n`, 'scripts/new.sh': FINDING }, /adds 2 suppressions: it takes effect after merge/],
    ['switches to its own configuration', { '.bartizan.yml': 'config-source: head\nfail-on: never\n', 'scripts/new.sh': FINDING }, /weakens `config-source` from base to head/],
    ['adds a comment', { 'scripts/new.sh': FINDING.replace('curl', '# bartizan-ignore[shell/*]: trust me\ncurl') }, /adds 1 comment that silences findings; it does not count \(new-inline-suppressions: refuse\)/],
  ])('that %s still fails, and says so', async (_name, head, said) => {
    const result = await open({ head });
    expectFails(result);
    expect(result.summary.replaceAll('\\', '')).toMatch(said);
    expect(server.comments[0]?.body.replaceAll('\\', '')).toMatch(said);
  });

  test('that edits the baseline still fails', async () => {
    const entry = (fingerprint: string) => `{"format": "bartizan-baseline/v1", "findings": [{"path": "a", "rule": "a", "severity": "critical", "fingerprint": "${fingerprint}"}]}`;
    const result = await open({ base: { 'bartizan.baseline.json': entry('0'.repeat(32)) }, head: { 'bartizan.baseline.json': entry('1'.repeat(32)), 'scripts/new.sh': FINDING } });
    expectFails(result);
    expect(result.summary).toContain('adds 1 known finding to the baseline');
  });

  test('whose base is not in the checkout is judged by what GitHub has of it', async () => {
    const request = { inputs: { 'new-only': 'false' } };
    const shas: { base?: string } = {};
    const shallow: NonNullable<Change['after']> = (_folder, git, base) => {
      server.tree = { commit: base, files: { '.bartizan.yml': 'fail-on: critical\nexclude: [.github/**, action.yml, dist/**]\n' } };
      git('checkout', '-q', '--orphan', 'cut');
      git('commit', '-q', '-m', 'Cut');
      git('branch', '-q', '-D', 'topic', 'main');
      git('reflog', 'expire', '--expire=now', '--all');
      git('gc', '-q', '--prune=now');
    };
    const result = await open({ head: { 'scripts/new.sh': FINDING, '.bartizan.yml': 'fail-on: note\n' }, after: shallow }, request, shas);
    expect(result.steps[ACTION], result.raw).toBe('success');
    expect(result.summary.replaceAll('\\', '')).toContain('tightens `fail-on` from critical to note');
  });

  test('whose base can be had nowhere is not judged by its own configuration', async () => {
    const result = await open({
      head: { '.bartizan.yml': 'fail-on: never\n', 'scripts/new.sh': FINDING },
      after: (_folder, git) => {
        git('checkout', '-q', '--orphan', 'cut');
        git('commit', '-q', '-m', 'Cut');
        git('branch', '-q', '-D', 'topic', 'main');
        git('reflog', 'expire', '--expire=now', '--all');
        git('gc', '-q', '--prune=now');
      },
    });
    expect(result.steps[ACTION], result.raw).toBe('failure');
    expect(result.outputs).toEqual({ verdict: 'error' });
    expect(failure(result)).toMatch(/^Bartizan was not started: error: The configuration of the base commit .*fetch-depth: 0.*contents: read/);
  });

  test('counts what code scanning has of the base branch as known, and falls back when it refuses or lies', async () => {
    server.analyses = [{ id: 5, ref: 'refs/heads/main', commit_sha: 'c'.repeat(40), category: 'bartizan/policies/', sarif: '{"version": "2.1.0", "runs": []' }];
    const lies = await open({ head: { 'scripts/new.sh': FINDING } });
    expect(failure(lies)).toContain('500 known');
    server.refuse('GET /repos/{owner}/{repo}/code-scanning/analyses', { status: 403, message: 'Resource not accessible by integration' });
    const refused = await open({ head: { 'scripts/new.sh': FINDING } });
    expect(failure(refused)).toContain('500 known');
    const sarif = { version: '2.1.0', runs: [{ tool: { driver: { name: 'Bartizan', rules: [] } }, automationDetails: { id: 'bartizan/policies/' }, results: [] }] };
    server.analyses = [{ id: 5, ref: 'refs/heads/main', commit_sha: 'c'.repeat(40), category: 'bartizan/policies/', sarif: JSON.stringify(sarif) }];
    const empty = await open({ head: {} });
    expect(failure(empty)).toMatch(/500 \w+ findings/);
    expect(empty.log.join('\n')).toContain('Known are 0 findings that code scanning has of main');
  });

  test('may add a comment that an owner has approved', async () => {
    const comment = FINDING.replace('curl', '# bartizan-ignore[shell/*]: reviewed\ncurl');
    const base = { '.bartizan.yml': `${CONFIGURATION}new-inline-suppressions: approved\n`, '.github/CODEOWNERS': '* @octo/team\n/scripts/ @alice\n' };
    const review = (login: string): NonNullable<Change['after']> => (_folder, _git, _base, head) => {
      server.reviews = [{ user: { login }, state: 'APPROVED', commit_id: head }];
    };
    const approved = await open({ base, head: { 'scripts/new.sh': comment }, after: review('Alice') });
    expect(approved.steps[ACTION], approved.raw).toBe('success');
    expect(approved.summary.replaceAll('\\', '')).toMatch(/reviewed \(approved by @.?alice\)/u);
    const other = await open({ base, head: { 'scripts/new.sh': comment }, after: review('mallory') });
    expectFails(other);
    const before = await open({ base, head: { 'scripts/new.sh': comment }, after: (_folder, _git, sha) => void (server.reviews = [{ user: { login: 'alice' }, state: 'APPROVED', commit_id: sha }]) });
    expectFails(before);
    const owners = await open({ base, head: { 'scripts/new.sh': comment, '.github/CODEOWNERS': '* @mallory\n' }, after: review('mallory') });
    expectFails(owners);
  });
});
