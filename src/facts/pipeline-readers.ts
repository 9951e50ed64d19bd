import type { Format } from '../core/index.js';
import { readArgo } from './argo/index.js';
import { readAzurePipelines } from './azure-pipelines/index.js';
import { readBitbucket } from './bitbucket/index.js';
import { readBuildkite } from './buildkite/index.js';
import { readCircleci } from './circleci/index.js';
import { readCloudBuild } from './cloud-build/index.js';
import { readCodebuild } from './codebuild/index.js';
import { readDrone, readWoodpecker } from './drone/index.js';
import { readGitlab } from './gitlab/index.js';
import { readJenkinsfile } from './jenkins/index.js';
import type { PipelineReader } from './pipeline/index.js';
import { readTravis } from './travis/index.js';
import { readTekton } from './tekton/index.js';

/**
 * The readers of pipelines that are not GitHub's. Their modules hold no more than tables of a few lines at their top,
 * so that a scan without such files pays nothing for them.
 */
export const PIPELINE_READERS: Readonly<Partial<Record<Format, PipelineReader>>> = {
  'azure-pipelines': readAzurePipelines,
  'gitlab-ci': readGitlab,
  jenkinsfile: readJenkinsfile,
  travis: readTravis,
  'bitbucket-pipelines': readBitbucket,
  buildkite: readBuildkite,
  circleci: readCircleci,
  codebuild: readCodebuild,
  'cloud-build': readCloudBuild,
  drone: readDrone,
  tekton: readTekton,
  'argo-workflow': readArgo,
  woodpecker: readWoodpecker,
};

/** Formats whose files take parts from each other: a first pass keeps their texts. */
export const LINKED_PIPELINE_FORMATS: readonly Format[] = ['azure-pipelines', 'gitlab-ci', 'tekton', 'argo-workflow'];
