import { describe, expect, test } from 'vitest';
import { FACT_SCHEMAS } from '../../../src/facts/schema.js';
import { cut, readFiles } from './read.js';

const read = (text: string) => readFiles({ 'action.yml': text })('action.yml');

describe('action.yml', () => {
  test('states the steps of a composite action', () => {
    const action = read(`name: Deploy
description: Deploys
inputs:
  Target: { required: true }
  token: { default: '\${{ github.token }}' }
outputs:
  url: { value: '\${{ steps.a.outputs.url }}' }
runs:
  using: composite
  steps:
    - id: a
      run: deploy "\${{ inputs.target }}"
      shell: bash
    - uses: o/r@main
`);
    expect(action.diagnostics).toEqual([]);
    expect(action.one('pipeline').value).toMatchObject({ kind: 'action', name: 'Deploy', reusableOnly: true, usesOf: ['o/r'] });
    expect(action.all('step').map(({ value }) => [value.index, value.shell, value.uses.pin])).toEqual([
      [0, 'bash', ''],
      [1, '', 'branch'],
    ]);
    expect(action.one('expansion', ({ sink }) => sink === 'script').value).toMatchObject({ context: 'inputs.target', source: 'input', type: 'string', controlledBy: 'unknown', safe: false });
    expect(action.all('job')).toEqual([]);
    for (const fact of action.facts) expect(() => FACT_SCHEMAS[fact.kind].parse(fact.value)).not.toThrow();
  });

  test('states how a program is started', () => {
    const settings = read('name: x\nruns:\n  using: node16\n  main: dist/index.js\n').all('setting');
    expect(settings.map(({ value }) => [value.name, value.value, value.file])).toEqual([
      ['using', 'node16', 'action'],
      ['main', 'dist/index.js', 'action'],
    ]);
    expect(cut(settings[0]!)).toBe('node16');
  });

  test('refers to the image of a Docker action, not to its Dockerfile', () => {
    expect(read('runs: { using: docker, image: "docker://alpine:3.20" }').one('reference').value).toMatchObject({ kind: 'docker', name: 'alpine', where: 'action', pin: 'tag' });
    expect(read('runs: { using: docker, image: Dockerfile }').all('reference')).toEqual([]);
  });

  test.each(['name: x\n', 'runs: { using: composite, steps: text }', '[]'])('complains about %j', (text) => {
    expect(read(text).diagnostics.map(({ code }) => code)).toEqual(['pipeline-structure']);
  });
});

describe('dependabot.yml', () => {
  test('states one update per entry, and what is set', () => {
    const files = readFiles({
      '.github/dependabot.yml': `version: 2
updates:
  - package-ecosystem: npm
    directories: [/, /app]
    schedule: { interval: weekly }
    cooldown: { default-days: 7 }
    insecure-external-code-execution: allow
  - package-ecosystem: github-actions
    directory: /
    schedule:
      interval: daily
`,
      '.github/workflows/a.yml': 'on: push\njobs: {}\n',
    })('.github/dependabot.yml');
    const [npm, actions] = files.all('dependency-update');
    expect(npm?.value).toMatchObject({ ecosystem: 'npm', directories: ['/', '/app'], cooldownDays: 7, externalCodeExecution: 'allow', interval: 'weekly', ecosystems: ['npm', 'github-actions'], usesActions: true });
    expect(actions?.value).toMatchObject({ ecosystem: 'github-actions', directories: ['/'], cooldownDays: -1, interval: 'daily' });
    expect(cut(npm!, 'cooldownDays')).toBe('7');
    expect(cut(npm!, 'externalCodeExecution')).toBe('allow');
    expect(cut(actions!, 'directories')).toBe('/');
    expect(files.all('setting').map(({ value }) => value.name)).toContain('schedule.interval');
  });

  test('complains about entries that are none', () => {
    const files = readFiles({ '.github/dependabot.yml': 'updates:\n  - npm\n  - package-ecosystem: pip\n' })('.github/dependabot.yml');
    expect(files.diagnostics.map(({ region }) => region?.startLine)).toEqual([2]);
    expect(files.one('dependency-update').value.ecosystem).toBe('pip');
  });
});
