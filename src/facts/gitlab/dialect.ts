import { type Dialect, matchTemplates, type PredefinedTable } from '../pipeline/index.js';

/** Pipelines about a merge request; those of a fork run in the fork, unless a member starts them here. */
export const MERGE_REQUEST = 'merge_request_event';
const PUSH = 'push';
/** What was written in a merge request comes with its merge too. */
const WRITTEN = [PUSH, MERGE_REQUEST];

/** https://docs.gitlab.com/ci/variables/predefined_variables/ */
const PREDEFINED: PredefinedTable = {
  CI_COMMIT_MESSAGE: { events: WRITTEN, type: 'string' },
  CI_COMMIT_TITLE: { events: WRITTEN, type: 'string' },
  CI_COMMIT_DESCRIPTION: { events: WRITTEN, type: 'string' },
  CI_COMMIT_AUTHOR: { events: WRITTEN, type: 'string' },
  CI_COMMIT_REF_NAME: { events: [MERGE_REQUEST], type: 'string' },
  CI_BUILD_REF_NAME: { events: [MERGE_REQUEST], type: 'string' },
  CI_COMMIT_REF_SLUG: { events: [MERGE_REQUEST], type: 'name' },
  CI_COMMIT_BRANCH: { events: [], type: 'string' },
  CI_COMMIT_TAG: { events: [], type: 'string' },
  CI_COMMIT_TAG_MESSAGE: { events: [], type: 'string' },
  CI_MERGE_REQUEST_TITLE: { events: [MERGE_REQUEST], type: 'string' },
  CI_MERGE_REQUEST_DESCRIPTION: { events: [MERGE_REQUEST], type: 'string' },
  CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: { events: [MERGE_REQUEST], type: 'string' },
  CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: { events: [MERGE_REQUEST], type: 'name' },
  CI_MERGE_REQUEST_SOURCE_PROJECT_URL: { events: [MERGE_REQUEST], type: 'name' },
  CI_MERGE_REQUEST_LABELS: { events: [], type: 'string' },
  CI_MERGE_REQUEST_MILESTONE: { events: [], type: 'string' },
  CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME: { events: [], type: 'string' },
  CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME: { events: [], type: 'string' },
  GITLAB_USER_NAME: { events: [MERGE_REQUEST], type: 'string' },
  GITLAB_USER_EMAIL: { events: [MERGE_REQUEST], type: 'name' },
  CHAT_INPUT: { events: [], type: 'string' },
  TRIGGER_PAYLOAD: { events: [], type: 'string', otherwise: 'operator' },
};

/**
 * `$[[ inputs.x | expand_vars ]]` is replaced when the pipeline is made, `${{ job.inputs.x }}` by the runner before the
 * script starts; a plain `$X` is a variable of the shell and never parsed as code.
 * https://docs.gitlab.com/ci/inputs/
 */
const TEMPLATE = /\$\[\[([^[\]]{0,500})\]\]|\$\{\{([^{}]{0,500})\}\}/g;
const INPUT = /\b(?:job\.)?inputs\.([\w-]{1,200})/;

/** How GitLab reads texts. */
export const GITLAB: Dialect = {
  platform: 'gitlab',
  predefined: PREDEFINED,
  templates: (text) => {
    if (!text.includes('$[[') && !text.includes('${{')) return [];
    return matchTemplates(text, TEMPLATE, (_, expression) => {
      const name = INPUT.exec(expression)?.[1];
      return name === undefined ? [] : [`inputs.${name}`];
    });
  },
  secrets: new Set(['CI_REPOSITORY_URL', 'CI_JOB_JWT', 'CI_JOB_JWT_V1', 'CI_JOB_JWT_V2']),
  switches: new Set(['CI_DEBUG_TRACE', 'CI_DEBUG_SERVICES', 'DOCKER_TLS_CERTDIR', 'DOCKER_HOST', 'GIT_SSL_NO_VERIFY', 'SECURE_ANALYZERS_PREFIX', 'SAST_DISABLED', 'SECRET_DETECTION_DISABLED', 'DEPENDENCY_SCANNING_DISABLED', 'CONTAINER_SCANNING_DISABLED', 'DAST_DISABLED']),
};
