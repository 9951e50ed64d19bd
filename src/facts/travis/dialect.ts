import type { Dialect, PredefinedTable } from '../pipeline/index.js';

/** Builds of pull requests, those of forks included: without encrypted variables, https://docs.travis-ci.com/user/pull-requests/ */
export const PULL_REQUEST = 'pull_request';
const PUSH = 'push';

/** https://docs.travis-ci.com/user/environment-variables/#default-environment-variables */
const PREDEFINED: PredefinedTable = {
  TRAVIS_COMMIT_MESSAGE: { events: [PUSH, PULL_REQUEST], type: 'string' },
  TRAVIS_PULL_REQUEST_BRANCH: { events: [PULL_REQUEST], type: 'string' },
  TRAVIS_PULL_REQUEST_SLUG: { events: [PULL_REQUEST], type: 'name' },
  TRAVIS_BRANCH: { events: [], type: 'string' },
  TRAVIS_TAG: { events: [], type: 'string' },
};

/** Travis pastes nothing into scripts: all values are variables of the shell. */
export const TRAVIS: Dialect = { platform: 'travis', predefined: PREDEFINED };
