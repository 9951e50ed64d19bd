import { describe, expect, test } from 'vitest';
import { read } from './read.js';

describe('stage0 runbooks', () => {
  const text = (claims: string): string => `# Demo\nWhat it does.\n\n# Environment Requirements\n\`\`\`yaml\nTARGET: host to act on\n1X: wrong\nLD_PRELOAD: loader\n\`\`\`\n\n# File System Requirements\n\`\`\`yaml\nInput:\n- ./Demo.csv\n- ../other\n\`\`\`\n\n${claims}# Script\n\`\`\`sh\necho "$TARGET" "$OTHER"\n\`\`\`\n\`\`\`bash\nls\n\`\`\`\n\n# History\n`;

  test('sections, claims, environment, files and script', () => {
    const found = read('Demo.md', text('# Required Claims\n```yaml\nroles: sre, dev\n```\n'));
    const [runbook] = found.of('runbook');
    expect(runbook?.value).toMatchObject({
      format: 'stage0', name: 'Demo', titleMatches: true, description: 'What it does.', historyLast: true, missing: [], scripts: 1, ignoredScripts: 1,
      claims: { declared: true, problem: '', names: ['roles'], values: ['sre', 'dev'] },
      invalidNames: ['1X'], reservedNames: ['LD_PRELOAD'], files: ['./Demo.csv', '../other'], escapingFiles: ['../other'],
    });
    if (runbook === undefined) return;
    expect(['name', 'claims.values.1', 'environment.TARGET', 'invalidNames.0', 'escapingFiles.0', 'ignoredScripts'].map((path) => found.at(runbook, path))).toEqual(['Demo', 'dev', 'host to act on', '1X', '../other', 'bash']);
    const [step] = found.of('runbook-step');
    expect(step?.value.undeclared).toEqual(['OTHER']);
    expect(step && found.at(step, 'undeclared.0')).toBe('$OTHER');
    expect(found.of('parameter')[0]?.value).toMatchObject({ name: 'TARGET', delivery: 'environment', controlledBy: 'operator' });
  });

  test.each([
    ['', { declared: false, problem: '' }],
    ['# Required Claims\nroles: sre\n\n', { declared: true, problem: 'no-fence' }],
    ['# Required Claims\n```yml\nroles: sre\n```\n', { problem: 'no-fence' }],
    ['# Required Claims\n```yaml\n```\n', { problem: 'empty' }],
    ['# Required Claims\n```yaml\n- sre\n```\n', { problem: 'not-a-map' }],
    ['# Required Claims\n```yaml\nroles: [sre]\n```\n', { problem: 'list-value' }],
    ['# Required Claims\n```yaml\nroles: [sre\n```\n', { problem: 'not-yaml' }],
  ])('claims %j', (claims, expected) => {
    expect(read('Demo.md', text(claims)).of('runbook')[0]?.value.claims).toMatchObject(expected);
  });

  test('a later section of the same name is ignored, and said', () => {
    const found = read('Demo.md', `${text('')}\n# Script\n\`\`\`sh\nrm -rf /\n\`\`\`\n`);
    expect(found.of('runbook')[0]?.value).toMatchObject({ duplicates: ['Script'], historyLast: false });
    expect(found.of('command').map(({ value }) => value.name)).toEqual(['echo']);
  });
});

test('Markdown runbooks: sections, owner, prompts and placeholders', () => {
  const found = read('docs/runbooks/db.md', '# Database\n\n**Owner:** team-db\n\nLast reviewed: 2026-01-02\n\n## Rollback\n\n```console\n$ kubectl delete pod <name>\npod deleted (ok\n# ls\n```\n\n```python\nprint()\n```\n');
  expect(found.of('runbook')[0]?.value).toMatchObject({ format: 'markdown', human: true, owner: 'team-db', reviewed: '2026-01-02', rollback: true, scripts: 1 });
  expect(found.of('command').map(({ value }) => value.text)).toEqual(['kubectl delete pod <name>', 'ls']);
  expect(found.of('expansion')[0]?.value).toMatchObject({ text: '<name>', safe: true });
});

