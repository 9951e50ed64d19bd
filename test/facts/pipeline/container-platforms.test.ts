import { describe, expect, test } from 'vitest';
import { createDocument, type Format } from '../../../src/core/index.js';
import { readDocuments } from '../../../src/facts/index.js';
import { shellParser } from '../../syntax/shell/parser.js';
import { read } from '../runbook/read.js';

const shell = await shellParser();

/** `text sink by safe` of every expansion that the platform pastes or a shell runs. */
function expansions(path: string, text: string): string[] {
  return read(path, text)
    .of('expansion')
    .map(({ value }) => [value.text, value.sink, value.controlledBy, value.safe ? 'safe' : ''].join(' ').trim());
}

describe('Drone and Woodpecker', () => {
  test('braces are pasted, plain variables are not, and an escape leaves them to the shell', () => {
    const found = expansions('.drone.yml', 'kind: pipeline\nsteps:\n- name: a\n  image: alpine\n  commands:\n  - echo "${DRONE_COMMIT_MESSAGE}" "$DRONE_COMMIT_MESSAGE"\n  - echo "$${DRONE_COMMIT_MESSAGE}" ${DRONE_BUILD_NUMBER}\n');
    expect(found).toEqual(['${DRONE_COMMIT_MESSAGE} script attacker', '${DRONE_BUILD_NUMBER} script trusted safe']);
  });

  test('an outsider writes it only in events that start the pipeline', () => {
    const text = (event: string): string => `when: {event: ${event}}\nsteps:\n- name: a\n  image: alpine\n  commands: ['echo \${CI_COMMIT_SOURCE_BRANCH}']\n`;
    expect(expansions('.woodpecker.yml', text('pull_request'))).toEqual(['${CI_COMMIT_SOURCE_BRANCH} script attacker']);
    expect(expansions('.woodpecker.yml', text('push'))).toEqual(['${CI_COMMIT_SOURCE_BRANCH} script collaborator']);
  });

  test('containers, plugins, secrets and services', () => {
    const found = read('.drone.yml', 'kind: pipeline\ntype: exec\nname: x\nsteps:\n- name: push\n  image: plugins/docker:20\n  privileged: true\n  settings: {password: {from_secret: pw}, script: ["echo ${DRONE_TAG}"]}\n- name: s\n  image: alpine\n  volumes: [{name: sock, path: /s}]\n  commands: [ls]\nservices:\n- name: db\n  image: postgres\nvolumes: [{name: sock, host: {path: /var/run/docker.sock}}]\n');
    const [job] = found.of('job');
    expect(job?.value).toMatchObject({ id: 'x', selfHosted: true, deploys: true, stepContainers: { push: { privileged: true }, s: { volumes: ['/var/run/docker.sock:/s'] } }, services: { db: { image: { pin: 'none' } } } });
    expect(job && found.at(job, 'stepContainers')).toBe('privileged');
    expect(job && found.at(job, 'runner')).toBe('exec');
    expect(found.of('secret-use').map((fact) => [fact.value.name, found.at(fact)])).toEqual([['PLUGIN_PASSWORD', 'pw']]);
    expect(found.of('step').map(({ value }) => [value.id, value.publishes])).toEqual([['push', 'container'], ['s', '']]);
    expect(found.of('expansion').map(({ value }) => value.sink)).toEqual(['command-input']);
  });

  test('documents of other kinds are no pipelines; older files have steps by name', () => {
    expect(read('.drone.yml', 'kind: secret\nname: x\ndata: y\n---\nkind: pipeline\nname: y\nsteps: [{name: a, image: b}]\n').of('pipeline').map(({ value }) => value.name)).toEqual(['y']);
    expect(read('.woodpecker/a.yaml', 'steps:\n  one:\n    image: a\n    commands: ls\n').of('step').map(({ value }) => value.id)).toEqual(['one']);
  });
});

