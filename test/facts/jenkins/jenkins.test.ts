import { describe, expect, it } from 'vitest';
import { cut, readAs } from './read.js';

const read = (text: string) => readAs('jenkinsfile', 'Jenkinsfile', text);

const DECLARATIVE = `@Library('shared@main') _
pipeline {
  agent { docker { image 'maven:3.9.9'; args '-v /var/run/docker.sock:/var/run/docker.sock' } }
  options { timeout(time: 1, unit: 'HOURS') }
  triggers { cron('H 4 * * *') }
  parameters {
    string(name: 'TARGET', defaultValue: 'x')
    choice(name: 'STAGE', choices: ['a', 'b'])
  }
  environment {
    TOKEN = credentials('my-token')
    TITLE = "\${env.CHANGE_TITLE}"
  }
  stages {
    stage('Build') {
      steps {
        sh "echo \${params.TARGET} \${params.STAGE}"
        sh "echo \${env.CHANGE_TITLE}"
        sh 'echo $CHANGE_TITLE'
        sh 'eval "$TITLE"'
        sh """
          curl -H "Authorization: \${TOKEN}" https://example.com
        """
      }
    }
    stage('Deploy') {
      when { branch 'main' }
      agent { label 'deploy' }
      input { message 'go?' }
      steps {
        withCredentials([string(credentialsId: 'a', variable: 'KEY')]) {
          sh './deploy.sh'
          catchError(buildResult: 'SUCCESS') { sh 'make check' }
        }
      }
    }
  }
}
`;

describe('a declarative pipeline', () => {
  const { all, diagnostics } = read(DECLARATIVE);
  const expansions = all('expansion');

  it('has jobs for agents, with steps, images and limits', () => {
    expect(diagnostics).toEqual([]);
    expect(all('job').map(({ value: { id, timeoutMinutes, runner, container } }) => [id, timeoutMinutes, runner, container.image.text])).toEqual([
      ['pipeline', 60, [], 'maven:3.9.9'],
      ['Deploy', 60, ['deploy'], ''],
    ]);
    expect(all('step').map(({ value: { name, run } }) => `${name}: ${run.trim().split('\n')[0] as string}`)).toHaveLength(7);
    expect(all('job')[0]?.value.container.volumes).toEqual(['/var/run/docker.sock:/var/run/docker.sock']);
  });

  it('tells what starts it and who fires that', () => {
    expect(all('pipeline')[0]?.value.triggers.map(({ event, by }) => [event, by])).toEqual([['push', 'collaborator'], ['change-request', 'attacker'], ['manual', 'operator'], ['schedule', 'trusted']]);
  });

  it('tells what is pasted into scripts, and who controls it', () => {
    const pasted = expansions.filter(({ value }) => value.sink === 'script').map((fact) => [cut(fact), fact.value.context, fact.value.controlledBy, fact.value.type]);
    expect(pasted).toEqual([
      ['${params.TARGET}', 'params.TARGET', 'operator', 'string'],
      ['${params.STAGE}', 'params.STAGE', 'operator', 'choice'],
      ['${env.CHANGE_TITLE}', 'CHANGE_TITLE', 'attacker', 'string'],
      ['${TOKEN}', expect.any(String), 'trusted', expect.any(String)],
    ]);
  });

  it('follows variables of the environment into eval, and no further', () => {
    const evals = expansions.filter(({ value }) => value.sink === 'eval');
    expect(evals.map((fact) => [fact.value.controlledBy, fact.value.context])).toContainEqual(['attacker', 'CHANGE_TITLE']);
  });

  it('knows secrets by declaration and how they are handed over', () => {
    const uses = all('secret-use').map((fact) => [fact.value.name, fact.value.handover, cut(fact)]);
    expect(uses).toContainEqual(['TOKEN', 'env', "credentials('my-token')"]);
    expect(uses).toContainEqual(['TOKEN', 'argument', '${TOKEN}']);
    expect(uses.filter(([name]) => name === 'KEY')).toEqual([['KEY', 'env', 'KEY']]);
  });

  it('understands conditions and approvals', () => {
    const deploy = all('step').filter(({ value }) => value.name === 'Deploy');
    expect(deploy.map(({ value }) => [value.reach.events, value.continueOnError])).toEqual([[[], false], [[], true]]);
    expect(deploy[0]?.value.reach.checks).toEqual(expect.arrayContaining(['ref', 'environment']));
  });

  it('states the library with its version', () => {
    const library = all('reference').find(({ value }) => value.kind === 'library');
    expect(library?.value).toMatchObject({ name: 'shared', ref: 'main', pin: 'branch' });
    expect(cut(library as NonNullable<typeof library>, 'ref')).toBe('main');
  });
});

