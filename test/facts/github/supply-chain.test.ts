import { describe, expect, test } from 'vitest';
import { installedTool } from '../../../src/facts/github/action-tools.js';
import { mistakenFor } from '../../../src/facts/github/action-names.js';
import { outdatedReason } from '../../../src/facts/github/action-runtimes.js';
import { normalFolder, uploadsToken } from '../../../src/facts/github/token-upload.js';
import { cut, readFiles, readOne } from './read.js';

const COMMIT = '0123456789012345678901234567890123456789';

describe('whose token has which rights', () => {
  test('no permissions anywhere', () => {
    const read = readOne(`on: push
jobs:
  a: { runs-on: ubuntu-24.04, steps: [{ run: make }] }
  b: { runs-on: ubuntu-24.04, permissions: {}, steps: [{ run: make }] }
  c: { uses: ./.github/workflows/x.yml }
`);
    expect(read.one('pipeline').value).toMatchObject({ defaultTokenJobs: ['a'], inheritingJobs: [] });
  });

  test('permissions of the workflow', () => {
    const read = readOne(`on: push
permissions:
  contents: write
  id-token: write
jobs:
  a: { runs-on: ubuntu-24.04, steps: [{ run: make }] }
  b:
    runs-on: ubuntu-24.04
    permissions: { packages: write }
    steps: [{ run: make }]
`);
    const pipeline = read.one('pipeline');
    expect(pipeline.value).toMatchObject({ defaultTokenJobs: [], inheritingJobs: ['a'] });
    expect(cut(pipeline, 'permissions.scopes.id-token')).toBe('id-token: write');
    expect(cut(read.job('a'), 'permissions.scopes.contents')).toBe('contents: write');
    expect(cut(read.job('b'), 'permissions.scopes.packages')).toBe('packages: write');
  });
});

describe('what is known of a reference', () => {
  const reference = (uses: string) => readOne(`on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: ${uses}\n`).one('reference').value;

  test('weaknesses, by tag and by the comment behind a commit', () => {
    expect(reference('tj-actions/changed-files@v40').advisory).toMatchObject({ severity: 'high' });
    expect(reference(`tj-actions/changed-files@${COMMIT} # v40.1.0`).advisory.id).toMatch(/^GHSA-/);
    expect(reference(`tj-actions/changed-files@${COMMIT}`).advisory.id).toBe('');
    expect(reference(`tj-actions/changed-files@${COMMIT} # pin to v46.0.5`).advisory.id).toBe('');
    // Only its tags were moved for a while: the commit never was bad.
    expect(reference(`aquasecurity/trivy-action@${COMMIT} # 0.33.1`).advisory.id).toBe('');
    expect(reference('aquasecurity/trivy-action@0.33.1').advisory.severity).toBe('critical');
  });

  test('replacements and versions that no longer run', () => {
    expect(reference('actions-rs/cargo@v1').replacement).not.toBe('');
    expect(reference('actions/checkout@v4')).toMatchObject({ replacement: '', resembles: '', outdated: '' });
    expect(reference('actions/cache@v2').outdated).toMatch(/shut down/);
    expect(outdatedReason('actions/checkout', 'v3.6.0')).toMatch(/Node/);
    expect(outdatedReason('actions/checkout', 'main')).toBe('');
  });

  test.each([
    ['action', 'checkout', 'actions/checkout'],
    ['actons', 'checkout', 'actions/checkout'],
    ['acitons', 'checkout', 'actions/checkout'],
    ['actions', 'chekout', 'actions/checkout'],
    ['dockers', 'login-action', 'docker/login-action'],
    ['actions', 'checkout', undefined],
    ['actions', 'setup-nodes-of-mine', undefined],
    ['docker', 'login-actions', undefined],
    ['someone', 'checkout', undefined],
    ['gradles', 'other', undefined],
  ])('%s/%s is mistaken for %s', (owner, repository, known) => expect(mistakenFor(owner, repository)).toBe(known));
});