describe('Buildkite', () => {
  test('what the upload replaces is pasted, what is escaped is a variable of the job', () => {
    const text = 'steps:\n- label: a\n  commands:\n  - echo $BUILDKITE_MESSAGE\n  - echo "$$BUILDKITE_MESSAGE" \\$BUILDKITE_BRANCH_NAME\n  - eval "$$BUILDKITE_BRANCH"\n';
    expect(expansions('.buildkite/pipeline.yml', text).filter((one) => !one.includes('unknown'))).toEqual(['$BUILDKITE_BRANCH eval attacker', '$BUILDKITE_MESSAGE script attacker']);
  });

  test('plugins by their versions', () => {
    const found = read('.buildkite/pipeline.yml', 'steps:\n- command: ls\n  plugins:\n  - docker#v5.0.0: {image: node}\n  - acme/x#main\n  - https://github.com/acme/y-buildkite-plugin.git#0123456789abcdef0123456789abcdef01234567\n  - ./local\n');
    expect(found.of('reference').filter(({ value }) => value.kind !== 'image').map(({ value }) => [value.name, value.pin, value.trusted])).toEqual([['buildkite-plugins/docker', 'tag', true], ['acme/x', 'branch', false], ['acme/y-buildkite-plugin', 'digest', false], ['./local', '', false]]);
    expect(found.of('reference').find(({ value }) => value.kind === 'image')?.value).toMatchObject({ name: 'node', where: 'container' });
  });

  test('groups, fields, triggers and conditions', () => {
    const found = read('.buildkite/pipeline.yml', 'steps:\n- group: g\n  if: build.pull_request.repository.fork == false\n  steps: [{command: make, key: m, timeout_in_minutes: 5, soft_fail: true}]\n- block: b\n  fields: [{text: t, key: who}]\n- trigger: deploy\n  build: {env: {T: $BUILDKITE_MESSAGE}}\n- wait\n');
    expect(found.of('job').map(({ value }) => [value.id, value.timeoutMinutes, value.continueOnError, value.reach.guarded])).toEqual([['m', 5, true, true], ['step 3', -1, false, false]]);
    expect(found.of('parameter').map(({ value }) => value.name)).toEqual(['who']);
    expect(found.of('expansion').map(({ value }) => [value.sink, value.safe])).toEqual([['env', true]]);
  });
});

describe('CodeBuild', () => {
  test('variables are code only where a shell makes them so', () => {
    const text = 'version: 0.2\nenv: {shell: bash, secrets-manager: {KEY: a:b}, variables: {DB_PASSWORD: hunter2Zq81xK}}\nphases:\n  build:\n    on-failure: CONTINUE\n    commands:\n    - echo "$CODEBUILD_WEBHOOK_HEAD_REF"\n    - eval "x $CODEBUILD_WEBHOOK_HEAD_REF"\n    finally: [ls]\n';
    const found = read('buildspec.yml', text);
    expect(found.of('expansion').map(({ value }) => [value.sink, value.controlledBy])).toEqual([['eval', 'attacker']]);
    expect(found.of('step').map(({ value }) => [value.id, value.shell, value.continueOnError])).toEqual([['build', 'bash', true]]);
    expect(found.of('literal-secret').map((fact) => found.at(fact))).toEqual(['hunter2Zq81xK']);
    expect(found.of('command').map(({ value }) => value.name)).toContain('ls');
  });

  test('builds of a batch with images and privileges', () => {
    const found = read('buildspec-batch.yml', 'version: 0.2\nbatch:\n  build-list:\n  - identifier: a\n    env: {image: acme/build:1, privileged-mode: true}\n  - identifier: b\n    env: {image: "aws/codebuild/standard:7.0"}\n');
    expect(found.of('job').map(({ value }) => [value.id, value.container.privileged])).toEqual([['a', true], ['b', false]]);
    expect(found.of('reference').map(({ value }) => value.text)).toEqual(['acme/build:1']);
  });
});

