import { type ActionTable } from './entries.js';

/** Actions that make an application's token. */
export const TOKENS: ActionTable = {
  'actions/create-github-app-token': { appToken: { narrowedBy: ['repositories', 'permission-*'] } },
  'tibdex/github-app-token': { appToken: { narrowedBy: ['permissions', 'repositories'] } },
  'peter-murray/workflow-application-token-action': { appToken: { narrowedBy: ['permissions', 'limit_to_repositories'] } },
  'getsentry/action-github-app-token': { appToken: { narrowedBy: ['permissions', 'scope'] } },
};
