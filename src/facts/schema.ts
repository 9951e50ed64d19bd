import { z } from 'zod';
import type { Fact } from '../core/index.js';

/*
 * One schema per fact kind. From it come the TypeScript type, the declaration that type-checks
 * policies, the empty value that stands for a missing parent, and the reference page for people
 * who write policies. Every property has a default, so that reading a declared property never fails.
 * Kinds are platform-neutral: a policy is written once for every pipeline and runbook.
 */

/** Who can choose a value or fire a trigger, worst first. */
const controlledBy = z
  .enum(['attacker', 'collaborator', 'operator', 'trusted', 'unknown'])
  .default('unknown')
  .describe(
    'who can choose it: `attacker` anyone on the internet, `collaborator` people with write access, `operator` who starts a run by hand, `trusted` the file itself or the platform, `unknown` can not be told',
  );

const text = (description: string) => z.string().default('').describe(description);
const flag = (description: string) => z.boolean().default(false).describe(description);
const texts = (description: string) => z.array(z.string()).default([]).describe(description);
/** Numbers are integers in policies; -1 stands for "not written". */
const integer = (description: string) => z.number().int().default(-1).describe(description);

const pin = z
  .enum(['digest', 'tag', 'branch', 'none', ''])
  .default('')
  .describe('how exactly the version is fixed: `digest` can not move, `tag` and `branch` can, `none` has no version; empty where nothing is referred to');

const uses = z
  .object({
    text: text('as written'),
    kind: z
      .enum(['', 'action', 'workflow', 'docker', 'local', 'include', 'template', 'orb', 'plugin', 'library', 'image'])
      .default('')
      .describe('what is referred to; empty when nothing is'),
    name: text('`owner/repository`, or `owner/repository/path`, or the image name; lower case, without version'),
    owner: text('owner or registry, lower case'),
    repository: text('repository or image name without owner, lower case'),
    path: text('path inside the repository, or of a local action'),
    ref: text('the version as written: tag, branch or digest'),
    pin,
    comment: text('the comment behind the reference, such as `v4.1.7`'),
  })
  .prefault({})
  .describe('something fetched by name');

const value = z
  .object({
    text: text('as written, expressions included'),
    literal: flag('no expression in it'),
    contexts: texts('the contexts read by its expressions, such as `github.event.issue.title`'),
    secrets: texts('names of the secrets it hands over'),
    controlledBy,
  })
  .prefault({})
  .describe('the value of an input or variable');

const trigger = z.object({
  event: text('the platform’s name of the event, such as `pull_request_target`'),
  by: controlledBy,
  privileged: flag('an outsider’s event runs with this repository’s secrets or a token that may write'),
  types: texts('activity types, such as `labeled`; empty means the platform’s default'),
  branches: texts('branch filters as written'),
  tags: texts('tag filters as written'),
  paths: texts('path filters as written'),
  workflows: texts('for `workflow_run`: the names of the workflows that start it'),
  implied: flag('not written in the file: the platform starts it so by itself'),
});

const permissions = z
  .object({
    declared: flag('written at this place'),
    inherited: flag('not written here but at the enclosing pipeline'),
    all: z.enum(['', 'read', 'write', 'none']).default('').describe('`read-all`, `write-all` or `{}` in short'),
    scopes: z.record(z.string(), z.string()).default({}).describe('scope to `read`, `write` or `none`'),
    writes: texts('scopes that may be written, after inheritance and defaults; `*` when all'),
    oidc: flag('may ask for an identity token'),
    undocumented: texts('scopes written here, other than reading the contents, with no comment that says what for'),
  })
  .prefault({})
  .describe('what the job’s token may do');

const guard = z.object({
  kind: z
    .enum(['actor', 'association', 'label', 'fork', 'event', 'ref', 'environment', 'merged', 'input', 'team', 'secret', 'other'])
    .default('other')
    .describe('what is checked'),
  text: text('the part of the condition'),
  sound: flag('an outsider can not pass it'),
});

const condition = z
  .object({
    text: text('as written'),
    present: flag('there is a condition'),
    alwaysTrue: flag('text around the expression makes it true whatever it says'),
    contexts: texts('the contexts it reads'),
    events: texts('the events for which it can be true; empty means all'),
    guards: z.array(guard).default([]).describe('checks that must hold for it to be true, in all events of outsiders'),
    guardedEvents: texts('events of outsiders in which a sound check, other than a label, must hold'),
    ignoresNeeds: flag('asks by `always()` and the like to run although something before it failed or was skipped'),
  })
  .prefault({})
  .describe('when it runs');

