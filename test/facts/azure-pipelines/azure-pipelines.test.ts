import { expect, test } from 'vitest';
import type { Diagnostic } from '../../../src/core/index.js';
import type { AnyFact, FactValue } from '../../../src/facts/schema.js';
import { ofKind, readFacts, textAt } from './read.js';

type Expansion = FactValue<'expansion'>;

async function readOne(text: string): Promise<AnyFact[]> {
  return readFacts({ 'azure-pipelines.yml': text });
}

async function expansions(text: string): Promise<Expansion[]> {
  return ofKind(await readOne(text), 'expansion').map(({ value }) => value);
}

test('without trigger and pr every push and every pull request starts it', async () => {
  const [pipeline] = ofKind(await readOne('steps:\n- script: make\n'), 'pipeline');
  expect(pipeline?.value.triggers.map(({ event, by, privileged }) => [event, by, privileged])).toEqual([['pr', 'attacker', false], ['trigger', 'collaborator', false], ['manual', 'operator', false]]);
});

test('triggers as they are written', async () => {
  const text = `trigger:
  branches: { include: [main], exclude: [wip/*] }
  tags: { include: [v*] }
pr: none
schedules:
- cron: 0 0 * * *
resources:
  pipelines:
  - pipeline: up
    source: Upstream
    trigger: true
steps:
- script: make
`;
  const [pipeline] = ofKind(await readOne(text), 'pipeline');
  expect(pipeline?.value.triggers.map(({ event, by }) => [event, by])).toEqual([['trigger', 'collaborator'], ['schedules', 'trusted'], ['pipelines', 'collaborator'], ['manual', 'operator']]);
  expect(pipeline?.value.triggers[0]).toMatchObject({ branches: ['main', '!wip/*'], tags: ['v*'] });
  expect(textAt(pipeline as AnyFact, 'triggers.1')).toBe('schedules');
});

test('stages, jobs, deployments, steps and what is inserted by expressions', async () => {
  const text = `parameters:
- name: names
  type: object
  default: [a]
pool: { vmImage: windows-2022 }
stages:
- stage: Build
  jobs:
  - job: A
    timeoutInMinutes: 20
    steps:
    - script: dir
    - \${{ if eq(variables['Build.Reason'], 'PullRequest') }}:
      - bash: one
    - \${{ elseif true }}:
      - bash: two
    - \${{ else }}:
      - bash: three
    - \${{ each name in parameters.names }}:
      - pwsh: echo \${{ name }}
- \${{ if ne(variables['Build.Reason'], 'PullRequest') }}:
  - stage: Deploy
    dependsOn: Build
    jobs:
    - deployment: D
      environment: { name: prod }
      pool: mine
      strategy:
        runOnce:
          preDeploy: { steps: [ { bash: first } ] }
          deploy: { steps: [ { bash: second } ] }
          on: { failure: { steps: [ { bash: third } ] } }
`;
  const facts = await readOne(text);
  const jobs = ofKind(facts, 'job');
  expect(jobs.map(({ value }) => [value.id, value.runner, value.selfHosted, value.environment, value.timeoutMinutes, value.reach.events])).toEqual([
    ['A', ['windows-2022'], false, '', 20, ['pr']],
    ['D', ['mine'], true, 'prod', -1, []],
  ]);
  expect(jobs.map((job) => textAt(job))).toEqual(['job: A', 'deployment: D']);
  expect(ofKind(facts, 'step').map(({ value }) => [value.run, value.shell, value.reach.events])).toEqual([
    ['dir', 'cmd', ['pr']],
    ['one', 'bash', ['pr']],
    ['two', 'bash', []],
    ['three', 'bash', []],
    ['echo ${{ name }}', 'pwsh', ['pr']],
    ['first', 'bash', []],
    ['second', 'bash', []],
    ['third', 'bash', []],
  ]);
  expect(ofKind(facts, 'expansion').find(({ value }) => value.text === '${{ name }}')?.value.context).toBe('parameters.names');
});

