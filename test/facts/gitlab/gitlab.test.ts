import { expect, test } from 'vitest';
import { createDocument } from '../../../src/core/index.js';
import { readDocuments } from '../../../src/facts/index.js';
import type { AnyFact, FactKind, FactOf } from '../../../src/facts/schema.js';
import { shellParser } from '../../syntax/shell/parser.js';
import { read } from '../runbook/read.js';

const shell = await shellParser();

const PIPELINE = `include:
  - local: /ci/build.yml
  - project: acme/ci
    ref: main
    file: /deploy.yml
  - remote: https://example.com/x.yml
  - template: Security/SAST.gitlab-ci.yml
  - component: $CI_SERVER_FQDN/acme/scan/sast@1.2
stages: [build, deploy]
variables:
  IMAGE: node:24
  ENVIRONMENT:
    value: staging
    description: Where to
default:
  image: $IMAGE
  before_script:
    - echo start
.deploy:
  script: &deploy
    - ./deploy.sh
    - [[echo nested]]
build:
  stage: build
  services:
    - name: docker:28-dind
      alias: docker
  script:
    - |
      make all
    - eval "$CI_COMMIT_MESSAGE"
  artifacts:
    paths: [dist]
    reports: { dotenv: build.env }
  timeout: 1h 30m
  allow_failure: true
deploy:
  extends: .deploy
  environment:
    name: production
  needs: [{ job: build }]
  id_tokens:
    VAULT_TOKEN: { aud: https://vault.example.com }
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
check:
  script:
    - !reference [.deploy, script]
    - bash -c "echo $CI_MERGE_REQUEST_TITLE"
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
`;

test('a pipeline of several jobs', () => {
  const { of, at, diagnostics } = read('.gitlab-ci.yml', PIPELINE);
  expect(diagnostics).toEqual([]);
  const [pipeline] = of('pipeline');
  expect(pipeline?.value).toMatchObject({ platform: 'gitlab', kind: 'workflow', jobCount: 3 });
  const jobs = new Map(of('job').map((job) => [job.value.id, job]));
  expect([...jobs.keys()]).toEqual(['build', 'deploy', 'check']);
  expect(jobs.get('build')?.value).toMatchObject({ timeoutMinutes: 90, continueOnError: true, stepCount: 2, container: { image: { text: 'node:24', pin: 'tag' } }, services: { docker: { privileged: true, image: { name: 'docker', ref: '28-dind' } } } });
  expect(jobs.get('deploy')?.value).toMatchObject({ environment: 'production', needs: ['build'], deploys: true, permissions: { oidc: true }, secrets: ['VAULT_TOKEN'] });
  expect(jobs.get('deploy')?.value.reach.events).toEqual([]);
  expect(jobs.get('check')?.value.reach).toMatchObject({ events: ['merge_request_event'], privileged: false, level: 'medium' });
  expect(at(jobs.get('build') as AnyFact, 'timeoutMinutes')).toBe('1h 30m');
  expect(of('step').map(({ value }) => `${value.id}: ${value.run.trim()}`)).toContain('script: ./deploy.sh\necho nested');
});

test('references and how they are fixed', () => {
  const { of, at } = read('.gitlab-ci.yml', PIPELINE);
  // The default image is that of every job.
  const seen = new Map(of('reference').map((fact) => [fact.locate().start, fact]));
  expect([...seen.values()].map((fact) => [fact.value.kind, fact.value.name, fact.value.pin, at(fact)])).toEqual([
    ['local', '/ci/build.yml', '', '/ci/build.yml'],
    ['include', 'acme/ci', 'branch', 'acme/ci'],
    ['include', 'example.com/x.yml', 'none', 'https://example.com/x.yml'],
    ['template', 'security/sast.gitlab-ci.yml', '', 'Security/SAST.gitlab-ci.yml'],
    ['include', 'acme/scan/sast', 'tag', '$CI_SERVER_FQDN/acme/scan/sast@1.2'],
    ['image', 'node', 'tag', 'node:24'],
    ['image', 'docker', 'tag', 'docker:28-dind'],
  ]);
});

test('values of outsiders that are run', () => {
  const { of, at } = read('.gitlab-ci.yml', PIPELINE);
  const evals = of('expansion').filter(({ value }) => value.sink === 'eval');
  expect(evals.map((fact) => [fact.value.context, fact.value.controlledBy, fact.value.level, at(fact)])).toEqual([
    ['CI_COMMIT_MESSAGE', 'attacker', 'low', '$CI_COMMIT_MESSAGE'],
    ['CI_MERGE_REQUEST_TITLE', 'attacker', 'medium', '$CI_MERGE_REQUEST_TITLE'],
  ]);
});

function readAll(files: Record<string, string>): AnyFact[] {
  const documents = Object.entries(files).map(([path, text]) => createDocument(path, 'gitlab-ci', text));
  return [...readDocuments(documents, { shell })].flatMap((one) => one.facts);
}
const of = <K extends FactKind>(facts: readonly AnyFact[], kind: K): FactOf<K>[] => facts.filter((fact) => fact.kind === kind) as never;