describe('Cloud Build', () => {
  test('substitutions are pasted into arguments, not into scripts', () => {
    const text = 'steps:\n- name: ubuntu\n  entrypoint: bash\n  args: [-ec, "echo $BRANCH_NAME $_ENV $$HOME $COMMIT_SHA"]\n- name: gcr.io/cloud-builders/git\n  args: [checkout, $BRANCH_NAME]\n- name: gcr.io/cloud-builders/docker\n  args: [build, --build-arg, "B=$BRANCH_NAME", .]\n- name: bash\n  script: echo "$BRANCH_NAME"\nsubstitutions: {_ENV: dev}\n';
    expect(expansions('cloudbuild.yaml', text).filter((one) => !one.startsWith('$HOME'))).toEqual([
      '$BRANCH_NAME script attacker', '$_ENV script operator', '$COMMIT_SHA script trusted safe', '$BRANCH_NAME argument attacker', '$BRANCH_NAME argument attacker safe',
    ]);
    expect(read('cloudbuild.yaml', text).of('command').map(({ value }) => value.name)).toEqual(['echo', 'git', 'docker', 'echo']);
  });

  test('values of the event that a substitution takes', () => {
    const text = 'steps:\n- name: alpine\n  entrypoint: sh\n  args: [-c, "echo $_TITLE $_GIVEN"]\nsubstitutions: {_TITLE: $(body.pull_request.title)}\ntimeout: 1200s\nserviceAccount: a@b\n';
    const found = read('cloudbuild.json'.replace('json', 'yaml'), text);
    expect(found.of('expansion').map(({ value }) => [value.text, value.context, value.controlledBy])).toEqual([['$_TITLE', 'body.pull_request.title', 'attacker'], ['$_GIVEN', '_GIVEN', 'unknown']]);
    expect(found.of('job')[0]?.value).toMatchObject({ timeoutMinutes: 20, serviceAccount: 'a@b' });
  });
});

const BINDING = 'apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerBinding\nmetadata: {name: b}\nspec: {params: [{name: title, value: $(body.pull_request.title)}, {name: sha, value: $(body.pull_request.head.sha)}]}\n';
const TEMPLATE = 'apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\nmetadata: {name: t}\nspec:\n  params: [{name: title}, {name: sha}]\n  resourcetemplates:\n  - apiVersion: tekton.dev/v1\n    kind: PipelineRun\n    metadata: {generateName: r-}\n    spec: {pipelineRef: {name: p}, params: [{name: title, value: $(tt.params.title)}, {name: sha, value: $(tt.params.sha)}]}\n';
const PIPELINE = 'apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec:\n  params: [{name: title}, {name: sha}]\n  tasks:\n  - {name: one, taskRef: {name: say}, params: [{name: text, value: $(params.title)}, {name: rev, value: $(params.sha)}]}\n';
const TASK = 'apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: say}\nspec:\n  params: [{name: text}, {name: rev}]\n  steps:\n  - name: a\n    image: alpine\n    script: echo "$(params.text)" $(params["rev"])\n';

function readAll(format: Format, files: Readonly<Record<string, string>>) {
  return [...readDocuments(Object.entries(files).map(([path, text]) => createDocument(path, format, text)), { shell })].flatMap(({ facts }) => facts);
}