const container = z
  .object({
    image: uses,
    privileged: flag('started with full access to the host'),
    options: text('further options as written'),
    volumes: texts('mounts as written'),
    root: flag('its programs may run as root, since nothing that is written forbids it; told of pods of a cluster alone'),
    literalPassword: flag('a registry password is written in the file'),
  })
  .prefault({})
  .describe('the container a job or service runs in');

const reach = z
  .object({
    events: texts('events that an outsider can fire and that get here past every condition'),
    privileged: flag('at least one of them runs with secrets or a writing token'),
    guarded: flag('a sound check keeps outsiders out'),
    writes: texts('scopes that the token may write here'),
    secrets: texts('names of the secrets in reach'),
    oidc: flag('an identity token can be asked for'),
    environment: text('the deployment environment'),
    selfHosted: flag('runs on a machine that outlives the job'),
    level: z
      .enum(['critical', 'high', 'medium', 'low'])
      .default('low')
      .describe('how bad it is when code of whoever can trigger this runs here'),
    reasons: texts('why, in words: who can trigger it, what it can reach'),
    runs: texts('all events whose runs get here past every condition, whoever fires them'),
    checks: texts('kinds of the sound checks on the way here: `label`, `association`, `environment`, …'),
  })
  .prefault({})
  .describe('who can trigger this and what they would get');

const pipeline = z.object({
  platform: z
    .enum(['', 'github', 'gitlab', 'azure', 'circleci', 'bitbucket', 'jenkins', 'tekton', 'argo', 'drone', 'woodpecker', 'buildkite', 'codebuild', 'cloudbuild', 'travis'])
    .default('')
    .describe('whose pipeline it is; empty outside pipelines'),
  kind: z.enum(['', 'workflow', 'action', 'template']).default('').describe('a whole pipeline or a reusable part'),
  name: text('its name, or the file name'),
  named: flag('its name is written'),
  triggers: z.array(trigger).default([]).describe('what starts it'),
  outsiderTriggers: texts('events of outsiders that run with this repository’s secrets or a token that may write'),
  permissions,
  env: z.record(z.string(), value).default({}).describe('variables for all jobs'),
  inputs: z.record(z.string(), value).default({}).describe('declared inputs; `text` is the default, `controlledBy` who fills it'),
  jobCount: integer('number of jobs'),
  reusableOnly: flag('started by other pipelines of the platform only'),
  concurrency: flag('limits concurrent runs'),
  cancelsRuns: flag('a newer run ends an older one, or what is written may say so'),
  usesOf: texts('names of everything it uses, lower case, without version'),
  defaultTokenJobs: texts('ids of the jobs with steps whose token has the platform’s default rights, since none are written at the job or here'),
  inheritingJobs: texts('ids of the jobs that take the rights written here, since they write none themselves'),
  exposedJobs: texts('ids of the jobs that an outsider’s event reaches with secrets or a token that may write, and that run scripts or actions not known to only call the platform'),
  forkCheckedJobs: texts('ids of the jobs whose condition keeps pull requests from forks out'),
  floating: texts('of a reusable action: what it uses that is not fixed by a digest, as written'),
});

const job = z.object({
  id: text('its key'),
  name: text('its display name'),
  runner: texts('runner labels as written'),
  selfHosted: flag('the labels name a self-hosted runner'),
  runnerControlledBy: controlledBy,
  permissions,
  container,
  services: z.record(z.string(), container).default({}).describe('side containers by name'),
  stepContainers: z.record(z.string(), container).default({}).describe('containers of steps that have one of their own, by step'),
  serviceAccount: text('the account of the cluster or cloud that it runs as, as written'),
  environment: text('deployment environment'),
  condition,
  needs: texts('ids of the jobs it waits for'),
  timeoutMinutes: integer('time limit in minutes; -1 when none is written'),
  env: z.record(z.string(), value).default({}).describe('variables of the job'),
  uses,
  inputs: z.record(z.string(), value).default({}).describe('inputs handed to a reusable pipeline'),
  secrets: texts('names of the secrets handed to it or used in it'),
  secretsInherit: flag('hands all secrets to the called pipeline'),
  stepCount: integer('number of steps'),
  continueOnError: flag('its failure does not fail the pipeline'),
  deploys: flag('publishes, releases or deploys something'),
  checksRights: flag('a step looks up whether whoever started the run has rights'),
  pushes: flag('a step runs git commands or an action that need the token a checkout left'),
  reach,
});

