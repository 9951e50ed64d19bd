import type { Predefined, PredefinedTable } from '../pipeline/dialect.js';

/*
 * https://learn.microsoft.com/azure/devops/pipelines/build/variables: which variables the platform sets, and whose
 * words they hold. In a build of a pull request `Build.SourceBranch` is `refs/pull/<number>/merge`, so that only people
 * who may push branches choose it; `System.PullRequest.SourceBranch` is the branch of whoever opened the pull request.
 */

/** Events of the platform by the keys of the file that ask for them. */
export const PR = 'pr';
export const PUSH = 'trigger';
export const SCHEDULE = 'schedules';
export const RESOURCE = 'pipelines';
export const MANUAL = 'manual';
/** What starts a template whose callers are not known. */
export const CALLED = 'template';

const branch: Predefined = { events: [], type: 'string' };
const request: Predefined = { events: [PR], type: 'string' };
/** Of a commit: its author wrote it, and a merge takes it along. */
const commit: Predefined = { events: [PR, PUSH], type: 'string' };
const fixed: Predefined = { events: [], type: 'name', otherwise: 'trusted' };
const sha: Predefined = { events: [], type: 'sha' };
const number: Predefined = { events: [], type: 'number', otherwise: 'trusted' };
const flag: Predefined = { events: [], type: 'boolean', otherwise: 'trusted' };

const BY_NAME: PredefinedTable = {
  'Build.SourceBranch': branch,
  'Build.SourceBranchName': branch,
  'Build.SourceTfvcShelveset': branch,
  'Build.SourceVersionMessage': commit,
  'Build.SourceVersionAuthor': commit,
  'Build.RequestedFor': request,
  'Build.RequestedForEmail': request,
  'Build.QueuedBy': request,
  'System.PullRequest.SourceBranch': request,
  'System.PullRequest.SourceBranchName': request,
  'System.PullRequest.SourceRepositoryURI': { events: [PR], type: 'name' },
  'System.PullRequest.TargetBranch': branch,
  'System.PullRequest.TargetBranchName': branch,
  'System.PullRequest.PullRequestId': number,
  'System.PullRequest.PullRequestNumber': number,
  'System.PullRequest.MergedAt': fixed,
  'System.PullRequest.IsFork': flag,
  'System.PullRequest.SourceCommitId': sha,
  'System.PullRequest.targetBranchName': branch,
  'Build.SourceVersion': sha,
  'Build.TriggeredBy.BuildNumber': branch,
  'Build.TriggeredBy.DefinitionName': fixed,
  'Build.BuildNumber': branch,
  'Build.BuildId': number,
  'System.JobAttempt': number,
  'System.StageAttempt': number,
  'System.Debug': flag,
  ...Object.fromEntries(
    [
      'Agent.BuildDirectory', 'Agent.ContainerMapping', 'Agent.HomeDirectory', 'Agent.Id', 'Agent.JobName', 'Agent.JobStatus', 'Agent.MachineName', 'Agent.Name', 'Agent.OS', 'Agent.OSArchitecture',
      'Agent.TempDirectory', 'Agent.ToolsDirectory', 'Agent.WorkFolder', 'Build.ArtifactStagingDirectory', 'Build.BinariesDirectory', 'Build.BuildUri', 'Build.ContainerId', 'Build.DefinitionName',
      'Build.DefinitionVersion', 'Build.DefinitionFolderPath', 'Build.QueuedById', 'Build.Reason', 'Build.Repository.Clean', 'Build.Repository.LocalPath', 'Build.Repository.ID', 'Build.Repository.Name',
      'Build.Repository.Provider', 'Build.Repository.Uri', 'Build.Repository.Git.SubmoduleCheckout', 'Build.RequestedForId', 'Build.SourcesDirectory', 'Build.StagingDirectory', 'Build.CronSchedule.DisplayName',
      'Common.TestResultsDirectory', 'Environment.Id', 'Environment.Name', 'Environment.ResourceId', 'Environment.ResourceName', 'Pipeline.Workspace', 'Strategy.Name', 'Strategy.CycleName',
      'System.ArtifactsDirectory', 'System.CollectionId', 'System.CollectionUri', 'System.DefaultWorkingDirectory', 'System.DefinitionId', 'System.DefinitionName', 'System.HostType', 'System.JobDisplayName',
      'System.JobId', 'System.JobName', 'System.OidcRequestUri', 'System.PhaseAttempt', 'System.PhaseDisplayName', 'System.PhaseName', 'System.PlanId', 'System.StageDisplayName', 'System.StageName',
      'System.TeamFoundationCollectionUri', 'System.TeamProject', 'System.TeamProjectId', 'System.TimelineId', 'System.JobIdentifier', 'System.Culture', 'TF_BUILD',
    ].map((name) => [name, fixed]),
  ),
};

/** The name under which scripts find a variable in their environment: `Build.SourceBranch` is `BUILD_SOURCEBRANCH`. */
export function environmentName(name: string): string {
  return name.replace(/[.\s]/g, '_').toUpperCase();
}

/** All of them, by the names of macros and by those of the environment. */
export const PREDEFINED: PredefinedTable = Object.fromEntries(Object.entries(BY_NAME).flatMap(([name, predefined]) => [[name, predefined], [environmentName(name), predefined]]));

const LOWER = new Set(Object.keys(BY_NAME).map((name) => name.toLowerCase()));

/** Whether the platform sets a variable of this name, whatever its case. */
export function isPredefined(name: string): boolean {
  return LOWER.has(name.toLowerCase()) || /^(?:agent|build|system|pipeline|environment|resources|strategy|release)\./i.test(name);
}

/** The job's token of the platform, by both names. */
export const TOKENS: ReadonlySet<string> = new Set(['System.AccessToken', 'SYSTEM_ACCESSTOKEN']);
