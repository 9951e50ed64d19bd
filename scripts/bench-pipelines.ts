import { choice, type Choice } from './bench-choice.js';

/** One generated pipeline. */
export interface GeneratedPipeline {
  readonly path: string;
  readonly text: string;
}

type Platform = (c: Choice, index: number) => GeneratedPipeline;

/** The same seed and index give the same file; platforms take turns. About 0.5 to 4 KB, mostly sound, with the usual weaknesses in some. */
export function pipelineFile(seed: number, index: number): GeneratedPipeline {
  const platform = PLATFORMS[index % PLATFORMS.length] as Platform;
  return platform(choice(seed * 1_000_003 + index), index);
}

/** Lines of a script, each at the indentation given. */
function script(c: Choice, indent: string, value: string): string {
  const lines = ['set -euo pipefail', 'npm ci', `make ${c.of(['build', 'test', 'lint', 'package'])}`];
  if (c.chance(0.3)) lines.push(`docker build -t app:${c.between(1, 99)} . && docker push "$REGISTRY/app:${c.between(1, 99)}"`);
  if (c.chance(0.2)) lines.push(`curl -fsSL https://downloads.example.com/install-${c.between(1, 9)}.sh | bash`);
  if (c.chance(0.2)) lines.push(`echo ${value}`);
  if (c.chance(0.4)) lines.push('for file in dist/*.js; do', '  gzip --keep "$file" || exit 1', 'done');
  return lines.map((line) => indent + line).join('\n');
}

function image(c: Choice): string {
  return c.of(['node:24', 'node:latest', 'python:3.13-slim', 'golang', `node@sha256:${'0123456789abcdef'.repeat(4)}`]);
}

/** Texts of some parts, one after the other. */
function repeated(c: Choice, part: (i: number) => string): string {
  return Array.from({ length: c.between(2, 8) }, (_, i) => part(i)).join('\n');
}

const PLATFORMS: readonly Platform[] = [
  (c, index) => ({
    path: `services/s${index}/.gitlab-ci.yml`,
    text: `stages: [build, deploy]\ndefault:\n  image: ${image(c)}\n${repeated(c, (i) => `job-${i}:\n  stage: build\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n  script:\n    - |\n${script(c, '      ', '$CI_MERGE_REQUEST_TITLE')}\n  artifacts:\n    paths: [dist/]`)}\n`,
  }),
  (c, index) => ({
    path: `services/s${index}/azure-pipelines.yml`,
    text: `trigger: [main]\npool:\n  vmImage: ubuntu-${c.of(['24.04', 'latest'])}\nvariables:\n  REGISTRY: registry.example.com\nsteps:\n${repeated(c, (i) => `  - bash: |\n${script(c, '      ', '$(Build.SourceBranchName)')}\n    displayName: Step ${i}`)}\n  - task: PublishBuildArtifacts@1\n`,
  }),
  (c, index) => ({
    path: `services/s${index}/.circleci/config.yml`,
    text: `version: 2.1\norbs:\n  node: circleci/node@${c.of(['7.1.0', 'volatile'])}\njobs:\n${repeated(c, (i) => `  job-${i}:\n    docker:\n      - image: ${image(c)}\n    steps:\n      - checkout\n      - run: |\n${script(c, '          ', '<< pipeline.git.branch >>')}`)}\nworkflows:\n  main:\n    jobs: [job-0, job-1]\n`,
  }),
  (c, index) => ({
    path: `services/s${index}/bitbucket-pipelines.yml`,
    text: `image: ${image(c)}\npipelines:\n  pull-requests:\n    '**':\n${repeated(c, (i) => `      - step:\n          name: Step ${i}\n          script:\n            - |\n${script(c, '              ', '$BITBUCKET_BRANCH')}`)}\n`,
  }),
  (c, index) => ({
    path: `services/s${index}/Jenkinsfile`,
    text: `pipeline {\n  agent { docker { image '${image(c)}' } }\n  stages {\n${repeated(c, (i) => `    stage('Stage ${i}') {\n      steps {\n        sh '''\n${script(c, '          ', '$CHANGE_TITLE')}\n        '''\n${c.chance(0.3) ? '        sh "echo ${env.CHANGE_BRANCH}"\n' : ''}      }\n    }`)}\n  }\n}\n`,
  }),
  (c, index) => ({
    path: `services/s${index}/.travis.yml`,
    text: `language: node_js\nnode_js: [24]\nscript:\n${repeated(c, () => `  - |\n${script(c, '    ', '$TRAVIS_PULL_REQUEST_BRANCH')}`)}\n`,
  }),
  (c, index) => ({
    path: `services/s${index}/.drone.yml`,
    text: `kind: pipeline\ntype: docker\nname: main\nsteps:\n${repeated(c, (i) => `  - name: step-${i}\n    image: ${image(c)}\n    commands:\n      - |\n${script(c, '        ', '$DRONE_PULL_REQUEST_TITLE')}`)}\n`,
  }),
  (c, index) => ({
    path: `services/s${index}/.woodpecker.yml`,
    text: `when:\n  - event: pull_request\nsteps:\n${repeated(c, (i) => `  - name: step-${i}\n    image: ${image(c)}\n    commands:\n      - |\n${script(c, '        ', '$CI_COMMIT_MESSAGE')}`)}\n`,
  }),
  (c, index) => ({
    path: `services/s${index}/.buildkite/pipeline.yml`,
    text: `steps:\n${repeated(c, (i) => `  - label: Step ${i}\n    command: |\n${script(c, '      ', '$BUILDKITE_BRANCH')}\n    plugins:\n      - docker#v5.${c.between(1, 9)}.0:\n          image: ${image(c)}`)}\n`,
  }),
  (c, index) => ({
    path: `services/s${index}/buildspec.yml`,
    text: `version: 0.2\nphases:\n  build:\n    commands:\n${repeated(c, () => `      - |\n${script(c, '        ', '$CODEBUILD_WEBHOOK_HEAD_REF')}`)}\n`,
  }),
  (c, index) => ({
    path: `services/s${index}/cloudbuild.yaml`,
    text: `steps:\n${repeated(c, (i) => `  - id: step-${i}\n    name: gcr.io/cloud-builders/docker\n    entrypoint: bash\n    args:\n      - -c\n      - |\n${script(c, '        ', '$_BRANCH')}`)}\n`,
  }),
  (c, index) => ({
    path: `services/s${index}/tekton.yaml`,
    text: `apiVersion: tekton.dev/v1\nkind: Task\nmetadata:\n  name: task-${index}\nspec:\n  params:\n    - name: revision\n      type: string\n  steps:\n${repeated(c, (i) => `    - name: step-${i}\n      image: ${image(c)}\n      script: |\n        #!/usr/bin/env bash\n${script(c, '        ', '$(params.revision)')}`)}\n`,
  }),
  (c, index) => ({
    path: `services/s${index}/workflow.yaml`,
    text: `apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\nmetadata:\n  name: template-${index}\nspec:\n  templates:\n${repeated(c, (i) => `    - name: step-${i}\n      inputs:\n        parameters:\n          - name: message\n      script:\n        image: ${image(c)}\n        command: [bash]\n        source: |\n${script(c, '          ', '{{inputs.parameters.message}}')}`)}\n`,
  }),
];
