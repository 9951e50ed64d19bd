import { expect, test } from 'vitest';
import { isContentCandidate, pathParts, recogniseByContent, recogniseByPath } from '../../src/discover/recognise.js';

/** What a file is recognised as and why, as `--explain-plan` says it. */
function recognise(path: string, text: string): string {
  const parts = pathParts(path);
  const found = recogniseByPath(parts) ?? (isContentCandidate(parts, false) ? recogniseByContent(parts, false, text) : undefined);
  return found === undefined ? '' : `${found.format}: ${found.reason}`;
}

test.each([
  ['.buildkite/pipeline.deploy.yml', '', 'buildkite: in .buildkite'],
  ['.buildkite/docker-compose.yml', '', 'compose: name docker-compose.yml'],
  ['buildkite/pipeline.yml', '', 'buildkite: pipeline.yml in buildkite'],
  ['ci/release.yml', 'steps:\n  - label: x\n    command: echo $BUILDKITE_BRANCH\n', 'buildkite: has `steps` with variables, plugins or the agent of Buildkite'],
  ['ci/lint.yml', 'steps:\n  - command: lint\n    plugins:\n      - docker#v5.13.0:\n          image: x\n', 'buildkite: has `steps` with variables, plugins or the agent of Buildkite'],
  ['ci/woodpecker.yaml', 'steps:\n  - name: a\n    image: b\n    environment: {X: {from_secret: y}}\n', 'woodpecker: has `steps` with images, and secrets or variables of Woodpecker'],
  ['ci/spec.yaml', 'version: 0.2\nphases:\n  build: {}\n', 'codebuild: has `version` and `phases` of a build specification'],
  ['deploy/build.yaml', 'steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, .]\n', 'cloud-build: has `steps` with images of Cloud Build'],
  ['cloudbuild.json', '', 'cloud-build: name cloudbuild.json'],
  ['k8s/task.yaml', 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: x}\n---\napiVersion: tekton.dev/v1\nkind: Task\n', 'tekton: has an `apiVersion` of Tekton'],
  ['k8s/sensor.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: Sensor\n', 'argo-workflow: has `apiVersion` and `kind` of an Argo workflow'],
  ['k8s/app.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: Application\n', 'kubernetes: has `apiVersion` and `kind`'],
  ['k8s/deployment.yaml', 'apiVersion: apps/v1\nkind: Deployment\n', 'kubernetes: has `apiVersion` and `kind`'],
  ['config/recipe.yml', 'steps:\n  - label: mix\n    command: stir\n', ''],
  ['config/images.yml', 'steps:\n  - name: a\n    image: b\n', ''],
])('%s', (path, text, expected) => expect(recognise(path, text)).toBe(expected));