const checkout = z
  .object({
    kind: z
      .enum(['', 'own', 'untrusted', 'other'])
      .default('')
      .describe('`own` the ref of the run, `untrusted` a ref or repository that an outsider controls, `other` another repository; empty when the step checks out nothing'),
    ref: text('the ref as written'),
    mutableRef: flag('the ref can move between check and use (a branch, not a commit)'),
    path: text('where to'),
    persistsCredentials: flag('leaves the token where later steps can read it'),
  outsideWorkspace: flag('what it leaves lies outside the workspace, so that archives of the workspace have no token'),
    allowsUnsafe: flag('switches off the platform’s own refusal of outsiders’ code'),
    refused: flag('the platform’s own check refuses it'),
    executed: text('what this step or a later one of the job then runs from it'),
  })
  .prefault({})
  .describe('what code the step puts into the workspace');

const step = z.object({
  id: text('its key'),
  name: text('its display name'),
  index: integer('position in the job, from 0'),
  uses,
  run: text('the script as the platform sees it, expressions included'),
  shell: text('the shell that runs it, defaults resolved, such as `bash` or `pwsh`'),
  workingDirectory: text('as written'),
  inputs: z.record(z.string(), value).default({}).describe('inputs by name, lower case'),
  env: z.record(z.string(), value).default({}).describe('variables of the step'),
  condition,
  continueOnError: flag('its failure does not fail the job'),
  timeoutMinutes: integer('time limit in minutes; -1 when none is written'),
  checkout,
  afterUntrustedCheckout: flag('an earlier step put an outsider’s code into the workspace'),
  afterUntrustedArtifact: flag('an earlier step put files of another run into the workspace'),
  executes: texts('what it runs from the workspace: commands or actions that execute repository content'),
  downloadsArtifact: z
    .object({
      crossRun: flag('of another run'),
      path: text('where to, empty for the workspace'),
      intoWorkspace: flag('can overwrite files of the workspace'),
      executed: text('what this step or a later one of the job then runs from it'),
    })
    .prefault({})
    .describe('files it fetches from a run'),
  uploadsArtifact: texts('paths it uploads'),
  cache: z.enum(['', 'restore', 'save', 'both']).default('').describe('what it does to the shared cache'),
  cacheKey: text('key of the cache as written'),
  publishes: text('what it publishes: `npm`, `pypi`, `container`, `release`, …'),
  uploadsCredentials: flag('the files it uploads include the token that an earlier checkout left'),
  agent: z
    .object({
      name: text('name of the action; empty when the step runs no agent'),
      open: texts('inputs that let people without write access, or any bot, give it tasks, as written'),
      tools: texts('what lets it run commands or change files, as written'),
    })
    .prefault({})
    .describe('the language model that acts in this step'),
  reach,
  debugSession: flag('opens a shell on the machine to whoever may connect'),
  securityCheck: text('the security check that it runs, such as `trivy`'),
  tool: text('the tool that its action installs, such as `cosign`'),
  toolVersion: text('the version of that tool as written'),
  toolFloats: flag('that tool is the newest at the time of the run'),
});

const conditionFact = z.object({
  ...condition.unwrap().shape,
  where: z.enum(['', 'job', 'step']).default('').describe('what it decides on'),
  spoofable: texts('its checks of who started the run that an outsider can pass, by a bot that acts on their behalf'),
  partial: texts('its calls of `contains` that find any part of a text where a whole word of a list is meant'),
});

