import type { Predefined, PredefinedTable } from '../pipeline/index.js';
import { interpolationBy } from '../pipeline/interpolation.js';

const table = (names: readonly string[], predefined: Predefined): PredefinedTable => Object.fromEntries(names.map((name) => [name, predefined]));
const plain = (names: readonly string[], type: Predefined['type']): PredefinedTable => table(names, { events: [], type, otherwise: 'trusted' });
/** Events of a build: which of them a pipeline has is decided in its settings. */
const ANY = ['build', 'pull_request'];

/** https://buildkite.com/docs/pipelines/configure/environment-variables */
export const PREDEFINED: PredefinedTable = {
  ...table(['BUILDKITE_MESSAGE', 'BUILDKITE_BRANCH', 'BUILDKITE_BUILD_AUTHOR', 'BUILDKITE_BUILD_AUTHOR_EMAIL', 'BUILDKITE_BUILD_CREATOR', 'BUILDKITE_BUILD_CREATOR_EMAIL', 'BUILDKITE_PULL_REQUEST_LABELS'], { events: ANY, type: 'string' }),
  ...table(['BUILDKITE_TAG', 'BUILDKITE_PULL_REQUEST_BASE_BRANCH', 'BUILDKITE_LABEL', 'BUILDKITE_STEP_KEY'], { events: [], type: 'string' }),
  ...plain(['BUILDKITE_COMMIT'], 'sha'),
  ...plain(['BUILDKITE_BUILD_NUMBER', 'BUILDKITE_PULL_REQUEST', 'BUILDKITE_PARALLEL_JOB', 'BUILDKITE_PARALLEL_JOB_COUNT', 'BUILDKITE_RETRY_COUNT'], 'number'),
  ...plain(['BUILDKITE_BUILD_ID', 'BUILDKITE_BUILD_URL', 'BUILDKITE_JOB_ID', 'BUILDKITE_REPO', 'BUILDKITE_PULL_REQUEST_REPO', 'BUILDKITE_PIPELINE_SLUG', 'BUILDKITE_PIPELINE_NAME', 'BUILDKITE_PIPELINE_DEFAULT_BRANCH', 'BUILDKITE_ORGANIZATION_SLUG', 'BUILDKITE_SOURCE', 'BUILDKITE_AGENT_NAME', 'BUILDKITE_AGENT_ID', 'BUILDKITE_BUILD_CHECKOUT_PATH', 'BUILDKITE_BUILD_PATH', 'BUILDKITE_TRIGGERED_FROM_BUILD_ID', 'HOME', 'PATH', 'PWD', 'USER'], 'name'),
};

/**
 * `pipeline upload` replaces `$X` and `${X…}` in the text of the file; `$$` and `\$` leave one dollar sign for the job.
 * https://buildkite.com/docs/agent/cli/reference/pipeline#environment-variable-substitution
 */
export const INTERPOLATION = interpolationBy(/\\\$|\$\$|\$(?:\{([A-Za-z_][A-Za-z0-9_]{0,100})([^{}]{0,300})\}|([A-Za-z_][A-Za-z0-9_]{0,100}))/g, ([, braced, operator = '', bare]) => {
  const name = braced ?? bare;
  return name === undefined ? 'escape' : { names: [name], expression: name + operator };
});