describe('tools that actions install', () => {
  test.each([
    ['goreleaser/goreleaser-action', {}, true],
    ['goreleaser/goreleaser-action', { version: 'v2.4.1' }, false],
    ['sigstore/cosign-installer', {}, false],
    ['sigstore/cosign-installer', { 'cosign-release': 'main' }, true],
    ['astral-sh/setup-uv', { version: 'latest' }, true],
    ['astral-sh/setup-uv', { 'version-file': 'pyproject.toml' }, false],
    ['oven-sh/setup-bun', { 'bun-version': '${{ matrix.bun }}' }, false],
  ])('%s with %j', (name, inputs, floats) => {
    const texts = Object.fromEntries(Object.entries(inputs).map(([key, text]) => [key, { text }]));
    expect(installedTool(name, texts)?.toolFloats).toBe(floats);
  });

  test('others install nothing that is known', () => expect(installedTool('actions/checkout', {})).toBeUndefined());
});

describe('uploads of the token', () => {
  const upload = (checkout: string, path: string) =>
    readOne(`on: push
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4${checkout}
      - uses: actions/upload-artifact@${path}
`).one('step', ({ index }) => index === 1).value.uploadsCredentials;

  test.each([
    ['', 'v3\n        with: { path: . }', true],
    ['', 'v3\n        with: { path: "${{ github.workspace }}/" }', true],
    ['', 'v4\n        with: { path: ., include-hidden-files: true }', true],
    ['', 'v4.3.1\n        with: { path: ./**/* }', true],
    ['\n        with: { path: src }', 'v3\n        with: { path: src }', true],
    ['\n        with: { path: src }', 'v3\n        with: { path: other }', false],
    ['', 'v4\n        with: { path: . }', false],
    ['', 'v3\n        with: { path: dist }', false],
    ['', 'v3\n        with: { path: "*.log" }', false],
    ['\n        with: { persist-credentials: false }', 'v3\n        with: { path: . }', false],
  ])('checkout%s, upload-artifact@%s: %s', (checkout, path, expected) => expect(upload(checkout, path)).toBe(expected));

  test('exclusions and folders', () => {
    expect(uploadsToken(['.', '!.git'], [''])).toBe(false);
    expect(uploadsToken(['.git/config'], [''])).toBe(true);
    expect(uploadsToken(['./build'], ['build/src'])).toBe(true);
    expect(normalFolder('./a//b/')).toBe('a/b');
  });
});

describe('jobs that need the token of a checkout', () => {
  const pushes = (step: string) => readOne(`on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n      - ${step}\n`).job('a').value.pushes;

  test.each([
    ['run: git push origin HEAD', true],
    ['uses: stefanzweifel/git-auto-commit-action@v5', true],
    ['run: git status', false],
    ['run: npm test', false],
  ])('%s: %s', (step, expected) => expect(pushes(step)).toBe(expected));
});

test('switches of the platform are settings', () => {
  const setting = readOne(`on: push\nenv:\n  ACTIONS_STEP_DEBUG: "true"\n  OTHER: "true"\njobs: {}\n`).one('setting');
  expect(setting.value).toMatchObject({ name: 'ACTIONS_STEP_DEBUG', value: 'true', scope: 'env' });
  expect(cut(setting)).toBe('true');
});

test('secrets in scripts are handed over as their commands get them', () => {
  const uses = readOne(`on: push
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          docker login -u me -p \${{ secrets.A }}
          echo \${{ secrets.B }} | docker login -u me --password-stdin
          git clone https://x:\${{ secrets.C }}@example.com/x.git
          echo "\${{ secrets.D }}"
`).all('secret-use').map(({ value }) => [value.name, value.handover, value.sinkName]);
  expect(uses).toEqual([
    ['A', 'argument', 'docker'],
    ['B', 'script', 'run'],
    ['C', 'url', 'git'],
    ['D', 'log', 'echo'],
  ]);
});

test('a reusable action lists what it does not fix', () => {
  const read = readFiles({ 'action.yml': `name: x\nruns:\n  using: composite\n  steps:\n    - uses: actions/cache@v4\n    - uses: actions/checkout@${COMMIT}\n    - uses: ./local\n` })('action.yml');
  expect(read.one('pipeline').value.floating).toEqual(['actions/cache@v4']);
});

test('entries of dependabot.yml have their position', () => {
  const read = readFiles({ '.github/dependabot.yml': 'version: 2\nupdates:\n  - package-ecosystem: npm\n  - package-ecosystem: pip\n' })('.github/dependabot.yml');
  expect(read.all('dependency-update').map(({ value }) => value.index)).toEqual([0, 1]);
});