test.each([
  ["ne(variables['Build.Reason'], 'PullRequest')", false],
  ["eq(variables['Build.SourceBranch'], 'refs/heads/main')", false],
  ["and(succeeded(), eq(variables['System.PullRequest.IsFork'], 'False'))", false],
  ["not(startsWith(variables['Build.SourceBranch'], 'refs/pull/'))", false],
  ["in(variables['Build.Reason'], 'IndividualCI', 'Manual')", false],
  ["eq(variables['Build.SourceBranchName'], 'main')", false],
  ["or(eq(variables['Build.Reason'], 'PullRequest'), failed())", true],
  ["eq(variables.custom, 'x')", true],
  ['succeeded()', true],
  ['broken((', true],
])('condition %s lets pull requests through: %s', async (condition, reached) => {
  const [job] = ofKind(await readOne(`jobs:\n- job: A\n  condition: ${condition}\n  steps: [ { bash: make } ]\n`), 'job');
  expect(job?.value.reach.events.includes('pr')).toBe(reached);
});

test('a job or stage that waits for one that pull requests do not reach is not reached either', async () => {
  const main = "eq(variables['Build.SourceBranch'], 'refs/heads/main')";
  const text = `stages:
- stage: One
  condition: ${main}
  jobs: [ { job: A, steps: [ { bash: a } ] } ]
- stage: Two
  jobs:
  - job: B
    steps: [ { bash: b } ]
- stage: Three
  condition: always()
  jobs:
  - job: C
    steps: [ { bash: c } ]
  - job: D
    dependsOn: C
    condition: and(succeeded(), ${main})
    steps: [ { bash: d } ]
- stage: Four
  dependsOn: []
  jobs: [ { job: E, steps: [ { bash: e } ] } ]
`;
  expect(ofKind(await readOne(text), 'job').map(({ value }) => [value.id, value.reach.events])).toEqual([['A', []], ['B', []], ['C', ['pr']], ['D', []], ['E', ['pr']]]);
});

test('macros, expressions and variables of the environment, with who writes them', async () => {
  const text = `variables:
  title: $(Build.SourceVersionMessage)
  plain: text
parameters:
- name: free
- name: flag
  type: boolean
- name: choice
  type: string
  values: [a, b]
steps:
- bash: |
    run "$(System.PullRequest.SourceBranch)" $(title) $(plain) $(date) $(pwd)
    run \${{ parameters.free }} \${{ parameters.flag }} \${{ parameters.choice }} \${{ variables['Build.SourceBranchName'] }} \${{ eq(parameters.free, 'x') }}
    eval "$TITLE" "$BUILD_SOURCEVERSIONMESSAGE" "$PLAIN"
`;
  const found = (await expansions(text)).filter(({ sink }) => sink !== 'env');
  expect(found.map((value) => [value.text, value.context, value.controlledBy, value.sink, value.safe])).toEqual([
    ['$TITLE', 'Build.SourceVersionMessage', 'attacker', 'eval', false],
    ['$BUILD_SOURCEVERSIONMESSAGE', 'BUILD_SOURCEVERSIONMESSAGE', 'attacker', 'eval', false],
    ['$PLAIN', 'PLAIN', 'unknown', 'eval', false],
    ['$(System.PullRequest.SourceBranch)', 'System.PullRequest.SourceBranch', 'attacker', 'script', false],
    ['$(title)', 'Build.SourceVersionMessage', 'attacker', 'script', false],
    ['$(plain)', '', 'trusted', 'script', true],
    ['${{ parameters.free }}', 'parameters.free', 'operator', 'script', false],
    ['${{ parameters.flag }}', 'parameters.flag', 'operator', 'script', true],
    ['${{ parameters.choice }}', 'parameters.choice', 'operator', 'script', true],
    ["${{ variables['Build.SourceBranchName'] }}", 'Build.SourceBranchName', 'collaborator', 'script', false],
    ["${{ eq(parameters.free, 'x') }}", '', 'trusted', 'script', true],
  ]);
});

