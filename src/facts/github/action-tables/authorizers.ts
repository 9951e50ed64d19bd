import { authorizes, type ActionTable } from './entries.js';

/** Actions that check the rights of whoever started the run. */
export const AUTHORIZERS: ActionTable = {
  'actions-cool/check-user-permission': authorizes('require-result'),
  'prince-chrismc/check-actor-permissions-action': { ...authorizes('permitted'), failsWithoutRights: true },
  'tspascoal/get-user-teams-membership': authorizes('isteammember'),
  'im-open/is-actor-authorized': authorizes('is-authorized'),
  'morfien101/actions-authorized-user': authorizes('authorized_user'),
  'sushichop/action-repository-permission': { failsWithoutRights: true },
  'lannonbr/repo-permission-check-action': { failsWithoutRights: true },
  'shopify/snapit': { failsWithoutRights: true },
};
