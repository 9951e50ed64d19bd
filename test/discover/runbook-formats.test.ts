import { expect, test } from 'vitest';
import { isContentCandidate, pathParts, recogniseByContent, recogniseByPath } from '../../src/discover/recognise.js';

function formatOf(path: string, text = ''): string | undefined {
  const parts = pathParts(path);
  return (recogniseByPath(parts) ?? (isContentCandidate(parts, false) ? recogniseByContent(parts, false, text) : undefined))?.format;
}

const STAGE0 = '# Demo\n\n# Environment Requirements\n\n# Script\n```sh\nls\n```\n\n# History\n';
const FENCE = '\n```bash\nkubectl get pods\n```\n';

test.each([
  ['Demo.md', STAGE0, 'markdown-runbook'],
  ['docs/runbooks/database.md', `# Database\n${FENCE}`, 'markdown-runbook'],
  ['docs/db.md', `# Runbook: database\n${FENCE}`, 'markdown-runbook'],
  ['on-call/README.md', `# On-call guide\n${FENCE}`, 'markdown-runbook'],
  ['guide.md', '---\nrunme:\n  id: 1\n---\n# X\n```sh\nls\n```\n', 'markdown-runbook'],
  ['job.yaml', '- name: x\n  sequence:\n    commands:\n    - exec: ls\n', 'rundeck-job'],
  ['jobs.xml', '<?xml version="1.0"?>\n<joblist>\n<job/></joblist>', 'rundeck-job'],
  ['x.aclpolicy', '', 'rundeck-acl'],
  ['acl.yaml', 'description: x\ncontext:\n  project: x\nfor:\n  job: []\nby:\n  group: x\n', 'rundeck-acl'],
  ['doc.yaml', 'schemaVersion: "0.3"\nmainSteps: []\n', 'ssm-document'],
  ['documents/x.json', '{\n  "schemaVersion": "2.2",\n  "mainSteps": []\n}', 'ssm-document'],
  ['play.yml', '---\n- name: x\n  hosts: web\n', 'ansible'],
  ['roles/web/tasks/main.yml', '', 'ansible'],
  ['group_vars/all.yml', '', 'ansible'],
  ['ansible.cfg', '', 'ansible-config'],
  ['Makefile', '', 'makefile'],
  ['build/rules.mk', '', 'makefile'],
  ['.justfile', '', 'justfile'],
  ['Taskfile.dist.yml', '', 'taskfile'],
  ['.config/mise/config.toml', '', 'mise'],
  ['.mise.toml', '', 'mise'],
  ['actions/x.yaml', 'name: x\nrunner_type: python-script\nentry_point: x.py\n', 'stackstorm'],
  ['actions/workflows/x.yaml', 'version: 1.0\ntasks:\n  a:\n    action: core.local cmd=ls\n', 'stackstorm'],
  ['actions/x.yaml', 'ref: core.x\nlabel: X\nrunner_type: shell\n', 'attune'],
  ['permission_sets/x.yaml', 'ref: core.admin\nlabel: Admin\ngrants: []\n', 'attune'],
  ['.xec/config.yml', '', 'xec'],
  ['.env.production', '', 'env-file'],
  ['deploy/sshd_config', '', 'ssh-config'],
  ['.ssh/config', '', 'ssh-config'],
  ['x.ps1', 'param($x)\n$c = Get-AutomationPSCredential -Name x\n', 'azure-automation'],
  ['x.workflows.yaml', '', 'google-workflow'],
  ['flow.yaml', 'main:\n  steps:\n  - a:\n      call: http.get\n', 'google-workflow'],
  ['workflows/x.json', '{"nodes": [{"type": "n8n-nodes-base.ssh"}]}', 'n8n-workflow'],
  ['runbooks/x.ipynb', '{"cells": []}', 'notebook'],
  ['atlantis.yaml', '', 'atlantis'],
  ['.spacelift/config.yml', '', 'spacelift'],
  // Pipelines stay pipelines.
  ['.github/workflows/runbook.yml', 'on: push\njobs: {}\n', 'github-workflow'],
])('%s', (path, text, format) => expect(formatOf(path, text)).toBe(format));

test.each([
  ['README.md', `# My library\n${FENCE}`],
  ['docs/history.md', '# History\n\n# Script\n'],
  ['runbooks/README.md', `# What lies here\n${FENCE}`],
  ['docs/runbooks/concepts.md', '# Concepts\n\nNo commands here.\n'],
  ['config/settings.yaml', 'name: x\ncommands:\n  - ls\n'],
  ['openapi.yaml', 'schemaVersion: "2.2"\npaths: {}\n'],
  ['tasks.yaml', 'version: 1.0\ntasks:\n  a:\n    action: click\n'],
  ['component.yaml', 'ref: x\nlabel: y\ncolour: z\n'],
  ['data.json', '{"schemaVersion": "2.2", "mainSteps": []}'],
  ['pom.config.xml', '<project><joblist/></project>'],
  ['analysis.ipynb', '{"cells": [{"source": ["!pip install pandas"]}]}'],
  ['x.ps1', 'Write-Host hello\n'],
])('%s is no runbook', (path, text) => expect(formatOf(path, text)).toBeUndefined());