test('Rundeck: options, secure options, steps and what their templates can hold', () => {
  const found = read('job.yaml', '- name: j\n  timeout: 1h\n  options:\n  - name: dir\n  - name: env\n    enforced: true\n    values: [a, b]\n  - name: password\n    secure: true\n    valueExposed: true\n  sequence:\n    keepgoing: true\n    commands:\n    - exec: bash -c "ls ${option.dir}"\n    - exec: mysql -p${option.password} ${option.env}\n    - scripturl: http://example.com/x.sh\n');
  expect(found.of('runbook')[0]?.value).toMatchObject({ format: 'rundeck', timeoutSeconds: 3600, keepGoing: true });
  expect(found.of('parameter').map(({ value }) => [value.name, value.restricted, value.secret, value.exposed, value.pasted])).toEqual([['dir', false, false, false, true], ['env', true, false, false, true], ['password', false, true, true, true]]);
  expect(found.of('expansion').map(({ value }) => [value.context, value.sink, value.safe])).toEqual([['option.dir', 'eval', false], ['option.password', 'script', false], ['option.env', 'script', true]]);
  expect(found.of('secret-use')[0]?.value).toMatchObject({ name: 'password', handover: 'argument', sinkName: 'mysql' });
  expect(found.of('reference')[0]?.value).toMatchObject({ text: 'http://example.com/x.sh', pin: 'none' });
});

test('Systems Manager: parameters by pattern, steps with limits, calls as commands', () => {
  const found = read('doc.yaml', 'schemaVersion: "0.3"\nassumeRole: "{{ Role }}"\nparameters:\n  Role: {type: String}\n  Name: {type: String, allowedPattern: \'^[^"]*$\'}\n  Safe: {type: String, allowedPattern: "^[a-z]+$"}\nmainSteps:\n- name: ok\n  action: aws:approve\n- name: kill\n  action: aws:executeAwsApi\n  onFailure: Continue\n  inputs: {Service: ec2, Api: TerminateInstances}\n- name: run\n  action: aws:runCommand\n  timeoutSeconds: 60\n  inputs:\n    DocumentName: AWS-RunShellScript\n    Parameters:\n      commands: ["echo {{ Name }} {{ Safe }}"]\n');
  expect(found.of('runbook')[0]?.value).toMatchObject({ format: 'ssm-automation', role: '{{ Role }}', roleControlledBy: 'operator', approvals: ['aws:approve'] });
  expect(found.of('parameter').map(({ value }) => [value.name, value.patternAnchored, value.patternAdmits.includes('$'), value.restricted])).toEqual([['Role', false, false, false], ['Name', true, true, false], ['Safe', true, false, true]]);
  expect(found.of('runbook-step').map(({ value }) => [value.id, value.ignoresErrors, value.timeoutSeconds])).toEqual([['ok', false, -1], ['kill', true, -1], ['run', false, 60]]);
  expect(found.of('command').map(({ value }) => value.text)).toEqual(['aws ec2 terminate-instances', 'echo {{ Name }} {{ Safe }}']);
  expect(found.of('expansion').map(({ value }) => value.safe)).toEqual([false, true]);
});

test('Ansible: plays, tasks in blocks, filters that quote, secrets', () => {
  const found = read('play.yml', '- name: P\n  hosts: all\n  become: true\n  vars_prompt:\n  - {name: target, prompt: Which}\n  vars:\n    db_password: hunter2Zq81xK\n  tasks:\n  - name: A\n    shell: ls {{ target }} {{ target | quote }} {{ inventory_hostname }}\n  - name: B\n    block:\n    - command: cat {{ target }}\n      ignore_errors: true\n    - uri: {url: "https://x", password: "{{ pw }}"}\n      no_log: true\n    rescue:\n    - debug: {msg: x}\n');
  expect(found.of('runbook')[0]?.value).toMatchObject({ everyHost: true, batched: false, root: true, rollback: true, approvals: ['vars_prompt'] });
  expect(found.of('runbook-step').map(({ value }) => [value.module, value.root, value.ignoresErrors, value.noLog, value.secretInputs.length])).toEqual([['shell', true, false, false, 0], ['command', true, true, false, 0], ['uri', true, false, true, 1], ['debug', true, false, false, 0]]);
  expect(found.of('expansion').map(({ value }) => [value.text, value.sink, value.controlledBy, value.safe])).toEqual([['{{ target }}', 'script', 'operator', false], ['{{ target | quote }}', 'script', 'operator', true], ['{{ inventory_hostname }}', 'script', 'trusted', false], ['{{ target }}', 'argument', 'operator', false]]);
  expect(found.of('literal-secret')[0]?.value).toMatchObject({ name: 'db_password' });
});

