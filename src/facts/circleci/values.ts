import { type Dialect, matchTemplates, type PredefinedTable, type TemplateUse } from '../pipeline/index.js';

/** Builds of pull requests from forks, where they are switched on; they get no secrets unless that is switched on too. */
export const FORK = 'pull_request';
const WRITTEN = [FORK];

/** https://circleci.com/docs/reference/variables/ */
const PREDEFINED: PredefinedTable = {
  'pipeline.git.branch': { events: WRITTEN, type: 'string' },
  'pipeline.git.tag': { events: [], type: 'string' },
  'pipeline.git.revision': { events: WRITTEN, type: 'sha' },
  'pipeline.git.base_revision': { events: [], type: 'sha' },
  'pipeline.git.commit.subject': { events: WRITTEN, type: 'string' },
  'pipeline.git.commit.body': { events: WRITTEN, type: 'string' },
  'pipeline.git.commit.author_name': { events: WRITTEN, type: 'string' },
  'pipeline.git.commit.author_email': { events: WRITTEN, type: 'string' },
  'pipeline.git.commit.author_login': { events: WRITTEN, type: 'name' },
  'pipeline.git.branch.is_default': { events: [], type: 'boolean' },
  'pipeline.id': { events: [], type: 'name', otherwise: 'trusted' },
  'pipeline.number': { events: [], type: 'number', otherwise: 'trusted' },
  'pipeline.project.git_url': { events: [], type: 'name', otherwise: 'trusted' },
  'pipeline.project.type': { events: [], type: 'name', otherwise: 'trusted' },
  'pipeline.trigger_source': { events: [], type: 'name', otherwise: 'trusted' },
  'pipeline.schedule.name': { events: [], type: 'string' },
  CIRCLE_BRANCH: { events: WRITTEN, type: 'string' },
  CIRCLE_TAG: { events: [], type: 'string' },
  CIRCLE_PR_USERNAME: { events: WRITTEN, type: 'name' },
  CIRCLE_PR_REPONAME: { events: WRITTEN, type: 'name' },
  CIRCLE_PR_NUMBER: { events: WRITTEN, type: 'number' },
  CIRCLE_PULL_REQUEST: { events: WRITTEN, type: 'name' },
  CIRCLE_PULL_REQUESTS: { events: WRITTEN, type: 'name' },
  CIRCLE_USERNAME: { events: WRITTEN, type: 'name' },
  CIRCLE_SHA1: { events: WRITTEN, type: 'sha' },
};

const TEMPLATE = /<<[#^/]?\s{0,20}((?:parameters|pipeline|matrix)\.[\w.-]{1,200})\s{0,20}>>/g;
const PAYLOAD = /<<[#^/]?\s{0,20}(pipeline\.(?:event|trigger_parameters)\.[\w.-]{1,200})\s{0,20}>>/g;

function templates(text: string): readonly TemplateUse[] {
  return text.includes('<<') ? matchTemplates(text, TEMPLATE, (_, expression) => [expression]) : [];
}

/** Names of fields of events that a file reads. */
export function payloadNames(text: string): string[] {
  return [...new Set([...text.matchAll(PAYLOAD)].slice(0, 500).map((match) => match[1] as string))];
}

const SECRETS = new Set(['CIRCLE_OIDC_TOKEN', 'CIRCLE_OIDC_TOKEN_V2']);

/**
 * `<< … >>` is replaced when the configuration is compiled, so it becomes a part of scripts; a plain `$X` is a variable
 * of the shell. Values of `environment` hold no variables. https://circleci.com/docs/guides/orchestrate/pipeline-variables/
 */
export const CIRCLECI: Dialect = { platform: 'circleci', predefined: PREDEFINED, templates, references: templates, secrets: SECRETS };
/** Version 2.0 replaces nothing. */
export const CIRCLECI_2_0: Dialect = { platform: 'circleci', predefined: PREDEFINED, templates: () => [], references: () => [], secrets: SECRETS };
