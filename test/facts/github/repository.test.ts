import { describe, expect, test } from 'vitest';
import { createDocument } from '../../../src/core/index.js';
import { readDocuments } from '../../../src/facts/index.js';
import { localPaths } from '../../../src/facts/github/repository.js';
import { readFiles, readOne } from './read.js';

const CALLEE = `on:
  workflow_call:
    inputs: { title: { type: string, required: true } }
jobs:
  work:
    runs-on: ubuntu-latest
    permissions: { contents: write }
    steps:
      - run: echo "\${{ inputs.title }}"
`;

const caller = (event: string, condition = 'true'): string => `on: ${event}
jobs:
  call:
    if: ${condition}
    uses: ./.github/workflows/callee.yml
    with: { title: x }
    secrets: inherit
`;

describe('a workflow that is only called', () => {
  const reach = (files: Readonly<Record<string, string>>) => readFiles({ '.github/workflows/callee.yml': CALLEE, ...files })('.github/workflows/callee.yml').job('work').value.reach;

  test('is neither an outsider’s nor clean when nobody is known to call it', () => {
    expect(reach({})).toMatchObject({ events: [], level: 'medium', reasons: expect.arrayContaining(['its callers are not known from this repository']) });
  });

  test('takes the triggers of its callers', () => {
    expect(reach({ '.github/workflows/a.yml': caller('issue_comment') })).toMatchObject({ events: ['issue_comment'], privileged: true, level: 'critical' });
    expect(reach({ '.github/workflows/a.yml': caller('push') })).toMatchObject({ events: [], level: 'low' });
    expect(reach({ '.github/workflows/a.yml': caller('pull_request') })).toMatchObject({ events: ['pull_request'], privileged: false, writes: [], level: 'medium' });
  });

  test('is guarded by a check of its caller', () => {
    const guarded = caller('issue_comment', "github.event.comment.author_association == 'OWNER'");
    expect(reach({ '.github/workflows/a.yml': guarded })).toMatchObject({ events: [], level: 'low' });
  });

  test('takes them over several levels, and cycles end', () => {
    const middle = `on: workflow_call\njobs:\n  a: { uses: ./.github/workflows/callee.yml }\n  b: { uses: ./.github/workflows/middle.yml }\n`;
    const outer = `on: issues\njobs:\n  a: { uses: ./.github/workflows/middle.yml }\n`;
    expect(reach({ '.github/workflows/middle.yml': middle, '.github/workflows/outer.yml': outer })).toMatchObject({ events: ['issues'] });
  });
});

describe('workflow_run', () => {
  const follower = `on:\n  workflow_run:\n    workflows: [CI]\njobs:\n  a: { runs-on: ubuntu-latest, steps: [ { run: x } ] }\n`;
  const trigger = (files: Readonly<Record<string, string>>) => readFiles({ '.github/workflows/f.yml': follower, ...files })('.github/workflows/f.yml').one('pipeline').value.triggers[0];

  test('is an outsider’s when what it follows is, or is not known', () => {
    expect(trigger({})).toMatchObject({ by: 'attacker', privileged: true });
    expect(trigger({ '.github/workflows/ci.yml': 'name: CI\non: [push, pull_request]\njobs: {}\n' })).toMatchObject({ by: 'attacker', privileged: true });
  });

  test('is not when only collaborators start what it follows', () => {
    expect(trigger({ '.github/workflows/ci.yml': 'name: CI\non: push\njobs: {}\n' })).toMatchObject({ by: 'collaborator' });
  });
});

test('a local action has the triggers of the workflows that use it', () => {
  const read = readFiles({
    'tools/greet/action.yml': 'name: Greet\nruns:\n  using: composite\n  steps:\n    - run: echo hi\n      shell: bash\n',
    '.github/workflows/a.yml': 'on: issues\njobs: { a: { runs-on: x, steps: [ { uses: ./tools/greet } ] } }\n',
  })('tools/greet/action.yml');
  expect(read.one('pipeline').value.triggers.map(({ event }) => event)).toEqual(['issues']);
  expect(read.one('step').parents['job']?.value).toMatchObject({ reach: { events: ['issues'], level: 'critical' } });
});

test.each([
  ['./.github/workflows/a.yml', ['.github/workflows/a.yml']],
  ['$/.github/workflows/a.yml', ['.github/workflows/a.yml']],
  ['./x/../y/', ['y/action.yml', 'y/action.yaml']],
  ['./', ['action.yml', 'action.yaml']],
  ['o/r@v1', []],
])('%s means %j', (uses, paths) => {
  expect(localPaths(uses, '.github/workflows/caller.yml')).toEqual(paths);
});