test('templates of another file give what a job does not say', () => {
  const facts = readAll({
    '.gitlab-ci.yml': 'include: ci/base.yml\nrelease:\n  extends: .base\n  script: ./x.sh\n',
    'ci/base.yml': '.base:\n  environment: production\n  before_script: [curl https://example.com/x | sh]\n  rules:\n    - if: $CI_COMMIT_TAG\n',
  });
  expect(of(facts, 'job').map(({ value, document }) => [document.path, value.id, value.environment])).toEqual([
    ['.gitlab-ci.yml', 'release', 'production'],
    ['ci/base.yml', '.base', 'production'],
  ]);
  // Each script is stated where it is written.
  expect(of(facts, 'command').map(({ value, document }) => [document.path, value.name])).toEqual([['.gitlab-ci.yml', 'x.sh'], ['ci/base.yml', 'curl'], ['ci/base.yml', 'sh']]);
  expect(of(facts, 'pipeline').map(({ value }) => value.kind)).toEqual(['workflow', 'template']);
});

test('an input that an includer fills with what an outsider writes', () => {
  const template = 'spec:\n  inputs:\n    title:\n---\nx:\n  script: echo $[[ inputs.title | expand_vars ]]\n';
  const facts = readAll({ '.gitlab-ci.yml': 'include:\n  - local: /t/x.yml\n    inputs:\n      title: $CI_MERGE_REQUEST_TITLE\n', 't/x.yml': template });
  expect(of(facts, 'expansion').filter(({ value }) => value.sink === 'script').map(({ value }) => [value.text, value.controlledBy, value.source])).toEqual([['$[[ inputs.title | expand_vars ]]', 'attacker', 'input']]);
  expect(of(facts, 'parameter').map(({ value }) => [value.name, value.pasted, value.required])).toEqual([['title', true, true]]);
});

test('a variable that a report of another job sets', () => {
  const facts = readAll({
    '.gitlab-ci.yml': `a:
  rules: [{ if: $CI_MERGE_REQUEST_IID }]
  script: echo "NAME=$CI_MERGE_REQUEST_SOURCE_BRANCH_NAME" >> out.env
  artifacts: { reports: { dotenv: out.env } }
b:
  needs: [a]
  rules: [{ if: $CI_MERGE_REQUEST_IID }]
  script: eval "run $NAME"
`,
  });
  expect(of(facts, 'expansion').filter(({ value }) => value.controlledBy === 'attacker').map(({ value }) => [value.sink, value.context])).toEqual([
    ['environment-file', 'CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'],
    ['eval', 'CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'],
  ]);
});

test('what extends or refers to itself ends', () => {
  const facts = readAll({ '.gitlab-ci.yml': 'include: .gitlab-ci.yml\na:\n  extends: b\n  script: [!reference [a, script]]\nb:\n  extends: a\n  script: [!reference [b, script], ls]\n' });
  expect(of(facts, 'job')).toHaveLength(2);
});

test('rules say in which pipelines a job is', () => {
  const events = (rules: string): readonly string[] => {
    const { of } = read('.gitlab-ci.yml', `a:\n  script: make\n  rules:\n${rules}`);
    return of('job')[0]?.value.condition.events ?? [];
  };
  expect(events('    - if: $CI_PIPELINE_SOURCE == "schedule" || $CI_PIPELINE_SOURCE == \'web\'\n')).toEqual(['schedule', 'web']);
  expect(events(`    - if: '"schedule" == $CI_PIPELINE_SOURCE'\n`)).toEqual(['schedule']);
  expect(events('    - if: $CI_PIPELINE_SOURCE =~ /^(web|api)$/\n')).toEqual(['web', 'api']);
  expect(events('    - if: $CI_MERGE_REQUEST_IID && $CI_MERGE_REQUEST_TARGET_BRANCH_NAME == "main"\n')).toEqual(['merge_request_event']);
  expect(events('    - if: $CI_MERGE_REQUEST_IID\n      when: never\n    - when: always\n')).not.toContain('merge_request_event');
  expect(events('    - if: $CI_MERGE_REQUEST_IID && $X\n      when: never\n    - when: always\n')).toContain('merge_request_event');
  expect(events('    - if: $CI_COMMIT_BRANCH\n')).not.toContain('merge_request_event');
  expect(events('    - if: ($X || $CI_COMMIT_TAG) && $Y\n')).toContain('merge_request_event');
  expect(events('    - when: never\n')).toEqual(['never']);
});

test('a job without rules is in no merge request pipeline, unless the workflow has such', () => {
  const job = (text: string) => read('.gitlab-ci.yml', text).of('job')[0]?.value.reach.events;
  expect(job('a:\n  script: make\n')).toEqual([]);
  expect(job('workflow:\n  rules:\n    - if: $CI_MERGE_REQUEST_IID\na:\n  script: make\n')).toEqual(['merge_request_event']);
  expect(job('a:\n  script: make\n  only: [merge_requests]\n')).toEqual(['merge_request_event']);
  expect(job('a:\n  script: make\n  rules:\n    - if: $CI_MERGE_REQUEST_IID && $CI_MERGE_REQUEST_SOURCE_PROJECT_PATH == $CI_PROJECT_PATH\n')).toEqual([]);
});

test('many jobs with one default script are read within a bound', () => {
  const jobs = Array.from({ length: 400 }, (_, index) => `j${index}:\n  script: ./run.sh ${index}\n`).join('');
  const { of } = read('.gitlab-ci.yml', `default:\n  before_script:\n${'    - echo "$CI_COMMIT_REF_NAME" && true\n'.repeat(300)}${jobs}`);
  expect(of('job')).toHaveLength(400);
  const commands = of('command');
  // Every job's own command, and the shared ones at least once.
  expect(commands.filter(({ value }) => value.name === 'run.sh')).toHaveLength(400);
  expect(commands.filter(({ value }) => value.name === 'echo').length).toBeGreaterThanOrEqual(300);
  expect(commands.length).toBeLessThan(20_000);
});