describe('Tekton', () => {
  test('parameters are followed across files to the event that fills them', () => {
    const facts = readAll('tekton', { 'a.yaml': BINDING, 'b.yaml': TEMPLATE, 'c.yaml': PIPELINE, 'd.yaml': TASK });
    const pasted = facts.flatMap((fact) => (fact.kind === 'expansion' && fact.value.sink === 'script' ? [fact.value] : []));
    expect(pasted.map(({ context, controlledBy, type, safe }) => [context, controlledBy, type, safe])).toEqual([['body.pull_request.title', 'attacker', 'string', false], ['body.pull_request.head.sha', 'attacker', 'sha', true]]);
    expect(pasted[0]?.contexts).toEqual(['params.text', 'params.title', 'tt.params.title', 'body.pull_request.title']);
  });

  test('without callers nobody knows who fills a parameter', () => {
    expect(expansions('task.yaml', TASK)).toEqual(['$(params.text) script unknown', '$(params["rev"]) script unknown']);
  });

  test('variables of Pipelines as Code, and runs that wait for a member', () => {
    const found = read('.tekton/pr.yaml', 'apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata:\n  name: pr\n  annotations: {pipelinesascode.tekton.dev/on-event: "[pull_request]", pipelinesascode.tekton.dev/task: "[git-clone, https://example.com/acme/x/main/t.yaml]"}\nspec:\n  pipelineSpec:\n    tasks:\n    - name: a\n      taskSpec:\n        steps: [{name: s, image: alpine, script: "echo {{ source_branch }} {{ revision }}"}]\n');
    expect(found.of('expansion').map(({ value }) => [value.text, value.controlledBy, value.safe])).toEqual([['{{ source_branch }}', 'attacker', false], ['{{ revision }}', 'trusted', true]]);
    expect(found.of('job')[0]?.value.reach).toMatchObject({ events: ['pull_request'], guarded: true });
    expect(found.of('reference').map(({ value }) => [value.text, value.pin])).toEqual([['git-clone', 'none'], ['https://example.com/acme/x/main/t.yaml', 'branch'], ['alpine', 'none']]);
  });

  test('resolvers, command lines and containers', () => {
    const found = read('t.yaml', 'apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: x}\nspec:\n  serviceAccountName: sa\n  timeout: 1h30m\n  taskSpec:\n    volumes: [{name: v, hostPath: {path: /}}]\n    steps:\n    - name: a\n      image: alpine\n      command: [sh, -ec]\n      args: ["ls $(params.x)"]\n      volumeMounts: [{name: v, mountPath: /host}]\n    - {name: b, ref: {resolver: git, params: [{name: url, value: https://github.com/a/b.git}, {name: revision, value: v1.0}]}}\n');
    expect(found.of('job')[0]?.value).toMatchObject({ serviceAccount: 'sa', timeoutMinutes: 90, stepContainers: { a: { volumes: ['/:/host'] } } });
    expect(found.of('reference').map(({ value }) => [value.name, value.pin])).toEqual([['alpine', 'none'], ['a/b', 'tag']]);
    expect(found.of('expansion')[0]?.value).toMatchObject({ sink: 'script', source: 'input' });
  });
});