const reference = z.object({
  ...uses.unwrap().shape,
  where: z.enum(['', 'step', 'job', 'container', 'service', 'action', 'include', 'script', 'dockerfile']).default('').describe('where it is referred to'),
  trusted: flag('the owner is the platform’s own'),
  controlledBy,
  advisory: z
    .object({
      id: text('id of the advisory; empty when none is known'),
      severity: z.enum(['', 'critical', 'high', 'medium', 'low']).default('').describe('severity that the advisory states'),
      fixed: text('first version without it'),
      title: text('what is wrong, in words'),
    })
    .prefault({})
    .describe('a published weakness of this version; the worst of several'),
  replacement: text('what to use instead of something that is no longer kept; empty when it is'),
  resembles: text('the well-known name that this one can be mistaken for'),
  outdated: text('why this version is no longer supported, in words'),
  online: z
    .object({
      ownerMissing: flag('nobody has the name of its owner, so that anyone may take it'),
      movedTo: text('the repository that its name leads to by now'),
      archived: flag('its owner has archived the repository'),
      impostor: flag('the commit is on none of the branches and tags of the repository: it can only come from a fork'),
      untagged: flag('no tag stands for the commit'),
      tags: texts('tags that stand for the commit'),
      branchAndTag: flag('both a branch and a tag have the name of the ref'),
      otherVersion: flag('the version in the comment is not that of the commit'),
      advisory: z
        .object({
          id: text('id of the advisory; empty when none is known'),
          severity: z.enum(['', 'critical', 'high', 'medium', 'low']).default('').describe('severity that the advisory states'),
          fixed: text('first version without it'),
          title: text('what is wrong, in words'),
        })
        .prefault({})
        .describe('a published weakness of the version that a tag gives the commit, where the file does not say the version'),
    })
    .prefault({})
    .describe('what GitHub says of it; all of it empty where GitHub was not asked, and for policies with `online: true` alone'),
});

const word = z.object({
  text: text('as written, quotes included'),
  value: text('without quotes; expansions stay as written'),
  quoted: z.enum(['', 'single', 'double', 'mixed']).default('').describe('how it is quoted'),
  literal: flag('no expansion in it'),
  variables: texts('names of the variables it expands outside single quotes'),
  unquoted: texts('names of the variables it expands without quotes, which the shell splits'),
  substitutions: texts('texts of its command substitutions'),
});

const command = z.object({
  name: text('base name without directory, wrappers removed: `curl` of `sudo -E /usr/bin/curl`'),
  path: text('as written'),
  text: text('the whole simple command as written'),
  words: z.array(word).default([]).describe('the arguments behind the name'),
  args: texts('values of the arguments, without quotes'),
  flags: texts('options, clusters split: `-fsSL` is `-f`, `-s`, `-S`, `-L`; `--x=y` is `--x`'),
  operands: texts('arguments that are no options'),
  assignments: z.record(z.string(), z.string()).default({}).describe('variables set for this command alone, or by `export` and the like'),
  redirects: z
    .array(z.object({ operator: text('such as `>>`'), target: text('as written, without quotes'), heredoc: text('body of a here-document') }))
    .default([])
    .describe('redirections'),
  pipedFrom: texts('names of the commands whose output it reads, nearest first'),
  pipedTo: texts('names of the commands that read its output, nearest first'),
  substituted: texts('names of the commands inside its process and command substitutions'),
  wrappers: texts('`sudo`, `env`, `xargs`, `timeout`, … in front of it'),
  root: flag('runs as root by `sudo`, `doas` or `su`'),
  inFunction: text('name of the function that it lies in'),
  inCondition: flag('is the test of an `if`, `while`, `&&` or `||`'),
  language: z.enum(['', 'shell', 'powershell', 'javascript', 'python']).default('').describe('language of the script'),
  interpolated: flag('has a template expression of the platform in it'),
  executes: text('what it runs from the workspace, such as `npm ci` or `./build.sh`; empty when nothing'),
  runsDownload: text('URL of the file that it runs, downloaded earlier in the script with no checksum or signature checked in between'),
  ignored: flag('`|| true` or `|| :` stands behind it: its failure counts for nothing'),
  unchecked: text('of `cd`: the command that deletes or moves in the wrong folder when it fails, since nothing stops the script'),
  secretFile: text('file that it writes a secret into, which others of the machine may read'),
  keepsSecret: text('of `mktemp`: the variable with the name of a file into which a secret is written and that stays there when the script fails'),
  unasked: flag('deletes data or resources for good, and nothing in the file asks a person, shows what would happen or takes it back; told of the first such command of a file'),
});

