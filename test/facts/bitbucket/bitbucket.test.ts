import { expect, test } from 'vitest';
import { createDocument, type Diagnostic } from '../../../src/core/index.js';
import { readDocuments } from '../../../src/facts/index.js';
import type { AnyFact, FactKind, FactOf } from '../../../src/facts/schema.js';
import { shellParser } from '../../syntax/shell/parser.js';

const shell = await shellParser();

function read(text: string): { facts: AnyFact[]; diagnostics: Diagnostic[] } {
  const all = [...readDocuments([createDocument('bitbucket-pipelines.yml', 'bitbucket-pipelines', text)], { shell })];
  return { facts: all.flatMap(({ facts }) => facts), diagnostics: all.flatMap(({ diagnostics }) => diagnostics) };
}

function ofKind<K extends FactKind>(facts: readonly AnyFact[], kind: K): FactOf<K>[] {
  return facts.filter((fact) => fact.kind === kind) as unknown as FactOf<K>[];
}

function textAt(fact: Pick<AnyFact, 'locate' | 'document'>, path?: string): string {
  const { start, end } = fact.locate(path);
  return fact.document.text.slice(start, end);
}

const FILE = `image: node:24
options:
  max-time: 30
definitions:
  services:
    db:
      image: postgres:17.5
  steps:
    - step: &build
        name: Build
        caches: [node]
        services: [db]
        script:
          - npm ci
          - |
            eval "$BITBUCKET_BRANCH"
            ./report.sh "$BITBUCKET_COMMIT"
        artifacts:
          paths: [dist/**]
pipelines:
  default:
    - step: *build
  branches:
    'release/*':
      - parallel:
          steps:
            - step: *build
            - step:
                name: Lint
                image:
                  name: registry.example.com/lint:latest
                  username: robot
                  password: hunter2hunter2
                script: [npm run lint]
  pull-requests:
    '**':
      - step:
          name: Check
          runs-on: [self.hosted, linux]
          script: [make check]
  custom:
    deploy:
      - variables:
          - name: TARGET
            default: staging
          - name: MODE
            default: a
            allowed-values: [a, b]
      - stage:
          name: Out
          deployment: production
          steps:
            - step:
                name: Ship
                oidc: true
                max-time: 5
                script:
                  - eval "deploy $TARGET $MODE"
                  - pipe: atlassian/aws-s3-deploy:1.1.0
                    variables:
                      AWS_SECRET_ACCESS_KEY: $AWS_SECRET_ACCESS_KEY
                  - pipe: docker://acme/notify
                after-script:
                  - echo "$BITBUCKET_EXIT_CODE"
  tags:
    'v*':
      import: shared:main:release
`;

test('every step is a job with its image, services, limits and scripts', () => {
  const { facts, diagnostics } = read(FILE);
  expect(diagnostics).toEqual([]);
  const jobs = ofKind(facts, 'job');
  expect(jobs.map(({ value }) => [value.id, value.timeoutMinutes, value.environment, value.selfHosted, value.permissions.oidc, value.stepCount])).toEqual([
    ['Build', 30, '', false, false, 1],
    ['Build', 30, '', false, false, 1],
    ['Lint', 30, '', false, false, 1],
    ['Check', 30, '', true, false, 1],
    ['Ship', 5, 'production', false, true, 4],
  ]);
  expect(jobs[0]?.value.container.image.name).toBe('node');
  expect(Object.keys(jobs[0]?.value.services ?? {})).toEqual(['db']);
  expect(jobs[2]?.value.container.literalPassword).toBe(true);
  expect(jobs[0]?.value.reach.runs).toEqual(['default']);
  const [build] = ofKind(facts, 'step');
  expect(build?.value).toMatchObject({ cache: 'both', cacheKey: 'node', uploadsArtifact: ['dist/**'], executes: ['npm ci', './report.sh'] });
});

test('triggers are the sections; nobody without write access starts any', () => {
  const [pipeline] = ofKind(read(FILE).facts, 'pipeline');
  expect(pipeline?.value.triggers.map(({ event, by }) => [event, by])).toEqual([['default', 'collaborator'], ['branches', 'collaborator'], ['pull-requests', 'collaborator'], ['custom', 'operator'], ['tags', 'collaborator']]);
  expect(pipeline?.locate('triggers.1')).toEqual({ start: FILE.indexOf('branches:'), end: FILE.indexOf('branches:') + 'branches'.length });
});

test('references: images once each, pipes with their version, imports', () => {
  const references = ofKind(read(FILE).facts, 'reference');
  expect(references.map((reference) => [textAt(reference), reference.value.kind, reference.value.pin, reference.value.trusted])).toEqual([
    ['shared:main:release', 'include', 'branch', false],
    ['node:24', 'image', 'tag', false],
    ['postgres:17.5', 'image', 'tag', false],
    ['registry.example.com/lint:latest', 'image', 'tag', false],
    ['atlassian/aws-s3-deploy:1.1.0', 'plugin', 'tag', true],
    ['docker://acme/notify', 'docker', 'none', false],
  ]);
  expect(textAt(references[4] as AnyFact, 'ref')).toBe('1.1.0');
  expect(textAt(references[4] as AnyFact, 'name')).toBe('atlassian/aws-s3-deploy');
});

test('variables that are run as code, with who chooses them', () => {
  const expansions = ofKind(read(FILE).facts, 'expansion').filter(({ value }) => value.sink === 'eval');
  expect(expansions.map((expansion) => [textAt(expansion), expansion.value.context, expansion.value.controlledBy])).toEqual([
    ['$BITBUCKET_BRANCH', 'BITBUCKET_BRANCH', 'collaborator'],
    ['$BITBUCKET_BRANCH', 'BITBUCKET_BRANCH', 'collaborator'],
    ['$TARGET', 'TARGET', 'operator'],
    ['$MODE', 'MODE', 'unknown'],
  ]);
});

test('parameters of custom pipelines, and secrets that pipes get', () => {
  const { facts } = read(FILE);
  expect(ofKind(facts, 'parameter').map(({ value }) => [value.name, value.default, value.restricted, value.delivery])).toEqual([['TARGET', 'staging', false, 'environment'], ['MODE', 'a', true, 'environment']]);
  expect(ofKind(facts, 'secret-use').map(({ value }) => [value.name, value.handover, value.sinkName])).toEqual([['AWS_SECRET_ACCESS_KEY', 'input', 'AWS_SECRET_ACCESS_KEY']]);
});

test('a file of another shape is said once', () => {
  expect(read('- a\n').diagnostics.map(({ code, region }) => [code, region?.startLine])).toEqual([['bitbucket-structure', 1]]);
});
