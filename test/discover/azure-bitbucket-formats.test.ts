import { expect, test } from 'vitest';
import { pathParts, recogniseByContent, recogniseByPath } from '../../src/discover/recognise.js';

function recognise(path: string, text = ''): string {
  const parts = pathParts(path);
  const found = recogniseByPath(parts) ?? recogniseByContent(parts, false, text);
  return found === undefined ? '' : `${found.format}: ${found.reason}`;
}

test.each([
  ['azure-pipelines.yml', '', 'azure-pipelines: name azure-pipelines.yml'],
  ['build/azure-pipelines-nightly.yaml', '', 'azure-pipelines: name azure-pipelines-nightly.yaml'],
  ['.azure-pipelines/steps/test.yml', '', 'azure-pipelines: in .azure-pipelines'],
  ['bitbucket-pipelines.yml', '', 'bitbucket-pipelines: name bitbucket-pipelines.yml'],
  ['ci/build.yml', 'trigger: [main]\npool: { vmImage: ubuntu-24.04 }\nsteps:\n- bash: make\n', 'azure-pipelines: has steps of Azure Pipelines'],
  ['ci/release.yml', 'stages:\n- stage: Release\n  jobs:\n  - job: A\n    steps:\n    - script: make\n', 'azure-pipelines: has jobs of Azure Pipelines'],
  ['ci/notify.yml', 'parameters:\n- name: text\n  type: string\nsteps:\n- script: ./notify.sh\n', 'azure-pipelines: has nothing but steps of Azure Pipelines'],
  ['ci/more.yml', 'parameters:\n- name: text\n  type: string\nother: x\nsteps:\n- script: ./notify.sh\n', 'azure-pipelines: has parameters and steps of Azure Pipelines'],
  ['ci/vars.yml', 'variables:\n- name: a\n  value: b\n- group: production\n', 'azure-pipelines: has variable groups of Azure Pipelines'],
  ['.github/workflows/ci.yml', 'on: push\njobs:\n  a:\n    steps:\n    - script: x\n', 'github-workflow: in .github/workflows'],
  ['config/values.yml', 'parameters:\n  - name: x\n    value: y\n', ''],
  ['ci/build.yml', 'steps:\n  - script: make\n', 'azure-pipelines: has nothing but steps of Azure Pipelines'],
  ['config/steps.yml', 'title: x\nsteps:\n- script: make\n', ''],
])('%s', (path, text, expected) => expect(recognise(path, text)).toBe(expected));
