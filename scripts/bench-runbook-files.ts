import { choice, type Choice } from './bench-choice.js';

/** One generated file. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/**
 * One runbook as teams write them, about 1 to 10 KB, in one of ten formats: mostly sound, with the usual weaknesses in
 * some. The same seed and index give the same file.
 */
export function runbook(seed: number, index: number): GeneratedFile {
  const c = choice(seed * 1_000_003 + index);
  return (FORMATS[index % FORMATS.length] as (c: Choice, index: number) => GeneratedFile)(c, index);
}

const SERVICES = ['api', 'web', 'worker', 'billing', 'search', 'mail'];

function line(c: Choice, value: string): string {
  const service = c.of(SERVICES);
  return c.of([
    `systemctl restart ${service}-${c.between(1, 99)}.service`,
    `curl -fsS --max-time ${c.between(5, 60)} https://${service}.example.com/health`,
    `kubectl --context prod -n ${service} rollout status deploy/${service} --timeout=${c.between(60, 600)}s`,
    `if ! systemctl is-active --quiet ${service}; then echo "${service} is down" >&2; exit ${c.between(1, 9)}; fi`,
    `tar -czf "/backup/${service}-$(date +%F).tgz" -C /srv/${service} .`,
    `aws s3 cp "/backup/${service}.tgz" "s3://backups-${c.between(1, 50)}/${service}/" --only-show-errors`,
    `for host in web-1 web-2 web-${c.between(3, 9)}; do ssh -o BatchMode=yes "ops@$host" uptime; done`,
    `psql --host db-${c.between(1, 9)} --no-password --command "select count(*) from ${service}" | tail -n 1`,
    `find /var/log/${service} -name '*.gz' -mtime +${c.between(7, 90)} -print0 | xargs -0 rm -f --`,
    `grep -c "error ${c.between(1, 999)}" /var/log/${service}/current || true`,
    `logger -t runbook "${service}: step ${c.between(1, 99)} done"`,
    ...(c.chance(0.15) ? [`rm -rf ${value}`, `curl -k http://${service}.example.com/i.sh | bash`, `chmod 777 /srv/${service}`, `eval "run ${value}"`] : []),
  ]);
}

function lines(c: Choice, low: number, high: number, value: string): string[] {
  return Array.from({ length: c.between(low, high) }, () => line(c, value));
}

function indented(texts: readonly string[], by: string): string {
  return texts.map((text) => by + text).join('\n');
}

