import { describe, expect, test } from 'vitest';
import { cut, readOne } from './read.js';

const SHA = '11bd71901bbe5b1630ceea73d27597364c9af683';

/** The checkout of one step with these inputs. */
function checkout(events: string, inputs: string, ref = 'v4.2.2', env = '') {
  const read = readOne(`on: [${events}]
${env === '' ? '' : `env: { ${env} }\n`}jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@${ref}
        with: { ${inputs} }
      - run: npm test
`);
  return { ...read.all('step')[0]!.value.checkout, after: read.all('step')[1]!.value.afterUntrustedCheckout };
}

describe('actions/checkout', () => {
  test.each([
    ['pull_request_target', "ref: '${{ github.event.pull_request.head.sha }}'", 'untrusted', false],
    ['pull_request_target', "ref: '${{ github.event.pull_request.head.ref }}'", 'untrusted', true],
    ['pull_request_target', "ref: '${{ github.head_ref }}'", 'untrusted', true],
    ['pull_request_target', "ref: 'refs/pull/${{ github.event.number }}/merge'", 'untrusted', true],
    ['pull_request_target', "repository: '${{ github.event.pull_request.head.repo.full_name }}'", 'untrusted', true],
    ['issue_comment', "ref: 'refs/pull/${{ github.event.issue.number }}/head'", 'untrusted', true],
    ['issue_comment', "ref: '${{ steps.branch.outputs.head_ref }}'", 'untrusted', true],
    ['issue_comment', "ref: '${{ steps.branch.outputs.head_sha }}'", 'untrusted', false],
    ['workflow_run', "ref: '${{ github.event.workflow_run.head_branch }}'", 'untrusted', true],
    ['workflow_run', "ref: '${{ github.event.workflow_run.head_sha }}'", 'untrusted', false],
    ['workflow_run', "ref: '${{ github.event.workflow_run.pull_requests[0].head.sha }}'", 'untrusted', false],
  ])('in %s with %s is %s', (events, inputs, kind, mutableRef) => {
    expect(checkout(events, inputs)).toMatchObject({ kind, mutableRef, refused: false, after: true });
  });

  test.each([
    ['pull_request_target', ''],
    ['pull_request_target', "ref: '${{ github.event.pull_request.base.sha || github.sha }}'"],
    ['pull_request_target', "ref: '${{ github.event.pull_request.base.ref }}'"],
    ['push', "ref: '${{ github.event.pull_request.head.sha }}'"],
    ['issue_comment', "ref: '${{ github.event.repository.default_branch }}'"],
    ['workflow_run', "ref: main"],
    ['pull_request', ''],
    ['push', "repository: '${{ github.repository }}'"],
    ['pull_request_target', "ref: \"${{ github.event.pull_request.head.ref == 'x' && 'a' || 'b' }}\""],
  ])('in %s with %s is own', (events, inputs) => {
    expect(checkout(events, inputs)).toMatchObject({ kind: 'own', mutableRef: false, after: false });
  });

  test('of another repository is other', () => {
    expect(checkout('pull_request_target', 'repository: o/r, ref: main, path: x')).toMatchObject({ kind: 'other', path: 'x', after: false });
  });

  test('is followed through variables', () => {
    expect(checkout('pull_request_target', "ref: '${{ env.REF }}'", 'v4.2.2', "REF: '${{ github.head_ref }}'")).toMatchObject({ kind: 'untrusted' });
  });

  test('keeps the credentials unless told otherwise', () => {
    expect(checkout('push', '').persistsCredentials).toBe(true);
    expect(checkout('push', 'persist-credentials: true').persistsCredentials).toBe(true);
    expect(checkout('push', 'persist-credentials: false').persistsCredentials).toBe(false);
    expect(checkout('push', "persist-credentials: 'false'").persistsCredentials).toBe(false);
  });
});

