import type { ActionTable } from './entries.js';

/** Writes to the repository with the token that a checkout left. */
const pushes = { pushes: true } as const;

/** Actions that commit to the repository they run in. */
export const WRITERS: ActionTable = {
  'stefanzweifel/git-auto-commit-action': pushes,
  'endbug/add-and-commit': pushes,
  'ad-m/github-push-action': pushes,
  'peter-evans/create-pull-request': pushes,
  'devops-infra/action-commit-push': pushes,
  'actions-js/push': pushes,
  'phips28/gh-action-bump-version': pushes,
};
