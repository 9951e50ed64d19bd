import { expect, test } from 'vitest';
import { ofKind, readFacts } from './read.js';

/* Files that use each other in ways that nobody writes are read in bounded time: the test ends. */

test('templates that use each other many times, with parameters handed on', async () => {
  const files: Record<string, string> = { 'azure-pipelines.yml': 'pr: [main]\nsteps:\n- template: t/0.yml\n  parameters: { p: $(System.PullRequest.SourceBranch) }\n' };
  for (let i = 0; i < 12; i++) {
    const calls = `- template: ${i + 1}.yml\n  parameters: { p: "\${{ parameters.p }}" }\n`.repeat(30);
    files[`t/${i}.yml`] = `parameters: [ { name: p, type: string } ]\nsteps:\n${calls}- bash: echo \${{ parameters.p }}\n`;
  }
  files['t/12.yml'] = 'parameters: [ { name: p, type: string } ]\nsteps:\n- bash: echo ${{ parameters.p }}\n- template: 0.yml\n  parameters: { p: "${{ parameters.p }}" }\n';
  const facts = await readFacts(files);
  expect(ofKind(facts, 'expansion').filter(({ document }) => document.path === 't/0.yml').map(({ value }) => value.controlledBy)).toEqual(['attacker']);
});

test('templates of variables that include themselves, and variables made of each other', async () => {
  const many = Array.from({ length: 30 }, (_, i) => `- name: v${i}\n  value: ${`$(v${(i + 1) % 30})`.repeat(20)}\n`).join('');
  const facts = await readFacts({
    'azure-pipelines.yml': `pr: [main]\nvariables:\n${'- template: vars.yml\n'.repeat(50)}${many}steps:\n- template: x.yml\n  parameters: { a: $(v0) }\n`,
    'vars.yml': `variables:\n${'- template: vars.yml\n'.repeat(50)}- name: a\n  value: b\n`,
    'x.yml': 'parameters: [ { name: a } ]\nsteps:\n- bash: echo ${{ parameters.a }}\n',
  });
  expect(ofKind(facts, 'step').map(({ value }) => value.run)).toEqual(['echo ${{ parameters.a }}']);
});