test('tasks with inline scripts are scripts, others run files or build tools of the workspace', async () => {
  const text = `steps:
- task: Bash@3
  inputs: { targetType: inline, script: echo a }
- task: PowerShell@2
  inputs: { targetType: inline, script: Write-Host b, pwsh: true }
- task: AzureCLI@2
  inputs: { azureSubscription: prod, scriptType: pscore, scriptLocation: inlineScript, inlineScript: az c }
- task: PythonScript@0
  inputs: { scriptSource: inline, script: print(1) }
- task: CmdLine@2
  inputs: { script: echo d }
- task: Bash@3
  inputs: { filePath: build/run.sh, arguments: $(System.PullRequest.SourceBranch) }
- task: Npm@1
  inputs: { command: install }
- task: acme.tools.Deploy@1
`;
  const facts = await readOne(text);
  expect(ofKind(facts, 'step').map(({ value }) => [value.uses.name, value.uses.ref, value.run, value.shell, value.executes])).toEqual([
    ['bash', '3', 'echo a', 'bash', []],
    ['powershell', '2', 'Write-Host b', 'pwsh', []],
    ['azurecli', '2', 'az c', 'pwsh', []],
    ['pythonscript', '0', 'print(1)', 'python', []],
    ['cmdline', '2', 'echo d', 'bash', []],
    ['bash', '3', '', '', ['build/run.sh']],
    ['npm', '1', '', '', ['npm']],
    ['acme.tools.deploy', '1', '', '', []],
  ]);
  expect(ofKind(facts, 'expansion').map(({ value }) => [value.text, value.sink])).toEqual([['$(System.PullRequest.SourceBranch)', 'command-input']]);
  expect(ofKind(facts, 'job')[0]?.value.secrets).toEqual(['service connection prod']);
  expect(ofKind(facts, 'reference').map(({ value }) => value.trusted)).toEqual([true, true, true, true, true, true, true, false]);
});

test('templates of the repository are read with the triggers and parameters of those who use them', async () => {
  const facts = await readFacts({
    'azure-pipelines.yml': `pr: [main]
trigger: none
variables: { outer: $(System.PullRequest.SourceBranch) }
jobs:
- template: ci/jobs.yml
  parameters: { title: $(System.PullRequest.SourceBranch), fixed: x }
- \${{ if ne(variables['Build.Reason'], 'PullRequest') }}:
  - template: /ci/release.yml
`,
    'ci/jobs.yml': `parameters:
  title: ''
  fixed: ''
jobs:
- job: A
  steps:
  - template: steps.yml
    parameters: { name: '\${{ parameters.title }}' }
  - bash: echo \${{ parameters.title }} \${{ parameters.fixed }} $(outer)
`,
    'ci/steps.yml': 'parameters:\n- name: name\n  type: string\nsteps:\n- bash: echo ${{ parameters.name }}\n',
    'ci/release.yml': 'steps:\n- bash: make release\n',
  });
  const scripts = ofKind(facts, 'expansion').filter(({ value }) => value.sink === 'script');
  expect(scripts.map((fact) => [fact.document.path, textAt(fact), fact.value.controlledBy])).toEqual([
    ['ci/jobs.yml', '${{ parameters.title }}', 'attacker'],
    ['ci/jobs.yml', '${{ parameters.fixed }}', 'trusted'],
    ['ci/jobs.yml', '$(outer)', 'attacker'],
    ['ci/steps.yml', '${{ parameters.name }}', 'attacker'],
  ]);
  const pipelines = ofKind(facts, 'pipeline');
  expect(pipelines.map(({ document, value }) => [document.path, value.kind, value.triggers.map(({ event }) => event)])).toEqual([
    ['azure-pipelines.yml', 'workflow', ['pr', 'manual']],
    ['ci/jobs.yml', 'template', ['pr', 'manual']],
    ['ci/steps.yml', 'template', ['pr', 'manual']],
    ['ci/release.yml', 'template', ['manual']],
  ]);
});

