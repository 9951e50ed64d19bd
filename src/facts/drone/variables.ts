import type { Predefined, PredefinedTable } from '../pipeline/index.js';
import { interpolationBy } from '../pipeline/interpolation.js';

/** Events of pull requests, by Woodpecker's names; Drone has the first. */
const PULL = ['pull_request', 'pull_request_closed', 'pull_request_metadata'];
/** What an outsider wrote into a commit also comes with the push that merged it. */
const COMMITS = [...PULL, 'push', 'tag', 'release', 'deployment', 'promote', 'rollback'];

const table = (names: readonly string[], predefined: Predefined): PredefinedTable => Object.fromEntries(names.map((name) => [name, predefined]));
const plain = (names: readonly string[], type: Predefined['type']): PredefinedTable => table(names, { events: [], type, otherwise: 'trusted' });

/**
 * Variables of both platforms: Woodpecker came from Drone.
 * https://docs.drone.io/pipeline/environment/reference/, https://woodpecker-ci.org/docs/usage/environment
 */
export const PREDEFINED: PredefinedTable = {
  ...table(['DRONE_COMMIT_MESSAGE', 'DRONE_COMMIT_AUTHOR_NAME', 'DRONE_COMMIT_AUTHOR_EMAIL', 'CI_COMMIT_MESSAGE', 'CI_COMMIT_AUTHOR_EMAIL', 'CI_COMMIT_AUTHOR_NAME', 'CI_PREV_COMMIT_MESSAGE', 'CI_PREV_COMMIT_AUTHOR_EMAIL', 'CI_PIPELINE_FILES'], { events: COMMITS, type: 'string' }),
  ...table(['DRONE_PULL_REQUEST_TITLE', 'DRONE_SOURCE_BRANCH', 'CI_COMMIT_SOURCE_BRANCH', 'CI_COMMIT_REFSPEC', 'CI_COMMIT_PULL_REQUEST_TITLE', 'CI_PREV_COMMIT_SOURCE_BRANCH', 'CI_PREV_COMMIT_REFSPEC'], { events: PULL, type: 'string' }),
  ...table(['DRONE_BRANCH', 'DRONE_COMMIT_BRANCH', 'DRONE_TARGET_BRANCH', 'DRONE_COMMIT_REF', 'DRONE_TAG', 'CI_COMMIT_BRANCH', 'CI_COMMIT_TARGET_BRANCH', 'CI_COMMIT_REF', 'CI_COMMIT_TAG', 'CI_COMMIT_PULL_REQUEST_LABELS', 'CI_COMMIT_PULL_REQUEST_MILESTONE'], { events: [], type: 'string' }),
  ...table(['DRONE_DEPLOY_TO', 'CI_PIPELINE_DEPLOY_TARGET', 'CI_PIPELINE_DEPLOY_TASK'], { events: [], type: 'string', otherwise: 'operator' }),
  ...plain(['DRONE_COMMIT', 'DRONE_COMMIT_SHA', 'DRONE_COMMIT_BEFORE', 'DRONE_COMMIT_AFTER', 'CI_COMMIT_SHA', 'CI_PREV_COMMIT_SHA'], 'sha'),
  ...plain(['DRONE_BUILD_NUMBER', 'DRONE_BUILD_PARENT', 'DRONE_PULL_REQUEST', 'DRONE_STEP_NUMBER', 'CI_PIPELINE_NUMBER', 'CI_PIPELINE_PARENT', 'CI_COMMIT_PULL_REQUEST', 'CI_STEP_NUMBER', 'CI_WORKFLOW_NUMBER', 'CI_REPO_REMOTE_ID', 'CI_PIPELINE_CREATED', 'CI_PIPELINE_STARTED'], 'number'),
  ...plain(['DRONE_BUILD_EVENT', 'DRONE_BUILD_STATUS', 'DRONE_REPO_VISIBILITY', 'CI_PIPELINE_EVENT', 'CI_REPO_PRIVATE', 'CI_COMMIT_PRERELEASE', 'CI_PIPELINE_STATUS', 'DRONE_COMMIT_AUTHOR', 'DRONE_COMMIT_LINK', 'DRONE_BUILD_LINK', 'DRONE_REPO', 'DRONE_REPO_OWNER', 'DRONE_REPO_NAME', 'DRONE_REPO_NAMESPACE', 'DRONE_REPO_LINK', 'DRONE_REPO_BRANCH', 'DRONE_GIT_HTTP_URL', 'DRONE_REMOTE_URL', 'DRONE_SEMVER', 'DRONE_CALVER', 'DRONE_SYSTEM_HOST', 'DRONE_STAGE_NAME', 'DRONE_STEP_NAME', 'DRONE_WORKSPACE', 'DRONE_BUILD_TRIGGER', 'CI_COMMIT_AUTHOR', 'CI_COMMIT_URL', 'CI_REPO', 'CI_REPO_OWNER', 'CI_REPO_NAME', 'CI_REPO_URL', 'CI_REPO_CLONE_URL', 'CI_REPO_DEFAULT_BRANCH', 'CI_PIPELINE_URL', 'CI_PIPELINE_FORGE_URL', 'CI_SYSTEM_HOST', 'CI_SYSTEM_NAME', 'CI_WORKFLOW_NAME', 'CI_STEP_NAME', 'CI_WORKSPACE', 'CI_FORGE_URL', 'CI_FORGE_TYPE'], 'name'),
};

/**
 * `${NAME}`, with operators as bash has them, is replaced in the text of the file before it is parsed; `$NAME` is left
 * to the shell, and of `$${NAME}` the script gets `${NAME}`.
 * https://docs.drone.io/pipeline/environment/substitution/, https://woodpecker-ci.org/docs/usage/environment#string-substitution
 */
export const SUBSTITUTION = interpolationBy(/\$\$(?=\{)|\$\{([A-Za-z_][A-Za-z0-9_]{0,100})([^{}]{0,300})\}/g, ([, name, operator = '']) => (name === undefined ? 'escape' : { names: [name], expression: name + operator }));
