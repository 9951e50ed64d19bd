import { expect, test } from 'vitest';
import { read } from '../runbook/read.js';

const TRAVIS = `language: node_js
env:
  global:
    - NODE_ENV=test GREETING="hello world"
    - secure: "abc="
    - API_TOKEN=abcdef1234567890x
import:
  - source: acme/ci:travis/base.yml@main
services: docker
before_install:
  - curl -sSf https://example.com/install.sh | sh
script:
  - npm test
  - eval "echo $TRAVIS_PULL_REQUEST_BRANCH"
deploy:
  - provider: npm
    email: a@example.com
    api_key:
      secure: xyz=
    on: { tags: true }
  - provider: script
    script: bash deploy.sh $TRAVIS_TAG
cache: npm
`;

test('a file without a list of jobs', () => {
  const { of, at, diagnostics } = read('.travis.yml', TRAVIS);
  expect(diagnostics).toEqual([]);
  expect(of('job').map(({ value }) => [value.id, value.deploys, value.stepCount, value.reach.events])).toEqual([['default', true, 4, ['pull_request']]]);
  expect(of('step').map(({ value }) => [value.id, value.publishes])).toEqual([['before_install', ''], ['script', ''], ['deploy', 'npm'], ['deploy', '']]);
  expect(of('expansion').filter(({ value }) => value.sink === 'eval').map((fact) => [fact.value.context, fact.value.controlledBy, at(fact)])).toEqual([['TRAVIS_PULL_REQUEST_BRANCH', 'attacker', '$TRAVIS_PULL_REQUEST_BRANCH']]);
  expect(of('reference').map(({ value }) => [value.name, value.pin])).toEqual([['acme/ci', 'branch']]);
  expect(of('literal-secret').map((fact) => [fact.value.name, at(fact)])).toEqual([['API_TOKEN', 'abcdef1234567890x']]);
  expect(of('pipeline')[0]?.value.env).toMatchObject({ GREETING: { text: 'hello world' } });
});

test('jobs with conditions', () => {
  const { of } = read('.travis.yml', 'script: make\njobs:\n  include:\n    - stage: test\n    - stage: release\n      if: type = push AND tag IS present\n      script: ./release.sh\n      env: { KEY: { secure: x } }\n');
  expect(of('job').map(({ value }) => [value.id, value.reach.events, value.secrets])).toEqual([['test', ['pull_request'], []], ['release', [], ['KEY']]]);
  expect(of('step').map(({ value }) => value.run)).toEqual(['make', './release.sh']);
});

test('jobs that are allowed to fail', () => {
  const { of } = read('.travis.yml', `os: linux
jobs:
  include:
    - { name: unit, script: npm test }
    - { name: audit, script: npm audit }
    - { name: mac, os: osx, script: npm test }
  allow_failures:
    - name: audit
    - os: osx
    - {}
`);
  expect(of('job').map(({ value }) => [value.id, value.continueOnError])).toEqual([['unit', false], ['audit', true], ['mac', true]]);
});