test('in a repository below the workspace, ./ is that repository', () => {
  expect(localPaths('./.github/actions/x', 'vendor/some/.github/workflows/a.yml')).toEqual(['vendor/some/.github/actions/x/action.yml', 'vendor/some/.github/actions/x/action.yaml']);
  expect(localPaths('./y', 'vendor/.github/actions/x/action.yml')).toEqual(['vendor/y/action.yml', 'vendor/y/action.yaml']);
});

test('documents that can be gone through once only are read like others', () => {
  function* once() {
    yield createDocument('.github/workflows/callee.yml', 'github-workflow', CALLEE);
    yield createDocument('.github/workflows/a.yml', 'github-workflow', caller('issues'));
  }
  expect([...readDocuments(once(), {})].map(({ document }) => document.path)).toEqual(['.github/workflows/callee.yml', '.github/workflows/a.yml']);
});

test('needs pass a guard on to the jobs that wait', () => {
  const read = readOne(`on: issue_comment
jobs:
  gate:
    if: github.event.comment.author_association == 'MEMBER'
    runs-on: ubuntu-latest
    steps: [ { run: a } ]
  work:
    needs: gate
    runs-on: ubuntu-latest
    steps: [ { run: b } ]
  always:
    needs: [gate]
    if: always()
    runs-on: ubuntu-latest
    steps: [ { run: c } ]
`);
  expect(read.job('work').value.reach).toMatchObject({ events: [], guarded: true, level: 'low' });
  expect(read.job('always').value.reach).toMatchObject({ events: ['issue_comment'], guarded: false, level: 'critical' });
});

describe('inputs hold what callers hand over', () => {
  const callee = '.github/workflows/callee.yml';
  const sink = (files: Readonly<Record<string, string>>) => readFiles({ [callee]: CALLEE, ...files })(callee).one('expansion', ({ sink }) => sink === 'script').value;
  const hand = (title: string): string => caller('issues').replace('title: x', `title: ${title}`);

  test('an outsider’s text', () => {
    expect(sink({ '.github/workflows/a.yml': hand("'${{ github.event.issue.title }}'") })).toMatchObject({ context: 'github.event.issue.title', controlledBy: 'attacker', events: ['issues'], privileged: true, safe: false });
  });

  test('fixed text, when all callers agree', () => {
    expect(sink({ '.github/workflows/a.yml': hand('fixed') })).toMatchObject({ controlledBy: 'trusted' });
    expect(sink({ '.github/workflows/a.yml': hand('fixed'), '.github/workflows/b.yml': hand("'${{ github.event.issue.title }}'") })).toMatchObject({ controlledBy: 'attacker' });
  });

  test('through the caller’s variables and its own inputs', () => {
    const outer = "on: issue_comment\njobs:\n  a:\n    uses: ./.github/workflows/middle.yml\n    with: { text: '${{ github.event.comment.body }}' }\n";
    const middle = "on:\n  workflow_call: { inputs: { text: { type: string } } }\njobs:\n  a:\n    uses: ./.github/workflows/callee.yml\n    with: { title: '${{ inputs.text }}' }\n";
    expect(sink({ '.github/workflows/outer.yml': outer, '.github/workflows/middle.yml': middle })).toMatchObject({ context: 'github.event.comment.body', controlledBy: 'attacker' });
  });

  test('nothing that can be told, when nobody is known to call it', () => {
    expect(sink({})).toMatchObject({ controlledBy: 'unknown', context: 'inputs.title', safe: false });
  });

  test('of local actions too', () => {
    const read = readFiles({
      'greet/action.yml': "inputs: { Name: { required: true } }\nruns:\n  using: composite\n  steps:\n    - run: echo ${{ inputs.name }}\n      shell: bash\n",
      '.github/workflows/a.yml': "on: issues\nenv: { T: '${{ github.event.issue.title }}' }\njobs: { a: { runs-on: x, steps: [ { uses: ./greet, with: { name: '${{ env.T }}' } } ] } }\n",
    })('greet/action.yml');
    expect(read.one('expansion', ({ sink }) => sink === 'script').value).toMatchObject({ context: 'github.event.issue.title', controlledBy: 'attacker', privileged: true });
  });
});