test('templates that use each other in a circle are read', async () => {
  const facts = await readFacts({ 'a/templates/x.yml': 'parameters: [ { name: p } ]\nsteps:\n- template: y.yml\n  parameters: { q: "${{ parameters.p }}" }\n', 'a/templates/y.yml': 'parameters: [ { name: q } ]\nsteps:\n- template: x.yml\n  parameters: { p: "${{ parameters.q }}" }\n- bash: echo ${{ parameters.q }}\n' });
  expect(ofKind(facts, 'expansion').map(({ value }) => value.controlledBy)).toEqual(['unknown']);
});

test('variables of templates hold, and are stated where they stand', async () => {
  const facts = await readFacts({
    'azure-pipelines.yml': 'pr: [main]\nvariables:\n- template: vars.yml\n- group: prod\nsteps:\n- bash: echo $(branch)\n',
    'vars.yml': 'variables:\n- name: branch\n  value: $(System.PullRequest.SourceBranch)\n',
  });
  expect(ofKind(facts, 'expansion').map((fact) => [fact.document.path, textAt(fact), fact.value.sink, fact.value.controlledBy])).toEqual([
    ['azure-pipelines.yml', '$(branch)', 'script', 'attacker'],
    ['vars.yml', '$(System.PullRequest.SourceBranch)', 'env', 'attacker'],
  ]);
  expect(ofKind(facts, 'job')[0]?.value.secrets).toEqual(['variable group prod']);
});

test('references: templates of other repositories at their ref, images once', async () => {
  const text = `resources:
  repositories:
  - repository: shared
    type: github
    name: Contoso/Templates
    ref: refs/heads/main
  - repository: pinned
    name: Project/Other
    ref: refs/tags/v2
  containers:
  - container: linux
    image: ubuntu:24.04
    options: --privileged
    mapDockerSocket: true
extends:
  template: base.yml@shared
jobs:
- template: more.yml@pinned
- template: again.yml@shared
- job: A
  container: linux
  services: { db: 'postgres:17' }
  steps: [ { bash: make } ]
- job: B
  container: { image: 'node@sha256:${'0'.repeat(64)}' }
  steps: [ { bash: make } ]
`;
  const facts = await readOne(text);
  expect(ofKind(facts, 'reference').map((fact) => [textAt(fact), fact.value.kind, fact.value.name, fact.value.pin])).toEqual([
    ['refs/heads/main', 'template', 'contoso/templates', 'branch'],
    ['refs/tags/v2', 'template', 'project/other', 'tag'],
    ['ubuntu:24.04', 'image', 'ubuntu', 'tag'],
    ['postgres:17', 'image', 'postgres', 'tag'],
    [`node@sha256:${'0'.repeat(64)}`, 'image', 'node', 'digest'],
  ]);
  expect(ofKind(facts, 'job')[0]?.value.container).toMatchObject({ privileged: true, volumes: ['/var/run/docker.sock:/var/run/docker.sock'] });
});

test('checkouts, and what they leave in what is uploaded', async () => {
  const text = `steps:
- checkout: self
  persistCredentials: true
- bash: make
- publish: $(Build.SourcesDirectory)
- publish: $(Build.ArtifactStagingDirectory)
- checkout: none
`;
  const steps = ofKind(await readOne(text), 'step');
  expect(steps.map(({ value }) => [value.checkout.kind, value.checkout.persistsCredentials, value.uploadsCredentials])).toEqual([['own', true, false], ['', false, false], ['', false, true], ['', false, false], ['', false, false]]);
  expect(textAt(steps[0] as AnyFact, 'checkout.persistsCredentials')).toBe('true');
});

