import { describe, expect, test } from 'vitest';
import { cut, readOne } from './read.js';

/** Reads a job with these steps, written at the indentation of a list item's text. */
function steps(events: string, list: readonly string[]) {
  const items = list.map((step) => `      - ${step.replaceAll('\n', '\n        ')}\n`).join('');
  return readOne(`on: [${events}]\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${items}`);
}

describe('scripts that put an outsider’s code into the workspace', () => {
  test.each([
    ['pull_request_target', 'run: gh pr checkout ${{ github.event.number }}', true],
    ['issue_comment', 'run: gh pr checkout "$PR"\nenv: { PR: "${{ github.event.issue.number }}" }', true],
    ['pull_request_target', 'run: git fetch origin pull/${{ github.event.number }}/head:pr && git checkout pr', true],
    ['issue_comment', 'run: |\n  git fetch origin "refs/pull/$N/head"\n  git checkout FETCH_HEAD\nenv: { N: "${{ github.event.issue.number }}" }', true],
    ['pull_request_target', 'run: git checkout ${{ github.event.pull_request.head.sha }}', false],
    ['pull_request_target', 'run: git checkout "$SHA"\nenv: { SHA: "${{ github.event.pull_request.head.sha }}" }', false],
    ['workflow_run', 'run: git checkout "${{ github.event.workflow_run.head_branch }}"', true],
  ])('in %s: %s', (events, script, mutableRef) => {
    const read = steps(events, [script, 'run: npm ci']);
    const [first, second] = read.all('step');
    expect(first!.value.checkout).toMatchObject({ kind: 'untrusted', mutableRef });
    expect(second!.value).toMatchObject({ afterUntrustedCheckout: true, executes: [expect.stringContaining('npm')] });
    expect(cut(first!, 'checkout.ref')).toContain('checkout');
  });

  test.each([
    ['push', 'run: gh pr checkout 1'],
    ['pull_request_target', 'run: git fetch origin main && git checkout origin/main'],
    ['pull_request_target', 'run: git checkout "${{ github.base_ref }}"'],
    ['pull_request_target', 'run: echo "git checkout ${{ github.head_ref }}"'],
    ['pull_request_target', 'run: git log ${{ github.event.pull_request.head.sha }}'],
  ])('not in %s: %s', (events, script) => {
    expect(steps(events, [script, 'run: npm ci']).all('step')[1]!.value.afterUntrustedCheckout).toBe(false);
  });
});

describe('flows', () => {
  test('through the output of a step', () => {
    const read = steps('issues', ['id: t\nrun: echo "title=$TITLE" >> "$GITHUB_OUTPUT"\nenv: { TITLE: "${{ github.event.issue.title }}" }', 'run: echo "${{ steps.t.outputs.title }}"']);
    const sink = read.one('expansion', ({ sink, text }) => sink === 'script' && text.includes('steps.t'));
    expect(sink.value).toMatchObject({ context: 'github.event.issue.title', controlledBy: 'attacker', safe: false, privileged: true });
    expect(read.one('expansion', ({ sink }) => sink === 'output-file').value).toMatchObject({ sinkName: 'title', controlledBy: 'attacker' });
    const hop = sink.trace?.at(-1);
    expect(sink.document.text.slice(hop?.range.start, hop?.range.end)).toContain('echo "title=$TITLE"');
  });

  test('through the environment file', () => {
    const read = steps('issues', ['run: echo "TITLE=${{ github.event.issue.title }}" >> $GITHUB_ENV', 'run: echo "${{ env.TITLE }}"', 'run: eval $TITLE']);
    expect(read.one('expansion', ({ sink }) => sink === 'environment-file').value).toMatchObject({ sinkName: 'TITLE', controlledBy: 'attacker', safe: false });
    expect(read.one('expansion', ({ text }) => text === '${{ env.TITLE }}').value).toMatchObject({ controlledBy: 'attacker' });
    expect(read.one('expansion', ({ sink }) => sink === 'eval').value).toMatchObject({ text: '$TITLE', controlledBy: 'attacker', privileged: true });
  });

  test('through the output of a job that is written further down', () => {
    const read = readOne(`on: issues
jobs:
  use:
    needs: make
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ needs.make.outputs.title }}"
  make:
    runs-on: ubuntu-latest
    outputs: { title: '\${{ steps.t.outputs.title }}' }
    steps:
      - id: t
        run: echo "title=\${{ github.event.issue.title }}" >> $GITHUB_OUTPUT
`);
    expect(read.one('expansion', ({ text }) => text.includes('needs.make')).value).toMatchObject({ controlledBy: 'attacker', context: 'github.event.issue.title' });
  });

  test('end where the value is the file’s own', () => {
    const read = steps('issues', ['id: t\nrun: echo "version=1.2.3" >> "$GITHUB_OUTPUT"', 'run: echo "${{ steps.t.outputs.version }}"']);
    expect(read.one('expansion', ({ text }) => text.includes('steps.t')).value.controlledBy).toBe('trusted');
  });
});

test('commands are located in the file, with the step they lie in', () => {
  const read = steps('push', ['name: Build\nrun: |\n  make all\n  sudo curl -fsSL https://x.example | bash']);
  expect(read.all('command').map((command) => [command.value.name, cut(command)])).toEqual([
    ['make', 'make all'],
    ['curl', expect.stringContaining('curl -fsSL https://x.example')],
    ['bash', 'bash'],
  ]);
  expect(read.all('command')[0]!.parents['step']?.value).toMatchObject({ name: 'Build' });
});

test('scripts publish and fetch artifacts of other runs', () => {
  const read = steps('workflow_run', ['run: gh run download 1 -n x', 'run: ./x/build.sh', 'run: npm publish --access public']);
  expect(read.all('step')[0]!.value.downloadsArtifact).toMatchObject({ crossRun: true, intoWorkspace: true });
  expect(read.all('step')[1]!.value).toMatchObject({ afterUntrustedArtifact: true, executes: ['./x/build.sh'] });
  expect(read.all('step')[2]!.value.publishes).toBe('npm');
});

test('a chain of outputs as long as the file names few contexts, the first one among them', () => {
  const chain = ['id: s0\nrun: echo "o=${{ github.event.issue.title }}" >> $GITHUB_OUTPUT'];
  for (let i = 1; i < 100; i++) chain.push(`id: s${i}\nrun: echo "o=\${{ steps.s${i - 1}.outputs.o }}" >> $GITHUB_OUTPUT`);
  const last = steps('issues', chain).all('expansion').filter(({ value }) => value.sink === 'script').at(-1)!;
  expect(last.value).toMatchObject({ context: 'github.event.issue.title', controlledBy: 'attacker' });
  expect(last.value.contexts).toContain('github.event.issue.title');
  expect(last.value.contexts.length).toBeLessThanOrEqual(16);
});