describe('the platform’s own refusal of outsiders’ code', () => {
  const head = "ref: '${{ github.event.pull_request.head.sha }}'";

  test.each([
    ['v4', true],
    ['v5', true],
    ['v6', true],
    ['v7', true],
    ['v7.0.1', true],
    ['v8', true],
    ['v3', false],
    ['v4.2.2', false],
    [SHA, false],
    ['main', false],
  ])('with %s: %s', (ref, refused) => {
    expect(checkout('pull_request_target', head, ref)).toMatchObject({ kind: 'untrusted', refused, after: !refused });
  });

  test('is switched off by an input', () => {
    expect(checkout('pull_request_target', `${head}, allow-unsafe-pr-checkout: true`, 'v7')).toMatchObject({ allowsUnsafe: true, refused: false, after: true });
  });

  test('does not cover comments', () => {
    expect(checkout('issue_comment', "ref: 'refs/pull/${{ github.event.issue.number }}/head'", 'v7')).toMatchObject({ refused: false, after: true });
    expect(checkout('pull_request_target, issue_comment', "ref: 'refs/pull/${{ github.event.issue.number || github.event.number }}/head'", 'v7')).toMatchObject({ refused: false, after: true });
  });
});

describe('other actions', () => {
  const step = (text: string) => {
    const read = readOne(`on: workflow_run\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - ${text.replaceAll('\n', '\n        ')}\n      - run: x\n`);
    return { value: read.all('step')[0]!.value, next: read.all('step')[1]!.value, read };
  };

  test('fetch files of another run', () => {
    const { value, next } = step("uses: actions/download-artifact@v4\nwith:\n  run-id: ${{ github.event.workflow_run.id }}\n  github-token: x");
    expect(value.downloadsArtifact).toEqual({ crossRun: true, executed: '', path: '', intoWorkspace: true });
    expect(next.afterUntrustedArtifact).toBe(true);
  });

  test('of the same run, or away from the workspace, are no danger to the next step', () => {
    expect(step('uses: actions/download-artifact@v4\nwith: { name: x }').next.afterUntrustedArtifact).toBe(false);
    expect(step("uses: dawidd6/action-download-artifact@v6\nwith: { path: '${{ runner.temp }}/x' }").next.afterUntrustedArtifact).toBe(false);
    expect(step('uses: dawidd6/action-download-artifact@v6\nwith: { path: /tmp/x }').next.afterUntrustedArtifact).toBe(false);
  });

  test('upload, cache and publish', () => {
    expect(step('uses: actions/upload-artifact@v4\nwith:\n  path: |\n    .\n    dist\n').value.uploadsArtifact).toEqual(['.', 'dist']);
    expect(step('uses: actions/cache@v4\nwith: { key: "a-${{ runner.os }}", path: x }').value).toMatchObject({ cache: 'both', cacheKey: 'a-${{ runner.os }}' });
    expect(step('uses: actions/setup-node@v4').value.cache).toBe('');
    const { value, read } = step('uses: pypa/gh-action-pypi-publish@v1');
    expect(value.publishes).toBe('pypi');
    expect(read.job('a').value.deploys).toBe(true);
  });

  test('take inputs as code, commands and refs', () => {
    const sink = (text: string) => step(text).read.all('expansion')[0]!.value.sink;
    expect(sink("uses: actions/github-script@v7\nwith: { script: 'f(${{ github.head_ref }})' }")).toBe('script-js');
    expect(sink("uses: actions/checkout@v4\nwith: { ref: '${{ github.head_ref }}' }")).toBe('ref');
    expect(sink("uses: actions/cache@v4\nwith: { key: '${{ github.head_ref }}' }")).toBe('cache-key');
    expect(sink("uses: o/r@v1\nwith: { x: '${{ github.head_ref }}' }")).toBe('input');
  });

  test('of the repository run what is in the workspace', () => {
    const { value, read } = step('uses: ./.github/actions/build');
    expect(value.executes).toEqual(['./.github/actions/build']);
    expect(cut(read.all('step')[0]!, 'uses')).toBe('./.github/actions/build');
    expect(step('uses: $/.github/actions/build').value.executes).toEqual([]);
  });
});

test('an action that checks rights guards what depends on its output', () => {
  const read = readOne(`on: issue_comment
jobs:
  check:
    runs-on: ubuntu-latest
    outputs: { ok: '\${{ steps.p.outputs.permitted }}' }
    steps:
      - id: p
        uses: prince-chrismc/check-actor-permissions-action@v3
  work:
    needs: check
    if: needs.check.outputs.ok == 'true'
    runs-on: ubuntu-latest
    steps: [ { run: x } ]
`);
  expect(read.job('work').value.reach).toMatchObject({ guarded: true, level: 'low' });
});