const script = z.object({
  language: z.enum(['', 'shell', 'powershell', 'javascript', 'python', 'other']).default('').describe('language'),
  shell: text('interpreter, such as `bash`'),
  errexit: flag('stops at the first failing command'),
  nounset: flag('stops at unset variables'),
  pipefail: flag('a failing part fails its pipe'),
  xtrace: flag('prints every command'),
  lines: integer('number of lines'),
  complete: flag('parsed without errors'),
  commands: integer('number of commands outside substitutions, other than `exit`, `echo` and the like'),
  pipes: flag('has a pipe'),
  tests: integer('number of these commands whose failure is looked at'),
  assigned: texts('variables that it sets'),
  checked: texts('variables whose value is compared, matched or made a canonical path'),
  unset: texts('variables that it unsets'),
  endless: texts('first lines of loops that nothing ends: no counter, no limit of time, no `break`'),
  waivers: texts('comments that silence a security rule of a linter and say no reason'),
  problem: text('what could not be parsed, as written; cut off after its first line'),
});

const expansion = z.object({
  text: text('as written, delimiters included'),
  expression: text('the expression inside'),
  context: text('the context or variable that matters, such as `github.event.issue.title`'),
  contexts: texts('every context that its value can come from'),
  source: z
    .enum(['', 'event', 'input', 'env', 'output', 'job-output', 'secret', 'matrix', 'platform', 'parameter', 'variable', 'file', 'command'])
    .default('')
    .describe('what it comes from'),
  type: z
    .enum(['', 'string', 'name', 'sha', 'number', 'boolean', 'choice'])
    .default('')
    .describe('what it can be; only a `string` can inject: a `name` (account, repository, URL, date) has no characters that do; empty when it can not be told'),
  controlledBy,
  sink: z
    .enum(['', 'script', 'script-js', 'script-powershell', 'script-python', 'argument', 'arithmetic', 'eval', 'path', 'url', 'image', 'runner', 'ref', 'env', 'input', 'code-input', 'command-input', 'prompt', 'environment-file', 'path-file', 'output-file', 'condition', 'name', 'artifact', 'cache-key', 'output', 'log'])
    .default('')
    .describe('where the value ends up'),
  sinkName: text('name of the input, variable or command that takes it'),
  safe: flag('quoting, an intermediate variable or its type makes it harmless here'),
  events: texts('the events in which an outsider controls it'),
  privileged: flag('at least one of these events runs with secrets or a writing token'),
  sanitizer: text('what makes it safe, in words'),
  quoting: z.enum(['', 'double', 'single', 'heredoc']).default('').describe('the quotes that it stands in, in a script; empty outside quotes and outside scripts'),
  level: z.enum(['', 'critical', 'high', 'medium', 'low']).default('').describe('how bad it is when an outsider’s value becomes code here; empty when no outsider’s event reaches it'),
  unsoundTernary: text('a part `a && b || c` of it whose `b` is never true, so that it is always `c`'),
});

const secretUse = z.object({
  name: text('name of the secret; `*` for all of them'),
  text: text('as written'),
  handover: z
    .enum(['', 'stdin', 'file', 'env', 'argument', 'url', 'log', 'script', 'input', 'output', 'artifact', 'condition', 'image', 'call'])
    .default('')
    .describe('how it is handed over'),
  sinkName: text('the command, input or variable that gets it'),
  scope: z.enum(['', 'pipeline', 'job', 'step', 'service']).default('').describe('how widely it can be read'),
  whole: flag('the whole store is handed over, not one secret'),
  derived: flag('a part is taken out of it, which the platform does not mask'),
  dynamic: flag('its name is computed'),
});

const literalSecret = z.object({
  name: text('the key or variable that holds it'),
  detector: text('what recognised it, such as `github-token` or `password-key`'),
  where: z.enum(['', 'env', 'input', 'container', 'service', 'script', 'argument', 'url', 'setting']).default('').describe('where it stands'),
});

const setting = z.object({
  name: text('name, as written'),
  value: text('value, as written'),
  scope: text('section or object that it belongs to'),
  file: text('kind of configuration, such as `dependabot`'),
  reference: text('name of the variable that the value comes from, such as `JWT_SECRET` of `${JWT_SECRET:-x}`'),
  fallback: text('what is taken when that variable is not set'),
  hasFallback: flag('a fallback is written, be it empty'),
  required: flag('the start fails when that variable is not set'),
  application: z.enum(['', 'runbook-service']).default('').describe('what is configured, where that can be told: `runbook-service` runs runbooks for others'),
});

