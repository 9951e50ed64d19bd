import { describe, expect, test } from 'vitest';
import { FACT_SCHEMAS } from '../../../src/facts/schema.js';
import { cut, readOne } from './read.js';

const WORKFLOW = `name: Build and test
on:
  push:
    branches: [main, 'release/**']
    paths-ignore: ['docs/**']
  pull_request:
  schedule:
    - cron: '0 3 * * 1'
  workflow_dispatch:
    inputs:
      level: { type: choice, options: [a, b], default: a }
permissions:
  contents: read
concurrency: ci-\${{ github.ref }}
env:
  NODE_ENV: test
defaults:
  run:
    shell: bash
    working-directory: app
jobs:
  test:
    name: Tests on \${{ matrix.os }}
    runs-on: \${{ matrix.os }}
    strategy:
      matrix:
        os: [ubuntu-latest, windows-2022]
        include:
          - os: self-hosted
    timeout-minutes: 15
    services:
      db:
        image: postgres:16
        env:
          POSTGRES_PASSWORD: s3cr3tPassw0rd
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
          Fetch-Depth: 0
      - name: Test
        id: run-tests
        if: \${{ success() }}
        env:
          TITLE: \${{ github.event.pull_request.title }}
        run: |
          npm ci
          echo "\${{ github.event.pull_request.title }}"
      - run: dir
        shell: pwsh {0}
        continue-on-error: true
  deploy:
    needs: test
    runs-on: { group: big, labels: [self-hosted, linux] }
    environment: { name: production, url: https://x.example }
    permissions:
      contents: write
      id-token: write
    container:
      image: ghcr.io/o/build@sha256:${'a'.repeat(64)}
      options: --privileged --cpus 1
      credentials:
        username: robot
        password: \${{ secrets.REGISTRY }}
    steps:
      - run: 'curl https://x:\${{ secrets.TOKEN }}@example.com'
  call:
    uses: ./.github/workflows/other.yml
    with: { version: 1 }
    secrets: inherit
`;

describe('a workflow', () => {
  const read = readOne(WORKFLOW);

  test('is read without complaints into valid facts', () => {
    expect(read.diagnostics).toEqual([]);
    for (const fact of read.facts) expect(() => FACT_SCHEMAS[fact.kind].parse(fact.value)).not.toThrow();
  });

  test('states its triggers, inputs and permissions', () => {
    const { value } = read.one('pipeline');
    expect(value.triggers.map(({ event, by, privileged }) => [event, by, privileged])).toEqual([
      ['push', 'collaborator', false],
      ['pull_request', 'attacker', false],
      ['schedule', 'trusted', false],
      ['workflow_dispatch', 'operator', false],
    ]);
    expect(value.triggers[0]).toMatchObject({ branches: ['main', 'release/**'], paths: ['!docs/**'] });
    expect(value).toMatchObject({ platform: 'github', kind: 'workflow', name: 'Build and test', jobCount: 3, concurrency: true, reusableOnly: false });
    expect(value.inputs['level']).toMatchObject({ text: 'a', controlledBy: 'operator' });
    expect(value.permissions).toMatchObject({ declared: true, scopes: { contents: 'read' }, writes: [] });
    expect(value.usesOf).toEqual(['actions/checkout', './.github/workflows/other.yml']);
  });

  test('resolves runner labels through the matrix', () => {
    expect(read.job('test').value).toMatchObject({ runner: ['ubuntu-latest', 'windows-2022', 'self-hosted'], selfHosted: true, timeoutMinutes: 15 });
    expect(read.job('deploy').value).toMatchObject({ runner: ['self-hosted', 'linux'], selfHosted: true });
  });

  test('gives jobs their permissions by inheritance', () => {
    expect(read.job('test').value.permissions).toMatchObject({ declared: false, inherited: true, writes: [] });
    expect(read.job('deploy').value.permissions).toMatchObject({ declared: true, inherited: false, writes: ['contents', 'id-token'], oidc: true });
    expect(cut(read.job('test'), 'permissions')).toContain('contents: read');
    expect(cut(read.job('deploy'), 'permissions.scopes')).toContain('id-token: write');
  });

  test('resolves shells and working directories', () => {
    const steps = read.all('step').filter((step) => step.value.run !== '');
    expect(steps.map(({ value }) => [value.shell, value.workingDirectory])).toEqual([
      ['bash', 'app'],
      ['pwsh', 'app'],
      ['bash', 'app'],
    ]);
  });

  test('reads steps with their inputs in lower case', () => {
    const step = read.one('step', (value) => value.uses.name === 'actions/checkout');
    expect(step.value).toMatchObject({ index: 0, uses: { pin: 'digest', comment: 'v4.2.2' }, checkout: { kind: 'own', persistsCredentials: false } });
    expect(step.value.inputs['fetch-depth']).toMatchObject({ text: '0', literal: true });
    expect(cut(step, 'inputs.fetch-depth')).toBe('0');
    expect(cut(step, 'checkout.persistsCredentials')).toBe('false');
    expect(cut(step, 'uses.ref')).toBe('11bd71901bbe5b1630ceea73d27597364c9af683');
    expect(cut(step, 'checkout.ref')).toBe(cut(step, 'uses'));
  });

  test('tells a template in a script from one in a variable', () => {
    const title = read.all('expansion').filter(({ value }) => value.context === 'github.event.pull_request.title');
    expect(title.map(({ value }) => [value.sink, value.safe, value.controlledBy, value.privileged])).toEqual([
      ['env', true, 'attacker', false],
      ['script', false, 'attacker', false],
    ]);
    expect(cut(title[1]!)).toBe('${{ github.event.pull_request.title }}');
    expect(cut(title[1]!, 'context')).toBe('github.event.pull_request.title');
  });

  test('states how secrets are handed over', () => {
    expect(read.all('secret-use').map(({ value }) => [value.name, value.handover, value.scope, value.whole])).toEqual([
      ['REGISTRY', 'image', 'job', false],
      ['TOKEN', 'url', 'step', false],
      ['*', 'call', 'job', true],
    ]);
  });

  test('finds the password written for a service', () => {
    const secret = read.one('literal-secret');
    expect(secret.value).toMatchObject({ name: 'POSTGRES_PASSWORD', where: 'service' });
    expect(cut(secret)).toBe('s3cr3tPassw0rd');
  });

  test('reads containers and what is fetched by name', () => {
    expect(read.job('deploy').value.container).toMatchObject({ privileged: true, literalPassword: false, image: { pin: 'digest' } });
    expect(read.all('reference').map(({ value }) => [value.where, value.name, value.pin, value.trusted])).toEqual([
      ['service', 'postgres', 'tag', false],
      ['step', 'actions/checkout', 'digest', true],
      ['container', 'ghcr.io/o/build', 'digest', false],
      ['job', './.github/workflows/other.yml', '', false],
    ]);
  });

  test('rates what outsiders reach', () => {
    expect(read.job('test').value.reach).toMatchObject({ events: ['pull_request'], privileged: false, selfHosted: true, level: 'high' });
    expect(read.job('call').value).toMatchObject({ secretsInherit: true, secrets: ['*'] });
  });

  test('locates what is not written at the nearest place that is', () => {
    expect(cut(read.job('test'))).toBe('test');
    expect(cut(read.job('test'), 'environment')).toBe('test');
    expect(cut(read.one('pipeline'), 'triggers.1')).toBe('pull_request');
    expect(cut(read.one('pipeline'), 'triggers.0.branches')).toBe("[main, 'release/**']");
  });
});

