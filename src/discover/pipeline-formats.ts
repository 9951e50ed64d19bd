import type { Format } from '../core/index.js';
import type { ContentRule, PathParts, PathRule } from './formats.js';

/*
 * How pipelines of all platforms but GitHub are recognised. Each platform has one list by path and one by
 * content; the first rule that matches wins, and these stand in front of runbooks and generic YAML, so that
 * a pipeline is never read as either. Everything here is a prefilter by linear patterns: the reader of the
 * format parses the file.
 */

function isYaml({ extension }: PathParts): boolean {
  return extension === 'yml' || extension === 'yaml';
}

function named(pattern: RegExp): PathRule['matches'] {
  return ({ name }) => (pattern.test(name) ? `name ${name}` : undefined);
}

/** YAML files in a folder, or below it, wherever that folder stands. */
function inFolder(pattern: RegExp, folder: string): PathRule['matches'] {
  return (parts) => (isYaml(parts) && pattern.test(parts.directory) ? `in ${folder}` : undefined);
}

export const PIPELINE_BY_PATH: readonly PathRule[] = [
  // https://docs.gitlab.com/ci/yaml/, and `.gitlab/ci` by its custom
  { format: 'gitlab-ci', matches: named(/\.gitlab-ci\.ya?ml$/) },
  { format: 'gitlab-ci', matches: inFolder(/(?:^|\/)(?:\.gitlab\/ci|\.gitlab-ci)(?:\/|$)/, '.gitlab/ci') },
  // https://docs.travis-ci.com/user/languages/
  { format: 'travis', matches: named(/^\.travis\.ya?ml$/) },
  // https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/
  { format: 'azure-pipelines', matches: named(/^\.?azure-?pipelines?(?:[-._][\w.-]*)?\.ya?ml$/i) },
  { format: 'azure-pipelines', matches: inFolder(/(?:^|\/)\.?azure-?pipelines?(?:\/|$)/i, '.azure-pipelines') },
  // https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/
  { format: 'bitbucket-pipelines', matches: named(/^bitbucket-pipelines\.ya?ml$/) },
  // https://www.jenkins.io/doc/book/pipeline/jenkinsfile/
  { format: 'jenkinsfile', matches: ({ name, extension }) => (/^Jenkinsfile(?:[-._][\w.-]*)?$/i.test(name) ? `name ${name}` : extension === 'jenkinsfile' ? 'extension .jenkinsfile' : undefined) },
  // https://circleci.com/docs/reference/configuration-reference/
  { format: 'circleci', matches: inFolder(/(?:^|\/)\.circleci(?:\/|$)/, '.circleci') },
  // https://docs.drone.io/yaml/docker/
  { format: 'drone', matches: named(/^\.drone\.ya?ml$/) },
  // https://woodpecker-ci.org/docs/usage/workflow-syntax
  { format: 'woodpecker', matches: named(/^\.woodpecker\.ya?ml$/) },
  { format: 'woodpecker', matches: inFolder(/(?:^|\/)\.woodpecker(?:\/|$)/, '.woodpecker') },
  // https://buildkite.com/docs/pipelines/configure/step-types
  {
    format: 'buildkite',
    matches: (parts) => {
      if (!isYaml(parts) || /^(?:docker-)?compose\b/.test(parts.name)) return undefined;
      if (/(?:^|\/)\.buildkite(?:\/|$)/.test(parts.directory)) return 'in .buildkite';
      if (/^\.?buildkite\.ya?ml$/.test(parts.name)) return `name ${parts.name}`;
      return /^pipeline\.ya?ml$/.test(parts.name) && /(?:^|\/)buildkite$/.test(parts.directory) ? `${parts.name} in buildkite` : undefined;
    },
  },
  // https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
  { format: 'codebuild', matches: named(/^buildspec(?:[-._][\w.-]*)?\.ya?ml$/i) },
  // https://cloud.google.com/build/docs/build-config-file-schema
  { format: 'cloud-build', matches: named(/^cloudbuild(?:[-._][\w.-]*)?\.(?:ya?ml|json)$/i) },
];

/** A mapping key at the beginning of a line. */
const top = (names: string): RegExp => new RegExp(`^\\uFEFF?["']?(?:${names})["']?[ \\t]*:`, 'm');
/** A mapping key further in. */
const inner = (names: string): RegExp => new RegExp(`^[ \\t]{1,12}(?:- )?["']?(?:${names})["']?[ \\t]*:`, 'm');

