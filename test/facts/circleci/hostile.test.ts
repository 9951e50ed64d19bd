import { expect, it } from 'vitest';
import { readAs } from '../jenkins/read.js';

it('steps that repeat themselves by aliases do not grow without end', () => {
  const levels = Array.from({ length: 18 }, (_, index) => `  l${index + 1}: &l${index + 1}\n    when:\n      condition: a\n      steps: [*l${index}, *l${index}, *l${index}]\n`);
  const text = `version: 2.1\nx:\n  l0: &l0\n    run: make\n${levels.join('')}jobs:\n  build:\n    docker: [{ image: cimg/base:1.0 }]\n    steps: [*l18]\n`;
  const { all } = readAs('circleci', '.circleci/config.yml', text);
  expect(all('step').length).toBeLessThanOrEqual(20_000);
});

it('many jobs, commands and calls take time in proportion', () => {
  const jobs = Array.from({ length: 500 }, (_, index) => `  j${index}:\n    docker: [{ image: cimg/base:1.0 }]\n    steps:\n      - greet: { who: << pipeline.git.branch >> }\n      - run: echo ${index}\n`);
  const calls = Array.from({ length: 500 }, (_, index) => `      - j${index}${index === 0 ? '' : `: { requires: [j${index - 1}] }`}\n`);
  const text = `version: 2.1\ncommands:\n  greet:\n    parameters: { who: { type: string } }\n    steps:\n      - run: echo << parameters.who >>\njobs:\n${jobs.join('')}workflows:\n  main:\n    jobs:\n${calls.join('')}`;
  const { all } = readAs('circleci', '.circleci/config.yml', text);
  expect(all('job')).toHaveLength(501);
});
