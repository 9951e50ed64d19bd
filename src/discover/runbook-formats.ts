import type { ContentRule, PathParts, PathRule } from './formats.js';

/*
 * How files that operators run, and the settings of what runs them, are recognised. A name that only one
 * tool uses is enough; all others are told by what they begin with. Everything here is a prefilter by
 * linear patterns: the reader of the format parses the file.
 */

const MARKDOWN = new Set(['md', 'mdx', 'markdown']);
/** Words in a path or title that say that a document is one that operators follow. */
const RUNBOOK_PATH = /(?:^|[/_. -])(?:runbooks?|on-?call|incidents?|incident-?response|disaster-?recovery|sops?)(?:[/_. -]|$)/i;
const PLAYBOOK_FILE = /(?:^|[_. -])playbooks?(?:[_. -]|$)/i;
const RUNBOOK_TITLE = /^#[ \t][^\n]{0,100}\b(?:runbook|on-?call (?:guide|handbook|runbook)|incident response|disaster recovery|standard operating procedure)\b/im;
const SHELL_FENCE = /^[ \t>]{0,12}(?:`{3,}|~{3,})[ \t]*(?:sh|bash|zsh|shell|console|shell-session|terminal|powershell|pwsh)\b/im;
/** Documents about a folder rather than runbooks in it. */
const ABOUT = /^(?:readme|changelog|contributing|license|code_of_conduct|security|index|template)\b/i;
const STAGE0 = /^#[ \t]+(Environment Requirements|File System Requirements|Required Claims|Script|History)[ \t]*$/gm;

function stage0Sections(head: string): boolean {
  const names = new Set([...head.matchAll(STAGE0)].map((match) => match[1]));
  return names.has('Script') && names.size >= 3;
}

function isYaml({ extension }: PathParts): boolean {
  return extension === 'yml' || extension === 'yaml';
}

/** Most JSON files are data, and there can be very many: only those whose path speaks of operations are opened. */
function isOperationsJson({ extension, path }: PathParts): boolean {
  return extension === 'json' && /ssm|automation|documents?\/|runbook|command|workflow|n8n|(?:^|\/)(?:aws|ops|doc)\b/i.test(path);
}

function named(pattern: RegExp): PathRule['matches'] {
  return ({ name }) => (pattern.test(name) ? `name ${name}` : undefined);
}

export const RUNBOOK_BY_PATH: readonly PathRule[] = [
  {
    // https://xec.sh: project configuration
    format: 'xec',
    matches: ({ directory, name }) => {
      if (/^config\.ya?ml$/.test(name) && (directory === '.xec' || directory.endsWith('/.xec'))) return `${name} in .xec`;
      return /^xec\.ya?ml$/.test(name) ? `name ${name}` : undefined;
    },
  },
  { format: 'rundeck-acl', matches: ({ extension }) => (extension === 'aclpolicy' ? 'extension .aclpolicy' : undefined) },
  { format: 'ansible-config', matches: named(/^\.?ansible\.cfg$/) },
  {
    // https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html#organizing-host-and-group-variables
    format: 'ansible',
    matches: (parts) => (isYaml(parts) && /(?:^|\/)(?:group_vars|host_vars)(?:\/|$)/.test(parts.directory) ? 'variables of Ansible hosts or groups' : undefined),
  },
  // https://www.gnu.org/software/make/manual/html_node/Makefile-Names.html
  { format: 'makefile', matches: ({ name, extension }) => (/^(?:GNUm|[Mm])akefile$/.test(name) ? `name ${name}` : extension === 'mk' || extension === 'mak' ? `extension .${extension}` : undefined) },
  { format: 'justfile', matches: ({ name, extension }) => (/^\.?justfile$/i.test(name) ? `name ${name}` : extension === 'just' ? 'extension .just' : undefined) },
  { format: 'taskfile', matches: named(/^[Tt]askfile(?:\.dist)?\.ya?ml$/) },
  {
    // https://mise.jdx.dev/configuration.html
    format: 'mise',
    matches: ({ directory, name }) => {
      if (/^\.?mise(?:\.[\w-]+)?\.toml$/.test(name)) return `name ${name}`;
      return /^config(?:\.[\w-]+)?\.toml$/.test(name) && /(?:^|\/)\.?mise$/.test(directory) ? `${name} of mise` : undefined;
    },
  },
  { format: 'atlantis', matches: named(/^atlantis\.ya?ml$/) },
  { format: 'spacelift', matches: ({ directory, name }) => (/^config\.ya?ml$/.test(name) && /(?:^|\/)\.spacelift$/.test(directory) ? `${name} in .spacelift` : undefined) },
  { format: 'google-workflow', matches: named(/\.workflows?\.(?:ya?ml|json)$/) },
  {
    // https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
    format: 'env-file',
    matches: ({ name, extension }) => (/^\.env(?:\.[\w-]+){0,3}$/.test(name) && !/\.(?:js|ts|mjs|cjs|py|rb|php|go|java|md)$/.test(name) ? `name ${name}` : extension === 'env' ? 'extension .env' : undefined),
  },
  {
    format: 'ssh-config',
    matches: ({ directory, name }) => {
      if (/^sshd?_config$/.test(name)) return `name ${name}`;
      if (name === 'config' && /(?:^|\/)\.ssh$/.test(directory)) return 'config in .ssh';
      return name.endsWith('.conf') && /(?:^|\/)sshd?_config\.d$/.test(directory) ? 'in a folder of OpenSSH configuration' : undefined;
    },
  },
];

/** Names of actions, keys or marks at the beginning of a line. */
const key = (name: string): RegExp => new RegExp(`^[ \\t{,]{0,40}["']?${name}["']?[ \\t]*:`, 'm');
const top = (name: string): RegExp => new RegExp(`^\\uFEFF?["']?${name}["']?[ \\t]*:`, 'm');

const MAIN = key('main');
const BY = top('by');
const FOR = top('for');
const CONTEXT = top('context');
const SCHEMA_VERSION = /["']?schemaVersion["']?[ \t]*:[ \t]*["']?(0\.3|1\.2|2\.0|2\.2)\b/;
const STEPS_OF_SSM = /["']?(?:mainSteps|runtimeConfig)["']?[ \t]*:/;
const RUNNER_TYPE = top('runner[_-]type');
const REF = top('ref');
const LABEL = top('label');
const ATTUNE = /^(?:runner_type|grants|tasks|conf_schema|runtime_deps|runner_ref|trigger|parameters|runner|entry_point)[ \t]*:/m;
const ST2_WORKFLOW = /^version[ \t]*:[ \t]*["']?(?:1\.0|2\.0)["']?[ \t]*$/m;
const ST2_TASKS = /^(?:tasks|workflows|chain)[ \t]*:/m;
const ST2_ACTION = /^[ \t]+(?:- )?(?:action|ref)[ \t]*:[ \t]*["']?[\w-]+\.[\w.-]+/m;

export const RUNBOOK_BY_CONTENT: readonly ContentRule[] = [
  {
    format: 'markdown-runbook',
    candidate: ({ extension }) => MARKDOWN.has(extension),
    matches: (head, { path, name }) => {
      if (stage0Sections(head)) return 'has the sections of a stage0 runbook';
      if (/^\uFEFF?---[ \t]*\r?\n(?:[^\n]*\n){0,30}?(?:runme|cwd)[ \t]*:/.test(head) && SHELL_FENCE.test(head)) return 'has settings of Runme and commands';
      if (!SHELL_FENCE.test(head)) return undefined;
      if (/^[ \t]*`{3,}[ \t]*(?:sh|bash|zsh|shell)[ \t]+\{[^}\n]{0,300}\b(?:excludeFromRunAll|interactive|promptEnv|terminalRows|"id"|"name")/m.test(head)) return 'has commands with settings of Runme';
      if (RUNBOOK_TITLE.test(head)) return 'its title says that it is a runbook, and it has commands';
      if (ABOUT.test(name)) return undefined;
      return RUNBOOK_PATH.test(path) || PLAYBOOK_FILE.test(name) ? 'its path says that it is a runbook, and it has commands' : undefined;
    },
  },
  {
    // https://docs.rundeck.com/docs/manual/document-format-reference/
    format: 'rundeck-job',
    candidate: (parts) => isYaml(parts) || parts.extension === 'xml',
    matches: (head) => {
      if (/^[ \t-]{0,8}sequence[ \t]*:/m.test(head) && /^[ \t]+commands[ \t]*:/m.test(head)) return 'has a `sequence` of `commands`, as Rundeck jobs';
      return /^(?:\uFEFF|<\?[^>]{0,200}>|<!DOCTYPE[^>]{0,500}>|<!--[^-]{0,2000}-->|\s){0,20}<joblist\b/.test(head) ? 'has a `joblist` of Rundeck' : undefined;
    },
  },
  {
    // https://docs.rundeck.com/docs/manual/document-format-reference/aclpolicy-v10.html
    format: 'rundeck-acl',
    candidate: isYaml,
    matches: (head) => (BY.test(head) && FOR.test(head) && CONTEXT.test(head) ? 'has `by`, `for` and `context` of a Rundeck access policy' : undefined),
  },
  {
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
    format: 'ssm-document',
    candidate: (parts) => isYaml(parts) || isOperationsJson(parts),
    matches: (head) => (SCHEMA_VERSION.test(head) && STEPS_OF_SSM.test(head) ? 'has `schemaVersion` and steps of a Systems Manager document' : undefined),
  },
  {
    format: 'attune',
    candidate: isYaml,
    matches: (head) => (REF.test(head) && LABEL.test(head) && ATTUNE.test(head) ? 'has `ref` and `label` of an Attune pack' : undefined),
  },
  {
    // https://docs.stackstorm.com/actions.html, https://docs.stackstorm.com/orquesta/
    format: 'stackstorm',
    candidate: isYaml,
    matches: (head) => {
      if (RUNNER_TYPE.test(head)) return 'has `runner_type` of a StackStorm action';
      if (ST2_WORKFLOW.test(head) && ST2_TASKS.test(head) && ST2_ACTION.test(head)) return 'has `tasks` with actions of a StackStorm workflow';
      return /^chain[ \t]*:/m.test(head) && ST2_ACTION.test(head) ? 'has a `chain` of StackStorm actions' : undefined;
    },
  },
  {
    // https://cloud.google.com/workflows/docs/reference/syntax
    format: 'google-workflow',
    candidate: (parts) => isYaml(parts) || isOperationsJson(parts),
    // The first two are there to be quick: most files have neither.
    matches: (head) => (head.includes('main') && head.includes('call') && MAIN.test(head) && /^[ \t]+["']?steps["']?[ \t]*:/m.test(head) && /["']?(?:call)["']?[ \t]*:[ \t]*["']?(?:http\.|sys\.|googleapis\.|events\.|text\.)/.test(head) ? 'has `main.steps` with calls of Google Cloud Workflows' : undefined),
  },
  {
    format: 'n8n-workflow',
    candidate: isOperationsJson,
    matches: (head) => (/"nodes"[ \t]*:/.test(head) && /"(?:n8n-nodes-base|@n8n\/[\w-]{1,50})\./.test(head) ? 'has nodes of n8n' : undefined),
  },
  {
    format: 'notebook',
    candidate: ({ extension }) => extension === 'ipynb',
    matches: (head, { path }) => {
      if (/"legoUUID"|"execution_data"[ \t]*:/.test(head)) return 'has cells of unSkript';
      if (!/"cells"[ \t]*:/.test(head)) return undefined;
      if (RUNBOOK_PATH.test(path)) return 'its path says that it is a runbook';
      return /"(?:%%(?:bash|sh)\\n|! ?(?:sudo |)(?:kubectl|aws|az|gcloud|ssh|terraform|systemctl|helm|docker|psql|ansible\S*) )/.test(head) ? 'has cells with commands of operations' : undefined;
    },
  },
  {
    // https://learn.microsoft.com/azure/automation/automation-runbook-types
    format: 'azure-automation',
    candidate: ({ extension }) => extension === 'ps1' || extension === 'psm1',
    matches: (head) => {
      const match = /\b(?:Get-Automation(?:PSCredential|Variable|Connection|Certificate)|Connect-AzAccount[ \t]+-Identity|Connect-RjRb\w+|Add-AzureRmAccount[^\n]{0,100}-ServicePrincipal|RealmJoin\.RunbookHelper|automationassets)\b/i.exec(head);
      return match === null ? undefined : `has ${match[0].split(/\s/, 1)[0]} of Azure Automation`;
    },
  },
];
