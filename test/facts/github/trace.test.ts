import { expect, test } from 'vitest';
import { readFiles } from './read.js';

/** What the trace of the one expansion with this text says: line and words of each hop. */
function hops(workflow: string, text: string): [number, string][] {
  const fact = readFiles({ '.github/workflows/a.yml': workflow })('.github/workflows/a.yml').one('expansion', (value) => value.text === text && value.sink.startsWith('script'));
  return (fact.trace ?? []).map(({ document, range, message }) => {
    expect(document.path).toBe('.github/workflows/a.yml');
    return [document.text.slice(0, range.start).split('\n').length, message];
  });
}

const job = (steps: string, before = '') => `on: issues
${before}jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
${steps}`;

test('variables of the workflow, of the step', () => {
  expect(hops(job('      - run: echo ${{ env.T }}\n', 'env:\n  T: ${{ github.event.issue.title }}\n'), '${{ env.T }}')).toEqual([[3, 'put into the variable `T`']]);
  expect(hops(job('      - run: echo ${{ env.U }}\n        env:\n          U: ${{ env.T }}\n', 'env:\n  T: ${{ github.event.issue.title }}\n'), '${{ env.U }}')).toEqual([
    [3, 'put into the variable `T`'],
    [10, 'put into the variable `U`'],
  ]);
});

test('$GITHUB_ENV, behind a variable', () => {
  const found = hops(job('      - run: echo "T=$X" >> "$GITHUB_ENV"\n        env:\n          X: ${{ github.event.issue.title }}\n      - run: echo ${{ env.T }}\n'), '${{ env.T }}');
  expect(found.map(([line]) => line)).toEqual([8, 6]);
});

test('the output of a step, the output of its job, and a variable of another job', () => {
  const workflow = `on: issues
jobs:
  a:
    runs-on: ubuntu-24.04
    outputs:
      out: \${{ steps.s.outputs.title }}
    steps:
      - id: s
        run: echo "title=$X" >> "$GITHUB_OUTPUT"
        env:
          X: \${{ github.event.issue.title }}
  b:
    needs: a
    runs-on: ubuntu-24.04
    env:
      Y: \${{ needs.a.outputs.out }}
    steps:
      - run: echo \${{ env.Y }}
`;
  expect(hops(workflow, '${{ env.Y }}').map(([line]) => line)).toEqual([11, 9, 6, 16]);
});

test('the output of an action', () => {
  const steps = '      - id: b\n        uses: tj-actions/changed-files@v40\n      - run: echo ${{ steps.b.outputs.all_changed_files }}\n';
  expect(hops(job(steps).replace('on: issues', 'on: pull_request'), '${{ steps.b.outputs.all_changed_files }}')).toEqual([[7, 'given by tj-actions/changed-files']]);
});

test('a value of the matrix', () => {
  const workflow = `on: issues
jobs:
  a:
    runs-on: ubuntu-24.04
    strategy:
      matrix:
        title:
          - \${{ github.event.issue.title }}
    steps:
      - run: echo \${{ matrix.title }}
`;
  expect(hops(workflow, '${{ matrix.title }}')).toEqual([[8, 'one of the values of `matrix.title`']]);
});

test('what only the file chooses has no way', () => {
  expect(hops(job('      - run: echo ${{ env.T }}\n', 'env:\n  T: ${{ github.sha }}\n'), '${{ env.T }}')).toEqual([]);
});
