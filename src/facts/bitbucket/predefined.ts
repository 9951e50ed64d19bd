import type { Dialect, Predefined, PredefinedTable } from '../pipeline/index.js';

/*
 * https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/: variables that every step finds in its
 * environment. Pull requests of forks start nothing in the repository that they are made to
 * (https://support.atlassian.com/bitbucket-cloud/docs/pipeline-start-conditions/), so that nobody without write access
 * chooses any of them.
 */

const branch: Predefined = { events: [], type: 'string' };
const fixed: Predefined = { events: [], type: 'name', otherwise: 'trusted' };
const number: Predefined = { events: [], type: 'number', otherwise: 'trusted' };

const PREDEFINED: PredefinedTable = {
  BITBUCKET_BRANCH: branch,
  BITBUCKET_TAG: branch,
  BITBUCKET_BOOKMARK: branch,
  BITBUCKET_PR_DESTINATION_BRANCH: branch,
  BITBUCKET_COMMIT: { events: [], type: 'sha' },
  BITBUCKET_PR_DESTINATION_COMMIT: { events: [], type: 'sha' },
  BITBUCKET_BUILD_NUMBER: number,
  BITBUCKET_PR_ID: number,
  BITBUCKET_EXIT_CODE: number,
  BITBUCKET_PARALLEL_STEP: number,
  BITBUCKET_PARALLEL_STEP_COUNT: number,
  BITBUCKET_STEP_RUN_NUMBER: number,
  ...Object.fromEntries(
    ['CI', 'BITBUCKET_CLONE_DIR', 'BITBUCKET_WORKSPACE', 'BITBUCKET_REPO_SLUG', 'BITBUCKET_REPO_UUID', 'BITBUCKET_REPO_FULL_NAME', 'BITBUCKET_REPO_OWNER', 'BITBUCKET_REPO_OWNER_UUID', 'BITBUCKET_REPO_IS_PRIVATE', 'BITBUCKET_GIT_HTTP_ORIGIN', 'BITBUCKET_GIT_SSH_ORIGIN', 'BITBUCKET_STEP_UUID', 'BITBUCKET_STEP_TRIGGERER_UUID', 'BITBUCKET_PIPELINE_UUID', 'BITBUCKET_DEPLOYMENT_ENVIRONMENT', 'BITBUCKET_DEPLOYMENT_ENVIRONMENT_UUID', 'BITBUCKET_PROJECT_KEY', 'BITBUCKET_PROJECT_UUID', 'BITBUCKET_PACKAGES_USERNAME', 'BITBUCKET_DOCKER_HOST_INTERNAL', 'BITBUCKET_SSH_KEY_FILE'].map((name) => [name, fixed]),
  ),
};

/** Scripts read variables from their environment: nothing is pasted into them. */
export const BITBUCKET: Dialect = {
  platform: 'bitbucket',
  predefined: PREDEFINED,
  secrets: new Set(['BITBUCKET_STEP_OIDC_TOKEN', 'BITBUCKET_PACKAGES_TOKEN']),
};