test('logging commands set variables, paths and outputs for later steps and jobs', async () => {
  const text = `trigger: [main]
pr: [main]
jobs:
- job: A
  steps:
  - bash: |
      echo "##vso[task.setvariable variable=title]$BUILD_SOURCEVERSIONMESSAGE"
      echo "##vso[task.prependpath]$SYSTEM_PULLREQUEST_SOURCEBRANCH"
      echo "##vso[task.setvariable variable=out;isOutput=true]$BUILD_SOURCEVERSIONMESSAGE"
      echo "Building $BUILD_SOURCEVERSIONMESSAGE" && echo done > "$BUILD_SOURCEVERSIONMESSAGE"
    name: first
  - bash: run $(title)
  - pwsh: Write-Host "##vso[task.setvariable variable=other]$env:BUILD_SOURCEVERSIONMESSAGE"
  - bash: run $(other) $(first.out)
  - bash: echo "$BUILD_SOURCEVERSIONMESSAGE"
    target: { commands: restricted, settableVariables: none }
- job: B
  dependsOn: A
  variables:
    passed: $[ dependencies.A.outputs['first.out'] ]
  steps:
  - bash: run $(passed)
`;
  const found = (await expansions(text)).filter(({ sink }) => sink !== 'env');
  expect(found.map((value) => [value.sink, value.sinkName, value.controlledBy])).toEqual([
    ['environment-file', 'title', 'attacker'],
    ['path-file', '', 'attacker'],
    ['environment-file', 'out', 'attacker'],
    ['output-file', 'first.out', 'attacker'],
    ['log', '', 'attacker'],
    ['script', 'run', 'attacker'],
    ['environment-file', 'other', 'attacker'],
    ['script', 'run', 'attacker'],
    ['script', 'run', 'unknown'],
    ['script', 'run', 'attacker'],
  ]);
});

test('secrets by the names in which people write them, and the token of the job', async () => {
  const text = `steps:
- bash: |
    npm publish --token $(npmToken)
    curl -H "Authorization: Bearer $(System.AccessToken)" https://example.com
  env: { KEY: $(Deploy.ApiKey) }
`;
  expect(ofKind(await readOne(text), 'secret-use').map(({ value }) => [value.name, value.handover])).toEqual([['Deploy.ApiKey', 'env'], ['npmToken', 'argument'], ['System.AccessToken', 'argument']]);
});

test('a file of another shape is said once', async () => {
  const diagnostics: Diagnostic[] = [];
  await readFacts({ 'azure-pipelines.yml': '- a\n' }, diagnostics);
  expect(diagnostics.map(({ code, region }) => [code, region?.startLine])).toEqual([['azure-pipelines-structure', 1]]);
});

test('stages, jobs and steps that templates are given are read where they stand', async () => {
  const text = `resources:
  repositories:
  - { repository: base, type: git, name: P/Base, ref: refs/tags/v1 }
  - { repository: other, type: git, name: P/Other }
extends:
  template: v1.yml@base
  parameters:
    pool: { name: mine }
    stages:
    - stage: S
      condition: ne(variables['Build.Reason'], 'PullRequest')
      jobs:
      - job: A
        steps: [ { bash: one } ]
      - template: jobs.yml@other
        parameters:
          steps:
          - bash: two
          - template: steps.yml
            parameters: { preSteps: [ { bash: three } ] }
`;
  const facts = await readOne(text);
  expect(ofKind(facts, 'job').map(({ value }) => [value.id, value.reach.events])).toEqual([['A', []], ['steps', []]]);
  expect(ofKind(facts, 'step').map(({ value }) => value.run)).toEqual(['one', 'two', 'three']);
  expect(ofKind(facts, 'reference').map((fact) => [textAt(fact), fact.value.pin])).toEqual([['P/Other', 'none'], ['refs/tags/v1', 'tag'], ['steps.yml', '']]);
});