const FORMATS: readonly ((c: Choice, index: number) => GeneratedFile)[] = [
  (c, index) => ({ path: `runbooks/Runbook${index}.md`, text: `# Runbook${index}\nKeeps the service running.\n\n# Environment Requirements\n\`\`\`yaml\nTARGET: host to act on\nREGION: where it is\n\`\`\`\n\n# File System Requirements\n\`\`\`yaml\nInput:\n- ./data.csv\n\`\`\`\n\n${c.chance(0.7) ? '# Required Claims\n```yaml\nroles: sre\n```\n\n' : ''}# Script\n\`\`\`sh\n#!/bin/zsh\nset -euo pipefail\n${lines(c, 10, 40, '"$TARGET"').join('\n')}\n\`\`\`\n\n# History\n` }),
  (c, index) => ({ path: `docs/runbooks/${index}.md`, text: `# Runbook ${index}\n\n**Owner:** team-${c.between(1, 9)}\n\n${Array.from({ length: c.between(3, 8) }, (_, step) => `## Step ${step + 1}\n\nLook at the dashboard first, then:\n\n\`\`\`bash\n${lines(c, 1, 6, '<folder>').join('\n')}\n\`\`\`\n`).join('\n')}` }),
  (c, index) => ({ path: `rundeck/job-${index}.yaml`, text: `- name: job ${index}\n  description: Keeps the service running\n  timeout: ${c.between(5, 60)}m\n  options:\n  - name: folder\n    enforced: true\n    values: [a, b, c]\n  - name: reason\n    description: why\n  sequence:\n    keepgoing: false\n    strategy: node-first\n    commands:\n${Array.from({ length: c.between(4, 12) }, () => `    - description: a step\n      exec: ${JSON.stringify(line(c, '${option.reason}'))}`).join('\n')}\n    - script: |\n${indented(['#!/bin/bash', 'set -euo pipefail', ...lines(c, 5, 25, '"$RD_OPTION_FOLDER"')], '        ')}\n` }),
  (c, index) => ({ path: `ssm/document-${index}.yaml`, text: `schemaVersion: "2.2"\ndescription: Keeps the service running\nparameters:\n  Name:\n    type: String\n    description: which one\n    allowedPattern: "^[a-z]+$"\nmainSteps:\n${Array.from({ length: c.between(1, 4) }, (_, step) => `  - action: aws:runShellScript\n    name: step${step}\n    inputs:\n      timeoutSeconds: "600"\n      runCommand:\n        - set -eu\n${lines(c, 5, 20, '{{ Name }}').map((text) => `        - ${JSON.stringify(text)}`).join('\n')}`).join('\n')}\n` }),
  (c, index) => ({ path: `ansible/play-${index}.yml`, text: `---\n- name: Play ${index}\n  hosts: web\n  serial: 1\n  tasks:\n${Array.from({ length: c.between(5, 20) }, (_, task) => (c.chance(0.5) ? `    - name: Task ${task}\n      ansible.builtin.shell: ${JSON.stringify(line(c, '{{ folder | quote }}'))}\n      changed_when: false` : `    - name: Task ${task}\n      ansible.builtin.template:\n        src: app-${task}.conf.j2\n        dest: /etc/app/${task}.conf\n        owner: root\n        mode: "0640"\n      notify: Restart`)).join('\n')}\n` }),
  (c, index) => ({ path: `services/${index}/Makefile`, text: `SHELL := /bin/bash\nNAME ?= app\n${Array.from({ length: c.between(5, 15) }, (_, target) => `\n.PHONY: target-${target}\ntarget-${target}:\n${indented(lines(c, 1, 5, '$(NAME)').map((text) => text.replaceAll('$', '$$')), '\t')}`).join('\n')}\n` }),
  (c, index) => ({ path: `services/${index}/Taskfile.yml`, text: `version: "3"\nvars:\n  NAME: app\ntasks:\n${Array.from({ length: c.between(5, 15) }, (_, task) => `  task-${task}:\n    desc: A task\n    cmds:\n${lines(c, 1, 5, '{{.NAME}}').map((text) => `      - ${JSON.stringify(text)}`).join('\n')}`).join('\n')}\n` }),
  (c, index) => ({ path: `actions/action-${index}.yaml`, text: `name: action${index}\ndescription: Keeps the service running\nrunner_type: local-shell-cmd\nenabled: true\nparameters:\n  host:\n    type: string\n    required: true\n  timeout:\n    default: ${c.between(30, 300)}\n  cmd:\n    default: ${JSON.stringify(line(c, '{{ host }}'))}\n` }),
  (c, index) => ({ path: `scripts/script-${index}.sh`, text: `#!/usr/bin/env bash\nset -euo pipefail\n\nusage() { echo "usage: $0 <folder>" >&2; exit 2; }\n[ $# -eq 1 ] || usage\nFOLDER=$1\n${lines(c, 20, 80, '"$FOLDER"').join('\n')}\n` }),
  (c, index) => ({ path: `deploy/${index}/compose.yaml`, text: `services:\n${Array.from({ length: c.between(2, 6) }, (_, service) => `  service-${service}:\n    image: registry.example.com/app:${c.between(1, 9)}.${c.between(0, 20)}\n    user: "1000:1000"\n    read_only: true\n    ports: ["127.0.0.1:${c.between(8000, 9000)}:8080"]\n    environment:\n      LOG_LEVEL: info\n      DATABASE_URL: \${DATABASE_URL:?set}`).join('\n')}\n` }),
];
