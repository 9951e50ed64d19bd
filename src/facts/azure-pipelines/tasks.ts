import type { FactValue } from '../schema.js';

/*
 * What the platform's own tasks do with their inputs, from the task reference:
 * https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/
 */

type Sink = FactValue<'expansion'>['sink'];

/** A task whose input is a script. */
export interface ScriptTask {
  /** Inputs that hold the script, lower case; the first that is written. */
  readonly script: readonly string[];
  /** The script is one only where this input has one of these values, or is not written and the default says so. */
  readonly inline?: { readonly input: string; readonly values: readonly string[]; readonly byDefault: boolean };
  /** Interpreter; `system` is that of the machine, `type` is said by the input `scriptType`. */
  readonly shell: 'bash' | 'system' | 'powershell' | 'type' | 'python';
}

const script: readonly string[] = ['script'];

const SCRIPT_TASKS: Readonly<Record<string, ScriptTask>> = {
  bash: { script, inline: { input: 'targettype', values: ['inline'], byDefault: false }, shell: 'bash' },
  cmdline: { script, shell: 'system' },
  powershell: { script: ['script', 'inlinescript'], inline: { input: 'targettype', values: ['inline'], byDefault: false }, shell: 'powershell' },
  azurecli: { script: ['inlinescript'], inline: { input: 'scriptlocation', values: ['inlinescript', 'inline script'], byDefault: false }, shell: 'type' },
  azurepowershell: { script: ['inline', 'inlinescript'], inline: { input: 'scripttype', values: ['inlinescript', 'inline script', 'inline'], byDefault: false }, shell: 'powershell' },
  pythonscript: { script, inline: { input: 'scriptsource', values: ['inline'], byDefault: false }, shell: 'python' },
  ssh: { script: ['inline', 'commands'], inline: { input: 'runoptions', values: ['inline', 'commands'], byDefault: true }, shell: 'bash' },
  awsshellscript: { script: ['inlinescript'], inline: { input: 'scripttype', values: ['inline'], byDefault: false }, shell: 'bash' },
  awspowershellmodulescript: { script: ['inlinescript'], inline: { input: 'scripttype', values: ['inline'], byDefault: false }, shell: 'powershell' },
  powershellontargetmachines: { script: ['inlinescript'], inline: { input: 'scripttype', values: ['inline'], byDefault: false }, shell: 'powershell' },
  inlinepowershell: { script, shell: 'powershell' },
};

/** The model of a task by its name without version; some write the name with its publisher in front. */
export function scriptTask(name: string): ScriptTask | undefined {
  const short = shortName(name);
  return Object.hasOwn(SCRIPT_TASKS, short) ? SCRIPT_TASKS[short] : undefined;
}

/** `PowerShell` of `Microsoft.PowerShell.PowerShell`, lower case. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}

/** Inputs that are options of a program or a command of it, of any task. */
const ARGUMENT_INPUTS = new Set(['arguments', 'scriptarguments', 'commandoptions', 'buildargs', 'containercommand', 'additionalarguments', 'msbuildarguments', 'gradleoptions', 'options', 'args', 'mavenoptions']);
const COMMAND_INPUTS = new Set(['customcommand', 'command', 'failonstandarderror']);
const COMMAND_TASKS: Readonly<Record<string, readonly string[]>> = { npm: ['customcommand'], cocoapods: ['projectdirectory'], kubernetes: ['arguments'], helmdeploy: ['arguments'], docker: ['arguments'], terraformtask: ['commandoptions'], nuget: ['arguments'], dotnetcorecli: ['arguments', 'custom'], maven: ['options', 'goals'], gradle: ['options', 'tasks'], make: ['target'], yarn: ['arguments'] };

/** What becomes of an input of a task that is no script. */
export function inputSink(task: string, input: string): Sink {
  const short = shortName(task);
  if (scriptTask(task) !== undefined && input === 'arguments') return 'command-input';
  if (Object.hasOwn(COMMAND_TASKS, short) && (COMMAND_TASKS[short] as readonly string[]).includes(input)) return 'command-input';
  if (ARGUMENT_INPUTS.has(input)) return 'argument';
  if (COMMAND_INPUTS.has(input)) return 'input';
  if (input === 'filepath' || input === 'scriptpath') return 'path';
  return 'input';
}

/** Inputs that name a service connection: credentials that the platform keeps. */
const CONNECTIONS = new Set([
  'azuresubscription', 'connectedservicename', 'connectedservicenamearm', 'azureresourcemanagerconnection', 'kubernetesserviceconnection', 'kubernetesserviceendpoint', 'dockerregistryserviceconnection', 'containerregistry',
  'dockerregistryendpoint', 'azurecontainerregistry', 'sshendpoint', 'githubconnection', 'awscredentials', 'publishfeedcredentials', 'publishendpoint', 'externalendpoint', 'externalendpoints', 'pythonuploadserviceconnection', 'customendpoint', 'nugetserviceconnections',
  'serviceconnection', 'sonarqube', 'sonarcloud', 'endpoint', 'serviceendpoint', 'backendservicearm', 'environmentservicename', 'environmentservicenameaws', 'environmentservicenamegcp', 'kubernetesclusterconnection',
]);

