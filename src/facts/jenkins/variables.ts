import { parseExpression } from '../../syntax/groovy/index.js';
import { type Dialect, matchTemplates, type Predefined, type PredefinedTable, type TemplateUse } from '../pipeline/index.js';

/** Builds of a pull or merge request; those of forks are built with the credentials of the job. */
export const CHANGE = 'change-request';
/** A request that anyone on the network can send, by the plugin for generic webhooks. */
export const WEBHOOK = 'webhook';

const written = (type: Predefined['type'] = 'string'): Predefined => ({ events: [CHANGE], type });
const own: Predefined = { events: [], type: 'string' };

/** Name under which the output of `git log` and the like is followed. */
export const COMMIT_MESSAGE = 'commit message';

/**
 * Variables of builds. Of a pull request `BRANCH_NAME` is `PR-1`: the title, the source branch and the author are the
 * outsider's. https://www.jenkins.io/doc/book/pipeline/multibranch/#additional-environment-variables, and those of the
 * plugins `ghprb`, `gitlab-plugin`, `gerrit-trigger` and `bitbucket-push-and-pull-request`.
 */
export const PREDEFINED: PredefinedTable = {
  CHANGE_TITLE: written(),
  CHANGE_BRANCH: written(),
  CHANGE_FORK: written('name'),
  CHANGE_AUTHOR: written('name'),
  CHANGE_AUTHOR_DISPLAY_NAME: written(),
  CHANGE_AUTHOR_EMAIL: written(),
  CHANGE_URL: written('name'),
  CHANGE_ID: written('number'),
  CHANGE_TARGET: own,
  BRANCH_NAME: own,
  GIT_BRANCH: own,
  GIT_LOCAL_BRANCH: own,
  TAG_NAME: own,
  GIT_COMMIT: written('sha'),
  GIT_PREVIOUS_COMMIT: written('sha'),
  [COMMIT_MESSAGE]: written(),
  ghprbPullTitle: written(),
  ghprbPullLongDescription: written(),
  ghprbPullDescription: written(),
  ghprbSourceBranch: written(),
  ghprbCommentBody: written(),
  ghprbPullAuthorLogin: written('name'),
  ghprbPullAuthorEmail: written(),
  ghprbTriggerAuthor: written(),
  ghprbTriggerAuthorEmail: written(),
  ghprbActualCommitAuthor: written(),
  ghprbActualCommitAuthorEmail: written(),
  ghprbAuthorRepoGitUrl: written(),
  ghprbPullLink: written('name'),
  ghprbPullId: written('number'),
  ghprbActualCommit: written('sha'),
  sha1: written(),
  gitlabSourceBranch: written(),
  gitlabMergeRequestTitle: written(),
  gitlabMergeRequestDescription: written(),
  gitlabMergeRequestLastCommit: written('sha'),
  gitlabSourceRepoURL: written('name'),
  gitlabSourceRepoSshUrl: written('name'),
  gitlabSourceRepoHttpUrl: written('name'),
  gitlabUserName: written(),
  gitlabUserEmail: written(),
  gitlabTriggerPhrase: written(),
  gitlabBranch: written(),
  GITHUB_PR_TITLE: written(),
  GITHUB_PR_BODY: written(),
  GITHUB_PR_SOURCE_BRANCH: written(),
  GITHUB_PR_COMMENT_BODY_MATCH: written(),
  GITHUB_PR_HEAD_SHA: written('sha'),
  BITBUCKET_PULL_REQUEST_TITLE: written(),
  BITBUCKET_PULL_REQUEST_DESCRIPTION: written(),
  BITBUCKET_SOURCE_BRANCH: written(),
  GERRIT_CHANGE_SUBJECT: written(),
  GERRIT_CHANGE_COMMIT_MESSAGE: written(),
  GERRIT_EVENT_COMMENT_TEXT: written(),
  GERRIT_TOPIC: written(),
  GERRIT_CHANGE_OWNER_NAME: written(),
  GERRIT_PATCHSET_UPLOADER_NAME: written(),
  GERRIT_PATCHSET_REVISION: written('sha'),
  GERRIT_REFSPEC: written('name'),
};

const FORK_CODE = new Set(['CHANGE_BRANCH', 'CHANGE_FORK', 'ghprbSourceBranch', 'ghprbActualCommit', 'ghprbAuthorRepoGitUrl', 'sha1', 'gitlabSourceBranch', 'gitlabMergeRequestLastCommit', 'gitlabSourceRepoURL', 'gitlabSourceRepoSshUrl', 'gitlabSourceRepoHttpUrl', 'GITHUB_PR_SOURCE_BRANCH', 'GITHUB_PR_HEAD_SHA', 'BITBUCKET_SOURCE_BRANCH', 'GERRIT_REFSPEC', 'GERRIT_PATCHSET_REVISION']);

/** Whether a value of this name says which code of an outsider is meant. */
export function namesOutsidersCode(name: string): boolean {
  return FORK_CODE.has(name);
}

const DECIDES_ON_CHANGES = /\bCHANGE_(?:ID|TITLE|BRANCH|FORK|AUTHOR|URL|TARGET)|\bchangeRequest\b|\bghprb[A-Z]|\bsha1\b|\bgitlab(?:MergeRequest|Source|TriggerPhrase)|\bGITHUB_PR_|\bBITBUCKET_(?:PULL|SOURCE)|\bGERRIT_|\bissueCommentTrigger\b|\bgithubPullRequests?\b|refs\/pull\b|\bpr\/\*/;

/** Whether a pipeline does something of its own for pull requests, which tells that it is built for them. */
export function buildsChanges(text: string): boolean {
  return DECIDES_ON_CHANGES.test(text);
}

/** The name that a path of properties stands for: of `env.X` and `params.X` the variable and the parameter. */
export function nameOfPath(path: string): string | undefined {
  if (path.startsWith('env.')) return path.slice(4).split('.')[0];
  if (path.startsWith('params.')) return `params.${path.slice(7).split('.')[0] as string}`;
  if (/^(?:true|false|null|this|it)$/.test(path)) return undefined;
  return path;
}

const INTERPOLATION = /\$\{([^{}]{0,500})\}|\$([A-Za-z_]\w{0,200}(?:\.[A-Za-z_]\w{0,200}){0,5})/g;

/** Interpolations of a decoded text that is no script; nested braces are left alone. */
function references(text: string): readonly TemplateUse[] {
  if (!text.includes('$')) return [];
  return matchTemplates(text, INTERPOLATION, (_, expression) => {
    const node = parseExpression(expression, { start: 0, end: expression.length });
    const path = node?.kind === 'name' ? node.path : node?.kind === 'call' && node.on === undefined && node.name.includes('.') ? node.name.slice(0, node.name.lastIndexOf('.')) : undefined;
    const name = path === undefined ? undefined : nameOfPath(path);
    return name === undefined ? [] : [name];
  });
}

/** How Jenkins reads texts: what is pasted into a script is known from the tree, so `templates` finds nothing by itself. */
export const JENKINS: Dialect = { platform: 'jenkins', predefined: PREDEFINED, templates: () => [], references };