const dependencyUpdate = z.object({
  ecosystem: text('package ecosystem'),
  directories: texts('directories'),
  cooldownDays: integer('default cooldown in days; -1 when none is written'),
  externalCodeExecution: text('`allow`, `deny` or empty'),
  interval: text('schedule'),
  ecosystems: texts('all ecosystems of the file'),
  usesActions: flag('the repository has workflows or actions'),
  index: integer('position in the file, from 0'),
});

const claims = z
  .object({
    declared: flag('there is a section of required claims'),
    problem: z
      .enum(['', 'no-fence', 'not-yaml', 'not-a-map', 'empty', 'list-value'])
      .default('')
      .describe('why the claims are not applied as they are meant: no `yaml` block, not readable, no map, nothing in it, or a list where a text is expected'),
    names: texts('names of the claims'),
    values: texts('values that give access, of all claims'),
  })
  .prefault({})
  .describe('who may run it');

const runbook = z.object({
  format: z
    .enum(['', 'stage0', 'markdown', 'runme', 'rundeck', 'rundeck-acl', 'ssm-automation', 'ssm-command', 'ansible', 'make', 'just', 'task', 'mise', 'stackstorm', 'attune', 'xec', 'azure-automation', 'google-workflows', 'n8n', 'jupyter', 'atlantis', 'spacelift'])
    .default('')
    .describe('whose runbook it is; empty outside runbooks'),
  kind: z.enum(['', 'runbook', 'action', 'workflow', 'tasks', 'access']).default('').describe('a whole runbook, a single action, a workflow of actions, a list of tasks, or rules of access'),
  name: text('its name, or the file name'),
  description: text('what it says that it does'),
  human: flag('a person reads it and runs its commands'),
  titleMatches: flag('of formats that ask for it: the title equals the file name'),
  sections: texts('sections that the format knows, in order'),
  missing: texts('sections that the format asks for and that are missing'),
  duplicates: texts('sections that are there more than once; the later ones are ignored'),
  claims,
  environment: z.record(z.string(), z.string()).default({}).describe('declared variables and what is said of them'),
  invalidNames: texts('declared names that the platform refuses'),
  reservedNames: texts('declared names that belong to the platform or change how programs are loaded'),
  files: texts('files that it asks for'),
  escapingFiles: texts('of these, those that lead out of its folder'),
  scripts: integer('number of scripts that the platform runs'),
  ignoredScripts: integer('number of code blocks where a script is expected that the platform does not run'),
  historyLast: flag('the history is the last section, so that runs are added to it'),
  timeoutSeconds: integer('time limit of the whole in seconds, 0 for none; -1 when none is written'),
  scheduled: flag('runs by itself at times'),
  webhook: flag('can be started over the network by a webhook'),
  openWebhook: flag('that webhook asks for no authentication'),
  approvals: texts('what asks a person before something happens, as written'),
  dryRun: flag('it can show what it would do'),
  rollback: flag('it says or does what takes its effect back'),
  owner: text('who answers for it'),
  reviewed: text('when it was last reviewed'),
  leftSecrets: texts('of runbooks that a person follows: secrets that its commands put into the environment and never take out of it'),
  notifies: flag('tells someone how it ended'),
  role: text('the role or account that it runs with'),
  roleControlledBy: controlledBy,
  hosts: text('where it runs, as written'),
  everyHost: flag('it runs on every machine that the platform knows'),
  batched: flag('machines are changed in batches'),
  errorLimit: flag('it stops after some errors'),
  keepGoing: flag('it goes on after errors'),
  root: flag('the whole runs as root'),
  uses: texts('what it uses of the platform: actions and modules, each once'),
});

const runbookStep = z.object({
  id: text('its key'),
  name: text('its display name'),
  index: integer('position, from 0'),
  module: text('what it runs: an action, module or kind of step, such as `aws:runShellScript` or `shell`'),
  run: text('its script or command line'),
  shell: text('what runs the script'),
  inputs: z.record(z.string(), z.string()).default({}).describe('its inputs, as written'),
  env: z.record(z.string(), z.string()).default({}).describe('its variables, as written'),
  condition: text('when it runs'),
  timeoutSeconds: integer('time limit in seconds, 0 for none; -1 when none is written'),
  root: flag('runs as root'),
  ignoresErrors: flag('its failure does not stop the runbook'),
  noLog: flag('its inputs and output are kept out of the log'),
  approval: flag('asks a person'),
  retries: integer('most attempts; -1 when none is written'),
  loops: flag('it is repeated for a list or until something holds'),
  undeclared: texts('variables that its script reads and that nothing declares or sets'),
  secretInputs: texts('names of inputs that are secrets by their name'),
});