describe('a scripted pipeline', () => {
  it('follows local variables, output of git and concatenation into scripts', () => {
    const { all } = read(`
def title = env.CHANGE_TITLE
def cmd = "make " + title
def message = ''
node('linux') {
  message = sh(script: 'git log -1 --pretty=%B', returnStdout: true).trim()
  sh "echo \${title.trim()}"
  sh 'deploy ' + title
  sh cmd
  sh "notify '\${message}'"
  sh "test \${title == 'x' ? 'a' : 'b'} \${title.size()}"
  bat "echo %CHANGE_TITLE%"
}
`);
    const pasted = all('expansion').filter(({ value }) => value.sink === 'script' && value.controlledBy === 'attacker').map((fact) => [cut(fact), fact.value.context]);
    expect(pasted).toEqual([
      ['${title.trim()}', 'CHANGE_TITLE'],
      ['title', 'CHANGE_TITLE'],
      ['cmd', 'CHANGE_TITLE'],
      ['${message}', 'commit message'],
      ['%CHANGE_TITLE%', 'CHANGE_TITLE'],
    ]);
  });

  it('reads nodes, images, time limits and parallel branches', () => {
    const { all } = read(`
timeout(time: 30, unit: 'MINUTES') {
  node('linux') {
    docker.image('node:20').inside('--privileged') { sh 'npm ci' }
    withEnv(["NAME=\${env.BRANCH_NAME}"]) { sh 'echo "$NAME"' }
  }
}
parallel(
  linux: { node('a') { sh 'make' } },
  windows: { node('b') { bat 'build' } },
)
`);
    expect(all('job').map(({ value: { id, runner, timeoutMinutes } }) => [id, runner, timeoutMinutes])).toEqual([['linux', ['linux'], 30], ['linux', ['a'], -1], ['windows', ['b'], -1]]);
    expect(all('reference').map(({ value }) => value.text)).toEqual(['node:20']);
    expect(all('command').map(({ value }) => value.name)).toEqual(['npm', 'echo', 'make']);
  });

  it('tells checkouts of outsiders’ code, and what is run from them', () => {
    const { all } = read(`
node {
  checkout scm
  checkout([$class: 'GitSCM', branches: [[name: "\${env.CHANGE_BRANCH}"]], userRemoteConfigs: [[url: 'https://github.com/acme/app.git']]])
  sh './build.sh'
}
`);
    const steps = all('step').map(({ value: { checkout } }) => [checkout.kind, checkout.ref, checkout.executed]);
    expect(steps).toEqual([['own', '', ''], ['untrusted', '${env.CHANGE_BRANCH}', './build.sh'], ['', '', '']]);
  });

  it('knows requests that anyone can send', () => {
    const { all } = read(`
properties([pipelineTriggers([GenericTrigger(genericVariables: [[key: 'ref', value: '$.ref']])])])
node { sh "git checkout \${ref}" }
`);
    expect(all('pipeline')[0]?.value.triggers).toContainEqual(expect.objectContaining({ event: 'webhook', by: 'attacker' }));
    expect(all('expansion').map(({ value }) => [value.context, value.controlledBy])).toContainEqual(['ref', 'attacker']);
  });
});

describe('bad input', () => {
  it('of a broken file there is one diagnostic, and what could be read', () => {
    const { all, diagnostics } = read("node {\n  sh 'make'\n  sh 'open\n");
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code: 'groovy-syntax', level: 'error' });
    expect(all('command').map(({ value }) => value.name)).toContain('make');
  });

  it('every prefix is read, and facts lie inside the file', () => {
    for (let end = 0; end <= DECLARATIVE.length; end++) {
      const text = DECLARATIVE.slice(0, end);
      const { facts, diagnostics } = read(text);
      expect(diagnostics.length).toBeLessThanOrEqual(1);
      for (const fact of facts) {
        const range = fact.locate();
        expect(range.start >= 0 && range.start <= range.end && range.end <= text.length).toBe(true);
      }
    }
  });
});