describe('Argo', () => {
  const workflow = (kind: string, value: string): string => `apiVersion: argoproj.io/v1alpha1\nkind: ${kind}\nmetadata: {name: w}\nspec:\n  entrypoint: main\n  arguments: {parameters: [{name: t, value: x}]}\n  templates:\n  - name: main\n    steps: [[{name: a, template: say, arguments: {parameters: [{name: msg, value: "${value}"}]}}]]\n  - name: say\n    inputs: {parameters: [{name: msg}]}\n    script: {image: "alpine:3", command: [sh], source: "echo {{inputs.parameters.msg}}"}\n`;

  test('parameters are followed through calls to those of the workflow', () => {
    const pasted = (value: string) => read('w.yaml', workflow('Workflow', value)).of('expansion').filter((fact) => fact.value.sink === 'script').map((fact) => [fact.value.controlledBy, fact.value.source]);
    expect(pasted('{{workflow.parameters.t}}')).toEqual([['operator', 'input']]);
    expect(pasted('{{steps.a.outputs.result}}')).toEqual([['unknown', 'output']]);
    expect(pasted('fixed')).toEqual([['trusted', 'input']]);
  });

  test('a sensor fills them from an event, across files', () => {
    const sensor = 'apiVersion: argoproj.io/v1alpha1\nkind: Sensor\nmetadata: {name: s}\nspec:\n  triggers:\n  - template:\n      name: t\n      argoWorkflow:\n        source:\n          resource:\n            apiVersion: argoproj.io/v1alpha1\n            kind: Workflow\n            metadata: {generateName: x-}\n            spec: {workflowTemplateRef: {name: w}, arguments: {parameters: [{name: t, value: ""}]}}\n        parameters: [{src: {dependencyName: d, dataKey: body.issue.title}, dest: spec.arguments.parameters.0.value}]\n';
    const facts = readAll('argo-workflow', { 'a.yaml': sensor, 'b.yaml': workflow('WorkflowTemplate', '{{workflow.parameters.t}}') });
    const pasted = facts.flatMap((fact) => (fact.kind === 'expansion' && fact.value.sink === 'script' ? [fact.value] : []));
    expect(pasted.map(({ context, controlledBy, events }) => [context, controlledBy, events])).toEqual([['body.issue.title', 'attacker', []]]);
  });

  test('expressions that make numbers are harmless; addresses and files from elsewhere', () => {
    const found = read('w.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\nmetadata: {name: w}\nspec:\n  templates:\n  - name: a\n    activeDeadlineSeconds: 60\n    inputs: {artifacts: [{name: g, path: /x, git: {repo: "https://github.com/a/b.git", revision: main}}, {name: h, path: /y, http: {url: "https://example.com/x"}}]}\n    container: {image: alpine, command: [sh, -c], args: ["echo {{=asInt(inputs.parameters.n)}} {{inputs.parameters.n}}"]}\n  - name: b\n    http: {url: "https://{{inputs.parameters.host}}/x"}\n');
    expect(found.of('expansion').map(({ value }) => [value.sink, value.safe])).toEqual([['script', true], ['script', false], ['url', false]]);
    expect(found.of('reference').map(({ value }) => [value.kind, value.pin])).toEqual([['include', 'branch'], ['include', 'none'], ['image', 'none']]);
    expect(found.of('job')[0]?.value).toMatchObject({ timeoutMinutes: 1, stepContainers: { container: { root: true } } });
  });
});

test('a patch of the pod is code of whoever fills it', () => {
  const text = `apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\nmetadata: {name: w}\nspec:\n  templates:\n  - name: a\n    podSpecPatch: '{"containers":[{"name":"main","image":"{{inputs.parameters.image}}"}]}'\n    container: {image: alpine, command: [ls]}\n`;
  expect(expansions('w.yaml', text)).toEqual(['{{inputs.parameters.image}} code-input unknown']);
});

test('parameters that everything hands to everything are resolved once each', () => {
  const names = Array.from({ length: 40 }, (_, index) => `t${index}`);
  const calls = names.map((name) => `{name: c-${name}, template: ${name}, arguments: {parameters: [{name: a, value: "{{inputs.parameters.a}}"}]}}`).join(', ');
  const templates = names.map((name) => `  - name: ${name}\n    inputs: {parameters: [{name: a}]}\n    steps: [[${calls}]]\n`).join('');
  const found = read('w.yaml', `apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\nmetadata: {name: w}\nspec:\n  templates:\n${templates}`);
  expect(found.of('job')).toHaveLength(40);
});

test('templates of charts are left to those who render them', () => {
  const chart = 'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: x-}\n{{- if .Values.x }}\nspec: {}\n{{- end }}\n';
  expect(read('templates/w.yaml', chart)).toMatchObject({ facts: [], diagnostics: [] });
  expect(read('templates/t.yaml', 'apiVersion: tekton.dev/v1\nkind: Task\nmetadata:\n  name: {{ .Values.name }}\nspec: {}\n')).toMatchObject({ facts: [], diagnostics: [] });
});

test('other objects of a cluster stay what they are', () => {
  const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: {containers: [{name: c, image: x}]}}}\n';
  expect(read('d.yaml', deployment).facts.map(({ kind }) => kind)).toEqual(['resource']);
  expect(read('app.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {}\n').facts).toEqual([]);
});