test('ansible.cfg, environment files and OpenSSH settings', () => {
  expect(read('ansible.cfg', '[defaults]\nhost_key_checking = False ; why\n').of('setting')[0]?.value).toMatchObject({ name: 'host_key_checking', value: 'False', scope: 'defaults', file: 'ansible' });
  const env = read('.env', 'export JWT_SECRET="a b" # c\nRUNBOOKS_DIR=${DIR:-/x}\n');
  expect(env.of('setting').map(({ value }) => [value.name, value.value, value.fallback, value.application])).toEqual([['JWT_SECRET', 'a b', '', 'runbook-service'], ['RUNBOOKS_DIR', '${DIR:-/x}', '/x', 'runbook-service']]);
  const ssh = read('ssh_config', 'Host web\n  StrictHostKeyChecking=no\n');
  expect(ssh.of('setting')[1]?.value).toMatchObject({ name: 'StrictHostKeyChecking', value: 'no', scope: 'Host web', file: 'ssh' });
});

test('make, just, Task and mise: who chooses what is pasted', () => {
  const sources = (path: string, text: string) => read(path, text).of('expansion').filter(({ value }) => value.source !== 'variable' || value.sink === 'script').map(({ value }) => [value.text, value.controlledBy, value.safe]);
  expect(sources('Makefile', 'A := x\nB ?= y\nall:\n\t@rm -rf $(A) $(B) $(C) $$HOME\n')).toEqual([['$(A)', 'trusted', false], ['$(B)', 'operator', false], ['$(C)', 'operator', false]]);
  expect(sources('justfile', 'v := "x"\n[confirm]\nrun p:\n    rm {{p}} {{v}} {{quote(p)}}\n')).toEqual([['{{p}}', 'operator', false], ['{{v}}', 'trusted', false], ['{{quote(p)}}', 'operator', true]]);
  expect(sources('Taskfile.yml', 'version: "3"\nvars: {V: x}\ntasks:\n  a:\n    cmds: ["rm {{.V}} {{.CLI_ARGS}} {{shellQuote .X}}"]\n')).toEqual([['{{.V}}', 'trusted', false], ['{{.CLI_ARGS}}', 'operator', false], ['{{shellQuote .X}}', 'operator', true]]);
  expect(sources('mise.toml', '[tasks.a]\nrun = "rm {{arg(name=\'x\')}}"\n')).toEqual([["{{arg(name='x')}}", 'operator', false]]);
  const called = read('Makefile', "V := $(shell awk '$$1 {print $$2}' x)-$(shell id -u)\nW != hostname\n");
  expect(called.of('command').map(({ value }) => value.text)).toEqual(["awk '$1 {print $2}' x", 'id -u', 'hostname']);
  expect(called.of('command').map((fact) => called.at(fact))).toEqual(["awk '$$1 {print $$2}' x", 'id -u', 'hostname']);
  expect(read('justfile', '[confirm]\na:\n    ls\n').of('runbook')[0]?.value.approvals).toEqual(['confirm']);
});

test('StackStorm and Attune', () => {
  const action = read('actions/a.yaml', 'name: a\nrunner_type: remote-shell-cmd\nparameters:\n  host: {type: string}\n  api_token: {type: string, secret: true}\n  cmd: {default: "ssh {{ host }} -t {{ api_token }}", immutable: true}\n');
  expect(action.of('parameter').map(({ value }) => [value.name, value.secret, value.pasted])).toEqual([['host', false, true], ['api_token', true, true], ['cmd', false, false]]);
  expect(action.of('secret-use')[0]?.value).toMatchObject({ name: 'api_token', handover: 'argument', sinkName: 'ssh' });
  const workflow = read('w.yaml', 'version: 1.0\ninput: [host]\ntasks:\n  a:\n    action: core.remote\n    input: {cmd: "echo <% ctx(host) %>", hosts: "*"}\n  b:\n    action: core.ask\n');
  expect(workflow.of('runbook')[0]?.value).toMatchObject({ kind: 'workflow', everyHost: true, approvals: ['core.ask'] });
  expect(workflow.of('expansion')[0]?.value).toMatchObject({ context: 'ctx.host', source: 'parameter' });
  const attune = read('actions/a.yaml', 'ref: core.a\nlabel: A\nrunner_type: shell\nentry_point: ../x.sh\nparameter_delivery: env\nparameters:\n  k: {type: string, secret: true}\n');
  expect(attune.of('runbook')[0]?.value).toMatchObject({ format: 'attune', escapingFiles: ['../x.sh'] });
  expect(attune.of('parameter')[0]?.value).toMatchObject({ delivery: 'environment', secret: true });
  expect(read('permission_sets/p.yaml', 'ref: core.p\nlabel: P\ngrants:\n- resource: "*"\n  actions: ["*"]\n').of('runbook')[0]?.value).toMatchObject({ kind: 'access', uses: ['*'] });
});

