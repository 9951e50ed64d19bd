import { describe, expect, it } from 'vitest';
import { cut, readAs } from '../jenkins/read.js';

const read = (text: string) => readAs('circleci', '.circleci/config.yml', text);

const CONFIG = `version: 2.1
orbs:
  node: circleci/node@5.2.0
  tools: acme/tools@volatile
  local:
    orbs:
      aws: circleci/aws-cli@4
    commands:
      hello:
        steps:
          - run: echo << pipeline.git.branch >>
parameters:
  version:
    type: string
    default: ''
  level:
    type: enum
    enum: [a, b]
    default: a
executors:
  main:
    docker:
      - image: cimg/node:20.11
        auth:
          username: user
          password: $DOCKER_PASSWORD
      - image: postgres:latest
    environment:
      NAME: value
commands:
  greet:
    parameters:
      who: { type: string }
      count: { type: integer, default: 1 }
    steps:
      - run: echo "<< parameters.who >>" << parameters.count >>
jobs:
  build:
    executor: main
    parameters:
      target: { type: string, default: all }
    steps:
      - checkout
      - restore_cache:
          key: v1-{{ checksum "package-lock.json" }}
      - greet:
          who: << pipeline.git.branch >>
      - run: make << parameters.target >> << pipeline.parameters.version >> << pipeline.parameters.level >>
      - run:
          name: Branch
          command: |
            echo "export BRANCH=$CIRCLE_BRANCH" >> "$BASH_ENV"
            echo "$CIRCLE_BRANCH"
      - when:
          condition: << pipeline.git.tag >>
          steps:
            - run: eval "$CIRCLE_BRANCH"
  deploy:
    machine: true
    resource_class: acme/runner
    steps:
      - run: ./deploy.sh
workflows:
  main:
    jobs:
      - build:
          target: docs
      - hold: { type: approval, requires: [build] }
      - deploy:
          context: [production]
          requires: [hold]
          filters: { branches: { only: main } }
      - node/test:
          version: '20'
`;

describe('a configuration', () => {
  const { all, diagnostics } = read(CONFIG);

  it('has jobs with images, runners, contexts and approvals', () => {
    expect(diagnostics).toEqual([]);
    expect(all('job').map(({ value: { id, runner, selfHosted, environment, container } }) => [id, runner, selfHosted, environment, container.image.text])).toEqual([
      ['build', [], false, '', 'cimg/node:20.11'],
      ['deploy', ['acme/runner'], true, 'hold', ''],
      ['node/test', [], false, '', ''],
      ['hello', [], false, '', ''],
      ['greet', [], false, '', ''],
    ]);
    const deploy = all('job')[1];
    expect(deploy?.value.reach).toMatchObject({ events: [], guarded: true, secrets: ['context production'] });
  });

  it('names orbs with what fixes them', () => {
    expect(all('reference').filter(({ value }) => value.kind === 'orb').map((fact) => [fact.value.name, fact.value.pin, fact.value.trusted, cut(fact, 'ref')])).toEqual([
      ['circleci/node', 'digest', true, '5.2.0'],
      ['acme/tools', 'branch', false, 'volatile'],
      ['circleci/aws-cli', 'tag', true, '4'],
    ]);
    expect(all('reference').filter(({ value }) => value.kind === 'image').map(({ value }) => [value.text, value.where])).toEqual([['cimg/node:20.11', 'container'], ['postgres:latest', 'service']]);
  });

  it('tells what is pasted into scripts through parameters, and who controls it', () => {
    const pasted = all('expansion').filter(({ value }) => value.sink === 'script').map((fact) => [cut(fact), fact.value.controlledBy, fact.value.type, fact.value.safe]);
    expect(pasted).toEqual([
      ['<< parameters.target >>', 'trusted', 'string', true],
      ['<< pipeline.parameters.version >>', 'operator', 'string', false],
      ['<< pipeline.parameters.level >>', 'operator', 'choice', true],
      ['<< pipeline.git.branch >>', 'attacker', 'string', false],
      ['<< parameters.who >>', 'attacker', 'string', false],
      ['<< parameters.count >>', 'trusted', 'number', true],
    ]);
  });

  it('follows variables into eval and the file that every later step reads', () => {
    const sinks = all('expansion').filter(({ value }) => value.controlledBy === 'attacker').map(({ value }) => value.sink);
    expect(sinks).toContain('eval');
    expect(sinks).toContain('environment-file');
  });

  it('states its parameters', () => {
    expect(all('parameter').map(({ value: { name, type, restricted, pasted, controlledBy } }) => [name, type, restricted, pasted, controlledBy])).toEqual([
      ['version', 'string', false, true, 'operator'],
      ['level', 'enum', true, true, 'operator'],
    ]);
  });
});

it('version 2.0 replaces nothing', () => {
  const { all } = read('version: 2\njobs:\n  build:\n    docker: [{ image: cimg/base:2024.01 }]\n    steps:\n      - run: echo "<< pipeline.git.branch >>"\n');
  expect(all('expansion').filter(({ value }) => value.sink === 'script')).toEqual([]);
});

it.each(['version: 2.1\njobs: [\n', 'jobs: 1', 'version: 2.1\nworkflows:\n  a: { jobs: [a: {requires: [a]}] }\n', 'version: 2.1\njobs: { a: { steps: [1, [2], {run: }] } }'])('reads %j', (text) => {
  expect(read(text).diagnostics.length).toBeLessThanOrEqual(1);
});
