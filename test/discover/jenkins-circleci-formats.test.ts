import { expect, test } from 'vitest';
import { isContentCandidate, pathParts, recogniseByContent, recogniseByPath } from '../../src/discover/recognise.js';

function recognised(path: string, text = '') {
  const parts = pathParts(path);
  return recogniseByPath(parts) ?? (isContentCandidate(parts, false) ? recogniseByContent(parts, false, text) : undefined);
}

test.each([
  ['Jenkinsfile', '', 'jenkinsfile', 'name Jenkinsfile'],
  ['ci/Jenkinsfile.release', '', 'jenkinsfile', 'name Jenkinsfile.release'],
  ['deploy.jenkinsfile', '', 'jenkinsfile', 'extension .jenkinsfile'],
  ['ci/build.groovy', '// build\npipeline {\n  agent any\n  stages { stage("a") { steps {\n    sh "make"\n  } } }\n}\n', 'jenkinsfile', 'has a pipeline of Jenkins'],
  ['ci/node.groovy', "node('linux') {\n  checkout scm\n}\n", 'jenkinsfile', 'has a pipeline of Jenkins'],
  ['vars/deploy.groovy', "def call(Map config) {\n  sh 'make'\n}\n", 'jenkinsfile', 'in vars, with steps of Jenkins'],
  ['.circleci/config.yml', '', 'circleci', 'in .circleci'],
  ['.circleci/parts/build.yaml', '', 'circleci', 'in .circleci'],
  ['ci/config.yml', 'version: 2.1\njobs:\n  build:\n    docker:\n      - image: x\n', 'circleci', 'has `version` and jobs of CircleCI'],
  ['ci/continue.yml', "version: '2.1' # next\nworkflows:\n  a:\n    jobs: [b]\n", 'circleci', 'has `version` and jobs of CircleCI'],
])('%s is read as a pipeline', (path, text, format, reason) => {
  const found = recognised(path, text);
  expect([found?.format, found?.reason]).toEqual([format, reason]);
});

test.each([
  ['src/Main.groovy', 'class Main {\n  void run() { println "x" }\n}\n'],
  ['build.gradle', 'node {\n  version = "20"\n}\n'],
  ['compose.yml', 'version: "2.1"\nservices:\n  a:\n    image: x\n'],
  ['Taskfile.yml', 'version: 2\ntasks:\n  a:\n    cmds: [ls]\n'],
])('%s is neither', (path, text) => expect(['jenkinsfile', 'circleci']).not.toContain(recognised(path, text)?.format));
