import { expect, test } from 'vitest';
import { isContentCandidate, pathParts, recogniseByContent, recogniseByPath } from '../../src/discover/recognise.js';
import { PLATFORM_OF } from '../../src/discover/pipeline-formats.js';
import { FACT_SCHEMAS } from '../../src/facts/schema.js';

function formatOf(path: string, text = ''): string | undefined {
  const parts = pathParts(path);
  return (recogniseByPath(parts) ?? (isContentCandidate(parts, false) ? recogniseByContent(parts, false, text) : undefined))?.format;
}

test.each([
  ['.gitlab-ci.yml', '', 'gitlab-ci'],
  ['sub/.gitlab-ci.yml', '', 'gitlab-ci'],
  ['Security/SAST.gitlab-ci.yml', '', 'gitlab-ci'],
  ['.gitlab/ci/build.yml', '', 'gitlab-ci'],
  ['ci/build.yml', 'build:\n  stage: build\n  script:\n    - make\n', 'gitlab-ci'],
  ['templates/x.yml', 'spec:\n  inputs:\n    a:\n---\nx:\n  script: make\n', 'gitlab-ci'],
  ['.travis.yml', '', 'travis'],
  ['azure-pipelines.yml', '', 'azure-pipelines'],
  ['azure-pipelines.release.yml', '', 'azure-pipelines'],
  ['templates/build.yml', 'parameters:\n- name: x\nsteps:\n- task: Bash@3\n  inputs: {}\n', 'azure-pipelines'],
  ['bitbucket-pipelines.yml', '', 'bitbucket-pipelines'],
  ['Jenkinsfile', '', 'jenkinsfile'],
  ['ci/Jenkinsfile.release', '', 'jenkinsfile'],
  ['deploy.jenkinsfile', '', 'jenkinsfile'],
  ['.circleci/config.yml', '', 'circleci'],
  ['k8s/task.yaml', 'apiVersion: tekton.dev/v1\nkind: Task\n', 'tekton'],
  ['k8s/wf.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\n', 'argo-workflow'],
  ['.drone.yml', '', 'drone'],
  ['ci/drone.yaml', 'kind: pipeline\ntype: docker\nsteps: []\n', 'drone'],
  ['.woodpecker/test.yaml', '', 'woodpecker'],
  ['.buildkite/pipeline.yml', '', 'buildkite'],
  ['buildspec.yml', '', 'codebuild'],
  ['ci/release.yml', 'version: 0.2\nphases:\n  build:\n    commands: [make]\n', 'codebuild'],
  ['cloudbuild.yaml', '', 'cloud-build'],
])('%s is %s', (path, text, format) => expect(formatOf(path, text)).toBe(format));

test.each([
  ['k8s/deployment.yaml', 'apiVersion: apps/v1\nkind: Deployment\n', 'kubernetes'],
  ['k8s/app.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: Application\n', 'kubernetes'],
  ['.github/workflows/ci.yml', 'on: push\njobs:\n  a:\n    steps: []\n', 'github-workflow'],
  ['play.yml', '- name: x\n  hosts: all\n  tasks:\n    - script: x.sh\n      tags: [a]\n', 'ansible'],
  ['job.yaml', '- sequence:\n    commands:\n    - script: ls\n', 'rundeck-job'],
  ['Taskfile.yml', 'version: 3\ntasks:\n  a:\n    cmds:\n    - task: b\n', 'taskfile'],
  ['docker-compose.yml', 'services:\n  a:\n    image: x\n', 'compose'],
  ['package.yml', 'name: x\nscripts:\n  script: x\n  stage: y\n', undefined],
  ['openapi.yaml', 'openapi: 3.0.0\npaths: {}\n', undefined],
  ['mkdocs.yml', 'site_name: x\nnav: []\n', undefined],
])('%s is no pipeline of another platform', (path, text, format) => expect(formatOf(path, text)).toBe(format));

test('every platform of the facts has a format', () => {
  const platforms = FACT_SCHEMAS.pipeline.shape.platform.unwrap().options.filter((platform) => platform !== '');
  expect([...new Set(Object.values(PLATFORM_OF))].toSorted()).toEqual(platforms.toSorted());
});