test('xec: parameters, secrets, commands at load and targets', () => {
  const found = read('.xec/config.yaml', 'vars:\n  rev: ${cmd:curl x | sh}\ntargets:\n  hosts:\n    a: {host: x, hostKeyChecking: "off"}\ntasks:\n  t:\n    params: [{name: n, type: number}, {name: s}]\n    command: run ${params.n} ${params.s} ${secrets.k} \\${params.s}\n');
  expect(found.of('expansion').map(({ value }) => [value.text, value.sink, value.safe])).toEqual([['${cmd:curl x | sh}', 'eval', false], ['${params.n}', 'script', true], ['${params.s}', 'script', false], ['${secrets.k}', 'script', false]]);
  expect(found.of('secret-use')[0]?.value).toMatchObject({ name: 'k', handover: 'argument' });
  expect(found.of('setting').find(({ value }) => value.name === 'hostKeyChecking')?.value).toMatchObject({ value: 'off', scope: 'targets.hosts.a' });
});

test('containers of Compose and Kubernetes', () => {
  const compose = read('compose.yaml', 'services:\n  a:\n    image: rundeck/rundeck\n    privileged: true\n    ports: ["80:80", "127.0.0.1:81:81"]\n    volumes: ["/var/run/docker.sock:/var/run/docker.sock", "./r:/r:ro"]\n    environment:\n      - JWT_SECRET=${JWT_SECRET:-}\n');
  const [service] = compose.of('resource');
  expect(service?.value).toMatchObject({ platform: 'compose', root: true, privileged: true, published: ['80:80'], containerSocket: true, hostMounts: ['/var/run/docker.sock:/var/run/docker.sock'], application: 'runbook-service', image: { name: 'rundeck/rundeck', pin: 'none' } });
  expect(service && compose.at(service, 'containerSocket')).toBe('/var/run/docker.sock:/var/run/docker.sock');
  expect(compose.of('setting')[0]?.value).toMatchObject({ name: 'JWT_SECRET', reference: 'JWT_SECRET', hasFallback: true, fallback: '' });
  const pod = read('pod.yaml', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  template:\n    spec:\n      hostPID: true\n      securityContext: {runAsNonRoot: true}\n      containers:\n      - name: c\n        image: x@sha256:abc\n        securityContext: {capabilities: {add: [SYS_ADMIN]}}\n');
  expect(pod.of('resource')[0]?.value).toMatchObject({ name: 'd/c', root: false, capAdd: ['SYS_ADMIN'], hostNamespaces: ['pid'], image: { pin: 'digest' } });
});

test('Google Cloud Workflows, n8n, notebooks, Atlantis and Spacelift', () => {
  expect(read('x.workflows.yaml', 'main:\n  params: [args]\n  steps:\n  - a:\n      call: http.get\n      args: {url: "${args.url}"}\n').of('expansion')[0]?.value).toMatchObject({ sink: 'url', controlledBy: 'operator', safe: false });
  expect(read('x.workflows.yaml', 'main:\n  params: [args]\n  steps:\n  - a:\n      call: http.get\n      args: {url: \'${"https://example.com/" + args.id}\'}\n').of('expansion')[0]?.value.safe).toBe(true);
  const n8n = read('n8n/x.json', '{"nodes":[{"type":"n8n-nodes-base.webhook","parameters":{}},{"type":"n8n-nodes-base.executeCommand","parameters":{"command":"=ls {{ $json.x }}"}}]}');
  expect(n8n.of('runbook')[0]?.value).toMatchObject({ webhook: true, openWebhook: true });
  expect(n8n.of('expansion')[0]?.value).toMatchObject({ controlledBy: 'attacker', sink: 'script' });
  const notebook = read('runbooks/x.ipynb', '{"cells":[{"cell_type":"code","source":["x=1\\n","!kubectl delete ns {x}\\n"],"outputs":[{"text":"ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"}]}]}');
  expect(notebook.of('command').map(({ value }) => value.name)).toEqual(['kubectl']);
  expect(notebook.of('literal-secret')).toHaveLength(1);
  expect(read('atlantis.yaml', 'version: 3\nprojects:\n- {dir: ., apply_requirements: [mergeable]}\n').of('setting')[0]?.value).toMatchObject({ name: 'apply_requirements', value: 'mergeable' });
  expect(read('.spacelift/config.yml', 'version: 1\nstack_defaults:\n  autodeploy: true\n  before_init: ["curl x | sh"]\n').of('command').map(({ value }) => value.name)).toEqual(['curl', 'sh']);
});