const parameter = z.object({
  name: text('its name'),
  type: text('type, as written'),
  description: text('what is said of it'),
  required: flag('it has to be given'),
  hasDefault: flag('it has a default'),
  default: text('the default'),
  pattern: text('regular expression that values have to match'),
  patternAnchored: flag('the pattern covers the whole value'),
  patternAdmits: texts('characters with a meaning for a shell that the pattern lets through'),
  values: texts('the values that can be chosen'),
  restricted: flag('its type, a closed list of values or a sound pattern keep code out'),
  secret: flag('marked as a secret'),
  secretName: flag('a secret by its name'),
  exposed: flag('a secret that the platform hands to scripts in clear'),
  delivery: z.enum(['', 'text', 'environment', 'stdin', 'file', 'argument']).default('').describe('how scripts get it: pasted into their text, in the environment, on standard input, in a file or as an argument'),
  pasted: flag('its value is pasted into the text of a script or command'),
  controlledBy,
  where: z.enum(['', 'runbook', 'pipeline']).default('').describe('where it is declared'),
});

const resource = z.object({
  platform: z.enum(['', 'compose', 'kubernetes']).default('').describe('whose object it is'),
  kind: text('kind of object, such as `service` or `Deployment`'),
  name: text('its name'),
  image: uses,
  user: text('the user that it runs as, as written; empty when none is written'),
  root: flag('it runs as root: by user, or since no user and nothing against root is written'),
  privileged: flag('full access to the host'),
  hostNamespaces: texts('namespaces of the host that it shares: `network`, `pid`, `ipc`, `user`'),
  capAdd: texts('capabilities that it is given'),
  capDrop: texts('capabilities that are taken away'),
  unconfined: flag('a confinement of the container engine is switched off'),
  published: texts('ports that every interface of the host offers, as written'),
  volumes: texts('mounts, as written'),
  hostMounts: texts('folders of the host that it may write to'),
  containerSocket: flag('it gets the socket of the container engine'),
  environment: z.record(z.string(), z.string()).default({}).describe('variables, as written'),
  readOnly: flag('its root file system can not be written'),
  noNewPrivileges: flag('programs can not gain rights'),
  limited: flag('its memory or processor time is limited'),
  replicas: integer('number of copies; -1 when none is written'),
  profiles: texts('profiles that start it'),
  application: z.enum(['', 'runbook-service']).default('').describe('what it runs, where that can be told: `runbook-service` runs runbooks for others'),
});

/** Every kind of fact and its schema. */
export const FACT_SCHEMAS = {
  pipeline,
  job,
  step,
  condition: conditionFact,
  reference,
  script,
  command,
  expansion,
  'secret-use': secretUse,
  'literal-secret': literalSecret,
  setting,
  'dependency-update': dependencyUpdate,
  runbook,
  'runbook-step': runbookStep,
  parameter,
  resource,
} as const;

export type FactKind = keyof typeof FACT_SCHEMAS;
export type FactValue<K extends FactKind> = z.output<(typeof FACT_SCHEMAS)[K]>;
export type FactInput<K extends FactKind> = z.input<(typeof FACT_SCHEMAS)[K]>;
export type FactOf<K extends FactKind> = Fact<FactValue<K>, K>;
/** Any fact that a reader of this folder states. */
export type AnyFact = { [K in FactKind]: FactOf<K> }[FactKind];

export type UsesValue = z.output<typeof uses>;
export type InputValue = z.output<typeof value>;
export type TriggerValue = z.output<typeof trigger>;
export type PermissionsValue = z.output<typeof permissions>;
export type ConditionValue = z.output<typeof condition>;
export type GuardValue = z.output<typeof guard>;
export type ContainerValue = z.output<typeof container>;
export type ReachValue = z.output<typeof reach>;
export type CheckoutValue = z.output<typeof checkout>;
export type WordValue = z.output<typeof word>;