const API_VERSION = /^\uFEFF?["']?apiVersion["']?[ \t]*:[ \t]*["']?([\w.-]+)\//m;
const GITLAB_SCRIPT = inner('script|trigger');
const GITLAB_JOB = inner('stage|rules|extends|needs|before_script|after_script|tags|artifacts|only|except|when|allow_failure');
/** The first line that says something begins a list, as in Ansible and Rundeck. */
const LIST = /^\uFEFF?(?:[ \t]{0,100}(?:#[^\n]*)?\r?\n|---[^\n]*\n){0,500}- /;
const GITLAB_INPUTS = /^spec[ \t]*:[ \t]*\r?\n[ \t]{1,8}inputs[ \t]*:/m;
/** Keys at the top that other tools' files have and GitLab's do not. */
const NOT_GITLAB = top('on|jobs|steps|pipelines|apiVersion|kind|tasks|phases|pool|trigger|script|scripts|language|version|services|hosts|language|pipeline');
const AZURE_TOP = top('trigger|pr|pool|stages|jobs|steps|resources|extends|parameters|variables');
const AZURE_STEP = /^[ \t]{0,24}- (?:task|bash|pwsh|powershell|checkout|publish|download|getPackage)[ \t]*:[ \t]*\S/m;
const AZURE_SCRIPT = /^[ \t]{0,24}- (?:script|template)[ \t]*:[ \t]*\S/m;
const AZURE_JOB = /^[ \t]{0,24}- (?:job|deployment|stage)[ \t]*:/m;
const AZURE_STEPS = /^steps[ \t]*:[ \t]*\r?\n(?:[ \t]{0,8}#[^\r\n]{0,500}\r?\n){0,20}[ \t]{0,8}- (?:script|template|\$\{\{)/m;
/** Keys at the top that its files do not have. */
const OTHER_KEYS = /^(?!(?:trigger|pr|pool|stages|jobs|steps|resources|extends|parameters|variables|name|schedules)[ \t]*:)[\w.$"'-]+[ \t]*:/m;
const AZURE_PARAMETERS = /^parameters[ \t]*:[ \t]*\r?\n[ \t]{0,8}- (?:name|displayName|type)[ \t]*:/m;
const AZURE_GROUP = /^variables[ \t]*:[ \t]*\r?\n(?:[ \t]{0,8}(?:- |  )?(?:name|value)[ \t]*:[^\r\n]{0,500}\r?\n){0,40}[ \t]{0,8}- (?:group|template)[ \t]*:/m;
const NOT_AZURE = top('on|tasks|version|apiVersion|runs|pipelines');
const STEPS = top('steps');
/** What Buildkite alone has: its variables, its agent's command, and plugins with a version. */
const BUILDKITE = /\bBUILDKITE_[A-Z]|\bbuildkite-agent[ \t]|^[ \t]{2,24}-[ \t]{1,4}["']?[\w./-]{1,100}#v?\d/m;
const BUILDKITE_STEP = /^[ \t]{0,12}(?:- )?["']?(?:command|commands|label|block|trigger|group|plugins)["']?[ \t]*:/m;
const WOODPECKER = /\bfrom_secret[ \t]*:|\bCI_(?:COMMIT|PIPELINE|REPO|WORKFLOW)_[A-Z]|woodpeckerci\//;
const NOT_WOODPECKER = top('on|jobs|kind|apiVersion|stages|version|phases|pool');
const CLOUD_BUILD_STEP = /^[ \t]{0,8}- (?:name|id|args|entrypoint)[ \t]*:/m;

/** Version of CircleCI's format; compose files have one like it, but none of the keys asked for beside it. */
const CIRCLECI_VERSION = /^version[ \t]*:[ \t]*["']?2(?:\.[01])?["']?[ \t]*(?:#[^\r\n]{0,500})?\r?$/m;
const CIRCLECI_JOB = inner('docker|machine|macos|executor');
const DECLARATIVE = /^[ \t]{0,12}pipeline[ \t]*\{/m;
const SCRIPTED = /^[ \t]{0,12}(?:node|podTemplate)[ \t]*[({]/m;
const JENKINS_STEP = /^[ \t]{0,60}(?:sh|bat|powershell|pwsh|checkout|stage|withCredentials)[ \t]*[( '"]/m;

export const PIPELINE_BY_CONTENT: readonly ContentRule[] = [
  {
    // Parts of a configuration that is put together elsewhere may have any name: https://circleci.com/docs/guides/orchestrate/dynamic-config/
    format: 'circleci',
    candidate: isYaml,
    matches: (head) => (CIRCLECI_VERSION.test(head) && !top('services').test(head) && (top('workflows|orbs').test(head) || (top('jobs').test(head) && CIRCLECI_JOB.test(head))) ? 'has `version` and jobs of CircleCI' : undefined),
  },
  {
    // Pipelines with names of their own, and the `vars` of shared libraries: https://www.jenkins.io/doc/book/pipeline/shared-libraries/
    format: 'jenkinsfile',
    candidate: ({ extension }) => extension === 'groovy',
    matches: (head, { directory }) => {
      if (!JENKINS_STEP.test(head)) return undefined;
      if (DECLARATIVE.test(head) || SCRIPTED.test(head)) return 'has a pipeline of Jenkins';
      return /(?:^|\/)vars$/.test(directory) && /^def call\(/m.test(head) ? 'in vars, with steps of Jenkins' : undefined;
    },
  },
  {
    // https://tekton.dev/docs/
    format: 'tekton',
    candidate: isYaml,
    matches: (head) => (API_VERSION.exec(head)?.[1]?.endsWith('tekton.dev') === true ? 'has an `apiVersion` of Tekton' : undefined),
  },
  {
    // https://argo-workflows.readthedocs.io/en/latest/fields/
    format: 'argo-workflow',
    candidate: isYaml,
    matches: (head) => (API_VERSION.exec(head)?.[1] === 'argoproj.io' && /^["']?kind["']?[ \t]*:[ \t]*["']?(?:Workflow|WorkflowTemplate|ClusterWorkflowTemplate|CronWorkflow|WorkflowEventBinding|Sensor)\b/m.test(head) ? 'has `apiVersion` and `kind` of an Argo workflow' : undefined),
  },
  {
    // Included files of GitLab may have any name: https://docs.gitlab.com/ci/yaml/#include
    format: 'gitlab-ci',
    candidate: isYaml,
    matches: (head) => {
      if (NOT_GITLAB.test(head) || !GITLAB_SCRIPT.test(head) || LIST.test(head)) return undefined;
      if (GITLAB_INPUTS.test(head)) return 'has `spec.inputs` and jobs of GitLab';
      return GITLAB_JOB.test(head) ? 'has jobs of GitLab' : undefined;
    },
  },
  {
    // Templates of Azure Pipelines may have any name.
    format: 'azure-pipelines',
    candidate: isYaml,
    matches: (head) => {
      if (!AZURE_TOP.test(head) || NOT_AZURE.test(head)) return undefined;
      if (AZURE_STEP.test(head)) return 'has steps of Azure Pipelines';
      if (AZURE_JOB.test(head) && AZURE_SCRIPT.test(head)) return 'has jobs of Azure Pipelines';
      if (AZURE_STEPS.test(head) && AZURE_SCRIPT.test(head) && !OTHER_KEYS.test(head)) return 'has nothing but steps of Azure Pipelines';
      return AZURE_PARAMETERS.test(head) && AZURE_SCRIPT.test(head) ? 'has parameters and steps of Azure Pipelines' : AZURE_GROUP.test(head) ? 'has variable groups of Azure Pipelines' : undefined;
    },
  },
  {
    format: 'drone',
    candidate: isYaml,
    matches: (head) => (/^kind[ \t]*:[ \t]*pipeline\b/m.test(head) && /^type[ \t]*:[ \t]*(?:docker|exec|kubernetes|ssh|digitalocean|macstadium)\b/m.test(head) ? 'has `kind: pipeline` of Drone' : undefined),
  },
  {
    format: 'woodpecker',
    candidate: isYaml,
    matches: (head) => (STEPS.test(head) && /^[ \t]{2,8}(?:- )?image[ \t]*:/m.test(head) && WOODPECKER.test(head) && !NOT_WOODPECKER.test(head) ? 'has `steps` with images, and secrets or variables of Woodpecker' : undefined),
  },
  {
    format: 'buildkite',
    candidate: isYaml,
    matches: (head) => (STEPS.test(head) && BUILDKITE.test(head) && BUILDKITE_STEP.test(head) && !NOT_AZURE.test(head) ? 'has `steps` with variables, plugins or the agent of Buildkite' : undefined),
  },
  {
    format: 'codebuild',
    candidate: isYaml,
    matches: (head) => (/^version[ \t]*:[ \t]*["']?0\.[12]\b/m.test(head) && top('phases').test(head) ? 'has `version` and `phases` of a build specification' : undefined),
  },
  {
    format: 'cloud-build',
    candidate: isYaml,
    matches: (head) => (STEPS.test(head) && CLOUD_BUILD_STEP.test(head) && /^[ \t]{0,8}-?[ \t]{0,4}name[ \t]*:[ \t]*["']?(?:gcr\.io\/|[\w-]+\.gcr\.io\/|[\w-]+-docker\.pkg\.dev\/)/m.test(head) ? 'has `steps` with images of Cloud Build' : undefined),
  },
];

/** Whose pipelines the formats hold, by the name that `pipeline.platform` of the facts has. */
export const PLATFORM_OF: Readonly<Partial<Record<Format, string>>> = {
  'github-workflow': 'github',
  'github-action': 'github',
  'gitlab-ci': 'gitlab',
  'azure-pipelines': 'azure',
  circleci: 'circleci',
  'bitbucket-pipelines': 'bitbucket',
  jenkinsfile: 'jenkins',
  tekton: 'tekton',
  'argo-workflow': 'argo',
  drone: 'drone',
  woodpecker: 'woodpecker',
  buildkite: 'buildkite',
  codebuild: 'codebuild',
  'cloud-build': 'cloudbuild',
  travis: 'travis',
};