/** Whether an input names a service connection. */
export function isConnection(input: string): boolean {
  return CONNECTIONS.has(input);
}

/** Tasks that run what the repository says: its build files and scripts. */
const EXECUTES: Readonly<Record<string, string>> = {
  npm: 'npm', yarn: 'yarn', maven: 'mvn', gradle: 'gradle', ant: 'ant', gulp: 'gulp', grunt: 'grunt', msbuild: 'msbuild', vsbuild: 'msbuild', dotnetcorecli: 'dotnet', cmake: 'cmake', xcode: 'xcodebuild',
  docker: 'docker build', dockercompose: 'docker compose', make: 'make', go: 'go', cocoapods: 'pod', terraformtask: 'terraform', terraformtaskv4: 'terraform', packerbuild: 'packer', shellscript: 'a script of the repository', batchscript: 'a script of the repository',
  ansible: 'ansible-playbook', publishtoazureservicebus: '', vstest: 'vstest',
};

/** What a task runs from the workspace; undefined when that is nothing. */
export function executedBy(task: string, input: (name: string) => string): string | undefined {
  const short = shortName(task);
  const model = scriptTask(task);
  const file = input('filepath') || input('scriptpath');
  if (model !== undefined && file !== '' && !isInline(model, input)) return file;
  if (short === 'npm' && input('command') === 'publish') return undefined;
  const executed = Object.hasOwn(EXECUTES, short) ? EXECUTES[short] : undefined;
  return executed === '' ? undefined : executed;
}

/** Whether the script of a task stands in its input rather than in a file. */
export function isInline({ inline }: ScriptTask, input: (name: string) => string): boolean {
  if (inline === undefined) return true;
  const value = input(inline.input).toLowerCase();
  return value === '' ? inline.byDefault : inline.values.includes(value);
}

/** What a task publishes, as `step.publishes` names it; empty when nothing. */
export function publishedBy(task: string, input: (name: string) => string): string {
  const command = input('command').toLowerCase();
  switch (shortName(task)) {
    case 'npm':
      return command === 'publish' ? 'npm' : '';
    case 'nugetcommand':
    case 'dotnetcorecli':
      return command === 'push' ? 'nuget' : '';
    case 'docker':
      return /push/.test(command) ? 'container' : '';
    case 'githubrelease':
      return 'release';
    case 'universalpackages':
      return command === 'publish' ? 'package' : '';
    default:
      return '';
  }
}

const DEPLOYING = /^(?:azure(?:webapp|rmwebappdeployment|functionapp|appservice\w*|spring\w*|staticwebapp|mysqldeployment|resourcemanagertemplatedeployment|resourcegroupdeployment)|sqlazuredacpacdeployment|helmdeploy|kubernetesmanifest|iiswebappdeploymentonmachinegroup|servicefabricdeploy|appcenterdistribute|googleplayrelease|appstorerelease)/;

/** Whether a task puts something into service. */
export function deploys(task: string): boolean {
  return DEPLOYING.test(shortName(task));
}

/** A download of files that another run made. */
export function downloadsOtherRun(task: string, input: (name: string) => string): boolean {
  const short = shortName(task);
  if (short === 'downloadpipelineartifact') return /^specific$/i.test(input('source') || input('buildtype'));
  return short === 'downloadbuildartifacts' && /^specific$/i.test(input('buildtype'));
}

/** The security check that a task runs, as `step.securityCheck` names it; empty for others. */
export function securityCheckOf(task: string): string {
  const short = shortName(task);
  const known: readonly (readonly [RegExp, string])[] = [
    [/^(?:advancedsecurity-codeql-analyze|codeql3000finalize)$/, 'codeql'],
    [/^advancedsecurity-dependency-scanning$/, 'dependency-scanning'],
    [/^microsoftsecuritydevops$/, 'microsoft-security-devops'],
    [/^credscan$/, 'credscan'],
    [/^(?:snyksecurityscan|snyk)$/, 'snyk'],
    [/^trivy$/, 'trivy'],
    [/^sonar(?:qube|cloud)publish$/, 'sonar'],
    [/^(?:dependency-check-build-task|owaspdependencycheck)$/, 'dependency-check'],
    [/^whitesource(?:bolt)?$/, 'mend'],
    [/^(?:componentgovernancecomponentdetection|binskim|antimalware|policheck|roslynanalyzers)$/, short],
  ];
  return known.find(([pattern]) => pattern.test(short))?.[1] ?? '';
}