describe('forms of on', () => {
  test.each([
    ['on: push', ['push']],
    ['on: [push, issues]', ['push', 'issues']],
    ['on:\n  push:\n  issues: { types: [opened] }', ['push', 'issues']],
    ["'on': push", ['push']],
    ['true: push', []],
  ])('%s', (on, events) => {
    const { value } = readOne(`${on}\njobs: {}\n`).one('pipeline');
    expect(value.triggers.map((trigger) => trigger.event)).toEqual(events);
  });
});

describe('permissions', () => {
  const writes = (text: string): readonly string[] => readOne(`${text}\njobs: { a: { runs-on: x, steps: [] } }\n`).job('a').value.permissions.writes;

  test('are assumed to be permissive where nothing is written', () => {
    expect(writes('on: push')).toEqual(['*']);
  });

  test('only read in runs that outsiders start by pull_request', () => {
    expect(writes('on: pull_request')).toEqual([]);
    expect(readOne('on: [push, pull_request]\njobs: { a: { runs-on: x, steps: [] } }').job('a').value.reach).toMatchObject({ events: ['pull_request'], writes: [], level: 'medium' });
  });

  test.each([
    ['permissions: write-all', ['*']],
    ['permissions: read-all', []],
    ['permissions: {}', []],
    ['permissions: { contents: write, issues: read }', ['contents']],
  ])('%s', (permissions, expected) => {
    expect(writes(`on: push\n${permissions}`)).toEqual(expected);
  });
});

describe('anchors', () => {
  test('point at the place where the text is', () => {
    const read = readOne(`on: push
jobs:
  a: &job
    runs-on: ubuntu-latest
    steps: &steps
      - uses: o/a@v1
  b: *job
  c:
    runs-on: ubuntu-latest
    steps: *steps
`);
    expect(read.all('reference').map((fact) => cut(fact))).toEqual(['o/a@v1', 'o/a@v1', 'o/a@v1']);
    expect(read.all('job').map((fact) => cut(fact))).toEqual(['a', 'b', 'c']);
  });
});
